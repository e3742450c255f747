"""What steps demand of contracts, signed contract data, and the lists of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_bdd import parsers, then

from features.steps.contracts import MADE, Signing
from fixtures.judgements import contracts as judgements
from fixtures.judging import expect_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fixtures.bench import Bench
    from fixtures.contracts import Contract
    from fixtures.evidence import Exchange
    from fixtures.judging import Judge
    from opnc.pki.reading import ReadCertificate
    from reports.model import Finding


def body(exchange: Exchange) -> Any:
    """Return the decoded body of an answer; None where it is no JSON."""
    try:
        return exchange.answer.json()
    except ValueError:
        return None


@then("the contract is taken")
def is_taken(answer: Exchange) -> None:
    """Demand success; other statuses than 201 are noted with the exchange (ERR-064)."""
    expect_in(f"status of {answer.operation.id}", expected=MADE, seen=answer.answer.status)


# Signed contract data


SIGNED: dict[str, Callable[[Any, Contract, Bench, list[ReadCertificate]], Iterator[Finding]]] = {
    "are complete": lambda item, *_: judgements.complete(item),
    "hold a CertificateInstallationRes": lambda item, contract, *_: judgements.is_message(
        item, contract.version
    ),
    "are signed by a CPS below a V2G root": lambda item, contract, bench, roots: judgements.signature(
        item, contract.version, roots, bench.clock.now()
    ),
    "hold what was submitted, unchanged": lambda item, contract, *_: judgements.unchanged(item, contract),
    "repeat EMAID, PCID and namespace": lambda item, contract, *_: judgements.echo(item, contract),
}
"""What scenarios demand of signed contract data -> its judgement."""


@then(parsers.re(f"the signed contract data (?P<what>{'|'.join(SIGNED)})"))
def signed_data_are_right(
    answer: Exchange,
    contract: Contract,
    bench: Bench,
    trusted: list[ReadCertificate],
    judge: Judge,
    what: str,
) -> None:
    """Judge what signing was answered with."""
    is_taken(answer)
    judge.hold(SIGNED[what](judgements.signed(body(answer)), contract, bench, trusted))


@then("each of them was signed below the root asked for")
def below_roots(signings: Sequence[Signing], trusted: list[ReadCertificate], judge: Judge) -> None:
    """Judge the root above the CPS, contract by contract."""
    for each in signings:
        is_taken(each.answer)
        item = judgements.signed(body(each.answer))
        judge.hold(judgements.below(item, each.contract.version, trusted, each.fingerprint))


@then("each of them is taken")
def are_taken(signings: Sequence[Signing]) -> None:
    """Demand success for each contract."""
    for each in signings:
        is_taken(each.answer)


# Lists


def _listed(reading: Exchange) -> list[judgements.Entry]:
    expect_in("status of the list", expected=(200, 404), seen=reading.answer.status)
    return judgements.entries(body(reading)) if reading.answer.status == 200 else []


@then("the answer lists that contract")
def answer_lists(answer: Exchange, contract: Contract, judge: Judge) -> None:
    """Demand the contract in the list that was asked for."""
    judge.hold(judgements.entry(_listed(answer), contract))


@then("the answer lists both contracts")
def answer_lists_both(answer: Exchange, contract: Contract, second: Contract, judge: Judge) -> None:
    """Demand two contracts in the list that was asked for."""
    for each in (contract, second):
        judge.hold(judgements.entry(_listed(answer), each))


@then("the pool lists that contract")
def pool_lists(reading: Exchange, contract: Contract, judge: Judge) -> None:
    """Demand the contract in the list read afterwards."""
    judge.hold(judgements.entry(_listed(reading), contract))
