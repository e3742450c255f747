"""Reading certificates: what is read, what is named, what is refused."""

from __future__ import annotations

import base64
import warnings
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from opnc.pki import der
from opnc.pki.deviations import Unreadable
from opnc.pki.files import to_pem
from opnc.pki.issue import Order, Subject, issue
from opnc.pki.keys import Seed
from opnc.pki.profiles import profile
from opnc.pki.reading import MAX_CERTIFICATE_BYTES, read_certificate, read_certificate_text
from opnc.pki.signatures import is_signed_by
from opnc.pki.testbed import V2G_20, V2G_20_ED448
from tests.opnc.pki.lookalikes import ECDSA_SHA256, EXPLICIT_FALSE, take_apart

if TYPE_CHECKING:
    from datetime import datetime

    from opnc.pki.testbed import SeededPki
    from tests.opnc.pki.conftest import Program

RFC_8410_CERTIFICATE = base64.b64decode("""
MIIBLDCB36ADAgECAghWAUdKKo3DMDAFBgMrZXAwGTEXMBUGA1UEAwwOSUVURiBUZXN0IERlbW8w
HhcNMTYwODAxMTIxOTI0WhcNNDAxMjMxMjM1OTU5WjAZMRcwFQYDVQQDDA5JRVRGIFRlc3QgRGVt
bzAqMAUGAytlbgMhAIUg8AmJMKdUdIt93LQ+91oNvzoNJjga9OukqY6qm05qo0UwQzAPBgNVHRMB
Af8EBTADAQEAMA4GA1UdDwEBAAQEAwIDCDAgBgNVHQ4BAQAEFgQUmx9e7e0EM4Xk97xiPFl1uQvI
uzswBQYDK2VwA0EAryMB/t3J5v/BzKc9dNZIpDmAgs3babFOTQbs+BolzlDUwsPrdGxO3YNGhW7I
bz3OGhhlxXrCe1Cgw1AH9efZBw==
""")
"""RFC 8410 section 10.2; writes out defaults in BasicConstraints and `critical` (RFC errata 6936, 7070)."""

RFC_8410_ISSUER_KEY = base64.b64decode("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=")
"""RFC 8410 section 10.1."""


@pytest.fixture(scope="module")
def leaf(pki: SeededPki) -> bytes:
    return pki.contract("DETSTC00000001").der


def names(certificate: bytes) -> list[str]:
    return [finding.name for finding in read_certificate(certificate).findings]


