"""What steps demand of contracts: of their making, and of the lists that name them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pytest_bdd import parsers, then

from features.steps.contracts.contracts import MADE
from fixtures.answers import contracts as contract_answers
from fixtures.answers.bodies import body_of
from fixtures.answers.installation import of_emaid
from fixtures.judgements import contracts as judgements
from fixtures.judgements.findings import warn
from fixtures.judgements.installation import algorithms
from fixtures.judging import Inconclusive, expect, expect_equal, expect_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fixtures.bench.interface import Bench
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from reports.model import Finding

EDITIONS: dict[str, Version] = {"ISO 15118-2": "ISO15118-2", "ISO 15118-20": "ISO15118-20"}


@then("the contract is taken")
def is_taken(answer: Exchange) -> None:
    """Demand success; other statuses than 201 are noted with the exchange (ERR-064)."""
    expect_in(f"status of {answer.operation.id}", expected=MADE, seen=answer.answer.status)


@then("the order is carried out, or its media type is refused")
def is_carried_out_or_refused(answer: Exchange, reading: Exchange, contract: Contract, judge: Judge) -> None:
    """Demand the contract, unless the media type is not understood (ERR-065)."""
    expect_in(f"status of {answer.operation.id}", expected=(*MADE, 400, 415), seen=answer.answer.status)
    if answer.answer.status in MADE:
        judge.require(judgements.entry(listed(reading), contract))


# Signed contract data

SIGNED: dict[str, Callable[[Any, Contract, Bench, list[ReadCertificate]], Iterator[Finding]]] = {
    "are complete": lambda item, *_: judgements.complete(item),
    "hold a CertificateInstallationRes": lambda item, contract, *_: judgements.is_message(
        item, contract.version
    ),
    "are signed by a CPS below a V2G root": lambda item, contract, bench, roots: judgements.signature(
        item, contract.version, roots, bench.clock.now()
    ),
    "have keys of their edition only": lambda item, contract, *_: algorithms(item or {}, contract.version),
    "hold what was submitted, unchanged": lambda item, contract, *_: judgements.unchanged(item, contract),
    "repeat EMAID, PCID and namespace": lambda item, contract, *_: judgements.echo(item, contract),
}
"""What scenarios demand of signed contract data -> its judgement."""


@then(parsers.re(f"the signed contract data (?P<what>{'|'.join(SIGNED)})"))
def signed_data_are_right(
    answer: Exchange,
    contract: Contract,
    bench: Bench,
    v2g_roots: list[ReadCertificate],
    judge: Judge,
    what: str,
) -> None:
    """Judge what signing was answered with."""
    is_taken(answer)
    judge.require(SIGNED[what](contract_answers.signed(body_of(answer)), contract, bench, v2g_roots))


# Lists


def listed(reading: Exchange) -> list[contract_answers.Entry]:
    """Return the objects of a list; 404 means that there are none (ERR-087)."""
    expect_in("status of the list", expected=(200, 404), seen=reading.answer.status)
    return contract_answers.entries(body_of(reading)) if reading.answer.status == 200 else []


@then("the answer lists that contract")
def answer_lists(answer: Exchange, contract: Contract, judge: Judge) -> None:
    """Demand the contract in the list that was asked for."""
    judge.require(judgements.entry(listed(answer), contract))


@then("the answer lists both contracts")
def answer_lists_both(answer: Exchange, contract: Contract, second: Contract, judge: Judge) -> None:
    """Demand two contracts in the list that was asked for."""
    for each in (contract, second):
        judge.require(judgements.entry(listed(answer), each))


@then(parsers.re(f"the answer lists that contract in (?P<edition>{'|'.join(EDITIONS)}) alone"))
def answer_lists_edition(answer: Exchange, contract: Contract, judge: Judge, edition: str) -> None:
    """Demand one object, of one edition."""
    judge.require(judgements.of_edition(listed(answer), contract, EDITIONS[edition]))


@then("the answer lists nothing")
def answer_lists_nothing(answer: Exchange, judge: Judge) -> None:
    """Demand 404; an empty list is tolerated (ERR-087)."""
    _demand_empty(answer, judge)


@then("the pool lists that contract")
def pool_lists(reading: Exchange, contract: Contract, judge: Judge) -> None:
    """Demand the contract in the list read afterwards."""
    judge.require(judgements.entry(listed(reading), contract))


@then("the pool lists the new data of that contract")
def pool_lists_renewal(reading: Exchange, renewal: Contract, judge: Judge) -> None:
    """Demand the new certificate in the list read afterwards, and no other of the contract."""
    judge.require(judgements.entry(listed(reading), renewal))


@then(parsers.re("the pool (?:does not list that contract|lists no contract)"))
def pool_lists_nothing(reading: Exchange, judge: Judge) -> None:
    """Demand that nothing is left in the list read afterwards."""
    _demand_empty(reading, judge)


def _demand_empty(reading: Exchange, judge: Judge) -> None:
    """Demand a list of nothing: 404; an empty list is tolerated (ERR-087)."""
    found = listed(reading)
    emaids = ", ".join(str(each.get("emaid")) for each in found)
    expect(not found, "contracts listed", expected="none", seen=emaids)
    if reading.answer.status == 200:
        judge.record(
            [warn("a list of no contracts", expected="404", seen="200 and an empty list", erratum="ERR-087")]
        )


@then(parsers.re("the pool lists that contract (?P<how>unchanged|once, with another certificate)"))
def pool_lists_as_before(
    listed_before: Exchange, reading: Exchange, contract: Contract, judge: Judge, how: str
) -> None:
    """Compare the contract's certificate before and after."""
    judge.require(judgements.entry(listed(reading), contract))
    before, after = (
        [
            each.get("contractCertificate")
            for each in contract_answers.of_contract(listed(which), contract.emaid)
        ]
        for which in (listed_before, reading)
    )
    if how == "unchanged":
        expect_equal("contract certificate listed", expected=before, seen=after)
    else:
        expect(before != after, "contract certificate listed", expected="another one", seen="the same")


