"""What is done where several roots of one type are trusted side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, parsers

from features.steps.vehicles.shared import RENEWED, take
from fixtures.testdata.certificates import ChainSpec
from fixtures.testdata.vehicles import Vehicle

if TYPE_CHECKING:
    from fixtures.client.parties import Parties
    from fixtures.testdata.generator import TestData


@given(
    parsers.re("that vehicle has got a new key, and the (?P<party>.+) has published it"),
    target_fixture="vehicle",
)
def with_new_key(data: TestData, parties: Parties, vehicle: Vehicle, party: str) -> Vehicle:
    """Publish a vehicle anew, with another key."""
    plan = ChainSpec(leaf=RENEWED)
    return take(parties[party], Vehicle.of(data.pki.vehicle(vehicle.pcid, plan)))
