"""What the backend of a CPO is made to do, and how it is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytest_bdd import given, parsers, then, when

from features.steps.contracts.contracts import make
from features.steps.events.events_received import tell
from fixtures.judgements import clients as common
from fixtures.judgements import clients_cpo as judgements
from fixtures.testdata.contracts import Maker
from fixtures.testdata.csr import evse_id
from fixtures.testdata.evcc import car
from opnc.provisioning.namespaces import NAMESPACES
from opnc.vehicles import version_of

if TYPE_CHECKING:
    from features.steps.events.events_received import Office
    from fixtures.backends.use_case_runs import Backends, Performance
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties
    from fixtures.judging import Judge
    from fixtures.testdata.data import Data
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.reading import ReadCertificate


@given("a contract of the eMSP for the vehicle of that charge point", target_fixture="handed")
def contract_and_request(
    bench: Bench,
    data: Data,
    parties: Parties,
    vehicle: Vehicle,
    v2g_roots: list[ReadCertificate],
) -> dict[str, str]:
    """Have a contract made; return what a vehicle that wants it sends to a charge point."""
    make(parties, Maker(data, parties["emsp"]).order(vehicle))
    version = version_of(vehicle.leaf)
    request = car(data, vehicle, v2g_roots).request(version, bench.clock.now())
    return {judgements.REQUEST: request.text, judgements.NAMESPACE: NAMESPACES[version]}


@when("the CPO backend is handed the request of that vehicle by a charge point", target_fixture="done")
def is_handed(backends: Backends, handed: dict[str, str]) -> Performance:
    """Play the charge point."""
    return backends["cpo"].perform("install-contract", handed, awaiting=(judgements.PASS_ON,))


@when("the CPO backend updates the roots of its charge points", target_fixture="done")
def updates_roots(backends: Backends) -> Performance:
    """Have the roots read; types may be asked for one after the other."""
    return backends["cpo"].perform("update-roots")


@when(parsers.parse('the CPO backend is told of "{event}"'), target_fixture="done")
def is_told(backends: Backends, office: Office, event: str) -> Performance:
    """Send an event about a root."""
    desk = office.desk(event, "cpo")
    return backends["cpo"].observe(lambda: tell(desk, desk.message), awaiting=(common.ROOTS, common.ROOT))


@pytest.fixture
def evse(backends: Backends, data: Data) -> str:
    """An EVSE id of the CPO that no charge point has."""
    return evse_id(data, backends["cpo"].account)


@when("the CPO backend enrols a new charge point", target_fixture="done")
def enrols(backends: Backends, evse: str) -> Performance:
    """Have a certificate enrolled."""
    return backends["cpo"].perform("enrol-charge-point", {"evseId": evse}, awaiting=(judgements.ENROLL,))


@then("it has passed the request on with its namespace, byte for byte")
def has_passed_on(done: Performance, handed: dict[str, str], judge: Judge) -> None:
    """Judge the way there."""
    judge.hold(judgements.passed_on(done, handed))


@then("the charge point got the answer of the pool, byte for byte")
def has_handed_back(done: Performance, judge: Judge) -> None:
    """Judge the way back."""
    judge.hold(judgements.handed_back(done))


@then("it has read the V2G and eMSP roots")
def has_read_both(done: Performance, judge: Judge) -> None:
    """Judge which roots were read."""
    judge.hold(common.roots_read(done, "v2g", "emsp"))


@then("it has read the root certificate pool")
def has_read(done: Performance, judge: Judge) -> None:
    """Judge that the roots were read, all or the one concerned."""
    judge.hold(common.asked(done, common.ROOTS, common.ROOT))


@then("it has asked the PKI for a certificate of that EVSE ID")
def has_enrolled(done: Performance, evse: str, judge: Judge) -> None:
    """Judge the certification request."""
    judge.hold(judgements.enrolled(done, evse))


@then("the request names an organization")
def names_organization(done: Performance, judge: Judge) -> None:
    """Judge the subject."""
    judge.hold(judgements.of_organization(done))
