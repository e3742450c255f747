"""What is demanded of backends, judged by what the services have seen of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.evidence.recorder import OF_CLIENTS
from fixtures.judgements import client_manners, clients, clients_cpo, clients_emsp, clients_pki
from fixtures.judging import Inconclusive, expect
from reports import places
from reports.model import FindingLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from features.steps.backends.shared import TokenLapse
    from features.vocabulary.references import Register
    from fixtures.backends.client_under_test import ObservedUseCase
    from fixtures.judging import Judge
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.reading import ReadCertificate
    from reports.model import Finding


def _stored_unchanged(done: ObservedUseCase) -> Iterator[Finding]:
    clients_emsp.demand_own_pki(done)
    return clients_emsp.stored(done)


DONE: Vocabulary[Callable[[ObservedUseCase], Iterator[Finding]]] = Vocabulary(
    "judgement of what a backend has done",
    {
        "it has read the V2G roots": lambda done: clients.roots_read(done, "v2g"),
        "it has read the V2G and eMSP roots": lambda done: clients.roots_read(done, "v2g", "emsp"),
        "it has read the root certificate pool": lambda done: clients.called(
            done, clients.ROOTS, clients.ROOT
        ),
        "it has read the OEM roots": lambda done: clients.roots_read(done, "oem"),
        "it has read the V2G, OEM and eMSP roots": lambda done: clients.roots_read(
            done, "v2g", "oem", "emsp"
        ),
        "it has read nothing": clients.read_nothing,
        "it has asked for nothing again and again": client_manners.sent_sparingly,
        "it has subscribed to events that concern it": clients.subscribed,
        "it has listed the contracts of that vehicle": clients.contracts_listed,
        "it has fetched that contract": clients.contract_fetched,
        "it has asked for the status of the contract": clients.contract_checked,
        "its requests are in its own name": client_manners.under_own_name,
        "it has looked that vehicle up": clients_emsp.looked_up,
        "it has listed that contract": clients_emsp.contract_listed,
        "it has given that contract new data": clients_emsp.renewed,
        "it has removed that contract and no other": clients_emsp.removed,
        "it has made no contract": clients_emsp.made_nothing_by_itself,
        "the charge point got the answer of the pool, byte for byte": clients_cpo.handed_back,
        "the request names an organization": clients_pki.of_organization,
        "it has asked the PKI for a certificate of that EVSE ID": lambda done: clients_pki.enrolled(
            done, "cpo", "evseId"
        ),
        "it has asked the PKI for a certificate of that PCID": lambda done: clients_pki.enrolled(
            done, "oem", "pcid"
        ),
        "it has asked the PKI for a certificate of that EMAID": lambda done: clients_pki.enrolled(
            done, "emsp", "emaid"
        ),
        "it has asked the PKI for a certificate of a CPS": lambda done: clients_pki.enrolled(done, "cps"),
        "it has revoked that certificate and no other": clients_pki.revoked,
        "it has stored what was signed, unchanged": _stored_unchanged,
    },
)


@then("{DONE}", DONE=DONE)
def has_done(
    observed: list[ObservedUseCase], judge: Judge, done: Callable[[ObservedUseCase], Iterator[Finding]]
) -> None:
    """Judge what the backend has done last."""
    judge.require(done(observed[-1]))


def _fetched_first(done: ObservedUseCase, vehicle: Vehicle) -> Iterator[Finding]:
    clients_emsp.demand_own_pki(done)
    return clients_emsp.fetched_first(done, vehicle.pcid)


def _complete(done: ObservedUseCase, vehicle: Vehicle) -> Iterator[Finding]:
    clients_emsp.demand_own_pki(done)
    return clients_emsp.complete(done, vehicle)


DONE_FOR_VEHICLE: Vocabulary[Callable[[ObservedUseCase, Vehicle], Iterator[Finding]]] = Vocabulary(
    "judgement of what a backend has done for that vehicle",
    {
        "it had fetched the provisioning certificate before it had anything signed": _fetched_first,
        "it has looked at the vehicle and had nothing made or signed": (
            lambda done, vehicle: clients_emsp.stopped(done, vehicle.pcid)
        ),
        "it has looked for the vehicle and had nothing made or signed": (
            lambda done, vehicle: clients_emsp.nothing_for_unknown(done, vehicle.pcid)
        ),
        "the bundle is complete, its chain without the root": _complete,
        "the vehicle can decrypt the contract key": clients_emsp.decrypts,
        "another certificate was published for the same PCID": (
            lambda done, vehicle: clients.renewed(done, vehicle.leaf)
        ),
    },
)


@then("{DONE_FOR_VEHICLE}", DONE_FOR_VEHICLE=DONE_FOR_VEHICLE)
def has_done_for_vehicle(
    observed: list[ObservedUseCase],
    vehicles: Register[Vehicle],
    judge: Judge,
    done_for_vehicle: Callable[[ObservedUseCase, Vehicle], Iterator[Finding]],
) -> None:
    """Judge what the backend has done last, for that vehicle."""
    judge.require(done_for_vehicle(observed[-1], vehicles[Ref("vehicle")]))


def _own_emaids(observed: Sequence[ObservedUseCase]) -> Iterator[Finding]:
    return clients_emsp.own_names(observed[0].account.provider_ids, *observed)


DONE_IN_ALL: Vocabulary[Callable[[Sequence[ObservedUseCase]], Iterator[Finding]]] = Vocabulary(
    "judgement of everything that a backend has done",
    {
        "each has a PCID of its own": lambda observed: clients.own_names(*observed),
        "each contract has an EMAID of its own, with the provider id of the eMSP": _own_emaids,
        "the charge point got the refusal": lambda observed: clients_cpo.refusal_handed_back(*observed[-2:]),
    },
)


@then("{DONE_IN_ALL}", DONE_IN_ALL=DONE_IN_ALL)
def has_done_in_all(
    observed: list[ObservedUseCase],
    judge: Judge,
    done_in_all: Callable[[Sequence[ObservedUseCase]], Iterator[Finding]],
) -> None:
    """Judge everything that the backend has done."""
    judge.require(done_in_all(observed))


@then("its requests are as the operations describe them")
def are_as_described(observed: list[ObservedUseCase], judge: Judge) -> None:
    """Demand that nothing was noted against the requests when they were seen."""
    if not observed[-1].seen:
        raise Inconclusive("the backend has asked for nothing")
    noted = [each for each in judge.findings if each.requirement == OF_CLIENTS]
    failing = [each for each in noted if each.level is FindingLevel.FAIL]
    what, seen = "requests of the backend", "; ".join(each.message for each in failing)
    place, number = (failing[0].place, failing[0].exchange) if failing else (None, None)
    expect(not failing, what, expected="no deviation", seen=seen, place=place or places.BODY, exchange=number)


@then("it has got a new token")
def has_new_token(observed: list[ObservedUseCase], token_lapse: TokenLapse, judge: Judge) -> None:
    """Judge what a backend does whose token has expired."""
    judge.require(client_manners.token_renewed(observed[-1], early=token_lapse.early))


# CPOs


@then("it has passed the request on with its namespace, byte for byte")
def has_passed_on(observed: list[ObservedUseCase], handed: dict[str, str], judge: Judge) -> None:
    """Judge the way to the pool."""
    judge.require(clients_cpo.passed_on(observed[-1], handed))


# eMSPs


@then("it has made no contract for that EMAID or that vehicle")
def has_made_none(
    observed: list[ObservedUseCase],
    contracts: Register[Contract],
    vehicles: Register[Vehicle],
    judge: Judge,
) -> None:
    """Judge that nothing happens by itself."""
    vehicle, contract = vehicles[Ref("vehicle")], contracts[Ref("contract")]
    judge.require(clients_emsp.nothing_made(observed[-1], vehicle.pcid, contract.emaid))


# OEMs


@then("both came with a chain that leads to one of these roots")
def came_with_chains(
    observed: list[ObservedUseCase], trusted_roots: list[ReadCertificate], judge: Judge
) -> None:
    """Judge the chains of the vehicles that were published."""
    for each in observed:
        judge.require(clients.published(each, trusted_roots))


@then("it has deleted {vehicle} and no other")
def has_deleted(observed: list[ObservedUseCase], vehicle: Vehicle, judge: Judge) -> None:
    """Judge a removal."""
    judge.require(clients.removed(observed[-1], vehicle.pcid))


@then("it has made {contract} the default of that vehicle")
def has_made_default(observed: list[ObservedUseCase], contract: Contract, judge: Judge) -> None:
    """Judge a choice."""
    judge.require(clients.chosen(observed[-1], contract.pcid, contract.emaid))
