"""What scenarios about events cause when any event will do: something the given accounts can bring about.

An event about a root takes the administrator of the pool, one about a contract an OEM and an eMSP and the
services between them, one about a vehicle without a contract the pool of vehicles alone. Which of them a
scenario gets follows from the target: the first whose means are all there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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

    import pytest

    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.server.receiver import ScenarioEndpoints
    from fixtures.target.declaration import Target
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.generator import TestData

ROOT_REMOVALS = (events.ROOT_REVOKED, events.ROOT_EXPIRED, "root.cert.deleted")
"""The events that may tell of a root that was deleted (ERR-017)."""

_EMSPS = ("emsp", "emsp with own pki", "other emsp")
_CONTRACT_SERVICES = frozenset({"pcp", "cps", "ccp"})


def choose(request: pytest.FixtureRequest) -> Occurrence:
    """Return what the accounts of the target can cause.

    Raises:
        NotApplicable: If that is nothing.
        Inconclusive: If what it needs cannot be made.
    """
    target: Target = request.getfixturevalue("target")
    offered = frozenset(target.services) - (frozenset() if target.connected else target.simulated)
    emsps = [name for name in _EMSPS if name in target.accounts]
    if ADMINISTRATOR in target.meets:
        return _of_root(request, target)
    if "oem" in target.accounts and emsps and offered >= _CONTRACT_SERVICES:
        return _of_contract(request, emsps[0])
    if "oem" in target.accounts and emsps and "pcp" in offered:
        return _of_vehicle(request, emsps)
    raise NotApplicable(
        "no event can be caused: that takes the administrator of the root certificate pool, or an OEM and an"
        " eMSP with the services between them"
    )


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
        bring_about=lambda: make_contract(parties, ContractFactory(data, parties[emsp]).contract(vehicle)),
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
    vehicle = take(oem, _vehicle(data, oem))
    keys = iter(range(2, 10))

    def renewed() -> Vehicle:
        key = next(keys)
        return take(oem, _vehicle(data, oem, vehicle.pcid, Variation(key=key, issue=key)))

    def deleted(told: Vehicle) -> None:
        _demand_done("a deleted vehicle", oem.ask(DELETE_VEHICLE, path={"pcid": told.pcid}))

    found = Occurrence(
        concerned=emsps,
        begins=events.PROVISIONING_UPDATED,
        ends=(events.PROVISIONING_DELETED,),
        bring_about=renewed,
        bring_to_end=deleted,
        limit={"wmi": [vehicle.pcid[:3]]},
    )
    _demand_told(request, found)
    return found


def _demand_told(request: pytest.FixtureRequest, occurrence: Occurrence) -> None:
    """Make sure that an occurrence raises an event at all."""
    parties: Parties = request.getfixturevalue("parties")
    target: Target = request.getfixturevalue("target")
    endpoints: ScenarioEndpoints = request.getfixturevalue("scenario_endpoints")
    subscriber = parties[occurrence.concerned[0]]
    trial = subscribe(subscriber, endpoints, occurrence.names(), **occurrence.limit)
    occurrence.bring_about()
    endpoints.wait(target.delivery_window.total_seconds(), lambda: bool(trial.webhook.deliveries))
    withdraw(subscriber, trial.endpoint)
    if not trial.webhook.deliveries:
        raise NotApplicable(
            "no event can be caused: eMSPs are not told of vehicles without contracts (ERR-131), and there is"
            " neither an administrator nor what makes contracts"
        )


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
