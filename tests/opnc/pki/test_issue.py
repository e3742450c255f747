"""Keys out of a seed, and issuing by profile."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from opnc.pki.issue import Issuer, Order, Subject, issue
from opnc.pki.keys import Seed, key_identifier
from opnc.pki.profiles import find, profile, profiles
from opnc.pki.reading import read_certificate
from opnc.problem import Problem

if TYPE_CHECKING:
    from opnc.pki.testbed import SeededPki
    from tests.opnc.pki.conftest import Program

ALGORITHMS = ("secp256r1", "secp521r1", "ed448")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_same_seed_and_label_give_the_same_key(algorithm: str) -> None:
    def spki(seed: str, label: str) -> bytes:
        key = Seed(seed).key(label, algorithm).public_key()
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    assert spki("1", "a") == spki("1", "a")
    assert len({spki("1", "a"), spki("1", "b"), spki("2", "a")}) == 3


def test_serial_numbers_are_positive_and_of_one_length() -> None:
    numbers = {Seed("1").serial(str(label)) for label in range(500)}
    assert len(numbers) == 500
    assert all(number.bit_length() == 63 for number in numbers)


def test_an_algorithm_without_derivable_keys_is_refused() -> None:
    with pytest.raises(Problem, match="cannot derive a key of 'rsa-2048'"):
        Seed("1").key("a", "rsa-2048")


def test_a_key_identifier_is_that_of_rfc_5280_method_2(pki: SeededPki, openssl: Program) -> None:
    vehicle = pki.vehicle("TSTPNC00000000001")
    certificate = openssl.file("leaf.der", vehicle.der)
    openssl("x509", "-inform", "DER", "-in", certificate, "-noout", "-pubkey", "-out", "key.pem")
    openssl("pkey", "-pubin", "-in", "key.pem", "-outform", "DER", "-out", "key.der")
    point = (openssl.folder / "key.der").read_bytes()[-65:]
    last_60_bits = int.from_bytes(hashlib.sha1(point).digest(), "big") & (1 << 60) - 1  # noqa: S324 - names a key
    expected = (0b0100 << 60 | last_60_bits).to_bytes(8, "big")
    assert key_identifier(vehicle.key.public_key()) == expected
    assert vehicle.certificate.extensions.subject_key_identifier == expected


def test_the_same_arguments_give_the_same_bytes(pki: SeededPki) -> None:
    key = Seed("1").key("a")
    order = Order(Subject("DETSTE0000001", "T"), key.public_key(), 5, pki.start)
    issuer = pki.issuer(pki.authority("cpo", "sub2"))
    assert issue(profile("iso2/secc"), order, issuer) == issue(profile("iso2/secc"), order, issuer)


def test_a_changed_profile_gives_a_certificate_that_is_wrong_on_purpose(pki: SeededPki) -> None:
    key = Seed("1").key("a")
    order = Order(Subject("DETSTE0000001", "T"), key.public_key(), 5, pki.start)
    wrong = replace(profile("iso2/secc"), ca=True, usages=frozenset({"keyCertSign"}), dc=None)
    certificate = read_certificate(issue(wrong, order, pki.issuer(pki.authority("cpo", "sub2"))))
    assert certificate.is_ca
    assert certificate.extensions.key_usage == frozenset({"keyCertSign"})
    assert certificate.domain_component is None


def test_an_issuer_without_addresses_names_none(pki: SeededPki) -> None:
    ca = pki.authority("cpo", "sub2")
    order = Order(Subject("DETSTE0000001", "T"), ca.key.public_key(), 5, pki.start)
    certificate = read_certificate(issue(profile("iso2/secc"), order, Issuer.of(ca.der, ca.key)))
    assert certificate.extensions.ocsp_urls == certificate.extensions.crl_urls == ()


def test_an_ed448_key_only_signs(pki: SeededPki) -> None:
    key = Seed("1").key("a", "ed448")
    order = Order(Subject("TSTPNC00000000001", "T"), key.public_key(), 5, pki.start)
    der = issue(profile("iso20/provisioning"), order, pki.issuer(pki.authority("oem", "sub2")))
    assert read_certificate(der).extensions.key_usage == frozenset({"digitalSignature"})


def test_a_validity_that_is_handed_in_counts(pki: SeededPki) -> None:
    key = Seed("1").key("a")
    end = pki.start.replace(year=2027)
    order = Order(Subject("DETSTE0000001", "T"), key.public_key(), 5, pki.start, end)
    certificate = read_certificate(issue(profile("iso2/secc"), order, pki.issuer(pki.root())))
    assert (certificate.not_before, certificate.not_after) == (pki.start, end)


def test_profiles_are_found_by_name_and_by_domain() -> None:
    assert find("cpo", "leaf", "ISO15118-20") is profile("iso20/secc")
    assert find("v2g", "root") is profile("iso2/v2g-root")
    assert (profile("iso2/secc").dc, profile("iso20/secc").dc) == ("CPO", "CSO")
    assert len(profiles()) == 35


def test_a_profile_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(Problem) as caught:
        profile("iso2/nothing")
    assert "iso2/secc" in caught.value.hint
    with pytest.raises(Problem, match="leaf of veh in ISO15118-2"):
        find("veh", "leaf")


@pytest.mark.parametrize("name", profiles())
def test_roots_and_sub_cas_may_issue_and_leaves_may_not(name: str) -> None:
    row = profile(name)
    assert row.ca == (row.kind in ("root", "sub1", "sub2"))
    assert ("keyCertSign" in row.usages) == row.ca
    assert row.path_length == {"sub1": 1, "sub2": 0}.get(row.kind)
