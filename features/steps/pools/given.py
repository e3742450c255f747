"""What stands before: how the pools of other ecosystems, neighbours that the tester plays, answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from features.steps.vehicles.shared import READ
from features.vocabulary.references import Ref
from features.vocabulary.steps import given
from features.vocabulary.tables import Vocabulary
from fixtures.neighbours.behaviours import BEHAVIOURS, UNREACHABLE, answering_with, delivering, redirecting
from fixtures.testdata.certificates import ChainSpec
from fixtures.testdata.contracts import Contract, ContractFactory
from fixtures.testdata.vehicles import Vehicle, wmi
from opnc.contract import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.vocabulary.references import Register
    from fixtures.client.parties import Parties
    from fixtures.neighbours.ecosystems import Neighbours
    from fixtures.neighbours.interceptor import PeerBehaviour
    from fixtures.target.declaration import Target
    from fixtures.testdata.generator import TestData


def _behaves(behaviour: PeerBehaviour, neighbours: Neighbours, place: str, _target: Target) -> None:
    neighbours.interceptors[place].behaviour = behaviour


def _is_unreachable(neighbours: Neighbours, place: str, _target: Target) -> None:
    neighbours.make_unreachable(place)


def _reads_other_way(neighbours: Neighbours, place: str, target: Target) -> None:
    neighbours.set_flag_reading(place, "A" if target.reading == "B" else "B")


BEHAVIOUR: Vocabulary[Callable[[Neighbours, str, Target], None]] = Vocabulary(
    "behaviour of a pool",
    {
        **{phrase: partial(_behaves, behaviour) for phrase, behaviour in BEHAVIOURS.items()},
        UNREACHABLE: _is_unreachable,
        "reads the mark of a broadcast the other way": _reads_other_way,
    },
)


@given("{pools} {BEHAVIOUR}", BEHAVIOUR=BEHAVIOUR)
def behaves(
    neighbours: Neighbours, target: Target, pools: str, behaviour: Callable[[Neighbours, str, Target], None]
) -> None:
    """Let a neighbour, or each of them, answer other pools in some way (ERR-080 for the mark)."""
    places = tuple(neighbours.interceptors) if pools == "every other pool" else (neighbours.demand(pools),)
    for place in places:
        behaviour(neighbours, place, target)


@given("{ecosystem} redirects to {other:ecosystem}")
def redirects(neighbours: Neighbours, vehicles: Register[Vehicle], ecosystem: str, other: str) -> None:
    """Let a neighbour send those who ask for that vehicle to a third pool."""
    pcid = vehicles[Ref("vehicle")].pcid
    url = load().operation(READ).url(neighbours.url(other, "pcp"), {"pcid": pcid})
    neighbours.interceptors[neighbours.demand(ecosystem)].behaviour = redirecting(url)


@given("{ecosystem} hands out (which=another|that) vehicle, whichever is asked for")
def hands_out(
    neighbours: Neighbours,
    parties: Parties,
    data: TestData,
    vehicles: Register[Vehicle],
    ecosystem: str,
    which: str,
) -> None:
    """Let a neighbour lie about which vehicle it holds."""
    other = _another_vehicle(parties, data)
    behaviour = answering_with(vehicles[Ref("vehicle")] if which == "that" else other)
    neighbours.interceptors[neighbours.demand(ecosystem)].behaviour = behaviour


def _of_another_vehicle(factory: ContractFactory, _vehicle: Vehicle, other: Vehicle) -> Contract:
    return factory.to_store(other)


def _wrongly_signed(factory: ContractFactory, vehicle: Vehicle, _other: Vehicle) -> Contract:
    return factory.to_store(vehicle, cps=ChainSpec(root="v2g", trust="unknown"))


DELIVERED: Vocabulary[Callable[[ContractFactory, Vehicle, Vehicle], Contract]] = Vocabulary(
    "contract that a pool should not deliver",
    {
        "a contract of another vehicle": _of_another_vehicle,
        "a contract signed below a root nobody knows": _wrongly_signed,
    },
)


@given("{ecosystem} delivers {DELIVERED}, whoever asks", DELIVERED=DELIVERED)
def delivers(
    neighbours: Neighbours,
    parties: Parties,
    data: TestData,
    vehicles: Register[Vehicle],
    ecosystem: str,
    delivered: Callable[[ContractFactory, Vehicle, Vehicle], Contract],
) -> None:
    """Let a neighbour deliver what it should not."""
    other = _another_vehicle(parties, data)
    factory = ContractFactory(data, parties[f"emsp with own pki of {neighbours.demand(ecosystem)}"])
    contract = delivered(factory, vehicles[Ref("vehicle")], other)
    neighbours.interceptors[ecosystem].behaviour = delivering(contract)


def _another_vehicle(parties: Parties, data: TestData) -> Vehicle:
    return Vehicle.of(data.pki.vehicle(data.pcid(wmi(parties["oem"]))))
