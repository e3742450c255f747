"""EST bodies: what is written, and what of peers' bodies is named."""

from __future__ import annotations

import base64
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from hypothesis import given, settings
from hypothesis import strategies as st

from opnc.pki import der
from opnc.pki.deviations import Unreadable
from opnc.pki.est import (
    MAX_BODY_BYTES,
    RESPONSE_TYPE,
    build_certs_only,
    encode_body,
    read_certificates,
    read_enrolment,
)
from opnc.pki.files import key_to_pem
from opnc.pki.issue import Subject
from opnc.pki.keys import Seed
from opnc.pki.requests import build_request, read_request
from opnc.pki.testbed import V2G_20

if TYPE_CHECKING:
    from opnc.pki.credentials import Credential
    from opnc.pki.testbed import SeededPki
    from tests.opnc.pki.conftest import Program


@pytest.fixture(scope="module")
def holder(pki: SeededPki) -> Credential:
    return pki.secc("DETSTE0000001")


@pytest.fixture(scope="module")
def body(holder: Credential) -> bytes:
    return encode_body(build_certs_only(holder.chain))


def findings(body: bytes, **headers: str | None) -> list[tuple[str, str]]:
    return [(finding.name, finding.severity) for finding in read_certificates(body, **headers).findings]


def refusal(body: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_certificates(body)
    return caught.value.name


def test_the_certificates_come_back_in_their_order(holder: Credential, body: bytes) -> None:
    read = read_certificates(body)
    assert read.certificates == holder.certificates
    assert read.findings == ()


def test_the_body_is_wrapped_at_64_characters(body: bytes) -> None:
    lines = body.split(b"\n")
    assert lines[-1] == b""
    assert {len(line) for line in lines[:-2]} == {64}
    assert 0 < len(lines[-2]) <= 64


def test_openssl_reads_the_certificates_in_our_order(holder: Credential, openssl: Program) -> None:
    data = build_certs_only(holder.chain)
    said = openssl("pkcs7", "-inform", "DER", "-in", openssl.file("certs.p7", data), "-print_certs", "-noout")
    subjects = [line for line in said.splitlines() if line.startswith("subject=")]
    assert [line.rpartition("CN = ")[2] for line in subjects] == [
        "DETSTE0000001",
        "CPO Sub-CA 2 V2G1",
        "CPO Sub-CA 1 V2G1",
        "V2G Root CA V2G1",
    ]


def test_what_openssl_writes_is_read(holder: Credential, openssl: Program) -> None:
    for place, certificate in enumerate(holder.chain):
        pem = x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)
        openssl.file(f"{place}.pem", pem)
    files = [argument for place in range(4) for argument in ("-certfile", f"{place}.pem")]
    openssl("crl2pkcs7", "-nocrl", *files, "-outform", "DER", "-out", "certs.p7")
    data = (openssl.folder / "certs.p7").read_bytes()
    assert data == build_certs_only(holder.chain)
    assert read_certificates(encode_body(data)).certificates == holder.certificates


def test_the_sorted_set_of_the_library_is_read_and_named(holder: Credential) -> None:
    loaded = [x509.load_der_x509_certificate(certificate) for certificate in holder.chain]
    read = read_certificates(encode_body(pkcs7.serialize_certificates(loaded, Encoding.DER)))
    assert set(read.certificates) == set(holder.certificates)
    assert [finding.name for finding in read.findings] == ["certificate-order"]
    assert read.findings[0].seen.startswith("sorted as DER sorts a SET")


def test_another_order_is_named(holder: Credential) -> None:
    mixed = [holder.chain[place] for place in (3, 0, 2, 1)]
    assert findings(encode_body(build_certs_only(mixed))) == [("certificate-order", "info")]


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/pkcs7-mime", []),
        ("Application/PKCS7-MIME;smime-type=certs-only", []),
        ("application/pkcs7", [("media-type", "warn")]),
        (None, [("media-type", "warn")]),
        ("application/json", [("media-type", "fail")]),
        ("application/x-pem-file", [("media-type", "fail")]),
    ],
)
def test_the_media_type_is_judged(
    body: bytes, media_type: str | None, expected: list[tuple[str, str]]
) -> None:
    assert findings(body, media_type=media_type) == expected


def test_a_missing_transfer_encoding_is_a_note(body: bytes) -> None:
    assert findings(body, transfer_encoding=None) == [("transfer-encoding", "info")]


def test_one_line_is_a_note(body: bytes) -> None:
    assert findings(body.replace(b"\n", b"")) == [("single-line", "info")]


def test_armour_is_named(body: bytes) -> None:
    armoured = b"-----BEGIN PKCS7-----\n" + body + b"-----END PKCS7-----\n"
    assert findings(armoured) == [("pem-armour", "fail")]


def test_bare_der_is_read_and_named(holder: Credential) -> None:
    assert findings(build_certs_only(holder.chain)) == [("not-base64", "warn")]


def test_line_ends_of_mime_are_fine(body: bytes) -> None:
    assert findings(body.replace(b"\n", b"\r\n")) == []


