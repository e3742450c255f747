"""The revocation of certificates that contracts need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, when

from features.steps.vehicles.shared import in_edition
from fixtures.judging import NotApplicable
from fixtures.testdata.certificates import ChainSpec
from opnc.pki.revocation import revoked

if TYPE_CHECKING:
    from fixtures.bench.interface import Bench
    from fixtures.server.ocsp_crl import TesterStatusService
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle


@pytest.fixture
def vehicle_20(data: TestData, vehicle: Vehicle) -> Vehicle:
    """The vehicle with its other provisioning certificate, that of ISO 15118-20."""
    return in_edition(vehicle, "ISO 15118-20", data)


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
