"""What is demanded of roots and of the pool that holds them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.steps.roots.shared import (
    LIST,
    PUT,
    READ,
    REVOCATION_LIST,
    body,
    expect_listed,
    expect_unlisted,
    listed,
)
from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.answers import roots as root_answers
from fixtures.answers.bodies import body_of, place_of
from fixtures.judgements import roots as judgements
from fixtures.judgements.findings import warn
from fixtures.judgements.statuses import expect_status
from fixtures.judging import Inconclusive, NotApplicable, expect, expect_equal
from opnc.roots import stated_types
from reports import places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
        what, place = "roots of a type that no root has", places.pointer(root_answers.COLLECTION)
        number = answers.of(LIST).number
        expect_equal(what, expected=[], seen=found, place=place, exchange=number)
    elif not found:
        raise Inconclusive("the pool holds no root")


def _is_first(answer: Exchange, pool: list[Root], _judge: Judge) -> None:
    root = root_answers.single(answer.answer.json()) or {}
    for member in ("rootCertificateId", "caCertificate"):
        expected, seen, place = pool[0].get(member), root.get(member), place_of(root, member)
        expect_equal(member, expected=expected, seen=seen, place=place, exchange=answer.number)


def _is_wrapped(answer: Exchange, _pool: list[Root], judge: Judge) -> None:
    judge.require(judgements.wrapper(answer.answer.json()), exchange=answer.number)


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
    second = answers.of(LIST)
    judge.require(judgements.identifiers(pool, listed(second)), exchange=second.number)


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
                expect_unlisted(there, answer, name)


@then("every list is the same as the first")
def is_constant(pool: list[Root], answers: Answers) -> None:
    """Compare many readings of the list, whatever their order."""
    for answer in answers.all_of(LIST):
        _expect_same(answer, pool)


def _expect_same(answer: Exchange, before: list[Root]) -> None:
    what, place = "the list of roots", places.pointer(root_answers.COLLECTION)
    expected, seen = _as_set(before), _as_set(listed(answer))
    expect_equal(what, expected=expected, seen=seen, place=place, exchange=answer.number)


@then("the list holds exactly the roots of type {pki_type:text}")
def holds_exactly(answers: Answers, pool: list[Root], pki_type: str) -> None:
    """Compare the filtered list with the whole one."""
    wanted = [root for root in pool if pki_type in stated_types(root)]
    answer = answers.of(LIST)
    # Where there is nothing the status may say so (ERR-016).
    is_list = answer.answer.status == 200
    place = places.pointer(root_answers.COLLECTION) if is_list else places.STATUS
    what, expected, seen = f"roots of type {pki_type}", _ids(wanted), _ids(listed(answer))
    expect_equal(what, expected=expected, seen=seen, place=place, exchange=answer.number)
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
    answer = answers.of(LIST)
    found = (finding for root in listed(answer) for finding in every_root(root))
    judge.require(found, exchange=answer.number)


@then("the roots the target declares have the types it declares")
def types_as_declared(answers: Answers, target: Target) -> None:
    """Compare types with what the target file says."""
    answer = answers.of(LIST)
    roots = listed(answer)
    for declared in target.roots:
        for root in root_answers.find(roots, declared.certificate):
            _expect_types(answer, root, declared.types, "a declared root")


def _expect_types(answer: Exchange, root: Root, types: Iterable[str], name: str) -> None:
    what, seen, place = f"types of {name}", set(stated_types(root)), place_of(root, "rootTypeList")
    expect_equal(what, expected=set(types), seen=seen, place=place, exchange=answer.number)


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
    answer = answers.of(LIST)
    found = root_answers.find(listed(answer), root.certificate)
    if single is not None:
        before = root_answers.find(listed(answers.all_of(LIST)[-2]), root.certificate)
        judge.require(judgements.entries_of_many(len(before), len(found)), exchange=answer.number)
    elif once is not None:
        judge.require(judgements.registered_twice(found, root.id), exchange=answer.number)
    elif what == "does not list":
        expect_unlisted(found, answer, "the root")
    else:
        expect_listed(found, answer, "the root registered")
        if types is not None:
            _expect_types(answer, found[0], types, "the root registered")
        if whole is not None:
            judge.require(judgements.as_sent(found[0], root.members), exchange=answer.number)


@then("{root} is listed, or refused as ERR-030 allows")
def is_listed_or_too_long(answers: Answers, judge: Judge, root: Registered) -> None:
    """Demand that the pool does as it answers, and warn of a refusal: the literal limit is one of text."""
    answer, listing = answers.of(PUT), answers.of(LIST)
    found = root_answers.find(listed(listing), root.certificate)
    if answer.answer.status == 200:
        expect_listed(found, listing, "the root registered")
        _expect_types(listing, found[0], root.types, "the root registered")
        return
    expect_status(answer, within=range(400, 500), expected="200 or 4xx")
    expect_unlisted(found, listing, "the root refused")
    judge.require([warn("the registration", expected="listed", seen="refused", erratum="ERR-030")])


@dataclass(frozen=True, slots=True)
class _Registration:
    """A root that was sent, and what has become of it.

    Attributes:
        root: The root.
        answer: What it was answered.
        listing: The list that was read last.
        found: Its entries in there, and what was read by the id of the only one.
    """

    root: Registered
    answer: Exchange
    listing: Exchange
    found: list[Root]


def _is_not_offered(sent: _Registration) -> Iterator[Finding]:
    expect_status(sent.answer, 200, 400, 409, 422, of="the registration")
    expect_unlisted(sent.found, sent.listing, "the invalid root")
    return iter(())


def _is_offered(sent: _Registration) -> Iterator[Finding]:
    # For how long a root must still be valid at least is for the operator to say.
    expect_status(sent.answer, 200, 400, 409, 422, of="the registration")
    if sent.answer.answer.status == 200:
        expect_listed(sent.found, sent.listing, "the root registered")
    return iter(())


def _has_other_id(sent: _Registration) -> Iterator[Finding]:
    if sent.answer.answer.status == 200:
        expect_listed(sent.found, sent.listing, "the root registered")
        seen, what = sent.found[0].get("rootCertificateId"), "id of the root registered"
        expected, place = "an id of the pool's making", place_of(sent.found[0], "rootCertificateId")
        number = sent.listing.number
        expect(seen != sent.root.id, what, expected=expected, seen=seen, place=place, exchange=number)
    return iter(())


def _is_as_sent_last(sent: _Registration) -> Iterator[Finding]:
    return judgements.put_again(sent.answer, sent.found, body(sent.root))


OR_REFUSED: Vocabulary[Callable[[_Registration], Iterator[Finding]]] = Vocabulary(
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
    or_refused: Callable[[_Registration], Iterator[Finding]],
) -> None:
    """Demand that what is invalid is not handed on, that the pool makes the ids, and that it keeps up."""
    root = roots[Ref("root")]
    # What is listed later still only tells by which id to delete it.
    listing = [each.exchange for each in answers.filed if each.operation == LIST and each.afterwards][-1]
    found = root_answers.find(listed(listing), root.certificate)
    if len(found) == 1 and (reads := answers.all_of(READ)):
        # Of one entry alone it is clear that it is the one which was read by its id.
        found += [each for each in [root_answers.single(body_of(reads[-1]))] if each is not None]
    sent = _Registration(root, answers.of(PUT), listing, found)
    judge.require(or_refused(sent), exchange=listing.number)


@then("{root} can no longer be read")
def is_unreadable(answers: Answers, root: Registered) -> None:
    """Demand that the id is unknown now."""
    expect_status(answers.of(READ, thing=root), 404, of="reading the deleted root")


@then("the list of roots is unchanged")
def is_unchanged(pool: list[Root], answers: Answers) -> None:
    """Compare the list with what it held before."""
    _expect_same(answers.of(LIST), pool)


@then("the pool, having asked for the revocation list, does not list {root}")
def is_gone(scenario_endpoints: ScenarioEndpoints, answers: Answers, root: Registered) -> None:
    """Demand that the root has left the list; a pool that never asked for its list may not know."""
    found = root_answers.find(listed(answers.of(LIST)), root.certificate)
    if found and not scenario_endpoints.has_handed_out(REVOCATION_LIST):
        raise Inconclusive("the pool has not asked for the revocation list that the root names")
    expect_unlisted(found, answers.of(LIST), "the revoked root")


def _ids(listed: list[Root]) -> list[str]:
    return sorted(str(root.get("rootCertificateId")) for root in listed)


def _as_set(listed: list[Root]) -> list[str]:
    return sorted(json.dumps(root, sort_keys=True) for root in listed)