def test_a_pkcs7_of_indefinite_lengths_is_read(holder: Credential) -> None:
    def open_ended(tag: int, *parts: bytes) -> bytes:
        return bytes((tag, 0x80)) + b"".join(parts) + b"\0\0"

    content, signed_data = der.read_one(build_certs_only(holder.chain)).children()
    members = [member.raw for member in signed_data.children()[0].children()]
    members[3] = open_ended(0xA0, *holder.chain)
    data = open_ended(0x30, content.raw, open_ended(0xA0, open_ended(0x30, *members)))
    assert read_certificates(encode_body(data)).certificates == holder.certificates


def test_no_certificates_is_a_failure() -> None:
    assert findings(encode_body(build_certs_only([]))) == [("no-certificates", "fail")]


def test_what_is_no_answer_is_refused_by_name(holder: Credential, body: bytes) -> None:
    assert refusal(b"") == "empty"
    assert refusal(b"%%%") == "not-base64"
    assert refusal(b'{"error": "x"}') == "not-base64"
    assert refusal(encode_body(holder.der)) == "not-pkcs7"
    assert refusal(encode_body(b"garbage")) == "not-pkcs7"
    assert refusal(body[:260]) == "not-pkcs7"
    assert refusal(body[:261]) == "not-base64"
    assert refusal(encode_body(build_certs_only([b"\x30\x03\x02\x01\x01"]))) == "garbage"
    assert refusal(bytes(MAX_BODY_BYTES + 1)) == "too-long"


def test_the_error_says_which_certificate(holder: Credential) -> None:
    with pytest.raises(Unreadable, match="certificate 2 of the PKCS#7"):
        read_certificates(encode_body(build_certs_only([holder.der, b"\x30\x03\x02\x01\x01"])))


@settings(deadline=None, derandomize=True)
@given(place=st.integers(0, 4000), bits=st.integers(1, 255))
def test_no_changed_byte_makes_reading_crash(holder: Credential, place: int, bits: int) -> None:
    data = bytearray(build_certs_only(holder.chain))
    data[place % len(data)] ^= bits
    with suppress(Unreadable):
        read_certificates(encode_body(bytes(data)), RESPONSE_TYPE)


@pytest.mark.parametrize("algorithm", ["secp256r1", "secp521r1", "ed448"])
def test_a_request_comes_back_and_is_proven(algorithm: str, openssl: Program) -> None:
    key = Seed("1").key("csr", algorithm)
    data = build_request(Subject("DETSTE0000001", "T", "DE"), key, "CPO")
    read = read_enrolment(encode_body(data))
    assert read.findings == ()
    assert read.request.proven
    assert read.request.proof() == ()
    assert read.request.key_algorithm == algorithm
    assert str(read.request.subject) == "CN=DETSTE0000001,DC=CPO,O=T,C=DE"
    said = openssl("req", "-inform", "DER", "-in", openssl.file("csr.der", data), "-noout", "-verify")
    assert "verify OK" in said


def test_a_request_of_openssl_is_read(openssl: Program) -> None:
    openssl.file("key.pem", key_to_pem(Seed("1").key("csr")))
    openssl("req", "-new", "-key", "key.pem", "-subj", "/C=DE/O=T/DC=CPO/CN=DETSTE0000001", "-out", "csr.pem")
    pem = (openssl.folder / "csr.pem").read_bytes()
    read = read_enrolment(pem)
    assert [finding.name for finding in read.findings] == ["pem-armour"]
    assert read.request.proven
    lines = b"".join(pem.splitlines()[1:-1])
    assert read_enrolment(lines).request == read.request


def test_an_rsa_request_is_read(openssl: Program) -> None:
    options = ("-newkey", "rsa:1024", "-nodes", "-keyout", "rsa.key", "-subj", "/CN=www.example.com")
    openssl("req", "-new", *options, "-sha256", "-outform", "DER", "-out", "csr.der")
    read = read_request((openssl.folder / "csr.der").read_bytes())
    assert read.key_algorithm == "rsa-1024"
    assert read.proven


def test_a_request_without_proof_of_possession_is_named() -> None:
    data = build_request(Subject("DETSTE0000001", "T"), Seed("1").key("csr"))
    other = build_request(Subject("DETSTE0000001", "T"), Seed("1").key("other"))
    body = der.read_one(data).children()
    signature = der.read_one(other).children()[2]
    forged = der.write(der.SEQUENCE, body[0].raw, body[1].raw, signature.raw)
    read = read_request(forged)
    assert not read.proven
    assert [finding.name for finding in read.proof()] == ["request-signature"]


def test_another_media_type_of_a_request_is_named() -> None:
    data = encode_body(build_request(Subject("DETSTE0000001", "T"), Seed("1").key("csr")))
    assert [finding.name for finding in read_enrolment(data, "text/plain").findings] == ["media-type"]


def test_what_is_no_request_is_refused_by_name(holder: Credential) -> None:
    cases = {b"": "empty", b"%%%": "not-base64", base64.b64encode(b"garbage"): "not-a-request"}
    cases |= {encode_body(holder.der): "not-a-request", encode_body(bytes(9000)): "too-long"}
    for data, name in cases.items():
        with pytest.raises(Unreadable) as caught:
            read_enrolment(data)
        assert caught.value.name == name


def test_chains_of_iso_15118_20_fit_too(pki: SeededPki) -> None:
    holder = pki.secc("DETSTE0000001", V2G_20)
    assert read_certificates(encode_body(build_certs_only(holder.chain))).certificates == holder.certificates
