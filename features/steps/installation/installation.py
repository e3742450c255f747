"""How a vehicle asks for its contracts at a charging station, and how its OEM fetches them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_bdd import parsers, when

from fixtures.testdata.certificates import ChainSpec
from fixtures.testdata.evcc import SignedInstallationRequest, evcc_of
from fixtures.testdata.installation_flaws import INSTALLATION_REQUEST_FLAWS
from fixtures.testdata.vehicles import Vehicle
from opnc.pki.testbed import Variation
from opnc.provisioning.namespaces import NAMESPACES
from opnc.provisioning.requests import Wishes
from opnc.vehicles import version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.steps.contracts.shared import SignedBelowRoot
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.generator import TestData
    from opnc.pki.reading import ReadCertificate

REQUEST = "getSignedContractDataByCertificateInstallationReqV1"
EXI = "alwaysReturnEXI"

HOW: dict[str | None, dict[str, str]] = {
    None: {},
    "wanting a message even if it fails": {EXI: "true"},
    "wanting no message if it fails": {EXI: "false"},
    'with alwaysReturnEXI "maybe"': {EXI: "maybe"},
}
"""What scenarios say of a request -> its headers."""

_HOW = f"(?:, (?P<how>{'|'.join(re.escape(each) for each in HOW if each)}))?"


def send(
    parties: Parties, request: SignedInstallationRequest, headers: dict[str, str], party: str = "cpo"
) -> Exchange:
    """Hand the request of a vehicle to the pool, as the backend of its charging station does."""
    body = {"certificateInstallationReq": request.text, "xsdMsgDefNamespace": NAMESPACES[request.version]}
    return parties[party].ask(REQUEST, headers=headers, body=body)


def _asks(
    bench: Bench,
    data: TestData,
    parties: Parties,
    vehicle: Vehicle,
    roots: Sequence[ReadCertificate],
    headers: dict[str, str] | None = None,
    wishes: Wishes | None = None,
) -> Exchange:
    request = evcc_of(data, vehicle, roots).request(
        version_of(vehicle.leaf), bench.clock.now(), wishes=wishes
    )
    return send(parties, request, headers or {})


@when(parsers.re(f"the vehicle asks for contracts at a charging station{_HOW}"), target_fixture="answer")
def vehicle_asks(
    bench: Bench,
    data: TestData,
    parties: Parties,
    vehicle: Vehicle,
    v2g_roots: list[ReadCertificate],
    how: str | None,
) -> Exchange:
    """Let a vehicle ask."""
    return _asks(bench, data, parties, vehicle, v2g_roots, HOW[how])


@when("the vehicle asks for contracts at a charging station afterwards", target_fixture="delivery")
def vehicle_asks_afterwards(
    bench: Bench, data: TestData, parties: Parties, vehicle: Vehicle, v2g_roots: list[ReadCertificate]
) -> Exchange:
    """Let a vehicle ask to see what has changed."""
    return _asks(bench, data, parties, vehicle, v2g_roots)


@when("the vehicle asks for contracts in ISO 15118-20 as well", target_fixture="delivery_20")
def asks_in_20(
    bench: Bench, data: TestData, parties: Parties, vehicle_20: Vehicle, v2g_roots: list[ReadCertificate]
) -> Exchange:
    """Let a vehicle of both editions ask in the newer one."""
    return _asks(bench, data, parties, vehicle_20, v2g_roots)


@when("a vehicle with the same PCID and another key asks for contracts", target_fixture="answer")
def impostor_asks(
    bench: Bench, data: TestData, parties: Parties, vehicle: Vehicle, v2g_roots: list[ReadCertificate]
) -> Exchange:
    """Let a vehicle ask that is not the one published."""
    spec = ChainSpec(leaf=Variation(key=2, issue=2))
    impostor = Vehicle.of(data.pki.vehicle(vehicle.pcid, spec))
    return _asks(bench, data, parties, impostor, v2g_roots)


@when("the vehicle asks for contracts, trusting the last of these roots alone", target_fixture="answer")
def asks_trusting_one(
    bench: Bench,
    data: TestData,
    parties: Parties,
    vehicle: Vehicle,
    v2g_roots: list[ReadCertificate],
    signings: Sequence[SignedBelowRoot],
) -> Exchange:
    """Let a vehicle ask that trusts one root only."""
    fingerprint = signings[-1].fingerprint.lower()
    trusted = [root for root in v2g_roots if root.fingerprint == fingerprint]
    return _asks(bench, data, parties, vehicle, trusted)


@when("the vehicle asks for contracts, the second one first", target_fixture="answer")
def asks_with_wish(
    bench: Bench,
    data: TestData,
    parties: Parties,
    vehicle: Vehicle,
    second: Contract,
    v2g_roots: list[ReadCertificate],
) -> Exchange:
    """Let a vehicle say which contract it wants first."""
    return _asks(bench, data, parties, vehicle, v2g_roots, wishes=Wishes(most=2, emaids=(second.emaid,)))


@when(
    parsers.re(
        f"the vehicle sends a request (?P<flaw>{'|'.join(map(re.escape, INSTALLATION_REQUEST_FLAWS))}){_HOW}"
    ),
    target_fixture="answer",
)
def sends_flawed(
    data: TestData,
    parties: Parties,
    vehicle: Vehicle,
    v2g_roots: list[ReadCertificate],
    flaw: str,
    how: str | None,
) -> Exchange:
    """Let a vehicle send something else than it should."""
    return parties["cpo"].ask(
        REQUEST, headers=HOW[how], body=INSTALLATION_REQUEST_FLAWS[flaw](data, vehicle, v2g_roots)
    )
