"""What is demanded of the certificates that the CPS signs with, and of contracts below several roots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.contracts.shared import SIGNERS, listed
from features.steps.contracts.then import demand_taken
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.answers import contracts as contract_answers
from fixtures.answers import signers as signer_answers
from fixtures.answers.bodies import body_of, place_of
from fixtures.answers.installation import MESSAGE, items
from fixtures.judgements import contracts as judgements
from fixtures.judgements import signers
from fixtures.judgements.statuses import expect_status
from fixtures.judging import expect, expect_equal
from reports import places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from features.steps.contracts.shared import ReadBelowRoot, SignedBelowRoot
    from features.vocabulary.answers import Answers
    from fixtures.answers.contracts import Entry
    from fixtures.answers.installation import Item
    from fixtures.bench.interface import Bench
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from opnc.pki.reading import ReadCertificate
    from reports.model import Finding

    EntryJudgement = Callable[[Entry, Bench, Sequence[ReadCertificate]], Iterator[Finding]]
    SigningJudgement = Callable[[SignedBelowRoot, Sequence[ReadCertificate]], Iterator[Finding]]
    ReadingJudgement = Callable[[ReadBelowRoot, Sequence[ReadCertificate], Judge], None]


_LIST = places.pointer(contract_answers.COLLECTION)


# The certificates that the CPS signs with


def _entries(answer: Exchange) -> list[Entry]:
    expect_status(answer, 200)
    found = contract_answers.entries(body_of(answer), signer_answers.COLLECTION)
    what, place = "certificates to sign with", places.pointer(signer_answers.COLLECTION)
    expect(found, what, expected="at least one", seen="none", place=place, exchange=answer.number)
    return found


@then("the answer lists at least one certificate to sign with")
def lists_certificates(answers: Answers) -> None:
    """Demand a list that is not empty."""
    _entries(answers.of(SIGNERS))


ENTRY: Vocabulary[EntryJudgement] = Vocabulary(
    "judgement of a certificate to sign with",
    {
        "has all of its members": lambda entry, *_: signers.members(entry),
        "says nothing untrue about its certificate": lambda entry, _, roots: signers.informative(
            entry, roots
        ),
        "leads to the V2G root of the pool that it names": lambda entry, _, roots: signers.root(entry, roots),
        "is valid now": lambda entry, bench, _: signers.current(entry, bench.clock.now()),
        "names the edition of ISO 15118 that its key fits": lambda entry, *_: signers.version(entry),
    },
)


@then("every entry {ENTRY}", ENTRY=ENTRY)
def every_entry(
    answers: Answers,
    bench: Bench,
    v2g_roots: Sequence[ReadCertificate],
    judge: Judge,
    entry: EntryJudgement,
) -> None:
    """Judge the list of the certificates that the CPS signs with, entry by entry."""
    answer = answers.of(SIGNERS)
    for each in _entries(answer):
        judge.require(entry(each, bench, v2g_roots), exchange=answer.number)


# Contracts below several roots


def _is_signed_below(signing: SignedBelowRoot, roots: Sequence[ReadCertificate]) -> Iterator[Finding]:
    item = contract_answers.signed(body_of(signing.answer))
    return judgements.below(item, signing.contract.version, roots, signing.fingerprint)


BELOW: Vocabulary[SigningJudgement] = Vocabulary(
    "judgement of a contract that was made below a root",
    {
        "is taken": lambda _signing, _roots: iter(()),
        "was signed below the root asked for": _is_signed_below,
    },
)


@then("each of them {BELOW}", BELOW=BELOW)
def each_is_made(
    signings: Sequence[SignedBelowRoot],
    v2g_roots: Sequence[ReadCertificate],
    judge: Judge,
    below: SigningJudgement,
) -> None:
    """Demand success for each contract, and the root above the CPS that was asked for."""
    for each in signings:
        demand_taken(each.answer)
        judge.require(below(each, v2g_roots), exchange=each.answer.number)


def _items(reading: ReadBelowRoot) -> list[Item]:
    answer = reading.answer
    expect_status(answer, 200)
    return items(body_of(answer))


def _is_delivered_below(reading: ReadBelowRoot, roots: Sequence[ReadCertificate], judge: Judge) -> None:
    """Judge the root above the CPS."""
    version = reading.signing.contract.version
    for item in _items(reading):
        found = judgements.below(item, version, roots, reading.signing.fingerprint)
        judge.require(found, exchange=reading.answer.number)


def _is_listed_below(reading: ReadBelowRoot, _roots: Sequence[ReadCertificate], _judge: Judge) -> None:
    """Judge the root that a list names."""
    found = contract_answers.of_contract(listed(reading.answer), reading.signing.contract.emaid)
    seen = [str(entry.get(contract_answers.ROOT)).lower() for entry in found]
    what, expected = "roots above the CPS listed", [reading.signing.fingerprint.lower()]
    place = place_of(found[0], contract_answers.ROOT) if found else _LIST
    expect_equal(what, expected=expected, seen=seen, place=place, exchange=reading.answer.number)


READ_BELOW: Vocabulary[ReadingJudgement] = Vocabulary(
    "judgement of what was read about a contract below a root",
    {
        "each was delivered below the root asked for": _is_delivered_below,
        "each answer lists the contract below the root asked for alone": _is_listed_below,
    },
)


@then("{READ_BELOW}", READ_BELOW=READ_BELOW)
def each_is_read(
    readings: Sequence[ReadBelowRoot],
    v2g_roots: Sequence[ReadCertificate],
    judge: Judge,
    read_below: ReadingJudgement,
) -> None:
    """Judge the root above the CPS, answer by answer."""
    for each in readings:
        read_below(each, v2g_roots, judge)


@then("each contract that was made was issued below the root asked for")
def issued_below(readings: Sequence[ReadBelowRoot], trusted_roots: Sequence[ReadCertificate]) -> None:
    """Judge the root above the contract certificate, contract by contract (ERR-068)."""
    for each in readings:
        for item in _items(each):
            root = contract_answers.contract_root(item, each.signing.contract.version, trusted_roots)
            seen = root.fingerprint if root else "none of the pool"
            what, expected, number = "root above the contract", each.signing.fingerprint, each.answer.number
            place = places.within(place_of(item, MESSAGE), judgements.CHAIN)
            expect_equal(what, expected=expected, seen=seen, place=place, exchange=number)
