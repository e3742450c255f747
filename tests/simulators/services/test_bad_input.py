"""What a participant may send by mistake or malice: refused as documented, named, and stored nowhere."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fixtures.bench.in_process import SUPPLIED
from fixtures.target.declaration import SuppliedCa
from fixtures.testdata.certificates import ChainSpec, TesterPki
from fixtures.testdata.vehicles import VEHICLE_KINDS, Vehicle
from opnc import vehicles
from opnc.pki import der, est, ocsp
from opnc.pki.credentials import Credential
from opnc.pki.issue import Order, Subject, issue
from opnc.pki.keys import Seed
from opnc.pki.profiles import find
from opnc.pki.requests import build_request
from opnc.pki.testbed import Variation
from tests.simulators.services.conftest import PCID

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators.services.conftest import Line

PUT, READ = "addProvisioningCertificateV1", "getProvisioningCertificateV1"
UTF8_STRING, BIT_STRING = 0x0C, 0x03
ECDSA_WITH_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
ATTRIBUTES = {"C": "0603550406", "O": "060355040a", "CN": "0603550403"}
CHARGER = {"caDomain": "cpo", "iso15118Version": "ISO15118-2"}


@pytest.fixture
def own_pki(line: Line) -> TesterPki:
    supplied = tuple(SuppliedCa(tree.root, line.pki.root(tree)) for tree in SUPPLIED)
    return TesterPki.start("bad input", line.ecosystem.clock, supplied, None)


def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def with_leaf(key: Callable[[], Any]) -> Callable[[TesterPki, str], Vehicle]:
    """Certify a key that no vehicle may have."""

    def make(pki: TesterPki, pcid: str) -> Vehicle:
        ca = pki.oem()
        order = Order(Subject(pcid, "Test"), key().public_key(), 1 << 60, pki.pki.start)
        return Vehicle.of(
            Credential((issue(find("oem", "leaf"), order, pki.pki.issuer(ca)), *ca.chain), ca.key)
        )

    return make


def by_profile(**changes: Any) -> Callable[[TesterPki, str], Vehicle]:
    """Issue the leaf by a changed profile."""
    profile = replace(find("oem", "leaf"), **changes)
    return lambda pki, pcid: Vehicle.of(pki.vehicle(pcid, ChainSpec(leaf=Variation(profile=profile))))


def as_certificate(change: Callable[[bytes], bytes]) -> Callable[[TesterPki, str], Vehicle]:
    def make(pki: TesterPki, pcid: str) -> Vehicle:
        vehicle = Vehicle.of(pki.vehicle(pcid))
        text = base64.b64encode(change(vehicle.credential.der)).decode()
        return vehicle.with_chain(certificate=text)

    return make


def without_sub_ca_1(pki: TesterPki, pcid: str) -> Vehicle:
    vehicle = Vehicle.of(pki.vehicle(pcid))
    chain = {
        name: text for name, text in vehicle.entry[vehicles.CHAIN].items() if name != "subCa1Certificate"
    }
    return vehicle.with_members(**{vehicles.CHAIN: chain})


def with_root_identifier(text: str) -> Callable[[TesterPki, str], Vehicle]:
    return lambda pki, pcid: Vehicle.of(pki.vehicle(pcid)).with_members(**{vehicles.V2G_ROOTS: [text]})


PUBLICATIONS: dict[str, tuple[Callable[[TesterPki, str], Vehicle], int, str]] = {
    "truncated": (as_certificate(lambda der: der[:-20]), 400, "vehicleCertificate"),
    "trailing bytes": (as_certificate(lambda der: der + b"\0\0"), 400, "vehicleCertificate"),
    "PEM": (VEHICLE_KINDS["as PEM"], 400, "certificate"),
    "base64 of PEM": (VEHICLE_KINDS["as base64 of PEM"], 400, "vehicleCertificate"),
    "base64url": (VEHICLE_KINDS["in the URL-safe alphabet"], 400, "certificate"),
    "embedded newlines": (VEHICLE_KINDS["with line breaks"], 400, "certificate"),
    "a megabyte": (as_certificate(lambda der: der * 2000), 413, "body"),
    "too long": (as_certificate(lambda der: der * 5), 400, "certificate"),
    "another curve": (
        with_leaf(lambda: ec.derive_private_key(5, ec.SECP384R1())),
        400,
        "subjectPublicKeyInfo",
    ),
    "RSA": (with_leaf(rsa_key), 400, "subjectPublicKeyInfo"),
    "expired": (VEHICLE_KINDS["whose certificate has expired"], 400, "validity"),
    "not yet valid": (
        lambda pki, pcid: Vehicle.of(pki.vehicle(pcid, ChainSpec(leaf=pki.not_yet_valid()))),
        400,
        "validity",
    ),
    "wrong key usage": (by_profile(usages=frozenset({"digitalSignature"})), 400, "keyUsage"),
    "a CA": (by_profile(ca=True), 400, "basicConstraints"),
    "issued by a leaf": (
        VEHICLE_KINDS["whose certificate was issued by a leaf"],
        400,
        "provisioningCertificateChain",
    ),
    "broken order": (VEHICLE_KINDS["whose Sub-CAs are swapped"], 400, "issuer"),
    "no Sub-CA 1": (without_sub_ca_1, 400, "issuer"),
    "evil twin of the root": (
        VEHICLE_KINDS["under a root with the name of a known one"],
        400,
        "signatureValue",
    ),
    "no key identifier": (with_root_identifier("x"), 400, vehicles.V2G_ROOTS),
    "an empty key identifier": (with_root_identifier(""), 400, vehicles.V2G_ROOTS),
    "unknown root": (VEHICLE_KINDS["under a root nobody knows"], 400, "issuer"),
}


@pytest.mark.parametrize("what", PUBLICATIONS)
def test_the_pool_refuses_names_what_is_wrong_and_stores_nothing(
    line: Line, own_pki: TesterPki, what: str
) -> None:
    make, status, named = PUBLICATIONS[what]
    vehicle = make(own_pki, PCID)
    answer = line.ask("oem", PUT, body=vehicle.entry)
    assert answer.status_code == status, answer.text
    assert named in answer.json()["errorMessages"][0]
    assert line.ask("emsp", READ, path={"pcid": PCID}).status_code == 404


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"null", b"\xff\xfe", b'"text"', b"{}"])
def test_the_pool_refuses_what_is_no_object(line: Line, body: bytes) -> None:
    answer = line.ask("oem", PUT, body=body)
    assert answer.status_code == 400
    assert answer.json()["errorMessages"]


def request(common_name: str = "DE*CPO*E1", key: Any = None) -> bytes:
    return build_request(Subject(common_name, "Example"), key or Seed("bad input").key("charger"))


def rsa_request() -> bytes:
    builder = x509.CertificateSigningRequestBuilder(Subject("DE*CPO*E1", "Example").name("CPO"))
    return builder.sign(rsa_key(), hashes.SHA256()).public_bytes(Encoding.DER)


def odd_request(**changed: str) -> bytes:
    """Ask for a certificate with an attribute that the library itself would not write."""
    values = {"C": "DE", "O": "Example", "CN": "DE*CPO*E1"} | changed
    rdns = (
        der.write(der.SEQUENCE, bytes.fromhex(ATTRIBUTES[kind]), der.write(UTF8_STRING, value.encode()))
        for kind, value in values.items()
    )
    name = der.write(der.SEQUENCE, *(der.write(der.SET, rdn) for rdn in rdns))
    key = ec.derive_private_key(6, ec.SECP256R1())
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    asked = der.write(der.SEQUENCE, bytes.fromhex("020100"), name, spki, bytes.fromhex("a000"))
    signature = der.write(BIT_STRING, b"\0", key.sign(asked, ec.ECDSA(hashes.SHA256())))
    return est.encode_body(der.write(der.SEQUENCE, asked, ECDSA_WITH_SHA256, signature))


ENROLMENTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "bad signature": (lambda: est.encode_body(request()[:-1] + bytes((request()[-1] ^ 1,))), "signature"),
    "truncated": (lambda: est.encode_body(request()[:-20]), "request"),
    "trailing bytes": (lambda: est.encode_body(request() + b"\0\0"), "request"),
    "bare DER": (request, "body"),
    "PEM": (
        lambda: x509.load_der_x509_csr(request()).public_bytes(Encoding.PEM),
        "base64",
    ),
    "a certificate": (lambda: est.encode_body(b"\x30\x03\x02\x01\x00"), "request"),
    "empty": (lambda: b" ", "request"),
    "a megabyte": (lambda: est.encode_body(request() * 2000), "request"),
    "RSA": (lambda: est.encode_body(rsa_request()), "subjectPublicKeyInfo"),
    "another curve": (
        lambda: est.encode_body(request(key=Seed("bad input").key("charger", "secp521r1"))),
        "subjectPublicKeyInfo",
    ),
    "a country of three letters": (lambda: odd_request(C="DEU"), "subject.C"),
    "a country in other letters": (lambda: odd_request(C="Ää"), "subject.C"),
    "an endless organization": (lambda: odd_request(O="x" * 300), "subject.O"),
    "an endless name": (lambda: odd_request(CN="DE*CPO*E" + "1" * 300), "subject.CN"),
    "a line break in the name": (lambda: odd_request(CN="DE*CPO*E1\n"), "subject.CN"),
}


@pytest.mark.parametrize("what", ENROLMENTS)
def test_the_pki_refuses_to_certify_and_names_what_is_wrong(line: Line, what: str) -> None:
    make, named = ENROLMENTS[what]
    answer = line.ask("cpo", "simpleEnrollCertV1", query=CHARGER, body=make())
    assert answer.status_code == 400, answer.text
    assert named in answer.json()["errorMessages"][0]


@pytest.mark.parametrize(
    "certificate", ["", "%%%", "AAAA", "-----BEGIN CERTIFICATE-----", "A" * 3000, 42, None, "MIIB\nAAAA"]
)
def test_the_pki_refuses_to_revoke_what_is_no_certificate(line: Line, certificate: Any) -> None:
    sent = {"certificate": certificate, "revocationReason": "superseded"}
    answer = line.ask("cpo", "revokeCertV1", body=sent)
    assert answer.status_code == 400
    assert "certificate" in answer.json()["errorMessages"][0]


@pytest.mark.parametrize("garbage", [b"", b"\0", b"\x30\x80", b"garbage" * 1000, b"\x30\x03\x02\x01\x00"])
def test_the_responder_calls_garbage_malformed(line: Line, garbage: bytes) -> None:
    url = line.pki.addresses.ocsp
    refused = ocsp.build_refusal("malformedRequest")
    posted = line.http.post(url, content=garbage, headers={"Content-Type": ocsp.REQUEST_TYPE})
    assert (posted.status_code, posted.content) == (200, refused)
    got = line.http.get(f"{url}/{base64.b64encode(garbage).decode().replace('/', '%2F')[:4000]}")
    assert (got.status_code, got.content) == (200, refused)


@pytest.mark.parametrize("length", [0, 129, 1000])
def test_the_responder_refuses_a_nonce_of_a_length_that_is_none(line: Line, length: int) -> None:
    leaf, issuer, *_ = line.vehicle().certificates
    asked = ocsp.build_request(leaf, issuer, nonce=bytes(length))
    answer = line.http.post(line.pki.addresses.ocsp, content=asked)
    assert answer.content == ocsp.build_refusal("malformedRequest")


def test_the_responder_does_not_speak_for_other_cas(line: Line, own_pki: TesterPki) -> None:
    leaf = own_pki.vehicle(PCID, ChainSpec(trust="unknown"))
    asked = ocsp.build_request(*leaf.certificates[:2])
    answer = line.http.post(line.pki.addresses.ocsp, content=asked)
    assert answer.content == ocsp.build_refusal("unauthorized")


@pytest.mark.parametrize("path", ["", "/", "/x.crl", "/../etc/passwd", "/%00.crl"])
def test_there_is_no_crl_of_an_unknown_ca(line: Line, path: str) -> None:
    host = line.pki.addresses.crl.partition("/{ca}")[0]
    assert line.http.get(host + path).status_code == 404
