"""Issuing vehicles (key and leaf under an existing Sub-CA 2) against bare `cryptography`; chains and OCSP.

    python benchmarks/pki.py [COUNT]

Both issue the same profile in turns and the best turn of each counts, so that a busy machine disturbs little.
The goals: a ratio of 0.70 or more, and the full check of a chain seen before in less than 500 us.
"""

from __future__ import annotations

import secrets
import sys
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from opnc.pki.chains import check_chain
from opnc.pki.issue import Issuer, Order, Subject, issue
from opnc.pki.keys import Seed
from opnc.pki.ocsp import build_request, build_response, read_request, read_response
from opnc.pki.profiles import find
from opnc.pki.reading import read_certificate
from opnc.pki.revocation import GOOD
from opnc.pki.signatures import is_signed_by
from opnc.pki.status import check_response
from opnc.pki.testbed import V2G, V2G_20, V2G_20_ED448, SeededPki

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.pki.profiles import Algorithm, Version
    from opnc.pki.signatures import PrivateKey
    from opnc.pki.testbed import Tree

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OCSP, CRL = "http://ocsp.alpha.opnc.test", "http://crl.alpha.opnc.test/4b45ff82.crl"
SEED = Seed("benchmark")
ROUNDS = 20
RATIO, CHAIN_US = 0.70, 500

GENERATE: dict[str, Callable[[], PrivateKey]] = {
    "secp256r1": lambda: ec.generate_private_key(ec.SECP256R1()),
    "secp521r1": lambda: ec.generate_private_key(ec.SECP521R1()),
    "ed448": ed448.Ed448PrivateKey.generate,
}
HASHES = {"secp256r1": hashes.SHA256(), "secp521r1": hashes.SHA512(), "ed448": None}


def sub_ca(version: Version, algorithm: Algorithm) -> tuple[bytes, PrivateKey]:
    """Return a Sub-CA 2 for vehicles and its key."""
    key = SEED.key("sub2", algorithm)
    profile = find("oem", "sub2", version)
    subject = Subject("OEM Sub-CA 2", "OPNC Test", "DE")
    issuer = Issuer.self_signing(profile, subject, key)
    return issue(profile, Order(subject, key.public_key(), SEED.serial("sub2"), NOW), issuer), key


def ours(version: Version, algorithm: Algorithm) -> Callable[[str], bytes]:
    """Return what issues one vehicle through this project."""
    der, ca_key = sub_ca(version, algorithm)
    profile = find("oem", "leaf", version)
    issuer = Issuer.of(der, ca_key, ocsp_url=OCSP, crl_url=CRL)

    def vehicle(pcid: str) -> bytes:
        key = SEED.key(pcid, algorithm)
        order = Order(Subject(pcid, "OPNC Test"), key.public_key(), SEED.serial(pcid), NOW)
        return issue(profile, order, issuer)

    return vehicle


def bare(version: Version, algorithm: Algorithm) -> Callable[[str], bytes]:
    """Return what issues one vehicle with `cryptography` alone, as its documentation shows."""
    der, ca_key = sub_ca(version, algorithm)
    ca = x509.load_der_x509_certificate(der)
    ca_identifier = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value

    def vehicle(pcid: str) -> bytes:
        key = GENERATE[algorithm]()
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "OPNC Test"),
                x509.NameAttribute(NameOID.DOMAIN_COMPONENT, "OEM"),
                x509.NameAttribute(NameOID.COMMON_NAME, pcid),
            ]
        )
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=algorithm != "ed448",
            key_cert_sign=False,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )
        ocsp = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(OCSP)
        )
        crl = x509.DistributionPoint([x509.UniformResourceIdentifier(CRL)], None, None, None)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ca.subject)
            .public_key(key.public_key())
            .serial_number(int.from_bytes(secrets.token_bytes(8), "big") >> 1 | 1 << 62)
            .not_valid_before(NOW)
            .not_valid_after(NOW + timedelta(days=1461))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier(ca_identifier.digest, None, None), critical=False)
            .add_extension(x509.AuthorityInformationAccess([ocsp]), critical=False)
            .add_extension(x509.CRLDistributionPoints([crl]), critical=False)
            .sign(ca_key, HASHES[algorithm])
        )
        return certificate.public_bytes(Encoding.DER)

    return vehicle


def seconds(make: Callable[[str], bytes], round_number: int, count: int) -> float:
    """Return how long it takes to issue so many vehicles."""
    pcids = [f"WDB{round_number:04}{number:010}" for number in range(count)]
    start = perf_counter()
    for pcid in pcids:
        make(pcid)
    return perf_counter() - start


def microseconds(work: Callable[[], object], count: int) -> float:
    """Return how long one call takes."""
    start = perf_counter()
    for _ in range(count):
        work()
    return (perf_counter() - start) / count * 1e6


def checks(tree: Tree) -> None:
    """Measure reading, chains and OCSP in one tree and print a line."""
    pki = SeededPki(SEED, NOW)
    vehicle, ca, anchors = (
        pki.vehicle(f"WDB{0:014}", tree),
        pki.authority("oem", "sub2", tree),
        [pki.root(tree).certificate],
    )
    responder = pki.ocsp_responder(ca)
    asked = build_request(vehicle.certificate, ca.certificate)

    def chain() -> object:
        return check_chain(vehicle.certificate, vehicle.certificates[1:-1], anchors, NOW)

    def new_chain() -> object:
        is_signed_by.cache_clear()
        read_certificate.cache_clear()
        return chain()

    def status() -> object:
        response = build_response(read_request(asked), GOOD, responder, NOW, NOW + timedelta(hours=1))
        return check_response(read_response(response), vehicle.certificate, ca.certificate, NOW)

    new, again, told = microseconds(new_chain, 50), microseconds(chain, 500), microseconds(status, 100)
    times = f"new {new:6.0f} us   seen before {again:4.0f} us   goal {CHAIN_US:.0f}"
    print(f"{tree.algorithm:<10} chain {times}   OCSP, both sides {told:6.0f} us")


def main(count: int) -> None:
    """Measure all key algorithms and print a line for each."""
    cases: list[tuple[Version, Algorithm]] = [
        ("ISO15118-2", "secp256r1"),
        ("ISO15118-20", "secp521r1"),
        ("ISO15118-20", "ed448"),
    ]
    for version, algorithm in cases:
        makers = ours(version, algorithm), bare(version, algorithm)
        pairs = [tuple(seconds(make, turn, count // ROUNDS) for make in makers) for turn in range(ROUNDS)]
        here, there = (min(column) / (count // ROUNDS) * 1e6 for column in zip(*pairs, strict=True))
        times = f"opnc {here:7.0f} us   cryptography {there:7.0f} us"
        print(f"{algorithm:<10} {times}   ratio {there / here:.2f}   goal {RATIO:.2f}")
    for tree in (V2G, V2G_20, V2G_20_ED448):
        checks(tree)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
