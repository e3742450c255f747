"""The seeded test PKI."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from opnc.pki.keys import Seed
from opnc.pki.testbed import EMSP, OEM, V2G, V2G_20, Addresses, SeededPki, Tree, Variation, crl_name

if TYPE_CHECKING:
    from datetime import datetime

PCID = "TSTPNC00000000001"


def test_the_same_seed_and_day_give_the_same_pki(now: datetime) -> None:
    first, second = (SeededPki(Seed("7"), now + timedelta(hours=hour)) for hour in (0, 9))
    for tree in (V2G, V2G_20, EMSP):
        assert (
            first.leaf("emsp", "DETSTC00000001", tree).chain
            == second.leaf("emsp", "DETSTC00000001", tree).chain
        )
    assert first.ocsp_responder(first.root()).chain == second.ocsp_responder(second.root()).chain


def test_another_seed_gives_other_keys_and_another_day_other_dates_only(
    pki: SeededPki, now: datetime
) -> None:
    vehicle = pki.vehicle(PCID)
    tomorrow = SeededPki(pki.seed, now + timedelta(days=1)).vehicle(PCID)
    assert tomorrow.certificate.spki == vehicle.certificate.spki
    assert tomorrow.der != vehicle.der
    assert SeededPki(Seed("other"), now).vehicle(PCID).certificate.spki != vehicle.certificate.spki


def test_trees_have_names_of_their_own_and_editions_do_not(pki: SeededPki) -> None:
    roots = [pki.root(tree).certificate for tree in (V2G, Tree(number=2), V2G_20, OEM, EMSP)]
    assert len({root.subject for root in roots}) == len(roots)
    twin = pki.root(Tree(edition=2)).certificate
    assert twin.subject == roots[0].subject
    assert twin.spki != roots[0].spki


def test_certificates_start_at_the_midnight_before(pki: SeededPki, now: datetime) -> None:
    start = pki.vehicle(PCID).certificate.not_before
    assert start == (now - timedelta(days=1)).replace(hour=0, minute=0)


def test_a_renewal_keeps_the_key_and_a_changed_key_pair_does_not(pki: SeededPki) -> None:
    first = pki.vehicle(PCID)
    renewed = pki.vehicle(PCID, OEM, Variation(issue=2))
    changed = pki.vehicle(PCID, OEM, Variation(key=2))
    assert renewed.certificate.spki == first.certificate.spki
    assert renewed.certificate.serial != first.certificate.serial
    assert changed.certificate.spki != first.certificate.spki
    assert {renewed.certificate.common_name, changed.certificate.common_name} == {PCID}


def test_the_addresses_are_named_with_the_ca(now: datetime) -> None:
    pki = SeededPki(Seed("7"), now, addresses=Addresses("http://a.test/ocsp", "http://a.test/{ca}.crl"))
    ca = pki.authority("oem", "sub2", OEM).certificate
    extensions = pki.vehicle(PCID).certificate.extensions
    assert extensions.ocsp_urls == ("http://a.test/ocsp",)
    assert extensions.crl_urls == (
        f"http://a.test/{crl_name(ca.extensions.subject_key_identifier or b'')}.crl",
    )


def test_no_addresses_leave_the_extensions_out(now: datetime) -> None:
    pki = SeededPki(Seed("7"), now, addresses=Addresses("", ""))
    assert (
        not {"authorityInfoAccess", "cRLDistributionPoints"}
        & pki.vehicle(PCID).certificate.extensions.present
    )


def test_a_cross_certificate_has_the_name_and_key_of_the_first(pki: SeededPki) -> None:
    first, second = pki.authority("cpo", "sub1"), pki.cross_signed("cpo", V2G, Tree(number=2))
    assert second.certificate.subject == first.certificate.subject
    assert second.certificate.spki == first.certificate.spki
    assert second.certificate.signed_by(pki.root(Tree(number=2)).certificate)
    assert second.certificate.serial != first.certificate.serial


@pytest.mark.parametrize("version", ["ISO15118-2", "ISO15118-20"])
def test_serial_numbers_of_a_ca_do_not_repeat(pki: SeededPki, version: str) -> None:
    tree = V2G if version == "ISO15118-2" else replace(V2G, version="ISO15118-20", algorithm="ed448")
    variations = [Variation(key=key, issue=issue) for key in (1, 2) for issue in (1, 2)]
    serials = {
        pki.contract(f"DETSTC0000000{number}", tree, variation).certificate.serial
        for number in range(3)
        for variation in variations
    }
    assert len(serials) == 12