def refusal(certificate: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_certificate(certificate)
    return caught.value.name


def test_every_field_of_an_ordinary_certificate_is_read(pki: SeededPki) -> None:
    vehicle = pki.vehicle("TSTPNC00000000001")
    certificate = vehicle.certificate
    assert certificate.common_name == "TSTPNC00000000001"
    assert certificate.organization == "OPNC Test"
    assert certificate.domain_component == "OEM"
    assert certificate.country is None
    assert str(certificate.issuer) == "CN=OEM Sub-CA 2 OEM1,O=OPNC Test"
    assert certificate.key_algorithm == "secp256r1"
    assert certificate.signature_algorithm == "ecdsa-with-SHA256"
    assert certificate.public_key == vehicle.key.public_key()
    assert certificate.extensions.key_usage == frozenset({"digitalSignature", "keyAgreement"})
    assert certificate.extensions.critical == {"basicConstraints", "keyUsage"}
    assert certificate.extensions.ocsp_urls == ("http://ocsp.alpha.opnc.test",)
    assert len(certificate.extensions.crl_urls) == 1
    assert not certificate.is_ca
    assert not certificate.self_signed
    assert certificate.findings == ()


def test_openssl_reads_the_same(pki: SeededPki, openssl: Program) -> None:
    certificate = pki.vehicle("TSTPNC00000000001").certificate
    own, issuers = (
        certificate.extensions.subject_key_identifier,
        certificate.extensions.authority_key_identifier,
    )
    assert own
    assert issuers
    text = openssl(
        *("x509", "-inform", "DER", "-in", openssl.file("leaf.der", certificate.der), "-noout", "-text"),
        *("-fingerprint", "-sha256", "-serial", "-nameopt", "RFC2253", "-dates", "-dateopt", "iso_8601"),
    )
    assert certificate.fingerprint.upper() in text.replace(":", "")
    assert f"serial={certificate.serial:X}" in text
    assert f"Subject: {certificate.subject}" in text
    assert f"Issuer: {certificate.issuer}" in text
    assert f"notBefore={certificate.not_before:%Y-%m-%d %H:%M:%SZ}" in text
    assert f"notAfter={certificate.not_after:%Y-%m-%d %H:%M:%SZ}" in text
    assert own.hex(":").upper() in text
    assert issuers.hex(":").upper() in text
    assert certificate.extensions.ocsp_urls[0] in text
    assert certificate.extensions.crl_urls[0] in text


def test_the_algorithms_of_iso_15118_20_are_named(pki: SeededPki) -> None:
    seen = [
        (certificate.key_algorithm, certificate.signature_algorithm)
        for certificate in (pki.root(V2G_20).certificate, pki.root(V2G_20_ED448).certificate)
    ]
    assert seen == [("secp521r1", "ecdsa-with-SHA512"), ("ed448", "ed448")]


def test_a_root_is_self_signed_and_a_twin_is_not_signed_by_it(pki: SeededPki) -> None:
    root = pki.root().certificate
    twin = pki.root(replace(V2G_20, version="ISO15118-2", algorithm="secp256r1", edition=2)).certificate
    assert root.self_signed
    assert twin.self_signed
    assert root.subject == twin.subject
    assert not root.signed_by(twin)


def test_the_example_of_rfc_8410_is_read_although_it_is_not_strict_der() -> None:
    with pytest.raises(ValueError, match="EncodedDefault"):
        x509.load_der_x509_certificate(RFC_8410_CERTIFICATE)
    certificate = read_certificate(RFC_8410_CERTIFICATE)
    assert names(RFC_8410_CERTIFICATE) == [
        "basic-constraints-ca-default-encoded",
        "extension-critical-default-encoded",
    ]
    assert certificate.serial == 0x5601474A2A8DC330
    assert certificate.key_algorithm == "1.3.101.110"
    assert certificate.public_key is None
    assert certificate.extensions.key_usage == frozenset({"keyAgreement"})
    assert certificate.extensions.critical == {"basicConstraints"}
    assert certificate.extensions.subject_key_identifier == bytes.fromhex(
        "9b1f5eeded043385e4f7bc623c5975b90bc8bb3b"
    )
    assert is_signed_by(certificate.tbs, certificate.signature, "ed25519", RFC_8410_ISSUER_KEY)


def test_an_explicit_default_in_basic_constraints_is_read_and_named(pki: SeededPki, openssl: Program) -> None:
    ca = pki.authority("emsp", "sub2")
    key = Seed("explicit").key("contract")
    order = Order(
        Subject("DETSTC00000001", "T"), key.public_key(), 77, pki.start, extensions=(EXPLICIT_FALSE,)
    )
    certificate = read_certificate(issue(profile("iso2/contract"), order, pki.issuer(ca)))
    assert bytes.fromhex("0603551d130101ff04053003010100") in certificate.der
    assert [finding.name for finding in certificate.findings] == ["basic-constraints-ca-default-encoded"]
    assert not certificate.is_ca
    assert "nonRepudiation" in (certificate.extensions.key_usage or ())
    assert certificate.signed_by(ca.certificate)
    said = openssl("x509", "-inform", "DER", "-in", openssl.file("c.der", certificate.der), "-noout", "-text")
    assert "CA:FALSE" in said


def test_an_ocsp_purpose_on_a_root_is_read(pki: SeededPki) -> None:
    root, key = pki.root(), pki.root().key
    usage = (x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.9")]), False)
    order = Order(Subject("Root", "T"), key.public_key(), 1, pki.start, extensions=(usage,))
    certificate = read_certificate(issue(profile("iso2/v2g-root"), order, pki.issuer(root)))
    assert certificate.extensions.extended_key_usage == ("OCSPSigning",)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"serial": bytes.fromhex("02020001")}, "integer-padded"),
        ({"serial": bytes.fromhex("0281010b")}, "long-length"),
        ({"signature": bytes.fromhex("300c06082a8648ce3d0403020500")}, "algorithm-null"),
    ],
)
def test_members_that_are_not_strict_der_are_read_and_named(
    leaf: bytes, change: dict[str, bytes], name: str
) -> None:
    certificate = replace(take_apart(leaf), **change).signed()
    with pytest.raises(ValueError, match="parsing"):
        x509.load_der_x509_certificate(certificate)
    assert name in names(certificate)
    assert read_certificate(certificate).common_name == "DETSTC00000001"


