"""What steps demand of the certificates that the CPS signs with, and of contracts below several V2G roots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import parsers, then

from features.steps.contracts.contracts_judged import is_taken, listed
from fixtures.answers import contracts as contract_answers
from fixtures.answers import signers as signer_answers
from fixtures.answers.bodies import body_of
from fixtures.answers.installation import items
from fixtures.judgements import contracts as judgements
from fixtures.judgements import signers
from fixtures.judging import expect, expect_equal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from features.steps.contracts.contracts_roots import ReadBelowRoot, SignedBelowRoot
    from fixtures.bench.interface import Bench
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from opnc.pki.reading import ReadCertificate
    from reports.model import Finding

ENTRIES: dict[
    str, Callable[[contract_answers.Entry, Bench, Sequence[ReadCertificate]], Iterator[Finding]]
] = {
    "has all of its members": lambda entry, *_: signers.members(entry),
    "says nothing untrue about its certificate": lambda entry, _, roots: signers.informative(entry, roots),
    "leads to the V2G root of the pool that it names": lambda entry, _, roots: signers.root(entry, roots),
    "is valid now": lambda entry, bench, _: signers.current(entry, bench.clock.now()),
    "names the edition of ISO 15118 that its key fits": lambda entry, *_: signers.version(entry),
}
"""What scenarios demand of a certificate to sign with -> its judgement."""


def _entries(answer: Exchange) -> list[contract_answers.Entry]:
    expect_equal(f"status of {answer.operation.id}", expected=200, seen=answer.answer.status)
    found = contract_answers.entries(body_of(answer), signer_answers.COLLECTION)
    expect(found, "certificates to sign with", expected="at least one", seen="none")
    return found


@then("the answer lists at least one certificate to sign with")
def lists_certificates(answer: Exchange) -> None:
    """Demand a list that is not empty."""
    _entries(answer)


@then(parsers.re(f"every entry (?P<what>{'|'.join(ENTRIES)})"))
def every_entry(
    answer: Exchange, bench: Bench, v2g_roots: Sequence[ReadCertificate], judge: Judge, what: str
) -> None:
    """Judge the list entry by entry."""
    for entry in _entries(answer):
        judge.require(ENTRIES[what](entry, bench, v2g_roots))


@then("each of them is taken")
def are_taken(signings: Sequence[SignedBelowRoot]) -> None:
    """Demand success for each contract."""
    for each in signings:
        is_taken(each.answer)


@then("each of them was signed below the root asked for")
def signed_below(
    signings: Sequence[SignedBelowRoot], v2g_roots: Sequence[ReadCertificate], judge: Judge
) -> None:
    """Judge the root above the CPS, contract by contract."""
    for each in signings:
        is_taken(each.answer)
        item = contract_answers.signed(body_of(each.answer))
        judge.require(judgements.below(item, each.contract.version, v2g_roots, each.fingerprint))


@then("each was delivered below the root asked for")
def delivered_below(
    readings: Sequence[ReadBelowRoot], v2g_roots: Sequence[ReadCertificate], judge: Judge
) -> None:
    """Judge the root above the CPS, delivery by delivery."""
    for each in readings:
        expect_equal(f"status of {each.answer.operation.id}", expected=200, seen=each.answer.answer.status)
        for item in items(body_of(each.answer)):
            version = each.signing.contract.version
            judge.require(judgements.below(item, version, v2g_roots, each.signing.fingerprint))


@then("each contract that was made was issued below the root asked for")
def issued_below(readings: Sequence[ReadBelowRoot], trusted_roots: Sequence[ReadCertificate]) -> None:
    """Judge the root above the contract certificate, contract by contract (ERR-068)."""
    for each in readings:
        expect_equal(f"status of {each.answer.operation.id}", expected=200, seen=each.answer.answer.status)
        for item in items(body_of(each.answer)):
            root = contract_answers.contract_root(item, each.signing.contract.version, trusted_roots)
            seen = root.fingerprint if root else "none of the pool"
            expect_equal("root above the contract", expected=each.signing.fingerprint, seen=seen)


@then("each answer lists the contract below the root asked for alone")
def listed_below(readings: Sequence[ReadBelowRoot]) -> None:
    """Judge the root that each list names."""
    for each in readings:
        found = contract_answers.of_contract(listed(each.answer), each.signing.contract.emaid)
        seen = [str(entry.get(contract_answers.ROOT)).lower() for entry in found]
        expect_equal("roots above the CPS listed", expected=[each.signing.fingerprint.lower()], seen=seen)
