from __future__ import annotations

import base64
import json
import re
import textwrap
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from reports import decoding
from reports.decoding import LONG_BASE64, Decoded, describe_base64
from tests.reports.sample_messages import certificate

ROOT = certificate(1, "Root", "Root")
DER = base64.b64decode(ROOT)


def runs(content: str) -> list[str]:
    return LONG_BASE64.findall(content)


def only(content: str) -> Decoded:
    (run,) = runs(content)
    (found,) = describe_base64(run)
    return found


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"caCertificate": ROOT}),
        json.dumps({"caCertificate": ROOT}).replace("/", "\\/"),
        ROOT,
        "\n".join(textwrap.wrap(ROOT, 64)),
        "\r\n".join(textwrap.wrap(ROOT, 76)),
        x509.load_der_x509_certificate(DER).public_bytes(serialization.Encoding.PEM).decode(),
        json.dumps("-----BEGIN CERTIFICATE-----\n" + "\n".join(textwrap.wrap(ROOT, 64)) + "\n-----END"),
        f"<Certificate>{ROOT}</Certificate>",
    ],
    ids=["json", "json-slash", "bare", "lines", "crlf", "pem", "pem-in-json", "xml"],
)
def test_a_certificate_is_found_however_it_is_carried(content: str) -> None:
    assert only(content).title == "certificate O=Alpha Mobility,CN=Root"


def test_the_facts_of_a_certificate_are_told() -> None:
    assert dict(only(ROOT).facts) == {
        "Subject": "O=Alpha Mobility,CN=Root",
        "Issuer": "O=Alpha Mobility,CN=Root",
        "Valid from": "2026-01-31 09:30:00 UTC",
        "Valid until": "2036-02-28 09:30:00 UTC",
        "Serial number": "2",
        "Public key": "secp256r1",
        "SHA-256 fingerprint": x509.load_der_x509_certificate(DER).fingerprint(hashes.SHA256()).hex(),
    }


def test_all_certificates_of_an_est_answer_are_told() -> None:
    both = [
        x509.load_der_x509_certificate(base64.b64decode(certificate(n, f"CA {n}", "Root"))) for n in (2, 3)
    ]
    bag = pkcs7.serialize_certificates(both, serialization.Encoding.DER)
    titles = {found.title for found in describe_base64(base64.b64encode(bag).decode())}
    assert titles == {"certificate O=Alpha Mobility,CN=CA 2", "certificate O=Alpha Mobility,CN=CA 3"}


def test_a_signing_request_is_told() -> None:
    key = ec.derive_private_key(7, ec.SECP521R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "WVW0001")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA512())
    der = request.public_bytes(serialization.Encoding.DER)
    (found,) = describe_base64(base64.b64encode(der).decode())
    assert found.title == "signing request CN=WVW0001"
    assert ("Public key", "secp521r1") in found.facts


def test_short_base64_and_words_are_left_alone() -> None:
    assert runs(json.dumps({"traceId": "4bf92f35" * 8, "text": "a b " * 200})) == []


@pytest.mark.parametrize(
    "content", ["A" * 101, "A" * 200, base64.b64encode(b"0" + b"x" * 300).decode(), "=" * 200]
)
def test_other_base64_is_not_recognised(content: str) -> None:
    assert describe_base64(content) == ()


@given(st.integers(0, len(DER) - 1), st.integers(0, 255))
def test_no_damage_to_a_certificate_raises(place: int, value: int) -> None:
    damaged = DER[:place] + bytes([value]) + DER[place + 1 :]
    assert len(describe_base64(base64.b64encode(damaged).decode())) <= 1


@given(st.binary(max_size=300))
def test_no_bytes_raise(content: bytes) -> None:
    assert isinstance(describe_base64(base64.b64encode(b"\x30" + content).decode()), tuple)


VECTORS = {
    vector["name"]: bytes.fromhex(vector["exi_hex"])
    for vector in map(
        json.loads, (Path(__file__).parents[1] / "opnc" / "exi" / "vectors.jsonl").read_text().splitlines()
    )
}
RESPONSE = VECTORS["iso2_CertificateInstallationRes_signed"]


def member(octets: bytes, name: str = "certificateInstallationRes") -> str:
    return json.dumps({"emaid": "DEXYZC000000001", name: base64.b64encode(octets).decode()})


def test_a_message_in_exi_is_told_as_xml_with_its_signature_verified() -> None:
    found = only(member(RESPONSE))
    assert (found.title, found.facts) == ("CertificateInstallationRes of ISO 15118-2", ())
    assert found.text is not None
    assert "<!-- DC=CPS,O=OPNC sim,CN=Test cps; issued by O=OPNC sim,CN=Test prov2" in found.text
    assert "<!-- signature: valid, by DC=CPS,O=OPNC sim,CN=Test cps; digests: " in found.text


@pytest.mark.parametrize("name", VECTORS)
def test_every_message_is_recognised(name: str) -> None:
    (found,) = describe_base64(base64.b64encode(VECTORS[name]).decode())
    assert found.text


@pytest.mark.parametrize("spaced", ["", " "])
def test_a_short_refusal_is_found_in_the_member_that_holds_it(spaced: str) -> None:
    refusal = VECTORS["iso2_CertificateInstallationRes_FAILED_empty"]
    body = member(refusal).replace(": ", f":{spaced}")
    assert len(base64.b64encode(refusal)) < 100
    assert ":ResponseCode>FAILED" in (only(body).text or "")
    assert runs(member(refusal, "somethingElse")) == []


def test_what_does_not_hold_of_a_message_is_told() -> None:
    found = only(member(RESPONSE + b"\0"))
    assert found.facts[0][0] == "Deviation"
    assert "nothing after the end" in found.facts[0][1]


def test_a_long_message_is_shown_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_XML_CHARACTERS", 100)
    text = describe_base64.__wrapped__(base64.b64encode(RESPONSE).decode())[0].text or ""
    assert re.search(r"^… \d+ more characters$", text, re.MULTILINE)
    assert len(text) < 140


def test_a_certificate_that_is_not_strict_der_is_told_with_what_deviates() -> None:
    der = bytearray(DER)
    place = der.index(bytes.fromhex("0101ff"))
    der[place + 2] = 1  # a BOOLEAN that is true by BER, not by DER
    (found,) = describe_base64(base64.b64encode(bytes(der)).decode())
    assert found.title == "certificate O=Alpha Mobility,CN=Root"
    deviation = "info: critical: expected TRUE as FF, seen TRUE as 01 (ERR-034; X.690 section 11)"
    assert ("Deviation", deviation) in found.facts


@given(st.sampled_from(sorted(VECTORS)), st.integers(0), st.integers(0, 255))
def test_no_damage_to_a_message_raises(name: str, place: int, value: int) -> None:
    octets = bytearray(VECTORS[name])
    octets[place % len(octets)] = value
    assert len(describe_base64(base64.b64encode(bytes(octets)).decode())) <= 1


@given(st.binary(max_size=300))
def test_no_octets_after_the_header_of_exi_raise(content: bytes) -> None:
    assert len(describe_base64(base64.b64encode(b"\x80" + content).decode())) <= 1