@pytest.mark.parametrize(
    ("oid", "value", "critical", "name"),
    [
        ("551d13", "3003010100", "0101ff", "basic-constraints-ca-default-encoded"),
        ("551d13", "3003010101", "0101ff", "basic-constraints-ca-boolean"),
        ("551d13", "30000500", "0101ff", "basic-constraints-trailing"),
        ("551d0e", "040401020304", "010100", "extension-critical-default-encoded"),
        ("551d0e", "040401020304", "010101", "extension-critical-boolean"),
        ("551d0f", "ff", "0101ff", "extension-unreadable"),
        ("551d0e", "0401aa00", "", "extension-unreadable"),
        ("551d1f", "3003020100", "", "extension-unreadable"),
    ],
)
def test_extensions_that_deviate_hide_no_other(
    leaf: bytes, oid: str, value: str, critical: str, name: str
) -> None:
    certificate = take_apart(leaf).with_extension(oid, value, critical).signed()
    assert names(certificate) == [name]
    assert read_certificate(certificate).extensions.ocsp_urls == ("http://ocsp.alpha.opnc.test",)


def test_an_explicit_true_that_is_not_ff_is_still_a_ca(leaf: bytes) -> None:
    certificate = take_apart(leaf).with_extension("551d13", "3003010101", "0101ff").signed()
    assert read_certificate(certificate).is_ca


def test_an_extension_that_stands_twice_is_named_and_the_first_counts(leaf: bytes) -> None:
    parts = take_apart(leaf)
    holder = der.read_one(parts.extensions).children()[0]
    first = holder.children()[0].raw
    twice = der.write(0xA3, der.write(der.SEQUENCE, holder.content, first))
    assert names(replace(parts, extensions=twice).signed()) == ["extension-twice"]


@pytest.mark.parametrize(
    ("tag", "value", "expected"), [(0x13, b"a@b_c", "a@b_c"), (0x13, "Ö&Co".encode(), "Ö&Co")]
)
def test_a_printable_string_with_other_characters_is_read_and_named(
    leaf: bytes, tag: int, value: bytes, expected: str
) -> None:
    certificate = take_apart(leaf).with_subject(tag, value).signed()
    assert names(certificate) == ["printable-string"]
    assert read_certificate(certificate).common_name == expected


@pytest.mark.parametrize("serial", ["0201ff", "020100"])
def test_what_the_library_only_warns_of_is_named(leaf: bytes, serial: str) -> None:
    certificate = replace(take_apart(leaf), serial=bytes.fromhex(serial)).signed()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert names(certificate) == ["unusual-value"]


def test_a_country_of_three_letters_is_named(leaf: bytes) -> None:
    certificate = take_apart(leaf).with_subject(0x13, b"DEU", "550406").signed()
    assert names(certificate) == ["unusual-value"]
    assert read_certificate(certificate).country == "DEU"


def test_an_indefinite_length_is_read_and_named(leaf: bytes) -> None:
    parts = take_apart(leaf)
    content = der.read_one(parts.subject).content
    certificate = replace(parts, subject=b"\x30\x80" + content + b"\0\0").signed()
    assert names(certificate) == ["long-length"]


def test_an_rsa_key_is_read(pki: SeededPki, now: datetime) -> None:
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505 - refused by every profile, hence short and quick
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.example.com")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 5, now, now.replace(year=2030))
    certificate = read_certificate(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER))
    assert certificate.key_algorithm == "rsa-1024"
    assert certificate.signature_algorithm == "sha256WithRSAEncryption"
    assert certificate.self_signed
    assert not certificate.signed_by(pki.root().certificate)


def test_a_curve_that_is_not_known_leaves_the_key_out(leaf: bytes) -> None:
    spki = take_apart(leaf).spki.replace(
        bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d030177")
    )
    certificate = read_certificate(replace(take_apart(leaf), spki=spki).signed())
    assert certificate.public_key is None
    unknown = "an EC key that cannot be read: the curve is 1.2.840.10045.3.1.119"
    assert certificate.key_algorithm == unknown


def test_two_certificates_are_equal_when_their_bytes_are(pki: SeededPki, leaf: bytes) -> None:
    assert read_certificate(leaf) == read_certificate(bytes(bytearray(leaf)))
    assert read_certificate(leaf) != pki.contract("DETSTC00000002").certificate


