"""What the backend of a CPO is made to do, and how it is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, parsers, then, when

from features.steps.contracts.contracts import make
from fixtures.backends.event_composer import tell
from fixtures.judgements import clients as common
from fixtures.judgements import clients_cpo as judgements
from fixtures.testdata.contracts import ContractFactory
from fixtures.testdata.csr import evse_id
from fixtures.testdata.evcc import evcc_of
from opnc.provisioning.namespaces import NAMESPACES
from opnc.vehicles import version_of

if TYPE_CHECKING:
    from fixtures.backends.client_under_test import Backends, ObservedUseCase
    from fixtures.backends.event_composer import EventComposers
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties
    from fixtures.judging import Judge
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.reading import ReadCertificate


@given("a contract of the eMSP for the vehicle of that charge point", target_fixture="handed")
def contract_and_request(
    bench: Bench,
    data: TestData,
    parties: Parties,
    vehicle: Vehicle,
    v2g_roots: list[ReadCertificate],
) -> dict[str, str]:
    """Have a contract made; return what a vehicle that wants it sends to a charge point."""
    make(parties, ContractFactory(data, parties["emsp"]).to_generate(vehicle))
    version = version_of(vehicle.leaf)
    request = evcc_of(data, vehicle, v2g_roots).request(version, bench.clock.now())
    return {judgements.REQUEST: request.text, judgements.NAMESPACE: NAMESPACES[version]}


@when("the CPO backend is handed the request of that vehicle by a charge point", target_fixture="done")
def is_handed(backends: Backends, handed: dict[str, str]) -> ObservedUseCase:
    """Play the charge point."""
    return backends["cpo"].perform("install-contract", handed, awaiting=(judgements.PASS_ON,))


@when("the CPO backend updates the roots of its charge points", target_fixture="done")
def updates_roots(backends: Backends) -> ObservedUseCase:
    """Have the roots read; types may be asked for one after the other."""
    return backends["cpo"].perform("update-roots")


@when(parsers.parse('the CPO backend is told of "{event}"'), target_fixture="done")
def is_told(backends: Backends, event_composers: EventComposers, event: str) -> ObservedUseCase:
    """Send an event about a root."""
    composer = event_composers.composer(event, "cpo")
    return backends["cpo"].observe(
        lambda: tell(composer, composer.message), awaiting=(common.ROOTS, common.ROOT)
    )


@pytest.fixture
def evse(backends: Backends, data: TestData) -> str:
    """An EVSE id of the CPO that no charge point has."""
    return evse_id(data, backends["cpo"].account)


@when("the CPO backend enrols a new charge point", target_fixture="done")
def enrols(backends: Backends, evse: str) -> ObservedUseCase:
    """Have a certificate enrolled."""
    return backends["cpo"].perform("enrol-charge-point", {"evseId": evse}, awaiting=(judgements.ENROLL,))


@then("it has passed the request on with its namespace, byte for byte")
def has_passed_on(done: ObservedUseCase, handed: dict[str, str], judge: Judge) -> None:
    """Judge the way there."""
    judge.require(judgements.passed_on(done, handed))


@then("the charge point got the answer of the pool, byte for byte")
def has_handed_back(done: ObservedUseCase, judge: Judge) -> None:
    """Judge the way back."""
    judge.require(judgements.handed_back(done))


@then("it has read the V2G and eMSP roots")
def has_read_both(done: ObservedUseCase, judge: Judge) -> None:
    """Judge which roots were read."""
    judge.require(common.roots_read(done, "v2g", "emsp"))


@then("it has read the root certificate pool")
def has_read(done: ObservedUseCase, judge: Judge) -> None:
    """Judge that the roots were read, all or the one concerned."""
    judge.require(common.called(done, common.ROOTS, common.ROOT))


@then("it has asked the PKI for a certificate of that EVSE ID")
def has_enrolled(done: ObservedUseCase, evse: str, judge: Judge) -> None:
    """Judge the certification request."""
    judge.require(judgements.enrolled(done, evse))


@then("the request names an organization")
def names_organization(done: ObservedUseCase, judge: Judge) -> None:
    """Judge the subject."""
    judge.require(judgements.of_organization(done))
