"""CRLs: built, read and judged, with openssl on the other side."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from opnc.pki.crl import build_crl, read_crl
from opnc.pki.deviations import Unreadable
from opnc.pki.files import to_pem
from opnc.pki.profiles import find
from opnc.pki.revocation import GOOD, OPNC_REASONS, Revocation, revoked
from opnc.pki.status import check_crl
from opnc.pki.testbed import V2G, V2G_20, V2G_20_ED448, Tree

if TYPE_CHECKING:
    from opnc.pki.testbed import SeededPki
    from tests.opnc.pki.conftest import Program

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def crl(pki: SeededPki) -> bytes:
    at = pki.now - timedelta(hours=1)
    entries = {number: Revocation(at, reason) for number, reason in enumerate(OPNC_REASONS, 100)}
    return build_crl(pki.issuer(pki.authority("emsp", "sub2")), entries, 7, pki.now, pki.now + DAY)


def test_everything_comes_back(pki: SeededPki, crl: bytes) -> None:
    read = read_crl(crl)
    assert read.number == 7
    assert (read.this_update, read.next_update) == (pki.now, pki.now + DAY)
    assert read.issuer == pki.authority("emsp", "sub2").certificate.subject
    assert [entry.reason for entry in read.revoked.values()] == list(OPNC_REASONS)
    assert read.status(100) == revoked(pki.now - timedelta(hours=1), OPNC_REASONS[0])
    assert read.status(99) == GOOD
    assert check_crl(read, pki.authority("emsp", "sub2").certificate, pki.now) == ()


def test_the_same_arguments_give_the_same_bytes(pki: SeededPki) -> None:
    issuer = pki.issuer(pki.authority("emsp", "sub2"))
    first, second = (build_crl(issuer, {}, 1, pki.now, pki.now + DAY) for _ in range(2))
    assert first == second


def test_openssl_reads_the_same(crl: bytes, openssl: Program) -> None:
    said = openssl("crl", "-inform", "DER", "-in", openssl.file("ca.crl", crl), "-noout", "-text")
    assert "X509v3 CRL Number: \n                7" in said
    assert said.count("Serial Number:") == len(OPNC_REASONS)
    for reason in ("Key Compromise", "AA Compromise", "Superseded", "Privilege Withdrawn"):
        assert reason in said


@pytest.mark.parametrize("tree", [V2G, V2G_20, V2G_20_ED448], ids=lambda tree: tree.label)
def test_openssl_refuses_what_a_crl_revokes(pki: SeededPki, openssl: Program, tree: Tree) -> None:
    leaf = pki.contract("DETSTC00000001", tree)
    ca = pki.authority("emsp", "sub2", tree)
    lost = {leaf.certificate.serial: Revocation(pki.now, "keyCompromise")}
    for entries, code, verdict in (({}, 0, "leaf.pem: OK"), (lost, 2, "certificate revoked")):
        data = build_crl(pki.issuer(ca), entries, 1, pki.now, pki.now + DAY)
        openssl("crl", "-inform", "DER", "-in", openssl.file("ca.crl", data), "-out", "crl.pem")
        said = openssl(
            *("verify", "-crl_check", "-CRLfile", "crl.pem", "-attime", str(int(pki.now.timestamp()))),
            *("-CAfile", openssl.file("roots.pem", to_pem(leaf.chain[-1:]))),
            *("-untrusted", openssl.file("above.pem", to_pem(leaf.chain[1:-1]))),
            openssl.file("leaf.pem", to_pem(leaf.chain[:1])),
            expect=code,
        )
        assert verdict in said


def test_a_crl_of_another_ca_is_named(pki: SeededPki, crl: bytes) -> None:
    found = check_crl(read_crl(crl), pki.authority("cpo", "sub2").certificate, pki.now)
    assert [finding.name for finding in found] == ["crl-issuer", "crl-signature"]


def test_a_crl_by_a_namesake_with_another_key_is_named(pki: SeededPki) -> None:
    twin = pki.authority("emsp", "sub2", Tree(edition=2))
    read = read_crl(build_crl(pki.issuer(twin), {}, 1, pki.now, pki.now + DAY))
    found = check_crl(read, pki.authority("emsp", "sub2").certificate, pki.now)
    assert [finding.name for finding in found] == ["crl-signature"]


def test_a_crl_that_is_old_or_early_is_named(pki: SeededPki, crl: bytes) -> None:
    issuer = pki.authority("emsp", "sub2").certificate
    for moment, name in ((pki.now + 2 * DAY, "status-late"), (pki.now - DAY, "status-early")):
        assert [finding.name for finding in check_crl(read_crl(crl), issuer, moment)] == [name]


def test_a_ca_that_may_not_sign_crls_is_named(pki: SeededPki) -> None:
    changed = replace(find("emsp", "sub2"), usages=frozenset({"keyCertSign"}))
    ca = pki.below(pki.authority("emsp", "sub1"), changed, "No CRL")
    read = read_crl(build_crl(pki.issuer(ca), {}, 1, pki.now, pki.now + DAY))
    assert [finding.name for finding in check_crl(read, ca.certificate, pki.now)] == ["crl-key-usage"]


def test_a_crl_without_number_and_in_pem_is_read_and_named(pki: SeededPki) -> None:
    ca = pki.authority("emsp", "sub2")
    name = x509.load_der_x509_certificate(ca.der).subject
    builder = x509.CertificateRevocationListBuilder(name, pki.now, pki.now + DAY)
    data = builder.sign(ca.key, hashes.SHA256()).public_bytes(Encoding.PEM)
    found = check_crl(read_crl(data), ca.certificate, pki.now)
    assert [finding.name for finding in found] == ["pem-armour", "crl-number"]
    assert {finding.severity for finding in found} == {"warn"}


def test_what_is_no_crl_is_refused_by_name(pki: SeededPki, crl: bytes) -> None:
    for data in (b"", b"garbage", crl[:-1], crl + b"\n", pki.root().der, b"-----BEGIN X509 CRL-----\n"):
        with pytest.raises(Unreadable) as caught:
            read_crl(data)
        assert caught.value.name == "not-a-crl"


@settings(deadline=None, derandomize=True)
@given(place=st.integers(0, 2000), bits=st.integers(1, 255))
def test_no_changed_byte_makes_reading_crash(pki: SeededPki, crl: bytes, place: int, bits: int) -> None:
    data = bytearray(crl)
    data[place % len(data)] ^= bits
    with suppress(Unreadable):
        check_crl(read_crl(bytes(data)), pki.authority("emsp", "sub2").certificate, pki.now)
