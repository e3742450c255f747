"""What is done to have contracts made and signed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, parsers, when

from features.steps.roots.shared import roots_of
from fixtures.judging import Inconclusive
from fixtures.target.declaration import BOTH_EDITIONS
from fixtures.testdata.certificates import ChainSpec
from fixtures.testdata.contract_flaws import GENERATE_FLAWS, SIGN_FLAWS, STORE_FLAWS
from fixtures.testdata.contracts import Contract, ContractFactory
from fixtures.testdata.vehicles import Vehicle, publish, wmi
from opnc.contract.xml import MEDIA_TYPE, write_members
from opnc.pki.testbed import Variation

if TYPE_CHECKING:
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.target.declaration import Target
    from fixtures.testdata.generator import TestData
    from opnc.pki.profiles import Algorithm
    from opnc.pki.reading import ReadCertificate

CERTIFICATES = "getCpsCertificatesV1"
MADE = (200, 201, 204)
"""Statuses that say that a contract was made; 201 is the reference (ERR-064)."""

KEYS: dict[str | None, Algorithm] = {None: "secp256r1", "secp521r1": "secp521r1", "Ed448": "ed448"}
CHECK_CHARACTER = "7"
"""The eighteenth character of a PCID, without which ISO 15118-20 cannot bind a key to the vehicle."""


def take(parties: Parties, vehicle: Vehicle, oem: str = "oem") -> Vehicle:
    """Publish a vehicle.

    Raises:
        Inconclusive: If the pool does not take it.
    """
    answer = publish(parties[oem], vehicle)
    if answer.answer.status != 200:
        raise Inconclusive(f"the precondition, a published vehicle, was answered {answer.answer.status}")
    return vehicle


def new_vehicle(
    data: TestData, parties: Parties, target: Target, keys: str | None, oem: str = "oem"
) -> Vehicle:
    """Make a vehicle with keys of a kind and publish it.

    Raises:
        NotApplicable: If the target does not support that kind.
    """
    if keys:
        target.demand_declared("iso15118_20", default=True)
    pcid = data.pcid(wmi(parties[oem])) + (CHECK_CHARACTER if keys else "")
    return take(parties, Vehicle.of(data.pki.vehicle(pcid, ChainSpec(algorithm=KEYS[keys]))), oem)


def make(parties: Parties, contract: Contract) -> Contract:
    """Have a contract made and stored.

    Raises:
        Inconclusive: If that does not work.
    """
    answer = parties[contract.party].ask(contract.operation, body=contract.request)
    if answer.answer.status not in MADE:
        raise Inconclusive(f"the precondition, a contract, was answered {answer.answer.status}")
    return contract


@pytest.fixture
def v2g_roots(parties: Parties) -> list[ReadCertificate]:
    """The V2G roots of the pool, which the vehicles of a scenario trust.

    Whoever makes a vehicle asks for them too, so that they are read before anything is judged.
    """
    return roots_of(parties, "v2g")


_VEHICLE = "vehicle(?: with (?P<keys>secp521r1|Ed448) keys)? whose provisioning certificate is published"


@given(parsers.re(f"a {_VEHICLE}"), target_fixture="vehicle")
def vehicle(
    data: TestData, parties: Parties, target: Target, v2g_roots: list[ReadCertificate], keys: str | None
) -> Vehicle:
    """Make a vehicle that contracts can be made for."""
    del v2g_roots
    return new_vehicle(data, parties, target, keys)


@given(parsers.re(f"another {_VEHICLE}"), target_fixture="other_vehicle")
def other_vehicle(data: TestData, parties: Parties, target: Target, keys: str | None) -> Vehicle:
    """Make a second vehicle that contracts can be made for."""
    return new_vehicle(data, parties, target, keys)


@given("a vehicle whose provisioning certificate nobody has published", target_fixture="vehicle")
def unpublished_vehicle(data: TestData, parties: Parties) -> Vehicle:
    """Make a vehicle that no pool knows."""
    return Vehicle.of(data.pki.vehicle(data.pcid(wmi(parties["oem"]))))


@pytest.fixture
def vehicle_20(data: TestData, vehicle: Vehicle) -> Vehicle:
    """The vehicle with its other provisioning certificate, that of ISO 15118-20."""
    return _of_both(data, vehicle)


def _of_both(data: TestData, vehicle: Vehicle) -> Vehicle:
    return Vehicle.of(data.pki.vehicle(vehicle.pcid, ChainSpec(algorithm="secp521r1")))


@given(
    "a vehicle of both editions of ISO 15118 whose provisioning certificates are published",
    target_fixture="vehicle",
)
def vehicle_of_both(
    data: TestData, parties: Parties, target: Target, v2g_roots: list[ReadCertificate]
) -> Vehicle:
    """Make a vehicle with two provisioning certificates, and return the older one.

    Raises:
        NotApplicable: If the target does not keep both.
    """
    del v2g_roots
    target.demand_declared(BOTH_EDITIONS, default=False)
    pcid = data.pcid(wmi(parties["oem"])) + CHECK_CHARACTER
    made = Vehicle.of(data.pki.vehicle(pcid))
    take(parties, _of_both(data, made))
    return take(parties, made)


@given("a vehicle whose provisioning certificate lasts 3 days and is published", target_fixture="vehicle")
def short_lived_vehicle(data: TestData, parties: Parties) -> Vehicle:
    """Make a vehicle whose certificate does not last long."""
    plan = ChainSpec(leaf=data.pki.ending_in(3))
    return take(parties, Vehicle.of(data.pki.vehicle(data.pcid(wmi(parties["oem"])), plan)))


# Contracts that are about to be made

KINDS = {
    "contract data": ContractFactory.to_sign,
    "an order": ContractFactory.to_generate,
    "signed contract data": ContractFactory.to_store,
}
"""What scenarios call contracts on their way into the pool -> how they are made."""

_KIND = f"(?P<kind>{'|'.join(KINDS)})"
FLAWS = {
    **{f"contract data for that vehicle {flaw}": make for flaw, make in SIGN_FLAWS.items()},
    **{f"signed contract data for that vehicle {flaw}": make for flaw, make in STORE_FLAWS.items()},
}


@given(parsers.re(f"{_KIND} of the (?P<party>.+?) for that vehicle"), target_fixture="contract")
def about_to_be_made(data: TestData, parties: Parties, vehicle: Vehicle, kind: str, party: str) -> Contract:
    """Prepare a contract in one of the ways there are."""
    return KINDS[kind](ContractFactory(data, parties[party]), vehicle)


@given(parsers.re(f"(?P<flaw>{'|'.join(map(re.escape, FLAWS))})"), target_fixture="contract")
def flawed(data: TestData, parties: Parties, vehicle: Vehicle, flaw: str) -> Contract:
    """Make contract data with something wrong."""
    return FLAWS[flaw](ContractFactory(data, parties["emsp with own pki"]), vehicle)


@given(
    parsers.re(rf"an order for that vehicle (?P<flaw>{'|'.join(map(re.escape, GENERATE_FLAWS))})"),
    target_fixture="contract",
)
def flawed_order(data: TestData, parties: Parties, vehicle: Vehicle, flaw: str) -> Contract:
    """Prepare an order with something wrong."""
    factory = ContractFactory(data, parties["emsp"])
    return factory.to_generate(vehicle).with_members(**GENERATE_FLAWS[flaw](factory))


@given(parsers.re(f"{_KIND} for the other vehicle with the same EMAID"), target_fixture="conflicting")
def conflicting(
    data: TestData, parties: Parties, other_vehicle: Vehicle, contract: Contract, kind: str
) -> Contract:
    """Prepare a contract under an EMAID that another vehicle has."""
    return KINDS[kind](ContractFactory(data, parties[contract.party]), other_vehicle, contract.emaid)


RENEWED = Variation(key=2, issue=2)


@given(parsers.re("new contract data for that contract"), target_fixture="renewal")
def renewed_draft(data: TestData, parties: Parties, vehicle: Vehicle, contract: Contract) -> Contract:
    """Make new data of a known contract, to be signed."""
    factory = ContractFactory(data, parties[contract.party])
    return factory.to_sign(vehicle, contract.emaid, factory.chain_spec(vehicle, RENEWED))


@given("new signed contract data for that contract", target_fixture="renewal")
def renewed_signed(data: TestData, parties: Parties, vehicle: Vehicle, contract: Contract) -> Contract:
    """Make new data of a known contract, to be stored."""
    return ContractFactory(data, parties[contract.party]).to_store(vehicle, contract.emaid, leaf=RENEWED)


# Contracts that are there already


def _of(data: TestData, parties: Parties, party: str, vehicle: Vehicle, stored: str | None) -> Contract:
    """Have a contract made, or store one that a CPS of the tester has signed."""
    factory = ContractFactory(data, parties[party])
    return make(parties, factory.to_store(vehicle) if stored else factory.contract(vehicle))


@given(
    parsers.re(r"a contract of the (?P<party>.+?) for that vehicle(?P<stored>, stored by itself)?"),
    target_fixture="contract",
)
def made(data: TestData, parties: Parties, vehicle: Vehicle, party: str, stored: str | None) -> Contract:
    """Have a contract made and stored."""
    return _of(data, parties, party, vehicle, stored)


@given(
    parsers.re(r"a second contract, of the (?P<party>.+?), for that vehicle(?P<stored>, stored by itself)?"),
    target_fixture="second",
)
def second_made(
    data: TestData, parties: Parties, vehicle: Vehicle, party: str, stored: str | None
) -> Contract:
    """Have another contract made and stored for the same vehicle."""
    return _of(data, parties, party, vehicle, stored)


@given(parsers.re(r"a third contract, of the (?P<party>.+?), for that vehicle"), target_fixture="third")
def third_made(data: TestData, parties: Parties, vehicle: Vehicle, party: str) -> Contract:
    """Have one more contract made and stored for the same vehicle."""
    return _of(data, parties, party, vehicle, None)


@given(parsers.re(r"a contract of the (?P<party>.+?) for the other vehicle"), target_fixture="second")
def made_for_other(data: TestData, parties: Parties, other_vehicle: Vehicle, party: str) -> Contract:
    """Have a contract made and stored for the second vehicle."""
    return _of(data, parties, party, other_vehicle, None)


@given("a second contract, of the other eMSP, for that vehicle in ISO 15118-20", target_fixture="second")
def second_made_in_20(data: TestData, parties: Parties, vehicle_20: Vehicle) -> Contract:
    """Have another contract made and stored for the same vehicle, in the newer edition."""
    return _of(data, parties, "other emsp", vehicle_20, None)


@given("the same contract in ISO 15118-20")
def made_in_20(data: TestData, parties: Parties, vehicle_20: Vehicle, contract: Contract) -> None:
    """Have a known contract made in the newer edition as well."""
    make(parties, ContractFactory(data, parties[contract.party]).to_generate(vehicle_20, contract.emaid))


@given("an order of a further contract for that vehicle that nobody has placed", target_fixture="further")
def never_made(data: TestData, parties: Parties, vehicle: Vehicle) -> Contract:
    """Think of a contract that is in no pool."""
    return ContractFactory(data, parties["emsp"]).to_generate(vehicle)


@when("the eMSP orders a contract for that vehicle", target_fixture="contract")
def orders_now(data: TestData, parties: Parties, vehicle: Vehicle) -> Contract:
    """Have a contract made and stored."""
    return _of(data, parties, "emsp", vehicle, None)


@given(
    parsers.parse("an order of a contract that ends in {days:d} days was placed for that vehicle"),
    target_fixture="contract",
)
def made_for_days(data: TestData, parties: Parties, vehicle: Vehicle, days: int) -> Contract:
    """Have a contract made and stored that does not last long."""
    factory = ContractFactory(data, parties["emsp"])
    return make(parties, factory.to_generate(vehicle).with_members(**factory.ending_in(days)))


# Having them made, signed, stored


def ask(parties: Parties, party: str, contract: Contract) -> Exchange:
    """Ask for a contract, in the way it is to be made."""
    return parties[party].ask(contract.operation, body=contract.request)


@when(
    parsers.re("the (?P<party>.+) (?:has them signed|places that order|stores them)(?: again)?"),
    target_fixture="answer",
)
def has_made(parties: Parties, contract: Contract, party: str) -> Exchange:
    """Ask for the contract that was prepared."""
    return ask(parties, party, contract)


@when("the eMSP places that order in XML", target_fixture="answer")
def has_made_in_xml(parties: Parties, contract: Contract) -> Exchange:
    """Ask for a contract in the media type that has no names (ERR-065)."""
    content = write_members("generateAndSignContractDataReq", contract.request)
    return parties["emsp"].ask(contract.operation, headers={"Content-Type": MEDIA_TYPE}, body=content)


@when(
    parsers.re("the (?P<party>.+) (?:has the new ones signed|stores the new ones)"), target_fixture="answer"
)
def has_renewed(parties: Parties, renewal: Contract, party: str) -> Exchange:
    """Ask for the new data of a contract."""
    return ask(parties, party, renewal)


@when("its eMSP asks for that as well", target_fixture="answer")
def has_conflicting_made(parties: Parties, conflicting: Contract) -> Exchange:
    """Ask for a contract under an EMAID that another vehicle has."""
    return ask(parties, conflicting.party, conflicting)