@then("the request is refused with 400, or the contract has moved to the other vehicle")
def is_refused_or_moved(
    answer: Exchange, reading: Exchange, contract: Contract, other_vehicle: Vehicle, judge: Judge
) -> None:
    """Demand a refusal; that the contract moves is tolerated (ERR-071)."""
    if answer.answer.status not in MADE:
        expect_equal(f"status of {answer.operation.id}", expected=400, seen=answer.answer.status)
        judge.require(judgements.entry(listed(reading), contract))
        return
    pcids = [
        str(each.get("pcid")).upper()
        for each in contract_answers.of_contract(listed(reading), contract.emaid)
    ]
    expect_equal("vehicles of the contract", expected=[other_vehicle.pcid], seen=pcids)
    judge.record(
        [
            warn(
                "an EMAID that another vehicle has",
                expected="400",
                seen=str(answer.answer.status),
                erratum="ERR-071",
            )
        ]
    )


@then("the answer agrees with the signed data")
def agrees_with_signed_data(
    answer: Exchange,
    delivery: Exchange,
    contract: Contract,
    v2g_roots: list[ReadCertificate],
    judge: Judge,
) -> None:
    """Compare the list with what is delivered.

    Raises:
        Inconclusive: If the contract is missing in either.
    """
    item = of_emaid(body_of(delivery), contract.version, contract.emaid)
    own = contract_answers.of_contract(listed(answer), contract.emaid)
    if item is None or not own:
        raise Inconclusive("the contract, in the list and as it is delivered, could not be had")
    judge.require(judgements.informative(own[0], item, contract.version, v2g_roots))


@then("the contract certificate listed is valid within the time ordered")
def is_within_time(answer: Exchange, contract: Contract, judge: Judge) -> None:
    """Compare the validity of the certificate with that of the contract.

    Raises:
        Inconclusive: If the contract is not listed.
    """
    own = contract_answers.of_contract(listed(answer), contract.emaid)
    if not own:
        raise Inconclusive("the contract is not listed")
    ordered = (contract.request[name] for name in ("contractBegins", "contractEnds"))
    begins, ends = map(datetime.fromisoformat, ordered)
    judge.require(judgements.within(own[0], begins, ends))


# The default


@then("at most one of the contracts listed is the default")
def at_most_one_default(answer: Exchange, judge: Judge) -> None:
    """Judge the default in the list that was asked for."""
    judge.require(judgements.default(listed(answer), None))


@then("the second contract alone is listed as the default")
def second_is_listed_as_default(answer: Exchange, second: Contract, judge: Judge) -> None:
    """Judge the default in the list that was asked for."""
    judge.require(judgements.default(listed(answer), second))


@then("the second contract alone is the default")
def second_is_default(reading: Exchange, second: Contract, judge: Judge) -> None:
    """Judge the default in the list read afterwards."""
    judge.require(judgements.default(listed(reading), second))


@then("that contract alone is the default")
def first_is_default(reading: Exchange, contract: Contract, judge: Judge) -> None:
    """Judge the default in the list read afterwards."""
    judge.require(judgements.default(listed(reading), contract))


@then("the second contract is not the default")
def second_is_not_default(reading: Exchange, second: Contract) -> None:
    """Demand that the default is another one, or none."""
    marked = [
        each
        for each in contract_answers.of_contract(listed(reading), second.emaid)
        if each.get("defaultContract") is True
    ]
    expect(not marked, "the default contract", expected=f"not {second.emaid}", seen=second.emaid)


@then("the second contract alone is listed")
def second_is_listed(reading: Exchange, second: Contract, judge: Judge) -> None:
    """Demand one contract in the list read afterwards, and no other."""
    judge.require(judgements.entry(listed(reading), second))
    expect_equal("contracts listed", expected=1, seen=len(listed(reading)))
