"""What is done where several roots of one type are trusted side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, parsers

from features.steps.contracts.contracts import take
from features.steps.contracts.shared import RENEWED
from fixtures.testdata.certificates import ChainSpec
from fixtures.testdata.cross_signing import cross_signed_vehicle
from fixtures.testdata.vehicles import Vehicle, wmi

if TYPE_CHECKING:
    from fixtures.client.parties import Parties
    from fixtures.testdata.generator import TestData


@given(
    "a vehicle of the OEM below a Sub-CA of an unknown root, certified by a known one too",
    target_fixture="vehicle",
)
def cross_signed(parties: Parties, data: TestData) -> Vehicle:
    """Make a vehicle whose Sub-CA two roots have certified."""
    return Vehicle.of(cross_signed_vehicle(data.pki, data.pcid(wmi(parties["oem"]))))


@given(
    parsers.re("that vehicle has got a new key, and the (?P<party>.+) has published it"),
    target_fixture="vehicle",
)
def with_new_key(data: TestData, parties: Parties, vehicle: Vehicle, party: str) -> Vehicle:
    """Publish a vehicle anew, with another key."""
    plan = ChainSpec(leaf=RENEWED)
    return take(parties, Vehicle.of(data.pki.vehicle(vehicle.pcid, plan)), party)
