"""What is done to have contracts made and signed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, parsers, when

from features.steps.vehicles.shared import RENEWED, in_edition
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.testdata.certificates import ChainSpec
from fixtures.testdata.contract_flaws import GENERATE_FLAWS, SIGN_FLAWS, STORE_FLAWS
from fixtures.testdata.contracts import Contract, ContractFactory
from opnc.contract.xml import MEDIA_TYPE, write_members
from opnc.pki.revocation import revoked

if TYPE_CHECKING:
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.server.ocsp_crl import TesterStatusService
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle

CERTIFICATES = "getCpsCertificatesV1"
MADE = (200, 201, 204)
"""Statuses that say that a contract was made; 201 is the reference (ERR-064)."""


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
def vehicle_20(data: TestData, vehicle: Vehicle) -> Vehicle:
    """The vehicle with its other provisioning certificate, that of ISO 15118-20."""
    return in_edition(vehicle, "ISO 15118-20", data)


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


@given(parsers.re("new contract data for that contract"), target_fixture="renewal")
def renewed_draft(data: TestData, parties: Parties, vehicle: Vehicle, contract: Contract) -> Contract:
    """Make new data of a known contract, to be signed."""
    factory = ContractFactory(data, parties[contract.party])
    return factory.to_sign(vehicle, contract.emaid, factory.chain_spec(vehicle, RENEWED))


@given("new signed contract data for that contract", target_fixture="renewal")
def renewed_signed(data: TestData, parties: Parties, vehicle: Vehicle, contract: Contract) -> Contract:
    """Make new data of a known contract, to be stored."""
    return ContractFactory(data, parties[contract.party]).to_store(vehicle, contract.emaid, leaf=RENEWED)


@given("the contract certificate is revoked")
@when("the contract certificate is revoked")
def contract_revoked(bench: Bench, status: TesterStatusService, contract: Contract) -> None:
    """Let the CA of the eMSP revoke the contract certificate.

    Raises:
        NotApplicable: If the tester does not tell its status.
    """
    if contract.credential is None or not status.is_named_in(contract.credential.certificate):
        raise NotApplicable("the status of the contract certificate is not told by the tester")
    status.set(contract.credential.certificate, revoked(bench.clock.now(), "keyCompromise"))


@when("the certificate of the CPS is revoked")
def cps_revoked(bench: Bench, data: TestData, status: TesterStatusService) -> None:
    """Let the CA of the tester's CPS revoke its certificate."""
    certificate = data.pki.cps(ChainSpec(root="v2g")).certificate
    if not status.is_named_in(certificate):
        raise NotApplicable("the status of the certificate of the CPS is not told by the tester")
    status.set(certificate, revoked(bench.clock.now(), "keyCompromise"))


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
