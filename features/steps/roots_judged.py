"""What steps demand of root certificates and the pool that holds them."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any

from pytest_bdd import parsers, then

from features.steps.roots import Registered, listed
from fixtures.answers import roots as root_answers
from fixtures.judgements import roots as judgements
from fixtures.judging import Inconclusive, expect, expect_equal, expect_in
from opnc.roots import stated_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fixtures.answers.roots import Root
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.target.declaration import Target
    from reports.model import Finding


@then("the list is not empty")
def is_not_empty(answer: Exchange) -> None:
    """Stop where there is nothing to judge."""
    if not listed(answer):
        raise Inconclusive("the pool holds no root")


@then("the answer holds the first root of the list")
def is_first(answer: Exchange, pool: list[Root]) -> None:
    """Compare the root read with the one listed."""
    root = root_answers.single(answer.answer.json()) or {}
    for member in ("rootCertificateId", "caCertificate"):
        expect_equal(member, expected=pool[0].get(member), seen=root.get(member))


@then("the root is wrapped as the contract says")
def is_wrapped(answer: Exchange, judge: Judge) -> None:
    """Judge the wrapper."""
    judge.require(judgements.wrapper(answer.answer.json()))


@then("every root has an id of its own, the same as before")
def ids_are_stable(pool: list[Root], afterwards: list[Root], judge: Judge) -> None:
    """Compare two readings of the pool."""
    judge.require(judgements.identifiers(pool, afterwards))


@then("the list holds every root the target declares")
def holds_declared(answer: Exchange, target: Target) -> None:
    """Compare with what the target file says."""
    roots = listed(answer)
    if not target.roots:
        raise Inconclusive("the target declares no roots, so none can be missed")
    missing = [root for root in target.roots if not root_answers.find(roots, root.certificate)]
    expect(
        not missing,
        "roots the target declares",
        expected=f"all {len(target.roots)}",
        seen=f"{len(missing)} missing",
    )


@then("every list is the same as the first")
def is_constant(pool: list[Root], answers: list[Exchange]) -> None:
    """Compare many readings of the pool, whatever their order."""
    for answer in answers:
        expect_equal("the list of roots", expected=_as_set(pool), seen=_as_set(listed(answer)))


@then(parsers.parse('the list holds exactly the roots of type "{pki_type}"'))
def holds_exactly(answer: Exchange, pool: list[Root], pki_type: str) -> None:
    """Compare the filtered list with the whole one."""
    wanted = [root for root in pool if pki_type in stated_types(root)]
    expect_equal(f"roots of type {pki_type}", expected=_ids(wanted), seen=_ids(listed(answer)))


@then("the list holds that root")
def holds_root(answer: Exchange, root: Registered) -> None:
    """Look for the root that was registered."""
    found = root_answers.find(listed(answer), root.certificate)
    expect(found, "the root registered before", expected="in the list", seen="not in the list")


@then("the list does not hold that root")
def lacks_root(answer: Exchange, root: Registered) -> None:
    """Make sure that the root that was registered is not offered."""
    found = root_answers.find(listed(answer), root.certificate)
    expect(not found, "the root registered before", expected="not in the list", seen="in the list")


@then("the answer says that there are none")
def says_none(answer: Exchange) -> None:
    """Accept 404 and the empty list (ERR-016)."""
    expect_equal("roots of a type that no root has", expected=[], seen=listed(answer))


EVERY_ROOT: dict[str, Callable[[Root], Iterator[Finding]]] = {
    "holds one certificate in base64": judgements.encoding,
    "states types of the vocabulary": judgements.types,
    "names only known trust lists": judgements.trust_lists,
    "has informative members that agree with its certificate": judgements.informative_members,
    "has the fingerprint of its certificate": judgements.fingerprint,
    "has the key identifier of its certificate": judgements.key_identifier,
}
"""What scenarios demand of every root -> its judgement."""


@then(parsers.re(f"every root (?P<what>{'|'.join(EVERY_ROOT)})"))
def every_root(answer: Exchange, judge: Judge, what: str) -> None:
    """Judge each root object on its own."""
    judge.require(finding for root in listed(answer) for finding in EVERY_ROOT[what](root))


@then("the roots the target declares have the types it declares")
def types_as_declared(answer: Exchange, target: Target) -> None:
    """Compare types with what the target file says."""
    roots = listed(answer)
    for declared in target.roots:
        for root in root_answers.find(roots, declared.certificate):
            expect_equal(
                "types of a declared root", expected=set(declared.types), seen=set(stated_types(root))
            )


@then(parsers.parse('the pool lists that root with types "{types}"'))
def lists_with_types(answer: Exchange, afterwards: list[Root], types: str) -> None:
    """Look for the root that was sent."""
    found = root_answers.find(afterwards, _sent_certificate(answer))
    expect(found, "the root registered", expected="in the list", seen="not in the list")
    expect_equal(
        "types of the root registered", expected=set(types.split(", ")), seen=set(stated_types(found[0]))
    )


@then("the request is refused, or the pool lists that root under another id")
def id_is_not_taken(answer: Exchange, afterwards: list[Root]) -> None:
    """Demand that the pool makes the ids."""
    if answer.answer.status != 200:
        return
    found = root_answers.find(afterwards, _sent_certificate(answer))
    expect(found, "the root registered", expected="in the list", seen="not in the list")
    sent = _sent(answer)["rootCertificateId"]
    seen = found[0].get("rootCertificateId")
    expect(seen != sent, "id of the root registered", expected="an id of the pool's making", seen=seen)


@then("the pool lists that root once, under the same id")
def is_listed_once(afterwards: list[Root], root: Registered) -> None:
    """Demand one entry per certificate (ERR-015)."""
    found = [str(each.get("rootCertificateId")) for each in root_answers.find(afterwards, root.certificate)]
    expect_equal("entries of the root registered twice", expected=[root.id], seen=found)


@then("the request is refused, or the pool does not list that root")
def is_not_offered(answer: Exchange, afterwards: list[Root]) -> None:
    """Demand that an invalid root is not handed on."""
    expect_in("status of the registration", expected=(200, 400, 409, 422), seen=answer.answer.status)
    found = root_answers.find(afterwards, _sent_certificate(answer))
    expect(not found, "the expired root", expected="not in the list", seen="in the list")


@then("the pool no longer lists that root")
def is_gone(afterwards: list[Root], root: Registered) -> None:
    """Demand that the root has left the list."""
    found = root_answers.find(afterwards, root.certificate)
    expect(not found, "the root", expected="not in the list", seen="in the list")


@then("that root can no longer be read")
def is_unreadable(reading: Exchange) -> None:
    """Demand that the id is unknown now."""
    expect_equal("status of reading the deleted root", expected=404, seen=reading.answer.status)


@then("the list of roots is unchanged")
def is_unchanged(pool: list[Root], afterwards: list[Root]) -> None:
    """Compare the pool with what it held before."""
    expect_equal("the list of roots", expected=_as_set(pool), seen=_as_set(afterwards))


def _ids(listed: list[Root]) -> list[str]:
    return sorted(str(root.get("rootCertificateId")) for root in listed)


def _as_set(listed: list[Root]) -> list[str]:
    return sorted(json.dumps(root, sort_keys=True) for root in listed)


def _sent(exchange: Exchange) -> dict[str, Any]:
    sent: dict[str, Any] = json.loads(exchange.request.content)
    return sent


def _sent_certificate(exchange: Exchange) -> bytes:
    return b64decode(_sent(exchange)["caCertificate"])
