"""How a vehicle asks for its contracts at a charging station, and how its OEM fetches them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import parsers, when

from features.steps.contracts import roots_of
from fixtures.cars import Request, car
from fixtures.request_flaws import FLAWS
from opnc.provisioning.namespaces import NAMESPACES
from opnc.provisioning.requests import Wishes
from opnc.vehicles import version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fixtures.bench import Bench
    from fixtures.contracts import Contract
    from fixtures.data import Data
    from fixtures.evidence import Exchange
    from fixtures.parties import Parties
    from fixtures.vehicles import Vehicle
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


@pytest.fixture
def trusted(parties: Parties) -> list[ReadCertificate]:
    """The V2G roots that the vehicles of a scenario trust: those of the root certificate pool."""
    return roots_of(parties, "v2g")


def send(parties: Parties, request: Request, headers: dict[str, str]) -> Exchange:
    """Hand the request of a vehicle to the pool, as the backend of its charging station does."""
    body = {"certificateInstallationReq": request.text, "xsdMsgDefNamespace": NAMESPACES[request.version]}
    return parties["cpo"].ask(REQUEST, headers=headers, body=body)


def _asks(
    bench: Bench,
    data: Data,
    parties: Parties,
    vehicle: Vehicle,
    roots: Sequence[ReadCertificate],
    headers: dict[str, str] | None = None,
    wishes: Wishes | None = None,
) -> Exchange:
    request = car(data, vehicle, roots).request(version_of(vehicle.leaf), bench.clock.now(), wishes=wishes)
    return send(parties, request, headers or {})


@when(parsers.re(f"the vehicle asks for contracts at a charging station{_HOW}"), target_fixture="answer")
def vehicle_asks(
    bench: Bench,
    data: Data,
    parties: Parties,
    vehicle: Vehicle,
    trusted: list[ReadCertificate],
    how: str | None,
) -> Exchange:
    """Let a vehicle ask."""
    return _asks(bench, data, parties, vehicle, trusted, HOW[how])


@when("the vehicle asks for contracts at a charging station afterwards", target_fixture="delivery")
def vehicle_asks_afterwards(
    bench: Bench, data: Data, parties: Parties, vehicle: Vehicle, trusted: list[ReadCertificate]
) -> Exchange:
    """Let a vehicle ask to see what has changed."""
    return _asks(bench, data, parties, vehicle, trusted)


@when("the other vehicle asks for contracts at a charging station afterwards", target_fixture="delivery")
def other_asks(
    bench: Bench, data: Data, parties: Parties, other_vehicle: Vehicle, trusted: list[ReadCertificate]
) -> Exchange:
    """Let the second vehicle ask."""
    return _asks(bench, data, parties, other_vehicle, trusted)


@when(
    "the vehicle asks for contracts of ISO 15118-20 at a charging station afterwards",
    target_fixture="delivery_20",
)
def asks_in_20(
    bench: Bench, data: Data, parties: Parties, vehicle_20: Vehicle, trusted: list[ReadCertificate]
) -> Exchange:
    """Let a vehicle of both generations ask in the newer one."""
    return _asks(bench, data, parties, vehicle_20, trusted)


@when("the vehicle asks for contracts, the second one first", target_fixture="answer")
def asks_with_wish(
    bench: Bench,
    data: Data,
    parties: Parties,
    vehicle: Vehicle,
    second: Contract,
    trusted: list[ReadCertificate],
) -> Exchange:
    """Let a vehicle say which contract it wants first."""
    return _asks(bench, data, parties, vehicle, trusted, wishes=Wishes(most=2, emaids=(second.emaid,)))


@when(
    parsers.re(f"the vehicle sends a request (?P<flaw>{'|'.join(map(re.escape, FLAWS))}){_HOW}"),
    target_fixture="answer",
)
def sends_flawed(
    data: Data,
    parties: Parties,
    vehicle: Vehicle,
    trusted: list[ReadCertificate],
    flaw: str,
    how: str | None,
) -> Exchange:
    """Let a vehicle send something else than it should."""
    return parties["cpo"].ask(REQUEST, headers=HOW[how], body=FLAWS[flaw](data, vehicle, trusted))
