"""What may be sent to CPS and CCP by mistake or malice: refused as documented, named, and stored nowhere."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opnc.pki.reading import read_certificate_text
from opnc.pki.testbed import EMSP, Variation
from opnc.provisioning.namespaces import NAMESPACES
from tests.simulators.services.conftest import PCID
from tests.simulators.services.contracting import (
    ADD,
    ASKED,
    BUNDLE,
    BY_EMAID,
    BY_PCID,
    CHAIN,
    DEFAULT,
    DELETE,
    EMAID,
    FETCH,
    GENERATE,
    MESSAGE,
    OWN,
    OWN_EMAID,
    REQUEST,
    SIGN,
    Body,
    order,
    publish,
    refusal,
    stored,
    to_request,
    to_sign,
    to_store,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.pki.credentials import Credential
    from tests.simulators.services.conftest import Line

BODIES: dict[str, tuple[str, Callable[[Line, Credential], Body]]] = {
    SIGN: (OWN, to_sign),
    GENERATE: ("emsp", lambda _line, _vehicle: order()),
    ADD: (OWN, to_store),
    REQUEST: ("cpo", to_request),
}
"""Who may send what."""


@pytest.fixture
def vehicle(line: Line) -> Credential:
    return publish(line)


# Bodies as such

NO_OBJECTS = {
    "nothing": b"",
    "half an object": b"{",
    "deeply nested arrays": b"[" * 100_000,
    "deeply nested objects": b'{"x":' * 50_000 + b"1" + b"}" * 50_000,
    "null": b"null",
    "an array": b"[]",
    "an array of objects": b"[{}]",
    "a number": b"1e400",
    "a text": b'"text"',
    "an empty object": b"{}",
    "no UTF-8": b"\xff\xfe{}",
    "a lone surrogate": b'{"emaid":"\\ud800"}',
}


@pytest.mark.parametrize("what", NO_OBJECTS)
@pytest.mark.parametrize("operation", BODIES)
def test_what_is_no_request_is_refused(line: Line, operation: str, what: str) -> None:
    answer = line.ask(BODIES[operation][0], operation, body=NO_OBJECTS[what])
    assert answer.status_code == 400, answer.text
    assert refusal(answer)


@pytest.mark.parametrize("operation", BODIES)
def test_what_is_too_large_is_refused(line: Line, vehicle: Credential, operation: str) -> None:
    party, make = BODIES[operation]
    body = {**make(line, vehicle), "metaData": {"x": "x" * 1024 * 1024}}
    answer = line.ask(party, operation, body=body)
    assert answer.status_code == 413, answer.text
    assert refusal(answer)
    assert stored(line) == []


@pytest.mark.parametrize("operation", BODIES)
def test_what_says_one_thing_twice_is_refused(line: Line, vehicle: Credential, operation: str) -> None:
    party, make = BODIES[operation]
    text = json.dumps(make(line, vehicle))
    twice = f'{text[:-1]},"xsdMsgDefNamespace":{json.dumps(NAMESPACES["ISO15118-20"])}}}'
    answer = line.ask(party, operation, body=twice.encode())
    assert answer.status_code == 400, answer.text
    assert "xsdMsgDefNamespace" in refusal(answer)
    assert stored(line) == []


WRONG_VALUES: dict[str, Any] = {
    "null": None,
    "a number": 42,
    "an array": ["x"],
    "an object": {"x": {"x": {}}},
    "nothing": "",
    "blanks": "   ",
    "a zero byte": "\0",
    "another script": "\u0394\u0395ABC123456789",
    "a very long text": "A" * 100_000,
}


@pytest.mark.parametrize("what", WRONG_VALUES)
@pytest.mark.parametrize("operation", BODIES)
def test_a_member_that_is_none_is_refused(line: Line, vehicle: Credential, operation: str, what: str) -> None:
    party, make = BODIES[operation]
    sound = make(line, vehicle)
    for member in sound:
        answer = line.ask(party, operation, body={**sound, member: WRONG_VALUES[what]})
        assert answer.status_code in {400, 404} or tells_vehicle(answer.json()), (member, answer.text)
    assert stored(line) == []


def tells_vehicle(body: Body) -> bool:
    """Whether a failure is told as a message of ISO 15118: the default for requests of vehicles (ERR-081)."""
    items = body["signedContractDataCollection"]
    return len(items) == 1 and "emaid" not in items[0]


@pytest.mark.parametrize(
    "namespace", ["urn:foo", "urn:iso:15118:2:2013:MsgDef ", "URN:ISO:15118:2:2013:MSGDEF", "\u202e", "2"]
)
@pytest.mark.parametrize("operation", BODIES)
def test_an_unknown_namespace_is_refused(
    line: Line, vehicle: Credential, operation: str, namespace: str
) -> None:
    party, make = BODIES[operation]
    answer = line.ask(party, operation, body={**make(line, vehicle), "xsdMsgDefNamespace": namespace})
    assert answer.status_code == 400, answer.text
    assert "xsdMsgDefNamespace" in refusal(answer)
    assert stored(line) == []


# Certificates


def in_chain(line: Line, vehicle: Credential, **members: Any) -> Body:
    body = to_sign(line, vehicle)
    body[BUNDLE][CHAIN].update(members)
    return body


def changed(change: Callable[[bytes], bytes]) -> Callable[[Line, Credential], Body]:
    """Change the contract certificate, octet by octet."""

    def make(line: Line, vehicle: Credential) -> Body:
        body = to_sign(line, vehicle)
        der = read_certificate_text(body[BUNDLE][CHAIN]["certificate"]).der
        return in_chain(line, vehicle, certificate=base64.b64encode(change(der)).decode())

    return make


def of_vehicle(line: Line, vehicle: Credential) -> Body:
    return in_chain(line, vehicle, certificate=base64.b64encode(vehicle.der).decode())


def ca_for_leaf(line: Line, vehicle: Credential) -> Body:
    ca = line.pki.authority("emsp", "sub2", EMSP)
    return in_chain(line, vehicle, certificate=base64.b64encode(ca.der).decode())


CERTIFICATES: dict[str, tuple[Callable[[Line, Credential], Body], str]] = {
    "truncated": (changed(lambda der: der[:-20]), "certificate"),
    "with bytes behind it": (changed(lambda der: der + b"\0\0"), "certificate"),
    "with a bit changed in its signature": (
        changed(lambda der: der[:-1] + bytes((der[-1] ^ 1,))),
        "issuer",
    ),
    "a length without end": (changed(lambda _der: b"\x30\x80"), "certificate"),
    "an empty sequence": (changed(lambda _der: b"\x30\x00"), "certificate"),
    "of two pieces": (changed(lambda der: der + der), "certificate"),
    "too long": (changed(lambda der: der * 5), "certificate"),
    "PEM": (
        lambda line, vehicle: in_chain(line, vehicle, certificate="-----BEGIN CERTIFICATE-----\nMIIB\n"),
        "certificate",
    ),
    "that of a vehicle": (of_vehicle, "emaid"),
    "that of a CA": (ca_for_leaf, "emaid"),
}


@pytest.mark.parametrize("what", CERTIFICATES)
def test_a_contract_certificate_that_is_of_no_use_is_not_signed(
    line: Line, vehicle: Credential, what: str
) -> None:
    make, named = CERTIFICATES[what]
    answer = line.ask(OWN, SIGN, body=make(line, vehicle))
    assert answer.status_code == 400, answer.text
    assert named in refusal(answer)
    assert stored(line) == []


@pytest.mark.parametrize("member", ["contractSignatureEncryptedPrivateKey", "dHpublickey"])
@pytest.mark.parametrize("size", [0, 1, 47, 49, 64, 66, 1000])
def test_keys_of_other_sizes_are_not_signed(line: Line, vehicle: Credential, member: str, size: int) -> None:
    body = to_sign(line, vehicle)
    if size == len(base64.b64decode(body[BUNDLE][member])):
        return
    body[BUNDLE][member] = base64.b64encode(b"\4" * size).decode()
    answer = line.ask(OWN, SIGN, body=body)
    assert answer.status_code == 400, answer.text
    assert member in refusal(answer)
    assert stored(line) == []


# EXI

MESSAGES: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda _octets: b"",
    "a zero byte": lambda _octets: b"\0",
    "the EXI header alone": lambda octets: octets[:1],
    "half": lambda octets: octets[: len(octets) // 2],
    "all but the last byte": lambda octets: octets[:-1],
    "bytes behind it": lambda octets: octets + b"\0\0",
    "two messages": lambda octets: octets + octets,
    "ones": lambda octets: b"\xff" * len(octets),
    "too much": lambda octets: octets * 40,
    "XML": lambda _octets: b'<?xml version="1.0"?><V2G_Message/>',
}


@pytest.mark.parametrize("what", MESSAGES)
def test_what_is_no_message_is_not_stored(line: Line, vehicle: Credential, what: str) -> None:
    body = to_store(line, vehicle)
    octets = MESSAGES[what](base64.b64decode(body[MESSAGE]))
    answer = line.ask(OWN, ADD, body={**body, MESSAGE: base64.b64encode(octets).decode()})
    assert answer.status_code == 400, answer.text
    assert MESSAGE in refusal(answer)
    assert stored(line) == []


@pytest.mark.parametrize("what", MESSAGES)
def test_what_is_no_request_of_a_vehicle_brings_nothing(line: Line, vehicle: Credential, what: str) -> None:
    line.ask("emsp", GENERATE, body=order())
    body = to_request(line, vehicle)
    octets = MESSAGES[what](base64.b64decode(body[ASKED]))
    sent = {**body, ASKED: base64.b64encode(octets).decode()}
    answer = line.ask("cpo", REQUEST, headers={"alwaysReturnEXI": "false"}, body=sent)
    assert answer.status_code == 400, answer.text
    assert refusal(answer)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_changed_bit_is_noticed(standing_line: Line, place: float, bit: int) -> None:
    line = standing_line
    line.ecosystem.reset("tests")
    vehicle = publish(line)
    body = to_store(line, vehicle)
    octets = bytearray(base64.b64decode(body[MESSAGE]))
    octets[int(place * len(octets))] ^= 1 << bit
    answer = line.ask(OWN, ADD, body={**body, MESSAGE: base64.b64encode(octets).decode()})
    # The header of the message is not signed: there are bits whose change nobody can notice.
    assert answer.status_code in {201, 400}, answer.text
    assert (answer.status_code == 201) == (len(stored(line)) == 1)
    if answer.status_code == 400:
        assert refusal(answer)


# Identifiers

ALIKE = ["DEOWN123456789", "deown123456789", "DE-OWN-123456789", "de-own-123456789", "DEOWN123456789X"]
"""Forms of one EMAID (ERR-160, ERR-161)."""


@pytest.mark.parametrize("form", ALIKE)
def test_an_emaid_names_its_contract_in_every_form(line: Line, vehicle: Credential, form: str) -> None:
    line.ask(OWN, SIGN, body=to_sign(line, vehicle))
    found = line.ask(OWN, BY_EMAID, path={"emaid": form})
    assert found.status_code == 200, found.text
    assert [each["emaid"] for each in found.json()["contractDataCollection"]] == [OWN_EMAID]
    assert line.ask("oem", FETCH, path={"emaid": form, "pcid": PCID.lower()}).status_code == 200
    assert line.ask("oem", DEFAULT, path={"emaid": form, "pcid": PCID.lower()}).status_code == 200
    assert line.ask(OWN, DELETE, path={"emaid": form}).status_code == 200
    assert stored(line) == []


CYRILLIC = "\u0412"
"""Looks like a Latin B."""

NO_EMAIDS = [
    "DEOWN12345678",
    "D1OWN123456789",
    "DE OWN 12345678",
    "DEOWN12345678*",
    "%",
    "x" * 400,
    f"DE{CYRILLIC}WN123456789",
]
NO_PCIDS = [
    "WDBTEST123456789",
    "WDBTEST12345678901234",
    "WDB*EST1234567890",
    "%",
    "x" * 400,
    f"WD{CYRILLIC}TEST1234567890",
]


@pytest.mark.parametrize("emaid", NO_EMAIDS)
def test_what_is_no_emaid_is_refused(line: Line, emaid: str) -> None:
    for party, operation in (("emsp", BY_EMAID), ("emsp", DELETE)):
        answer = line.ask(party, operation, path={"emaid": emaid})
        assert answer.status_code == 400, answer.text
        assert "emaid" in refusal(answer)
    for operation in (FETCH, DEFAULT):
        answer = line.ask("oem", operation, path={"emaid": emaid, "pcid": PCID})
        assert answer.status_code == 400, answer.text
        assert "emaid" in refusal(answer)


@pytest.mark.parametrize("pcid", NO_PCIDS)
def test_what_is_no_pcid_is_refused(line: Line, pcid: str) -> None:
    listing = line.ask("oem", BY_PCID, path={"pcid": pcid})
    fetching = line.ask("oem", FETCH, path={"emaid": EMAID, "pcid": pcid})
    choosing = line.ask("oem", DEFAULT, path={"emaid": EMAID, "pcid": pcid})
    for answer in (listing, fetching, choosing):
        assert answer.status_code == 400, answer.text
        assert "pcid" in refusal(answer)


@pytest.mark.parametrize("session", ["x", "0", "010", "00" * 9, "0x01", "01 02", "é"])
def test_what_is_no_session_is_refused(line: Line, vehicle: Credential, session: str) -> None:
    line.ask(OWN, SIGN, body=to_sign(line, vehicle))
    path = {"emaid": OWN_EMAID, "pcid": PCID}
    answer = line.ask("oem", FETCH, path=path, query={"sessionID": session})
    assert answer.status_code == 400, answer.text
    assert "ession" in refusal(answer)


# Orders in XML

DOCUMENTS = {
    "no XML": b"emaid=DEABC123456789",
    "not closed": b"<order><emaid>DEABC123456789</emaid>",
    "a document type": b'<!DOCTYPE x [<!ENTITY a "b">]><order><emaid>&a;</emaid></order>',
    "an external entity": b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><order/>',
    "an unknown entity": b"<order><emaid>&a;</emaid></order>",
    "a member twice": b"<order><emaid>DEABC123456789</emaid><emaid>DEABC123456789</emaid></order>",
    "members in members": b"<order><emaid><emaid>DEABC123456789</emaid></emaid></order>",
    "deeply nested": b"<a>" * 50_000,
    "an empty order": b"<order/>",
    "another encoding": b'<?xml version="1.0" encoding="UTF-16"?><order/>',
    "an unknown encoding": b'<?xml version="1.0" encoding="x-foo"?><order/>',
    "nothing": b"",
}


@pytest.mark.usefixtures("vehicle")
@pytest.mark.parametrize("what", DOCUMENTS)
def test_an_order_in_xml_that_is_none_is_refused(line: Line, what: str) -> None:
    headers = {"Content-Type": "application/xml"}
    answer = line.ask("emsp", GENERATE, headers=headers, body=DOCUMENTS[what])
    assert answer.status_code == 400, answer.text
    assert refusal(answer)
    assert stored(line) == []


def test_a_certificate_that_has_expired_is_not_signed(line: Line, vehicle: Credential) -> None:
    now = line.ecosystem.clock.now()
    ended = Variation(not_before=now.replace(year=2025), not_after=now.replace(month=5))
    made = line.pki.contract(OWN_EMAID, EMSP, ended)
    answer = line.ask(
        OWN, SIGN, body=in_chain(line, vehicle, certificate=base64.b64encode(made.der).decode())
    )
    assert answer.status_code == 400, answer.text
    assert "valid" in refusal(answer)
    assert stored(line) == []
