"""Vehicles that contracts are made for, and the revocation of certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, parsers, when

from features.steps.roots.shared import roots_of
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.target.declaration import BOTH_EDITIONS
from fixtures.testdata.certificates import ChainSpec
from fixtures.testdata.vehicles import Vehicle, publish, wmi
from opnc.pki.revocation import revoked

if TYPE_CHECKING:
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties
    from fixtures.server.ocsp_crl import TesterStatusService
    from fixtures.target.declaration import Target
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.generator import TestData
    from opnc.pki.profiles import Algorithm
    from opnc.pki.reading import ReadCertificate


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
