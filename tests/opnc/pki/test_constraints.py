"""What a CA lets stand below it, what an authority key identifier says, and what certificates contradict."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from opnc.pki import der
from opnc.pki.chains import check_chain, check_extensions
from opnc.pki.keys import Seed
from opnc.pki.reading import ReadCertificate, read_certificate
from tests.opnc.pki.lookalikes import ECDSA_SHA256, take_apart

AT = datetime(2026, 3, 1, tzinfo=UTC)
KEYS = {name: Seed("constraints").key(name) for name in ("root", "sub", "leaf")}
SERIALS = {"root": 1, "sub": 2, "leaf": 3}
CA = x509.BasicConstraints(ca=True, path_length=None)


def name(*parts: str) -> x509.Name:
    kinds = {"O": NameOID.ORGANIZATION_NAME, "CN": NameOID.COMMON_NAME, "E": NameOID.EMAIL_ADDRESS}
    return x509.Name(
        [x509.NameAttribute(kinds[kind], value) for kind, _, value in (p.partition("=") for p in parts)]
    )


SUBJECTS = {"root": name("O=Ex", "CN=root"), "sub": name("O=Ex", "CN=sub"), "leaf": name("O=Ex", "CN=leaf")}


def made(
    who: str,
    by: str,
    *extensions: tuple[x509.ExtensionType, bool],
    subject: x509.Name | None = None,
    issuer: x509.Name | None = None,
) -> ReadCertificate:
    builder = x509.CertificateBuilder(
        issuer or SUBJECTS[by],
        subject or SUBJECTS[who],
        KEYS[who].public_key(),
        SERIALS[who],
        AT - timedelta(days=1),
        AT + timedelta(days=1),
    )
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    return read_certificate(builder.sign(KEYS[by], hashes.SHA256()).public_bytes(Encoding.DER))


ROOT = made("root", "root", (CA, True))
LEAF = made("leaf", "sub", (x509.BasicConstraints(ca=False, path_length=None), True)).der


def found(sub: ReadCertificate, leaf: ReadCertificate) -> list[str]:
    return [finding.name for finding in check_chain(leaf, [sub], [ROOT], AT).findings]


def constrained(
    *,
    permitted: list[x509.GeneralName] | None = None,
    excluded: list[x509.GeneralName] | None = None,
    critical: bool = True,
) -> ReadCertificate:
    return made("sub", "root", (CA, True), (x509.NameConstraints(permitted, excluded), critical))


ORGANIZATION = x509.DirectoryName(name("O=Ex"))
OTHER = x509.DirectoryName(name("O=Other"))
DNS, HOST = x509.DNSName("example.org"), x509.UniformResourceIdentifier("example.org")
MAIL, NET = x509.RFC822Name("example.org"), x509.IPAddress(IPv4Network("192.0.2.0/24"))


@pytest.mark.parametrize("critical", [True, False])
def test_names_are_held_to_the_constraints_of_the_ca(critical: bool) -> None:  # noqa: FBT001 - a parameter
    leaf = made("leaf", "sub")
    assert found(constrained(permitted=[ORGANIZATION], critical=critical), leaf) == []
    assert found(constrained(excluded=[OTHER], critical=critical), leaf) == []
    assert found(constrained(permitted=[OTHER], critical=critical), leaf) == ["name-constraints"]
    assert found(constrained(excluded=[ORGANIZATION], critical=critical), leaf) == ["name-constraints"]


@pytest.mark.parametrize(
    ("base", "good", "bad"),
    [
        (DNS, x509.DNSName("a.Example.org"), x509.DNSName("badexample.org")),
        (
            HOST,
            x509.UniformResourceIdentifier("http://example.org/x"),
            x509.UniformResourceIdentifier("http://a.example.org"),
        ),
        (MAIL, x509.RFC822Name("a@example.org"), x509.RFC822Name("a@b.example.org")),
        (NET, x509.IPAddress(IPv4Address("192.0.2.9")), x509.IPAddress(IPv4Address("192.0.3.9"))),
    ],
)
def test_alternative_names_are_held_to_them_too(
    base: x509.GeneralName, good: x509.GeneralName, bad: x509.GeneralName
) -> None:
    for alternative, expected in ((good, []), (bad, ["name-constraints"])):
        leaf = made("leaf", "sub", (x509.SubjectAlternativeName([alternative]), False))
        assert found(constrained(permitted=[base]), leaf) == expected
        assert found(constrained(excluded=[base]), leaf) == ([] if expected else ["name-constraints"])


def test_a_uri_without_a_host_is_within_nothing() -> None:
    alternative = x509.SubjectAlternativeName([x509.UniformResourceIdentifier("http://[not an address/")])
    leaf = made("leaf", "sub", (alternative, False))
    assert found(constrained(permitted=[HOST]), leaf) == ["name-constraints"]
    assert found(constrained(excluded=[HOST]), leaf) == []


def test_a_mail_address_in_the_subject_counts_where_no_other_is_given() -> None:
    leaf = made("leaf", "sub", subject=name("O=Ex", "E=a@evil.example"))
    assert found(constrained(permitted=[MAIL]), leaf) == ["name-constraints"]


def authority(**given: object) -> x509.AuthorityKeyIdentifier:
    issuer, serial = given.get("issuer"), given.get("serial")
    names = [x509.DirectoryName(issuer)] if isinstance(issuer, x509.Name) else None
    return x509.AuthorityKeyIdentifier(None, names, serial if isinstance(serial, int) else None)


@pytest.mark.parametrize(
    ("issuer", "serial", "expected"),
    [
        ("root", 2, []),
        ("sub", 2, ["key-identifier-mismatch"]),
        ("root", 9, ["key-identifier-mismatch"]),
        ("leaf", 9, ["key-identifier-mismatch"] * 2),
    ],
)
def test_issuer_and_serial_number_of_the_issuer_are_compared(
    issuer: str, serial: int, expected: list[str]
) -> None:
    sub = made("sub", "root", (CA, True))
    key_id = authority(issuer=SUBJECTS[issuer], serial=serial)
    assert found(sub, made("leaf", "sub", (key_id, False))) == expected


def policies(*oids: str) -> tuple[x509.ExtensionType, bool]:
    return x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in oids]
    ), False


def test_a_policy_that_is_required_has_to_be_on_the_whole_path() -> None:
    required = (x509.PolicyConstraints(0, None), True)
    sub = made("sub", "root", (CA, True), required, policies("1.2.3"))
    assert found(sub, made("leaf", "sub", policies("1.2.3"))) == []
    for leaf in (made("leaf", "sub"), made("leaf", "sub", policies("1.2.4"))):
        assert found(sub, leaf) == ["policy-missing"]
    anything = made("sub", "root", (CA, True), required, policies("2.5.29.32.0"))
    assert found(anything, made("leaf", "sub", policies("1.2.4"))) == []


def test_what_is_critical_and_not_processed_is_found() -> None:
    leaf = made("leaf", "sub", (x509.InhibitAnyPolicy(0), True))
    assert [finding.seen for finding in check_extensions(leaf)] == ["inhibitAnyPolicy"]


def test_a_name_in_other_string_types_is_the_same_and_told() -> None:
    printable = x509.Name(
        [
            x509.NameAttribute(part.oid, part.value, x509.name._ASN1Type.PrintableString)
            for part in SUBJECTS["sub"]
        ]
    )
    sub = made("sub", "root", (CA, True))
    assert found(sub, made("leaf", "sub", issuer=printable)) == ["issuer-encoding"]


def test_a_signature_in_bare_numbers_is_named() -> None:
    key = KEYS["sub"]
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    signature = key.sign(read_certificate(LEAF).tbs, ec.ECDSA(hashes.SHA256()))
    bare = b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(signature))
    tbs, algorithm, _ = der.read_one(LEAF).children()
    leaf = read_certificate(der.write(der.SEQUENCE, tbs.raw, algorithm.raw, der.write(0x03, b"\0" + bare)))
    (finding,) = check_chain(leaf, [made("sub", "root", (CA, True))], [ROOT], AT).findings
    assert finding.name == "signature-invalid"
    assert "in r and s, not in DER" in finding.seen


# What follows is made by hand, for the library writes no such certificates.


def names(certificate: bytes) -> list[str]:
    return [finding.name for finding in read_certificate(certificate).findings]


def test_the_two_signature_algorithms_have_to_be_one() -> None:
    other = bytes.fromhex("300a06082a8648ce3d040303")
    assert names(replace(take_apart(LEAF), signature=other).signed()) == ["signature-algorithm-mismatch"]
    assert names(take_apart(LEAF).signed(algorithm=other)) == ["signature-algorithm-mismatch"]
    null = bytes.fromhex("300c06082a8648ce3d0403020500")
    assert names(replace(take_apart(LEAF), signature=null).signed()) == ["algorithm-null"]
    assert names(take_apart(LEAF).signed(algorithm=ECDSA_SHA256)) == []


@pytest.mark.parametrize(("version", "number"), [("a003020100", 1), ("a003020101", 2)])
def test_extensions_need_version_3(version: str, number: int) -> None:
    certificate = replace(take_apart(LEAF), version=bytes.fromhex(version)).signed()
    (finding,) = read_certificate(certificate).findings
    assert (finding.name, finding.seen) == ("certificate-version", f"version {number}")


def integer(number: int) -> bytes:
    return der.write(der.INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def test_parameters_of_a_curve_that_are_spelt_out_are_found() -> None:
    spki = der.read_one(take_apart(LEAF).spki)
    kind, point = spki.children()
    prime = 2**256 - 2**224 + 2**192 + 2**96 - 1
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    base = Seed("any").key("any").public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    spelt = der.write(
        der.SEQUENCE,
        bytes.fromhex("020101"),
        der.write(der.SEQUENCE, bytes.fromhex("06072a8648ce3d0101"), integer(prime)),
        der.write(
            der.SEQUENCE,
            der.write(der.OCTET_STRING, (prime - 3).to_bytes(32, "big")),
            der.write(der.OCTET_STRING, b.to_bytes(32, "big")),
        ),
        der.write(der.OCTET_STRING, base),
        integer(order),
        bytes.fromhex("020101"),
    )
    algorithm = der.write(der.SEQUENCE, kind.children()[0].raw, spelt)
    certificate = replace(take_apart(LEAF), spki=der.write(der.SEQUENCE, algorithm, point.raw)).signed()
    assert names(certificate) == ["curve-parameters"]


@pytest.mark.parametrize("tag", [0x31, 0x04, 0x24, 0x05])
def test_no_other_element_passes_for_basic_constraints(tag: int) -> None:
    certificate = take_apart(LEAF).with_extension("551d13", f"{tag:02x}00").signed()
    assert names(certificate) == ["basicConstraints-tag"]


TIMES = {
    "180f32303236303330313030303030305a": [],
    "1813" + b"20260301000000.357Z".hex(): ["time-form"],
    "1811" + b"260301000000+0100".hex(): ["time-form"],
    "170b" + b"2603010000Z".hex(): ["time-form"],
    "1711" + b"260301000000+0100".hex(): ["time-form"],
}


@pytest.mark.parametrize("end", TIMES)
def test_a_time_in_another_form_is_read_and_named(end: str) -> None:
    start = der.read_one(take_apart(LEAF).validity).children()[0].raw
    octets = bytes.fromhex(end)
    octets = bytes((octets[0], len(octets) - 2)) + octets[2:]
    certificate = read_certificate(
        replace(take_apart(LEAF), validity=der.write(der.SEQUENCE, start, octets)).signed()
    )
    assert [finding.name for finding in certificate.findings] == TIMES[end]
    assert abs(certificate.not_after - AT) <= timedelta(hours=1)


def test_a_value_of_a_name_that_is_no_string_is_found() -> None:
    certificate = take_apart(LEAF).with_subject(0x17, b"CPO", "55040a").signed()
    assert names(certificate) == ["name-value-type"]


def test_a_set_out_of_order_is_read_and_named() -> None:
    attributes = [
        der.write(der.SEQUENCE, bytes.fromhex("0603550403"), der.write(0x0C, b"b")),
        der.write(der.SEQUENCE, bytes.fromhex("060355040a"), der.write(0x0C, b"a")),
    ]
    for order, expected in ((attributes, []), (attributes[::-1], ["set-order"])):
        subject = der.write(der.SEQUENCE, der.write(der.SET, *order))
        assert names(replace(take_apart(LEAF), subject=subject).signed()) == expected