def test_what_is_no_certificate_is_refused_by_name(leaf: bytes) -> None:
    assert refusal(b"") == "empty"
    assert refusal(b"\n") == "empty"
    assert refusal(b"\x00\x01\x02") == "garbage"
    assert refusal(b"\x30\x03\x02\x01\x01") == "garbage"
    assert refusal(leaf[:-1]) == "truncated"
    assert refusal(leaf[:20]) == "truncated"
    assert refusal(leaf + b"\n") == "trailing-bytes"
    assert refusal(leaf + leaf) == "trailing-bytes"
    assert refusal(to_pem([leaf])) == "pem"
    assert refusal(base64.b64encode(leaf)) == "base64"
    assert refusal(b"\x30" + b"\0" * MAX_CERTIFICATE_BYTES) == "too-long"
    assert refusal(bytes(1_000_000)) == "too-long"


@pytest.mark.parametrize(
    "change",
    [
        {"validity": bytes.fromhex("30080c0278780c027979")},
        {"version": bytes.fromhex("a003020104")},
        {"subject": bytes.fromhex("3009310730050603550403")},
        {"subject": bytes.fromhex("300d310b30090603550403030200ff")},
        {"spki": b""},
        {"extensions": bytes.fromhex("a30b3009300706035504030500")},
        {"extensions": bytes.fromhex("a30a3008300605000402" + "3000")},
    ],
)
def test_a_certificate_with_a_broken_member_is_garbage(leaf: bytes, change: dict[str, bytes]) -> None:
    assert refusal(replace(take_apart(leaf), **change).signed()) == "garbage"


def test_a_certificate_whose_name_cannot_be_read_is_garbage(leaf: bytes) -> None:
    assert refusal(take_apart(leaf).with_subject(0x03, b"\0X").signed()) == "garbage"


@pytest.mark.parametrize(("tag", "value"), [(0x0C, b"M\xfcller"), (0x14, b"M\xfcller"), (0x16, b"M\xfcller")])
def test_a_string_that_its_type_cannot_hold_is_read_and_named(leaf: bytes, tag: int, value: bytes) -> None:
    certificate = read_certificate(take_apart(leaf).with_subject(tag, value).signed())
    assert "Müller" in str(certificate.subject)
    assert [finding.name for finding in certificate.findings] == ["string-form"]


def test_a_signature_of_no_whole_number_of_bytes_is_garbage(leaf: bytes) -> None:
    """Its last bits could be changed otherwise without changing what was signed."""
    start = leaf.rindex(b"\x03", 0, -64)
    even = leaf[:-1] + bytes([leaf[-1] & 0xFE])
    assert leaf[start + 2] == 0
    assert read_certificate(even).signature[-1] == even[-1]
    assert refusal(even[: start + 2] + b"\x01" + even[start + 3 :]) == "garbage"


def test_a_certificate_nested_without_end_is_refused() -> None:
    for nest in (b"\x30\x80" * 8000, b"\xa3\x80" * 8000, b"\x30\x84" * 4000):
        assert refusal(b"\x30\x82" + len(nest).to_bytes(2, "big") + nest) == "garbage"
    assert refusal(b"\x30\x80" * 8000) == "garbage"
    assert refusal(b"\x30\xff" * 8) == "garbage"


@pytest.mark.parametrize(
    "algorithm", [ECDSA_SHA256, bytes.fromhex("300506032b6571"), bytes.fromhex("3003060129")]
)
def test_a_signature_of_another_algorithm_does_not_verify(
    pki: SeededPki, leaf: bytes, algorithm: bytes
) -> None:
    certificate = read_certificate(replace(take_apart(leaf), signature=algorithm).signed(algorithm=algorithm))
    assert not certificate.signed_by(pki.authority("emsp", "sub2").certificate)


def test_a_member_of_the_api_is_read_with_what_deviates_in_its_text(leaf: bytes) -> None:
    text = base64.b64encode(leaf).decode()
    assert read_certificate_text(text).findings == ()
    broken = read_certificate_text(f"{text[:64]}\n{text[64:]}")
    assert [finding.name for finding in broken.findings] == ["line-breaks"]
    assert broken == read_certificate(leaf)


def test_the_error_of_a_member_says_which() -> None:
    with pytest.raises(Unreadable, match="subCa1Certificate: the certificate is cut off"):
        read_certificate_text("MIIBLDCB36ADAgECAghW", where="subCa1Certificate")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(place=st.integers(0, 560), bits=st.integers(1, 255))
def test_no_changed_byte_makes_reading_crash(leaf: bytes, place: int, bits: int) -> None:
    changed = bytearray(leaf)
    changed[place % len(leaf)] ^= bits
    with suppress(Unreadable):
        assert read_certificate(bytes(changed)).fingerprint
