from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from opnc import events, vehicles
from opnc.identifiers import Emaid
from opnc.pki.testbed import OEM, Addresses, Tree, Variation
from tests.simulators.services.conftest import PCID

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opnc.pki.credentials import Credential
    from simulators.kernel.events import Event
    from tests.simulators.services.conftest import Line

PUT, DELETE = "addProvisioningCertificateV1", "deleteProvisioningCertificateV1"
READ, LOOKUP = "getProvisioningCertificateV1", "lookupVehicleV1"
ISO2, ISO20 = "urn:iso:15118:2:2013:MsgDef", "urn:iso:15118:20:2020:MsgDef"
OEM_20 = Tree("oem", 1, "ISO15118-20", "secp521r1")
EMAID = "DEABCC12345678"


class Contracts:
    """A CCP that keeps one contract for every vehicle, and notes what it is to delete."""

    def __init__(self) -> None:
        self.deleted: list[tuple[str, str]] = []

    def emaids(self, _pcid: str, _namespace: str) -> Sequence[str]:
        return (EMAID,)

    def delete_of(self, pcid: str, namespace: str) -> None:
        self.deleted.append((pcid, namespace))


@pytest.fixture
def contracts(line: Line, monkeypatch: pytest.MonkeyPatch) -> Contracts:
    kept = Contracts()
    monkeypatch.setattr(line.ecosystem.pcp, "_contracts", kept)
    return kept


@pytest.fixture
def heard(line: Line) -> Iterator[list[Event]]:
    heard: list[Event] = []
    listeners = line.ecosystem.bus._listeners
    listeners.append(heard.append)
    yield heard
    listeners.remove(heard.append)


def body(vehicle: Credential, **members: Any) -> dict[str, Any]:
    return {vehicles.CHAIN: vehicles.chain_object(vehicle.chain[:-1]), **members}


def publish(line: Line, vehicle: Credential, **members: Any) -> int:
    return line.ask("oem", PUT, body=body(vehicle, **members)).status_code


def read(line: Line, pcid: str = PCID, party: str = "emsp") -> Any:
    answer = line.ask(party, READ, path={"pcid": pcid})
    return answer.json()[vehicles.WRAPPER] if answer.status_code == 200 else answer.status_code


def test_a_changed_key_deletes_the_contracts_and_tells_their_emsps(
    line: Line, contracts: Contracts, heard: list[Event]
) -> None:
    assert publish(line, line.vehicle()) == 200
    assert (contracts.deleted, heard) == ([], [])
    assert publish(line, line.vehicle(variation=Variation(key=2, issue=2))) == 200
    assert contracts.deleted == [(PCID, ISO2)]
    assert [(event.type, event.provider_id) for event in heard] == [
        (events.PROVISIONING_UPDATED, Emaid.parse(EMAID).owner)
    ]
    assert heard[0].payload == {"pcid": PCID, "emaid": EMAID}


def test_a_renewal_with_the_same_key_touches_no_contract(
    line: Line, contracts: Contracts, heard: list[Event]
) -> None:
    publish(line, line.vehicle())
    renewal = line.vehicle(variation=Variation(issue=2))
    assert publish(line, renewal) == 200
    assert (contracts.deleted, heard) == ([], [])
    assert read(line)[vehicles.CHAIN] == vehicles.chain_object(renewal.chain[:-1])


def test_a_deletion_deletes_the_contracts_and_tells_their_emsps(
    line: Line, contracts: Contracts, heard: list[Event]
) -> None:
    publish(line, line.vehicle())
    assert line.ask("oem", DELETE, path={"pcid": PCID}).status_code == 200
    assert contracts.deleted == [(PCID, ISO2)]
    assert [event.type for event in heard] == [events.PROVISIONING_DELETED]


