"""What is done with the ecosystems beside the target: neighbours that the tester plays."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_bdd import given, parsers, when

from features.steps.provisioning import READ
from features.steps.roots import register_root
from fixtures.manners import MANNERS, UNREACHABLE, answering_with, redirecting
from fixtures.party_headers import originator
from fixtures.vehicles import Vehicle, wmi
from opnc.broadcast import HEADER
from opnc.contract import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from fixtures.bench import Bench
    from fixtures.data import Data
    from fixtures.evidence import Exchange
    from fixtures.gate import Asked
    from fixtures.neighbours import Neighbours
    from fixtures.parties import Parties
    from fixtures.target import Target

PLACES = "beta|gamma|delta|epsilon"
_PLACE = f"(?P<place>{PLACES})"


@dataclass(frozen=True, slots=True)
class Timed:
    """An answer, and how long it took by the clock of the target."""

    answer: Exchange
    took: timedelta


# What stands before


@given(parsers.re(f"{_PLACE} (?P<manner>{'|'.join(map(re.escape, MANNERS))})"))
def behaves(neighbours: Neighbours, place: str, manner: str) -> None:
    """Let a neighbour answer other pools in some way."""
    neighbours.gates[neighbours.demand(place)].manner = MANNERS[manner]


@given("every other pool answers after a second")
def all_slow(neighbours: Neighbours) -> None:
    """Let all neighbours be slow."""
    for gate in neighbours.gates.values():
        gate.manner = MANNERS["answers after a second"]


@given(parsers.re(f"{_PLACE} {UNREACHABLE}"))
def is_unreachable(neighbours: Neighbours, place: str) -> None:
    """Take a neighbour off the net."""
    neighbours.take_down(neighbours.demand(place))


@given(parsers.re(f"{_PLACE} redirects to (?P<other>{PLACES})"))
def redirects(neighbours: Neighbours, place: str, other: str, vehicle: Vehicle) -> None:
    """Let a neighbour send other pools to a third one."""
    base = neighbours.federation.members[neighbours.demand(other)].url("pcp")
    url = load().operation(READ).url(base, {"pcid": vehicle.pcid})
    neighbours.gates[neighbours.demand(place)].manner = redirecting(url)


@given(parsers.re(f"{_PLACE} hands out (?P<what>another|that) vehicle, whichever is asked for"))
def hands_out(
    neighbours: Neighbours, parties: Parties, data: Data, vehicle: Vehicle, place: str, what: str
) -> None:
    """Let a neighbour lie."""
    other = Vehicle.of(data.pki.vehicle(data.pcid(wmi(parties["oem"]))))
    manner = answering_with(vehicle if what == "that" else other)
    neighbours.gates[neighbours.demand(place)].manner = manner


@given(parsers.re(f"the administrator has registered the (?P<type>OEM|V2G|eMSP) root of {_PLACE}"))
def root_registered(neighbours: Neighbours, parties: Parties, type: str, place: str) -> None:  # noqa: A002 - a type
    """Make a root of another ecosystem known to the target."""
    kind = type.lower()
    for each in neighbours.supplied(place):
        if each.root == kind:
            register_root(parties, each.ca.chain[-1], (kind,))


@given(
    parsers.re(f"a vehicle of the OEM of {_PLACE}, below a root of {_PLACE.replace('place', 'root')}"),
    target_fixture="vehicle",
)
def vehicle_below(neighbours: Neighbours, parties: Parties, data: Data, place: str, root: str) -> Vehicle:
    """Make a vehicle whose chain leads to a root of another ecosystem."""
    pki = replace(data.pki, supplied=neighbours.supplied(root))
    return Vehicle.of(pki.vehicle(data.pcid(wmi(parties[f"oem of {place}"]))))


# Acting


@when(
    parsers.re('the (?P<party>.+) reads that vehicle, with broadcast "(?P<mark>.*)"'), target_fixture="answer"
)
def reads_with_mark(parties: Parties, vehicle: Vehicle, party: str, mark: str) -> Exchange:
    """Read a vehicle with the mark of a broadcast, or something else in its place."""
    return parties[party].ask(READ, path={"pcid": vehicle.pcid}, headers={HEADER: mark})


@when("the eMSP reads that vehicle, naming itself in the party headers", target_fixture="answer")
def reads_with_name(parties: Parties, target: Target, vehicle: Vehicle) -> Exchange:
    """Read a vehicle and say who asks."""
    emsp = parties["emsp"]
    return emsp.ask(READ, path={"pcid": vehicle.pcid}, headers=originator(emsp.account, target))


@when("the eMSP reads that vehicle, and the time is taken", target_fixture="timed")
def reads_timed(bench: Bench, parties: Parties, vehicle: Vehicle) -> Timed:
    """Read a vehicle and see how long that takes."""
    parties["emsp"].token()
    begun = bench.clock.now()
    answer = parties["emsp"].ask(READ, path={"pcid": vehicle.pcid})
    return Timed(answer, bench.clock.now() - begun)


FOREIGN: dict[str, Callable[[Parties], str | None]] = {
    "no token": lambda _parties: None,
    "a token of beta": lambda parties: f"Bearer {parties['emsp of beta'].token()}",
}


@when(
    parsers.re(f"a pool with (?P<token>{'|'.join(FOREIGN)}) reads that vehicle in this pool alone"),
    target_fixture="answer",
)
def unknown_pool_reads(parties: Parties, vehicle: Vehicle, token: str) -> Exchange:
    """Let a pool ask that is not onboarded."""
    party, headers = parties["peer pool"], {HEADER: "true"}
    return party.ask_with(FOREIGN[token](parties), READ, path={"pcid": vehicle.pcid}, headers=headers)


@when("it is seen what the other pools were asked", target_fixture="asked")
def asked_so_far(neighbours: Neighbours) -> list[Asked]:
    """See what the target has asked its neighbours."""
    neighbours.listen()
    return neighbours.by_target


@when("it is seen what all pools were asked", target_fixture="asked")
def asked_by_all(neighbours: Neighbours) -> list[Asked]:
    """See what anybody has asked the neighbours."""
    neighbours.listen()
    return neighbours.asked
