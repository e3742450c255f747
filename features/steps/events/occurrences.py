"""What scenarios about events cause when any event will do: something the given accounts can bring about.

An event about a root takes the administrator of the pool, one about a contract an OEM and an eMSP and the
services between them, one about a vehicle without a contract the pool of vehicles alone. Which of them a
scenario gets follows from the target: the first whose means are all there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from features.steps.contracts.shared import make as make_contract
from features.steps.events.shared import subscribe, withdraw
from features.steps.roots.shared import delete as delete_root
from features.steps.roots.shared import register
from features.steps.vehicles.shared import DELETE as DELETE_VEHICLE
from features.steps.vehicles.shared import take
from features.vocabulary.references import Ref
from features.vocabulary.resolving import party, thing
from features.vocabulary.things import Occurrence, Registered
from fixtures.answers.statuses import published_status
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.target.declaration import ADMINISTRATOR
from fixtures.testdata.certificates import ChainSpec
from fixtures.testdata.contract_requests import DELETE as DELETE_CONTRACT
from fixtures.testdata.contracts import ContractFactory
from fixtures.testdata.vehicles import Vehicle, wmi
from opnc import events
from opnc.pki.testbed import Variation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.server.receiver import ScenarioEndpoints
    from fixtures.target.declaration import Target
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.generator import TestData

ROOT_REMOVALS = (events.ROOT_REVOKED, events.ROOT_EXPIRED, "root.cert.deleted")
"""The events that may tell of a root that was deleted (ERR-017)."""

_EMSPS = ("emsp", "emsp with own pki", "other emsp")
_ABOUT_VEHICLES = (events.PROVISIONING_UPDATED, events.PROVISIONING_DELETED)

UNTOLD = (
    "eMSPs are not told of vehicles without contracts (ERR-049, ERR-131), and nothing here makes contracts"
)


@dataclass(slots=True)
class ToldByWmi:
    """What eMSPs are told of vehicles without contracts, by which of the two events it should be.

    Attributes:
        known: The events; None until it was tried.
    """

    known: frozenset[str] | None = None


@pytest.fixture(scope="session")
def told_by_wmi() -> ToldByWmi:
    """What the target tells eMSPs that have subscribed for a WMI."""
    return ToldByWmi()


def choose(request: pytest.FixtureRequest) -> Occurrence:
    """Return what the accounts of the target can cause.

    Raises:
        NotApplicable: If that is nothing.
        Inconclusive: If what it needs cannot be made.
    """
    target: Target = request.getfixturevalue("target")
    own = frozenset(target.services) - target.simulated
    emsps = [name for name in _EMSPS if name in target.accounts]
    if ADMINISTRATOR in target.meets and "rcp" in own:
        return _of_root(request, target)
    if "oem" in target.accounts and emsps and has_contracts(target):
        return _of_contract(request, emsps[0])
    if "oem" in target.accounts and emsps and "pcp" in own:
        return _of_vehicle(request, emsps)
    raise NotApplicable(
        "no event can be caused: that takes the administrator of the root certificate pool, or an OEM and an"
        " eMSP with the services between them"
    )


def has_contracts(target: Target) -> bool:
    """Tell whether there are contracts that the Event Service of the target learns of.

    That takes a contract certificate pool beside it, which knows the vehicles; who signs does not matter.
    """
    own = frozenset(target.services) - target.simulated
    return "ccp" in own and ("pcp" in own or target.connected)


def _of_root(request: pytest.FixtureRequest, target: Target) -> Occurrence:
    """Return the registration of a root, which concerns everybody."""
    parties: Parties = request.getfixturevalue("parties")
    data: TestData = request.getfixturevalue("data")
    administrator = parties["administrator"]

    def removed(root: Registered) -> None:
        _demand_done("a deleted root", delete_root(administrator, root))

    return Occurrence(
        concerned=[name for name in ("oem", "emsp", "cpo", "cps") if name in target.accounts],
        begins=events.ROOT_ADDED,
        ends=ROOT_REMOVALS,
        bring_about=lambda: register(administrator, Registered(data.root(), ("v2g",))),
        bring_to_end=removed,
    )


def _of_contract(request: pytest.FixtureRequest, emsp: str) -> Occurrence:
    """Return a contract, which concerns the OEM of its vehicle."""
    parties: Parties = request.getfixturevalue("parties")
    data: TestData = request.getfixturevalue("data")
    vehicle = take(parties["oem"], _vehicle(data, parties["oem"]))

    def deleted(contract: Contract) -> None:
        path = {"emaid": contract.emaid}
        _demand_done("a deleted contract", parties[contract.party].ask(DELETE_CONTRACT, path=path))

    return Occurrence(
        concerned=["oem"],
        begins=events.CONTRACT_CREATED,
        ends=(events.CONTRACT_DELETED,),
        bring_about=lambda: make_contract(parties, ContractFactory(data, parties[emsp]).obtained(vehicle)),
        bring_to_end=deleted,
    )


def _of_vehicle(request: pytest.FixtureRequest, emsps: Sequence[str]) -> Occurrence:
    """Return a new key of a vehicle, of which eMSPs are told that have subscribed for its WMI (ERR-049).

    Raises:
        NotApplicable: If the pool tells them of vehicles with contracts alone (ERR-131).
    """
    parties: Parties = request.getfixturevalue("parties")
    data: TestData = request.getfixturevalue("data")
    oem = parties["oem"]
    told = demand_told_by_wmi(request, parties[emsps[0]])
    vehicle = take(oem, _vehicle(data, oem))
    keys = iter(range(2, 10))

    def renewed() -> Vehicle:
        key = next(keys)
        return take(oem, _vehicle(data, oem, vehicle.pcid, Variation(key=key, issue=key)))

    def deleted(told: Vehicle) -> None:
        _demand_done("a deleted vehicle", oem.ask(DELETE_VEHICLE, path={"pcid": told.pcid}))

    return Occurrence(
        concerned=emsps,
        begins=events.PROVISIONING_UPDATED,
        ends=tuple(told & {events.PROVISIONING_DELETED}),
        bring_about=renewed,
        bring_to_end=deleted,
        limit={"wmi": [vehicle.pcid[:3]]},
    )


def demand_told_by_wmi(request: pytest.FixtureRequest, emsp: Party) -> frozenset[str]:
    """Make sure that an eMSP that has subscribed for a WMI is told of new keys, with contracts or without.

    Returns:
        The events that it is told by, or should be.

    Raises:
        NotApplicable: If it is not told (ERR-049, ERR-131).
    """
    told: ToldByWmi = request.getfixturevalue("told_by_wmi")
    bench: Bench = request.getfixturevalue("bench")
    # A bench that begins each scenario afresh may be another implementation each time.
    if told.known is None or not bench.run_marker:
        told.known = _tried(request, emsp)
    if events.PROVISIONING_UPDATED not in told.known:
        raise NotApplicable(f"no event can be caused: {UNTOLD}")
    return told.known


def _tried(request: pytest.FixtureRequest, emsp: Party) -> frozenset[str]:
    """Find out what an eMSP is told, by any event, of a vehicle that gets a new key and is then withdrawn."""
    parties: Parties = request.getfixturevalue("parties")
    target: Target = request.getfixturevalue("target")
    data: TestData = request.getfixturevalue("data")
    endpoints: ScenarioEndpoints = request.getfixturevalue("scenario_endpoints")
    oem, window = parties["oem"], target.delivery_window.total_seconds()
    vehicle = take(oem, _vehicle(data, oem))
    trial = subscribe(emsp, endpoints, _ABOUT_VEHICLES, wmi=[vehicle.pcid[:3]])
    came = trial.webhook.deliveries
    told = set[str]()
    take(oem, _vehicle(data, oem, vehicle.pcid, Variation(key=2, issue=2)))
    endpoints.wait(window, lambda: bool(came))
    if known := len(came):
        told.add(events.PROVISIONING_UPDATED)
    oem.ask(DELETE_VEHICLE, path={"pcid": vehicle.pcid})
    endpoints.wait(window, lambda: len(came) > known)
    if len(came) > known:
        told.add(events.PROVISIONING_DELETED)
    withdraw(emsp, trial.endpoint)
    return frozenset(told)


def _vehicle(data: TestData, oem: Party, pcid: str = "", leaf: Variation | None = None) -> Vehicle:
    spec = ChainSpec() if leaf is None else ChainSpec(leaf=leaf)
    return Vehicle.of(data.pki.vehicle(pcid or data.pcid(wmi(oem)), spec))


def _demand_done(what: str, answer: Exchange) -> None:
    if published_status(answer) != 200:
        raise Inconclusive(f"the precondition, {what}, was answered {answer.answer.status}")


# Who is concerned


@party("party concerned")
def _concerned(request: pytest.FixtureRequest) -> Party:
    return _one_of(request, 0)


@party("another party concerned")
def _another(request: pytest.FixtureRequest) -> Party:
    return _one_of(request, 1)


def _one_of(request: pytest.FixtureRequest, number: int) -> Party:
    occurrence: Occurrence = thing(request, Ref("occurrence"))
    parties: Parties = request.getfixturevalue("parties")
    # Where one account alone is concerned, it may have several endpoints.
    return parties[occurrence.concerned[min(number, len(occurrence.concerned) - 1)]]
