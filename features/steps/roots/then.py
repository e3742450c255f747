"""What is demanded of roots and of the pool that holds them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from features.steps.roots.shared import LIST, PUT, READ, REVOCATION_LIST, body, expect_listed, listed
from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.answers import roots as root_answers
from fixtures.answers.bodies import body_of
from fixtures.judgements import roots as judgements
from fixtures.judgements.findings import warn
from fixtures.judging import Inconclusive, NotApplicable, expect, expect_equal, expect_in
from opnc.roots import stated_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from features.vocabulary.things import Registered
    from fixtures.answers.roots import Root
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.server.receiver import ScenarioEndpoints
    from fixtures.target.declaration import Target
    from reports.model import Finding


@then("the list is (what=empty|not empty)")
def is_empty(answers: Answers, what: str) -> None:
    """Accept 404 and the empty list (ERR-016); stop where there is nothing to judge."""
    found = listed(answers.of(LIST))
    if what == "empty":
        expect_equal("roots of a type that no root has", expected=[], seen=found)
    elif not found:
        raise Inconclusive("the pool holds no root")


def _is_first(answer: Exchange, pool: list[Root], _judge: Judge) -> None:
    root = root_answers.single(answer.answer.json()) or {}
    for member in ("rootCertificateId", "caCertificate"):
        expect_equal(member, expected=pool[0].get(member), seen=root.get(member))


def _is_wrapped(answer: Exchange, _pool: list[Root], judge: Judge) -> None:
    judge.require(judgements.wrapper(answer.answer.json()))


ROOT_READ: Vocabulary[Callable[[Exchange, list[Root], Judge], None]] = Vocabulary(
    "judgement of a root that was read",
    {
        "is the first root of the list": _is_first,
        "is wrapped as the contract says": _is_wrapped,
    },
)


@then("the root read {ROOT_READ}", ROOT_READ=ROOT_READ)
def root_read(
    answers: Answers,
    pool: list[Root],
    judge: Judge,
    root_read: Callable[[Exchange, list[Root], Judge], None],
) -> None:
    """Judge a root that was read by itself."""
    root_read(answers.of(READ), pool, judge)


@then("every root has an id of its own, the same as before")
def ids_are_stable(pool: list[Root], answers: Answers, judge: Judge) -> None:
    """Compare two readings of the list."""
    judge.require(judgements.identifiers(pool, listed(answers.of(LIST))))


@then("(each=each|the) list (what=holds|does not hold) {roots}")
def holds(answers: Answers, what: str, roots: tuple[Registered, ...], each: str | None) -> None:
    """Look for roots in the list, or in each that was read."""
    for answer in answers.all_of(LIST) if each else [answers.of(LIST)]:
        # Read first: what is no list fails, whatever the target declares.
        by_certificate = root_answers.by_certificate(listed(answer))
        if not roots:
            raise NotApplicable("the target declares no roots ([[roots]] in its file), so none can be missed")
        for root in roots:
            there = by_certificate.get(root.certificate, [])
            name = f"a root of type {', '.join(root.types)}"
            if what == "holds":
                expect_listed(there, answer, name)
            else:
                expect(not there, name, expected="not in the list", seen="in the list")


@then("every list is the same as the first")
def is_constant(pool: list[Root], answers: Answers) -> None:
    """Compare many readings of the list, whatever their order."""
    for answer in answers.all_of(LIST):
        expect_equal("the list of roots", expected=_as_set(pool), seen=_as_set(listed(answer)))


@then("the list holds exactly the roots of type {pki_type:text}")
def holds_exactly(answers: Answers, pool: list[Root], pki_type: str) -> None:
    """Compare the filtered list with the whole one."""
    wanted = [root for root in pool if pki_type in stated_types(root)]
    seen = listed(answers.of(LIST))
    expect_equal(f"roots of type {pki_type}", expected=_ids(wanted), seen=_ids(seen))
    if not wanted:
        # Any filter finds nothing where there is nothing.
        raise NotApplicable(f"the pool holds no root of type {pki_type} that the filter could find")


EVERY_ROOT: Vocabulary[Callable[[Root], Iterator[Finding]]] = Vocabulary(
    "judgement of every root",
    {
        "holds one certificate in base64": judgements.encoding,
        "states types of the vocabulary": judgements.types,
        "names only known trust lists": judgements.trust_lists,
        "has informative members that agree with its certificate": judgements.informative_members,
        "has the fingerprint of its certificate": judgements.fingerprint,
        "has the key identifier of its certificate": judgements.key_identifier,
    },
)


@then("every root {EVERY_ROOT}", EVERY_ROOT=EVERY_ROOT)
def every_root(answers: Answers, judge: Judge, every_root: Callable[[Root], Iterator[Finding]]) -> None:
    """Judge each root object on its own."""
    judge.require(finding for root in listed(answers.of(LIST)) for finding in every_root(root))


@then("the roots the target declares have the types it declares")
def types_as_declared(answers: Answers, target: Target) -> None:
    """Compare types with what the target file says."""
    roots = listed(answers.of(LIST))
    for declared in target.roots:
        for root in root_answers.find(roots, declared.certificate):
            expect_equal(
                "types of a declared root", expected=set(declared.types), seen=set(stated_types(root))
            )


@then(
    "the pool (what=lists|does not list) {root}"
    "[ with types {types:names}|(once=, once, under the same id)|(whole=, with every member as it was sent)"
    "|(single=, once, unless each request makes an entry)]"
)
def pool_lists(
    answers: Answers,
    judge: Judge,
    what: str,
    root: Registered,
    types: tuple[str, ...] | None,
    once: str | None,
    whole: str | None,
    single: str | None,
) -> None:
    """Look for a root in the list: its types, its members, or the only entry of its certificate (ERR-015)."""
    found = root_answers.find(listed(answers.of(LIST)), root.certificate)
    if single is not None:
        before = root_answers.find(listed(answers.all_of(LIST)[-2]), root.certificate)
        judge.require(judgements.entries_of_many(len(before), len(found)))
    elif once is not None:
        judge.require(judgements.registered_twice(found, root.id))
    elif what == "does not list":
        expect(not found, "the root", expected="not in the list", seen="in the list")
    else:
        expect_listed(found, answers.of(LIST), "the root registered")
        if types is not None:
            stated = set(stated_types(found[0]))
            expect_equal("types of the root registered", expected=set(types), seen=stated)
        if whole is not None:
            judge.require(judgements.as_sent(found[0], root.members))


@then("{root} is listed, or refused as ERR-030 allows")
def is_listed_or_too_long(answers: Answers, judge: Judge, root: Registered) -> None:
    """Demand that the pool does as it answers, and warn of a refusal: the literal limit is one of text."""
    answer, found = answers.of(PUT), root_answers.find(listed(answers.of(LIST)), root.certificate)
    if answer.answer.status == 200:
        expect_listed(found, answers.of(LIST), "the root registered")
        expect_equal(
            "types of the root registered", expected=set(root.types), seen=set(stated_types(found[0]))
        )
        return
    refused = 400 <= answer.answer.status < 500
    expect(refused, f"status of {answer.operation.id}", expected="200 or 4xx", seen=answer.answer.status)
    expect(not found, "the root refused", expected="not in the list", seen="in the list")
    judge.require([warn("the registration", expected="listed", seen="refused", erratum="ERR-030")])


def _is_not_offered(answer: Exchange, found: list[Root], _root: Registered) -> Iterator[Finding]:
    expect_in("status of the registration", expected=(200, 400, 409, 422), seen=answer.answer.status)
    expect(not found, "the invalid root", expected="not in the list", seen="in the list")
    return iter(())


def _is_offered(answer: Exchange, found: list[Root], _root: Registered) -> Iterator[Finding]:
    # For how long a root must still be valid at least is for the operator to say.
    expect_in("status of the registration", expected=(200, 400, 409, 422), seen=answer.answer.status)
    if answer.answer.status == 200:
        expect(found, "the root registered", expected="in the list", seen="not in the list")
    return iter(())


def _has_other_id(answer: Exchange, found: list[Root], root: Registered) -> Iterator[Finding]:
    if answer.answer.status == 200:
        expect(found, "the root registered", expected="in the list", seen="not in the list")
        seen = found[0].get("rootCertificateId")
        expect(seen != root.id, "id of the root registered", expected="an id of the pool's making", seen=seen)
    return iter(())


def _is_as_sent_last(answer: Exchange, found: list[Root], root: Registered) -> Iterator[Finding]:
    return judgements.put_again(answer, found, body(root))


OR_REFUSED: Vocabulary[Callable[[Exchange, list[Root], Registered], Iterator[Finding]]] = Vocabulary(
    "alternative to a refusal",
    {
        "does not list that root": _is_not_offered,
        "lists that root": _is_offered,
        "lists that root under another id": _has_other_id,
        "says of that root what was sent last": _is_as_sent_last,
    },
)


@then("the request is refused, or the pool {OR_REFUSED}", OR_REFUSED=OR_REFUSED)
def is_refused_or(
    answers: Answers,
    roots: Register[Registered],
    judge: Judge,
    or_refused: Callable[[Exchange, list[Root], Registered], Iterator[Finding]],
) -> None:
    """Demand that what is invalid is not handed on, that the pool makes the ids, and that it keeps up."""
    root = roots[Ref("root")]
    # What is listed later still only tells by which id to delete it.
    lists = [each.exchange for each in answers.filed if each.operation == LIST and each.afterwards]
    found = root_answers.find(listed(lists[-1]), root.certificate)
    if len(found) == 1 and (reads := answers.all_of(READ)):
        # Of one entry alone it is clear that it is the one which was read by its id.
        found += [each for each in [root_answers.single(body_of(reads[-1]))] if each is not None]
    judge.require(or_refused(answers.of(PUT), found, root))


@then("{root} can no longer be read")
def is_unreadable(answers: Answers, root: Registered) -> None:
    """Demand that the id is unknown now."""
    status = answers.of(READ, thing=root).answer.status
    expect_equal("status of reading the deleted root", expected=404, seen=status)


@then("the list of roots is unchanged")
def is_unchanged(pool: list[Root], answers: Answers) -> None:
    """Compare the list with what it held before."""
    expect_equal("the list of roots", expected=_as_set(pool), seen=_as_set(listed(answers.of(LIST))))


@then("the pool, having asked for the revocation list, does not list {root}")
def is_gone(scenario_endpoints: ScenarioEndpoints, answers: Answers, root: Registered) -> None:
    """Demand that the root has left the list; a pool that never asked for its list may not know."""
    found = root_answers.find(listed(answers.of(LIST)), root.certificate)
    if found and not scenario_endpoints.has_handed_out(REVOCATION_LIST):
        raise Inconclusive("the pool has not asked for the revocation list that the root names")
    expect(not found, "the revoked root", expected="not in the list", seen="in the list")


def _ids(listed: list[Root]) -> list[str]:
    return sorted(str(root.get("rootCertificateId")) for root in listed)


def _as_set(listed: list[Root]) -> list[str]:
    return sorted(json.dumps(root, sort_keys=True) for root in listed)
