"""What is done with the ecosystems beside the target: neighbours that the tester plays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, parsers, when

from features.steps.installation.installation import EXI, send
from features.steps.vehicles.shared import READ
from features.vocabulary.resolving import party as party_meant
from fixtures.neighbours.behaviours import BEHAVIOURS, UNREACHABLE, answering_with, delivering, redirecting
from fixtures.testdata.certificates import ChainSpec
from fixtures.testdata.contracts import Contract, ContractFactory
from fixtures.testdata.evcc import evcc_of
from fixtures.testdata.vehicles import Vehicle, wmi
from opnc.broadcast import Reading, reaching_all, reaching_one
from opnc.contract import load
from opnc.vehicles import version_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.evidence.peer_exchange import PeerExchange
    from fixtures.neighbours.ecosystems import Neighbours
    from fixtures.target.declaration import Target
    from fixtures.testdata.generator import TestData
    from opnc.pki.reading import ReadCertificate

PLACES = "beta|gamma|delta|epsilon"
_PLACE = f"(?P<place>{PLACES})"


def _wrongly_signed(factory: ContractFactory, vehicle: Vehicle, _other: Vehicle) -> Contract:
    return factory.to_store(vehicle, cps=ChainSpec(root="v2g", trust="unknown"))


DELIVERIES: dict[str, Callable[[ContractFactory, Vehicle, Vehicle], Contract]] = {
    "a contract of another vehicle": lambda factory, _vehicle, other: factory.to_store(other),
    "a contract signed below a root nobody knows": _wrongly_signed,
}
"""What a neighbour may deliver that it should not -> how it is made."""


@pytest.fixture
def broadcast_flag_reading(target: Target) -> Reading:
    """How the CCP of the target reads the mark of a broadcast."""
    return target.reading


@dataclass(frozen=True, slots=True)
class InstallationContext:
    """Where vehicles come by charging stations.

    Attributes:
        v2g_roots: The roots that they trust.
        broadcast_flag_reading: How pools read the mark of a broadcast.
    """

    bench: Bench
    data: TestData
    parties: Parties
    v2g_roots: list[ReadCertificate]
    broadcast_flag_reading: Reading

    def ask(self, vehicle: Vehicle, party: str, headers: dict[str, str]) -> Exchange:
        """Let a vehicle ask for contracts at a station of a CPO."""
        made = evcc_of(self.data, vehicle, self.v2g_roots)
        request = made.request(version_of(vehicle.leaf), self.bench.clock.now())
        return send(self.parties, request, headers, party)


@pytest.fixture
def installation_context(
    bench: Bench,
    data: TestData,
    parties: Parties,
    v2g_roots: list[ReadCertificate],
    broadcast_flag_reading: Reading,
) -> InstallationContext:
    """The road with its charging stations."""
    return InstallationContext(bench, data, parties, v2g_roots, broadcast_flag_reading)


@party_meant("a pool with no token")
def _without_token(request: pytest.FixtureRequest) -> Party:
    parties: Parties = request.getfixturevalue("parties")
    return parties["peer pool"].showing(None)


@party_meant("a pool with a token of beta")
def _with_foreign_token(request: pytest.FixtureRequest) -> Party:
    parties: Parties = request.getfixturevalue("parties")
    return parties["peer pool"].showing(f"Bearer {parties['emsp of beta'].token()}")


# What stands before


@given(parsers.re(f"{_PLACE} (?P<behaviour>{'|'.join(map(re.escape, BEHAVIOURS))})"))
def behaves(neighbours: Neighbours, place: str, behaviour: str) -> None:
    """Let a neighbour answer other pools in some way."""
    neighbours.interceptors[neighbours.demand(place)].behaviour = BEHAVIOURS[behaviour]


@given("every other pool answers after a second")
def all_slow(neighbours: Neighbours) -> None:
    """Let all neighbours be slow."""
    for gate in neighbours.interceptors.values():
        gate.behaviour = BEHAVIOURS["answers after a second"]


@given(parsers.re(f"{_PLACE} {UNREACHABLE}"))
def is_unreachable(neighbours: Neighbours, place: str) -> None:
    """Take a neighbour off the net."""
    neighbours.make_unreachable(neighbours.demand(place))


@given(parsers.re(f"{_PLACE} redirects to (?P<other>{PLACES})"))
def redirects(neighbours: Neighbours, place: str, other: str, vehicle: Vehicle) -> None:
    """Let a neighbour send other pools to a third one."""
    url = load().operation(READ).url(neighbours.url(other, "pcp"), {"pcid": vehicle.pcid})
    neighbours.interceptors[neighbours.demand(place)].behaviour = redirecting(url)


@given(parsers.re(f"{_PLACE} hands out (?P<what>another|that) vehicle, whichever is asked for"))
def hands_out(
    neighbours: Neighbours, parties: Parties, data: TestData, vehicle: Vehicle, place: str, what: str
) -> None:
    """Let a neighbour lie."""
    other = Vehicle.of(data.pki.vehicle(data.pcid(wmi(parties["oem"]))))
    behaviour = answering_with(vehicle if what == "that" else other)
    neighbours.interceptors[neighbours.demand(place)].behaviour = behaviour


# Acting


@given(
    parsers.re(f"{_PLACE} delivers (?P<what>{'|'.join(map(re.escape, DELIVERIES))}), whoever asks"),
)
def delivers(
    neighbours: Neighbours, parties: Parties, data: TestData, vehicle: Vehicle, place: str, what: str
) -> None:
    """Let a neighbour deliver what it should not."""
    other = Vehicle.of(data.pki.vehicle(data.pcid(wmi(parties["oem"]))))
    factory = ContractFactory(data, parties[f"emsp with own pki of {neighbours.demand(place)}"])
    neighbours.interceptors[place].behaviour = delivering(DELIVERIES[what](factory, vehicle, other))


@given(parsers.re(f"{_PLACE} reads the mark of a broadcast the other way"))
def reads_other_way(neighbours: Neighbours, broadcast_flag_reading: Reading, place: str) -> None:
    """Let the CCP of a neighbour hold the other reading (ERR-080)."""
    neighbours.set_flag_reading(neighbours.demand(place), "A" if broadcast_flag_reading == "B" else "B")


@when(
    parsers.re(
        "the vehicle asks (?P<reach>all pools|this pool alone) for contracts"
        "(?:, by way of the (?P<party>[^,]+))?(?P<plain>, wanting no message if it fails)?"
    ),
    target_fixture="answer",
)
def asks_pools(
    installation_context: InstallationContext,
    vehicle: Vehicle,
    reach: str,
    party: str | None,
    plain: str | None,
) -> Exchange:
    """Let a vehicle ask at a charging station, with the mark that says how far its request goes."""
    marks = (
        reaching_all(installation_context.broadcast_flag_reading)
        if reach == "all pools"
        else reaching_one(installation_context.broadcast_flag_reading)
    )
    return installation_context.ask(vehicle, party or "cpo", {**marks, **({EXI: "false"} if plain else {})})


@when(
    parsers.re("the vehicle asks all pools for contracts afterwards, by way of the (?P<party>[^,]+)"),
    target_fixture="delivery",
)
def asks_pools_afterwards(
    installation_context: InstallationContext, vehicle: Vehicle, party: str
) -> Exchange:
    """Let a vehicle ask once more."""
    return installation_context.ask(vehicle, party, reaching_all(installation_context.broadcast_flag_reading))


@when("it is seen what the other pools were asked", target_fixture="asked")
def target_peer_requests(neighbours: Neighbours) -> list[PeerExchange]:
    """See what the target has asked its neighbours."""
    neighbours.settle()
    return neighbours.from_target


@when("it is seen what all pools were asked", target_fixture="asked")
def all_peer_requests(neighbours: Neighbours) -> list[PeerExchange]:
    """See what anybody has asked the neighbours."""
    neighbours.settle()
    return neighbours.requests