@pytest.mark.parametrize("end", ["expired", "revoked"])
def test_cleansing_deletes_the_contracts_and_tells_their_emsps(
    line: Line, contracts: Contracts, heard: list[Event], end: str
) -> None:
    now = line.ecosystem.clock.now()
    vehicle = line.vehicle(variation=Variation(not_after=now + timedelta(days=30)))
    publish(line, vehicle)
    if end == "revoked":
        certificate = body(vehicle)[vehicles.CHAIN]["certificate"]
        sent = {"certificate": certificate, "revocationReason": "keyCompromise"}
        assert line.ask("oem", "revokeCertV1", body=sent).status_code == 200
    line.ecosystem.advance(timedelta(days=31 if end == "expired" else 1))
    assert contracts.deleted == [(PCID, ISO2)]
    assert [event.type for event in heard] == [events.PROVISIONING_DELETED]
    assert read(line) == 404


def test_a_provisioning_certificate_is_valid_to_the_end_of_its_last_second(line: Line) -> None:
    ends = line.ecosystem.clock.now() + timedelta(days=30)
    publish(line, line.vehicle(variation=Variation(not_after=ends)))
    line.ecosystem.advance(timedelta(days=30))
    assert read(line) != 404, "the end belongs to it (RFC 5280 section 4.1.2.5), also for cleansing"
    line.ecosystem.clock.advance(timedelta(milliseconds=999))
    assert read(line) != 404
    line.ecosystem.clock.advance(timedelta(milliseconds=1))
    assert read(line) == 404


def test_a_vehicle_has_a_certificate_of_each_generation(line: Line, contracts: Contracts) -> None:
    of_2, of_20 = line.vehicle(), line.vehicle(tree=OEM_20)
    assert [publish(line, each) for each in (of_2, of_20)] == [200, 200]
    assert contracts.deleted == [], "the key of the other generation is as good as before"
    assert read(line)["xsdMsgDefNamespace"] == ISO20, "what was published last is handed out"
    assert publish(line, of_2) == 200
    assert read(line)["xsdMsgDefNamespace"] == ISO2
    line.ask("oem", DELETE, path={"pcid": PCID})
    assert sorted(contracts.deleted) == [(PCID, ISO20), (PCID, ISO2)]
    assert read(line) == 404


def test_what_the_oem_says_about_the_certificates_does_not_count(line: Line) -> None:
    vehicle = line.vehicle()
    told = {"fingerprint": "0" * 64, "rootIssuerSerialNumber": "1", "xsdMsgDefNamespace": ISO20}
    assert publish(line, vehicle, **told, previousPcid="WDB00000000000000") == 200
    entry = read(line)
    root = vehicle.certificates[-1]
    assert entry["fingerprint"] == vehicle.certificate.fingerprint
    assert entry["rootIssuerSerialNumber"] == f"{root.serial:x}"
    assert entry["xsdMsgDefNamespace"] == ISO2
    assert entry["previousPcid"] == "WDB00000000000000"


def test_a_pcid_is_found_in_any_letter_case(line: Line) -> None:
    publish(line, line.vehicle())
    assert read(line, PCID.lower())["fingerprint"] == read(line)["fingerprint"]


@pytest.mark.parametrize("operation", [READ, LOOKUP, DELETE])
def test_an_oem_cannot_tell_whether_the_vehicle_of_another_exists(line: Line, operation: str) -> None:
    publish(line, line.vehicle())
    published = line.ask("other oem", operation, path={"pcid": PCID})
    unknown = line.ask("other oem", operation, path={"pcid": f"{PCID[:-1]}9"})
    assert published.status_code == unknown.status_code == 403
    assert published.json()["errorMessages"] == unknown.json()["errorMessages"]


def test_the_control_steps_stand_in_the_order_that_is_prescribed(line: Line) -> None:
    names = [step.name for step in line.ecosystem.pcp._steps]
    assert names == ["pcp.put.wmi", "pcp.put.validity", "pcp.put.status", "pcp.put.chain"]


def test_a_certificate_that_names_no_source_of_its_status_is_taken(line: Line) -> None:
    silent = replace(line.pki, addresses=Addresses("", ""))
    vehicle = silent.vehicle(PCID)
    assert vehicle.chain[-1] == line.pki.root(OEM).der
    assert publish(line, vehicle) == 200
