"""What a CA takes over from its own certificate into those it issues."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from opnc.pki.issuance import check_issuance, check_length, check_time
from opnc.pki.issue import Issuer, Order, Subject, issue
from opnc.pki.keys import Seed
from opnc.pki.profiles import find
from opnc.pki.reading import read_certificate
from opnc.pki.testbed import SeededPki

if TYPE_CHECKING:
    from opnc.pki.reading import ReadCertificate

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PKI = SeededPki(Seed("issuing"), NOW)
CA = PKI.authority("cpo", "sub2")
ISSUER = CA.certificate
OWN = Issuer.of(CA.der, CA.key)
KEY = Seed("a leaf").key("leaf", "secp256r1")


def leaf(
    issuer: Issuer = OWN, days: int = 90, *extensions: tuple[x509.ExtensionType, bool]
) -> ReadCertificate:
    order = Order(Subject("DE*CPO*E1", "O"), KEY.public_key(), 7, NOW, NOW + timedelta(days=days), extensions)
    return read_certificate(issue(find("cpo", "leaf"), order, issuer))


def test_what_the_test_pki_issues_is_right_all_the_way_up() -> None:
    chain = PKI.secc("DE*CPO*E1").certificates
    for below, above in pairwise(chain):
        assert [*check_issuance(below, above), *check_time(below, above)] == []


@pytest.mark.parametrize(
    ("certificate", "name"),
    [
        (leaf(Issuer(OWN.name, OWN.key, bytes(20))), "authority-key-identifier"),
        (leaf(OWN, 90, (x509.SubjectKeyIdentifier(OWN.key_identifier), False)), "subject-key-identifier"),
        (leaf(Issuer(Subject("Another").name(None), OWN.key, OWN.key_identifier)), "issuer-name"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_said_wrongly_of_the_issuer_or_the_own_key_is_found(
    certificate: ReadCertificate, name: str
) -> None:
    assert [each.name for each in check_issuance(certificate, ISSUER)] == [name]


@pytest.mark.parametrize(("days", "found"), [(90, []), (729, []), (800, ["outside-issuer"])])
def test_who_outlives_the_issuer_is_found(days: int, found: list[str]) -> None:
    assert [each.name for each in check_time(leaf(days=days), ISSUER)] == found


@pytest.mark.parametrize(("days", "found"), [(90, []), (400, []), (401, ["validity-too-long"])])
def test_who_is_valid_for_too_long_is_found_and_where_no_bound_is_known_nobody(
    days: int, found: list[str]
) -> None:
    profile = find("cpo", "leaf")
    assert [each.name for each in check_length(leaf(days=days), profile)] == found
    assert list(check_length(leaf(days=days), replace(profile, most_days=None))) == []
