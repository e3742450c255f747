"""What is done where several roots of one type are trusted side by side."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_bdd import given, parsers

from features.steps.contracts.contracts import make
from features.steps.vehicles.shared import RENEWED, take
from fixtures.testdata.certificates import ChainSpec
from fixtures.testdata.contracts import Contract, ContractFactory
from fixtures.testdata.vehicles import Vehicle

if TYPE_CHECKING:
    from fixtures.client.parties import Parties
    from fixtures.neighbours.ecosystems import Neighbours
    from fixtures.testdata.generator import TestData

TYPES = ("v2g", "oem", "emsp")


@given(
    parsers.re("contract data for that vehicle, below (?:an|a) (?P<kind>eMSP|V2G) root"),
    target_fixture="contract",
)
def below_type(data: TestData, parties: Parties, vehicle: Vehicle, kind: str) -> Contract:
    """Make contract data below a root of some type."""
    factory = ContractFactory(data, parties["emsp with own pki"])
    return factory.to_sign(vehicle, spec=replace(factory.chain_spec(vehicle), root=kind.lower()))


@given(
    parsers.re(r"contract data for that vehicle, below the (?P<kind>eMSP|V2G) root of (?P<place>\w+)"),
    target_fixture="contract",
)
def below_foreign(
    neighbours: Neighbours, data: TestData, parties: Parties, vehicle: Vehicle, kind: str, place: str
) -> Contract:
    """Make contract data below a root of another ecosystem."""
    abroad = copy(data)
    abroad.pki = replace(data.pki, supplied=neighbours.supplied(place))
    return below_type(abroad, parties, vehicle, kind)


@given(
    parsers.re("that vehicle has got a new key, and the (?P<party>.+) has published it"),
    target_fixture="vehicle",
)
def with_new_key(data: TestData, parties: Parties, vehicle: Vehicle, party: str) -> Vehicle:
    """Publish a vehicle anew, with another key."""
    plan = ChainSpec(leaf=RENEWED)
    return take(parties[party], Vehicle.of(data.pki.vehicle(vehicle.pcid, plan)))


@given("the eMSP has had new data of that contract made", target_fixture="renewal")
def contract_renewed(data: TestData, parties: Parties, vehicle: Vehicle, contract: Contract) -> Contract:
    """Make contract data for the new key of a vehicle."""
    factory = ContractFactory(data, parties[contract.party])
    return make(parties, factory.to_sign(vehicle, contract.emaid, factory.chain_spec(vehicle, RENEWED)))
