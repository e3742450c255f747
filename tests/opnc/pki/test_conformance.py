"""Certificates against their profiles: one deviation each, with field, expected, seen and clause."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from opnc.pki import der
from opnc.pki.conformance import check_profile, check_request, nearest_profile
from opnc.pki.issue import Issuer, Order, Subject, issue, key_usage
from opnc.pki.keys import Seed
from opnc.pki.names import read_name
from opnc.pki.profiles import Profile, find, profile, profiles
from opnc.pki.reading import ReadCertificate, read_certificate
from opnc.pki.testbed import EMSP, OEM, V2G, V2G_20, V2G_20_ED448, Addresses, SeededPki, Tree, Variation
from tests.opnc.pki.lookalikes import take_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opnc.pki.issue import Extension

NAMES = {
    "cpo": "DETSTE0000001",
    "cps": "CPS",
    "emsp": "DETSTC00000001",
    "oem": "TSTPNC00000000001",
    "veh": "V",
}
USUAL = profile("iso2/contract")


def names(certificate: ReadCertificate, expected: Profile = USUAL) -> list[str]:
    return [deviation.name for deviation in check_profile(certificate, expected)]


def made(
    pki: SeededPki, *extensions: Extension, changed: Profile = USUAL, common_name: str = "DETSTC00000001"
) -> ReadCertificate:
    """Return a contract certificate with something changed."""
    key = Seed("conformance").key("contract")
    order = Order(Subject(common_name, "OPNC Test"), key.public_key(), 99, pki.start, extensions=extensions)
    return read_certificate(issue(changed, order, pki.issuer(pki.authority("emsp", "sub2"))))


def everything(pki: SeededPki) -> Iterator[tuple[ReadCertificate, Profile]]:
    for tree in (V2G, V2G_20, V2G_20_ED448, OEM, EMSP):
        yield pki.root(tree).certificate, find(tree.root, "root", tree.version)
        domains = NAMES if tree.root == "v2g" else [tree.root]
        for domain in domains:
            if domain == "veh" and tree.version == "ISO15118-2":
                continue
            leaf = pki.leaf(domain, NAMES[domain], tree)
            yield leaf.certificate, find(domain, "leaf", tree.version)
            yield pki.authority(domain, "sub1", tree).certificate, find(domain, "sub1", tree.version)
            yield pki.authority(domain, "sub2", tree).certificate, find(domain, "sub2", tree.version)
        responder = pki.ocsp_responder(pki.root(tree)).certificate
        yield responder, find("v2g", "responder", tree.version)


def test_every_certificate_of_the_test_pki_keeps_its_profile(pki: SeededPki) -> None:
    for certificate, expected in everything(pki):
        assert check_profile(certificate, expected) == (), expected.name


def test_certificates_of_iso_15118_2_fit_the_literal_limit_of_opnc(pki: SeededPki) -> None:
    for certificate, expected in everything(pki):
        if expected.version == "ISO15118-2":
            assert len(certificate.der) <= 600, expected.name


def test_a_deviation_tells_field_expected_seen_and_clause(pki: SeededPki) -> None:
    certificate = pki.secc("DETSTE0000001", V2G, Variation(profile=replace(find("cpo", "leaf"), dc="OEM")))
    (deviation,) = check_profile(certificate.certificate, find("cpo", "leaf"))
    assert str(deviation) == "fail: subject.DC: expected CPO, seen OEM ([V2G2-925])"
    assert deviation.name == "domain-component"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"dc": "CPO"}, "domain-component"),
        ({"ca": True}, "basic-constraints"),
        ({"usages": frozenset({"digitalSignature"})}, "key-usage"),
        ({"usages": frozenset()}, "key-usage"),
        ({"usages": frozenset({"digitalSignature", "keyAgreement", "keyCertSign"})}, "key-usage"),
        ({"extended_usages": ("serverAuth",)}, "extended-key-usage"),
        ({"status": False}, "status-address"),
        ({"days": 9000}, "validity-long"),
    ],
)
def test_each_change_of_a_provisioning_profile_is_one_deviation(
    pki: SeededPki, changes: dict[str, object], name: str
) -> None:
    expected = find("oem", "leaf")
    changed = replace(expected, **changes)  # type: ignore[arg-type] # the table above names fields of the profile
    vehicle = pki.vehicle("TSTPNC00000000001", OEM, Variation(profile=changed))
    assert names(vehicle.certificate, expected) == [name]


@pytest.mark.parametrize("name", ["iso2/cpo-sub1", "iso2/cpo-sub2"])
@pytest.mark.parametrize("length", [None, 0, 1, 5])
def test_the_path_length_of_a_sub_ca_counts(pki: SeededPki, name: str, length: int | None) -> None:
    expected = profile(name)
    ca = pki.below(pki.root(), replace(expected, path_length=length), "Sub-CA")
    assert names(ca.certificate, expected) == (
        [] if length == expected.path_length else ["basic-constraints"]
    )


@pytest.mark.parametrize(
    ("common_name", "good"),
    [
        ("DETSTC00000001", True),
        ("DETSTC000000012", True),
        ("TUAABcAz2BK7JRa", True),
        ("DE-TST-C00000001", False),
        ("DETSTC0000001", False),
        ("DETSTC0000000123", False),
        ("1ETSTC00000001", False),
        ("DETSTC0000000\u0661", False),
    ],
)
def test_the_common_name_of_a_contract_is_an_emaid(pki: SeededPki, common_name: str, *, good: bool) -> None:
    assert names(made(pki, common_name=common_name)) == ([] if good else ["common-name"])


def test_a_subject_without_organization_or_common_name_is_named(pki: SeededPki) -> None:
    parts = take_apart(made(pki).der)
    bare = read_certificate(parts.with_subject(0x0C, b"OPNC Test", "55040a").signed())
    assert "common-name" in names(bare)
    lonely = read_certificate(parts.with_subject(0x0C, b"DETSTC00000001").signed())
    assert "organization" in names(lonely)


@pytest.mark.parametrize("algorithm", ["secp521r1", "ed448"])
def test_a_key_of_the_other_generation_is_named(pki: SeededPki, algorithm: str) -> None:
    variation = Variation(algorithm=algorithm)  # type: ignore[arg-type] # the parameters above are the literals
    contract = pki.contract("DETSTC00000001", V2G, variation)
    assert set(names(contract.certificate)) - {"size-as-text"} == {"key-algorithm"}


def test_a_signature_of_the_other_generation_is_named(pki: SeededPki) -> None:
    ca = pki.authority("emsp", "sub2", V2G_20)
    contract = pki.below(ca, USUAL, "DETSTC00000001", Variation(algorithm="secp256r1"))
    assert set(names(contract.certificate)) - {"size-as-text"} == {"signature-algorithm"}


def test_extensions_that_should_be_critical_are_named(pki: SeededPki) -> None:
    loose = made(
        pki, (x509.BasicConstraints(ca=False, path_length=None), False), (key_usage(USUAL.usages), False)
    )
    assert names(loose) == ["not-critical", "not-critical"]


def test_an_ocsp_purpose_on_a_root_is_a_warning(pki: SeededPki) -> None:
    subject = Subject("Root", "OPNC Test", "DE")
    key, expected = Seed("1").key("root"), find("v2g", "root")
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
    order = Order(subject, key.public_key(), 5, pki.start, extensions=((purpose, False),))
    root = read_certificate(issue(expected, order, Issuer.self_signing(expected, subject, key)))
    assert [(found.name, found.severity) for found in check_profile(root, expected)] == [
        ("extended-key-usage", "warn")
    ]


def test_a_root_that_another_signed_is_named(pki: SeededPki) -> None:
    crossed = pki.below(pki.root(Tree(number=2)), find("v2g", "root"), "Root")
    assert names(crossed.certificate, find("v2g", "root")) == ["issuer"]


def test_a_key_identifier_of_twenty_bytes_breaks_the_contract_of_iso_15118_20(pki: SeededPki) -> None:
    ca, expected = pki.authority("emsp", "sub2", V2G_20), find("emsp", "leaf", "ISO15118-20")
    long = (x509.SubjectKeyIdentifier(bytes(20)), False)
    key = Seed("1").key("contract", "secp521r1")
    order = Order(Subject("DETSTC00000001", "T"), key.public_key(), 5, pki.start, extensions=(long,))
    certificate = read_certificate(issue(expected, order, pki.issuer(ca)))
    (found,) = check_profile(certificate, expected)
    assert (found.name, found.seen, found.clause) == ("key-identifier", "20 bytes", "[V2G20-2492]")


def padded(pki: SeededPki, size: int) -> ReadCertificate:
    """Return a contract certificate of exactly so many bytes."""
    oid = x509.ObjectIdentifier("1.2.3.4")
    filler = 0
    while True:
        certificate = made(pki, (x509.UnrecognizedExtension(oid, bytes(filler)), False))
        if len(certificate.der) >= size:
            return certificate
        filler += max(1, (size - len(certificate.der)) // 2)


@pytest.mark.parametrize(
    ("size", "expected"), [(590, []), (601, ["size-as-text"]), (790, ["size-as-text"]), (801, ["size"])]
)
def test_the_size_is_read_as_bytes_of_der(pki: SeededPki, size: int, expected: list[str]) -> None:
    assert names(padded(pki, size)) == expected


def test_addresses_that_are_not_http_are_named(pki: SeededPki) -> None:
    secure = SeededPki(pki.seed, pki.now, addresses=Addresses("https://ocsp.opnc.test", ""))
    certificate = secure.contract("DETSTC00000001").certificate
    assert names(certificate) == ["status-scheme"]


def test_a_validity_that_ends_before_it_starts_is_named(pki: SeededPki) -> None:
    parts = take_apart(made(pki).der)
    times = bytes.fromhex("170d") + b"300101000000Z" + bytes.fromhex("170d") + b"290101000000Z"
    turned = read_certificate(replace(parts, validity=b"\x30\x1e" + times).signed())
    assert "validity" in names(turned)


def test_a_serial_number_that_is_too_long_is_named(pki: SeededPki) -> None:
    parts = take_apart(made(pki).der)
    certificate = read_certificate(replace(parts, serial=b"\x02\x15" + b"\x11" * 21).signed())
    assert "serial-number" in names(certificate)


def test_missing_extensions_are_named(pki: SeededPki) -> None:
    parts = take_apart(made(pki).der)
    bare = read_certificate(replace(parts, extensions=bytes.fromhex("a3023000")).signed())
    assert names(bare) == [
        "basic-constraints",
        "key-usage",
        "key-identifier",
        "authority-key-identifier",
        "status-address",
    ]


def test_a_root_is_not_taken_for_a_leaf(pki: SeededPki) -> None:
    found = names(pki.root().certificate, profile("iso2/secc"))
    assert {"common-name", "domain-component", "basic-constraints", "key-usage", "issuer"} <= set(found)


def test_the_nearest_profile_is_the_own(pki: SeededPki) -> None:
    for certificate, expected in everything(pki):
        nearest = nearest_profile(certificate)
        assert check_profile(certificate, nearest) == ()
        assert nearest.kind == expected.kind
        assert nearest.version == expected.version


@pytest.mark.parametrize(
    ("tag", "value", "oid", "field"),
    [
        (0x0C, b"x" * 65, "550403", "subject.CN"),
        (0x0C, b"x" * 65, "55040a", "subject.O"),
        (0x13, b"DEU", "550406", "subject.C"),
        (0x13, b"D", "550406", "subject.C"),
        (0x0C, "Ää".encode(), "550406", "subject.C"),
    ],
)
def test_attributes_that_rfc_5280_does_not_allow_are_named(
    pki: SeededPki, tag: int, value: bytes, oid: str, field: str
) -> None:
    certificate = read_certificate(take_apart(made(pki).der).with_subject(tag, value, oid).signed())
    found = [one for one in check_profile(certificate, USUAL) if one.name == "attribute-form"]
    assert [one.field for one in found] == [field]


def test_a_request_is_checked_by_the_same_rules() -> None:
    expected = profile("iso2/secc")
    good = read_name("CN=DETSTE0000001,DC=CPO,O=T,C=DE")
    assert check_request(good, "secp256r1", expected) == ()
    bad = check_request(read_name("CN=DETSTX0000001,DC=CPO"), "rsa-1024", expected)
    assert [deviation.name for deviation in bad] == ["common-name", "organization", "key-algorithm"]
    assert {deviation.clause for deviation in bad} == {"ISO 15118-2 Annex F"}


@pytest.mark.parametrize("name", profiles())
def test_a_certificate_that_lasts_a_day_less_is_not_long(pki: SeededPki, name: str) -> None:
    row = profile(name)
    key = Seed("1").key("any", row.algorithms[0])
    order = Order(Subject("X", "T"), key.public_key(), 5, pki.start, pki.start + timedelta(days=row.days - 1))
    certificate = read_certificate(issue(row, order, pki.issuer(pki.root())))
    assert "validity-long" not in names(certificate, row)


@pytest.mark.parametrize("value", ["0400", "040a04084142434445464748"])
def test_a_key_identifier_that_is_empty_or_wrapped_twice_is_found(pki: SeededPki, value: str) -> None:
    certificate = take_apart(pki.contract("DETSTC00000001").der).with_extension("551d0e", value).signed()
    assert "key-identifier" in names(read_certificate(certificate))


def test_a_common_name_twice_is_found(pki: SeededPki) -> None:
    parts = take_apart(pki.contract("DETSTC00000001").der)
    (first, second) = (
        der.read_one(parts.with_subject(0x0C, value).subject).content
        for value in (b"DETSTC00000001", b"OTHER")
    )
    certificate = replace(parts, subject=der.write(der.SEQUENCE, first, second)).signed()
    assert "common-name-repeated" in names(read_certificate(certificate))


@pytest.mark.parametrize(
    ("name", "common_name"),
    [
        ("iso2/secc", "deabce1234"),
        ("iso2/secc", "DE*ABC*e1234"),
        ("iso20/secc", "DE-ABC-S-" + "1" * 32 + "-2"),
        ("iso20/secc", "DEABCs" + "1" * 33),
    ],
)
def test_identifiers_in_every_spelling_of_their_standards_are_taken(name: str, common_name: str) -> None:
    found = check_request(read_name(f"CN={common_name},O=A,DC=CPO"), "secp256r1", profile(name))
    assert "common-name" not in [deviation.name for deviation in found]
