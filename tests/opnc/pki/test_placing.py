"""The place in a chain decides the profile, and one domain holds for all of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from opnc.pki.issue import Order, Subject, issue
from opnc.pki.keys import Seed
from opnc.pki.placing import place
from opnc.pki.profiles import profile
from opnc.pki.reading import read_certificate
from opnc.pki.testbed import V2G, V2G_20

if TYPE_CHECKING:
    from opnc.pki.profiles import Profile
    from opnc.pki.reading import ReadCertificate
    from opnc.pki.testbed import SeededPki, Tree

NAMES = {"cpo": "DETSTE0000001", "cps": "CPS", "emsp": "DETSTC00000001", "oem": "TSTPNC00000000001"}


@pytest.mark.parametrize("tree", [V2G, V2G_20])
@pytest.mark.parametrize("domain", NAMES)
def test_a_chain_has_the_profiles_of_its_domain(pki: SeededPki, domain: str, tree: Tree) -> None:
    chain = pki.leaf(domain, NAMES[domain], tree).certificates
    for given in (chain, chain[::-1]):
        placed = {each.certificate: each.profile for each in place(given)}
        kinds = [placed[each].kind for each in chain]
        assert kinds == ["leaf", "sub2", "sub1", "root"]
        assert {placed[each].domain for each in chain[:3]} == {domain}


def made(pki: SeededPki, changed: Profile, common_name: str) -> ReadCertificate:
    key = Seed("placing").key("leaf")
    order = Order(Subject(common_name, "OPNC Test"), key.public_key(), 99, pki.start)
    return read_certificate(issue(changed, order, pki.issuer(pki.authority("oem", "sub2"))))


def test_a_certificate_of_an_oem_stays_one_whatever_is_wrong_with_it(pki: SeededPki) -> None:
    oem = profile("iso2/provisioning")
    wrong = made(pki, replace(oem, usages=frozenset({"digitalSignature"})), "odd name")
    (placed,) = place([wrong])
    assert placed.profile == oem


def test_a_contract_with_hyphens_stays_one(pki: SeededPki) -> None:
    contract = profile("iso2/contract")
    wrong = made(pki, replace(contract, usages=frozenset({"digitalSignature"})), "DE-TST-C00000001-X")
    (placed,) = place([wrong])
    assert placed.profile == contract


def test_a_sub_ca_above_a_leaf_is_the_second_whatever_its_path_length(pki: SeededPki) -> None:
    chain = pki.secc("DETSTE0000001").certificates
    alone = {each.profile.name for each in place(chain[1:2])}
    assert alone == {"iso2/cpo-sub2"}
    assert [each.profile.kind for each in place(chain[:2])] == ["leaf", "sub2"]
