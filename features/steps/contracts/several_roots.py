"""What is done where several roots of one type are trusted side by side."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_bdd import given, parsers

from features.steps.contracts.contracts import make
from features.steps.vehicles.shared import RENEWED
from features.vocabulary.references import Ref
from fixtures.testdata.contracts import Contract, ContractFactory

if TYPE_CHECKING:
    from features.vocabulary.references import Register
    from fixtures.client.parties import Parties
    from fixtures.neighbours.ecosystems import Neighbours
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle

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


@given("the eMSP has had new data of that contract made", target_fixture="renewal")
def contract_renewed(
    data: TestData, parties: Parties, vehicles: Register[Vehicle], contract: Contract
) -> Contract:
    """Make contract data for the new key of a vehicle."""
    factory, vehicle = ContractFactory(data, parties[contract.party]), vehicles[Ref("vehicle", "new")]
    return make(parties, factory.to_sign(vehicle, contract.emaid, factory.chain_spec(vehicle, RENEWED)))
