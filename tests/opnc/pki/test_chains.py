"""Chains: every order and path accepted that is good, every defect named."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from opnc.pki import der
from opnc.pki.chains import CheckedChain, check_chain, check_order, check_validity
from opnc.pki.files import to_pem
from opnc.pki.issue import Issuer, Order, Subject, issue
from opnc.pki.paths import paths
from opnc.pki.profiles import find, profile
from opnc.pki.reading import ReadCertificate, read_certificate
from opnc.pki.signatures import is_signed_by
from opnc.pki.testbed import EMSP, OEM, V2G, V2G_20, V2G_20_ED448, Tree, Variation
from tests.opnc.pki.lookalikes import take_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opnc.pki.credentials import Credential
    from opnc.pki.testbed import SeededPki
    from tests.opnc.pki.conftest import Program

EVSEID = "DETSTE0000001"


def names(checked: CheckedChain) -> list[str]:
    return [finding.name for finding in checked.findings]


def check(
    holder: Credential, anchors: Sequence[ReadCertificate], now: datetime | None, **more: int
) -> CheckedChain:
    """Check a holder's chain the way a receiver gets it: without the root."""
    return check_chain(holder.certificate, holder.certificates[1:-1], anchors, now, **more)


@pytest.mark.parametrize("tree", [V2G, V2G_20, V2G_20_ED448, Tree(number=2)], ids=lambda tree: tree.label)
@pytest.mark.parametrize("domain", ["cpo", "cps", "emsp", "oem"])
def test_every_ordinary_chain_is_good(pki: SeededPki, now: datetime, tree: Tree, domain: str) -> None:
    checked = check(pki.leaf(domain, "ANY", tree), [pki.root(tree).certificate], now)
    assert checked.ok
    assert checked.findings == ()
    assert checked.anchor == pki.root(tree).certificate
    assert len(checked.path) == 4


@pytest.mark.parametrize("tree", [OEM, EMSP], ids=lambda tree: tree.label)
def test_chains_under_own_roots_of_oem_and_emsp_are_good(pki: SeededPki, now: datetime, tree: Tree) -> None:
    assert check(pki.leaf(tree.root, "ANY", tree), [pki.root(tree).certificate], now).ok


def test_openssl_agrees_that_a_chain_is_good(pki: SeededPki, openssl: Program) -> None:
    for tree in (V2G, V2G_20, V2G_20_ED448, OEM):
        holder = pki.vehicle("TSTPNC00000000001", tree)
        roots = openssl.file("roots.pem", to_pem(holder.chain[-1:]))
        above = openssl.file("above.pem", to_pem(holder.chain[1:-1]))
        leaf = openssl.file("leaf.pem", to_pem(holder.chain[:1]))
        at = str(int(pki.now.timestamp()))
        said = openssl("verify", "-x509_strict", "-attime", at, "-CAfile", roots, "-untrusted", above, leaf)
        assert said == "leaf.pem: OK\n"


def test_the_order_of_the_others_does_not_count(pki: SeededPki, now: datetime) -> None:
    holder, stranger = pki.secc(EVSEID), pki.contract("DETSTC00000001")
    others = [*holder.certificates[1:], *stranger.certificates]
    for turn in range(10):
        random.Random(turn).shuffle(others)  # noqa: S311 - an order, not a secret
        checked = check_chain(holder.certificate, others, [pki.root().certificate], now)
        assert checked.path == holder.certificates
        assert checked.findings == ()


def test_a_sub_ca_that_is_missing_is_named(pki: SeededPki, now: datetime) -> None:
    holder = pki.secc(EVSEID)
    checked = check_chain(holder.certificate, holder.certificates[2:], [pki.root().certificate], now)
    assert names(checked) == ["issuer-missing"]
    assert "CPO Sub-CA 2" in checked.findings[0].expected


def test_a_root_that_is_not_trusted_is_named(pki: SeededPki, now: datetime) -> None:
    holder = pki.secc(EVSEID)
    checked = check_chain(holder.certificate, holder.certificates[1:], [pki.root(OEM).certificate], now)
    assert names(checked) == ["root-untrusted"]
    assert checked.anchor is None


def test_an_evil_twin_of_a_trusted_root_is_told_apart_by_its_key(pki: SeededPki, now: datetime) -> None:
    evil = pki.secc(EVSEID, Tree(edition=2))
    assert evil.certificates[-1].subject == pki.root().certificate.subject
    with_root = check_chain(evil.certificate, evil.certificates[1:], [pki.root().certificate], now)
    assert names(with_root) == ["root-untrusted"]
    assert with_root.findings[0].seen == "another key under the name of a trusted root"
    without = check(evil, [pki.root().certificate], now)
    assert not without.ok
    assert "signature-invalid" in names(without)


def test_two_trusted_roots_of_one_name_both_serve(pki: SeededPki, now: datetime) -> None:
    twins = Tree(), Tree(edition=2)
    anchors = [pki.root(tree).certificate for tree in twins]
    for tree in twins:
        checked = check(pki.secc(EVSEID, tree), anchors, now)
        assert checked.ok
        assert checked.anchor == pki.root(tree).certificate


def test_a_cross_signed_sub_ca_leads_to_either_root(pki: SeededPki, now: datetime) -> None:
    holder, second = pki.secc(EVSEID), Tree(number=2)
    others = [*holder.certificates[1:3], pki.cross_signed("cpo", V2G, second).certificate]
    for tree in (V2G, second):
        checked = check_chain(holder.certificate, others, [pki.root(tree).certificate], now)
        assert checked.ok
        assert checked.anchor == pki.root(tree).certificate
    both = [pki.root(V2G).certificate, pki.root(second).certificate]
    assert check_chain(holder.certificate, others, both, now).ok


def test_the_valid_one_of_two_cross_certificates_is_chosen(pki: SeededPki, now: datetime) -> None:
    holder, second = pki.secc(EVSEID), Tree(number=2)
    sub1 = pki.authority("cpo", "sub1")
    order = Order(
        Subject("CPO Sub-CA 1 V2G1", "OPNC Test"),
        sub1.key.public_key(),
        9,
        now - timedelta(days=9),
        now - timedelta(days=2),
    )
    old = read_certificate(issue(find("cpo", "sub1"), order, pki.issuer(pki.root(V2G))))
    others = [old, holder.certificates[1], pki.cross_signed("cpo", V2G, second).certificate]
    anchors = [pki.root(V2G).certificate, pki.root(second).certificate]
    assert check_chain(holder.certificate, others, anchors, now).anchor == anchors[1]
    assert names(check_chain(holder.certificate, others, anchors[:1], now)) == ["expired"]


def test_a_trusted_key_under_a_renewed_root_certificate_is_an_anchor(pki: SeededPki, now: datetime) -> None:
    root, holder = pki.root(), pki.secc(EVSEID)
    issuer = Issuer(x509.load_der_x509_certificate(root.der).subject, root.key, b"12345678")
    subject = Subject("V2G Root CA V2G1", "OPNC Test")
    renewed = read_certificate(
        issue(profile("iso2/v2g-root"), Order(subject, root.key.public_key(), 2, pki.start), issuer)
    )
    assert renewed != root.certificate
    checked = check_chain(holder.certificate, [*holder.certificates[1:]], [renewed], now)
    assert checked.anchor is not None
    assert "root-untrusted" not in names(checked)


def test_a_changed_signature_is_named_and_the_rest_still_checked(pki: SeededPki, now: datetime) -> None:
    holder = pki.secc(EVSEID)
    forged = read_certificate(take_apart(holder.der).signed())
    checked = check_chain(forged, holder.certificates[1:3], [pki.root().certificate], now)
    assert names(checked) == ["signature-invalid"]
    assert len(checked.path) == 4


@pytest.mark.parametrize(
    ("variation", "name"),
    [
        (Variation(not_before=datetime.fromisoformat("2026-03-01T12:00:01Z")), "not-yet-valid"),
        (Variation(not_after=datetime.fromisoformat("2026-03-01T11:59:59Z")), "expired"),
    ],
)
def test_a_leaf_outside_its_validity_is_named(
    pki: SeededPki, now: datetime, variation: Variation, name: str
) -> None:
    holder = pki.secc(EVSEID, V2G, variation)
    assert names(check(holder, [pki.root().certificate], now)) == [name]
    assert check(holder, [pki.root().certificate], None).ok


def test_both_ends_of_the_validity_belong_to_it(pki: SeededPki, now: datetime) -> None:
    holder = pki.secc(EVSEID, V2G, Variation(not_before=now, not_after=now))
    assert check(holder, [pki.root().certificate], now).ok


def test_the_shell_model_wants_every_certificate_valid(pki: SeededPki) -> None:
    holder = pki.contract("DETSTC00000001", V2G, Variation(not_after=pki.now.replace(year=2040)))
    late = pki.now.replace(year=2037)
    checked = check(holder, [pki.root().certificate], late)
    assert names(checked) == ["expired"]
    assert checked.findings[0].where.startswith("CN=MO Sub-CA 2")
    root_expired = check_validity([pki.root().certificate], pki.now.replace(year=2070))
    assert [finding.name for finding in root_expired] == ["expired"]


def test_a_leaf_signed_by_a_leaf_is_refused(pki: SeededPki, now: datetime) -> None:
    wrong = pki.below(pki.secc(EVSEID), profile("iso2/secc"), "DETSTE0000002")
    checked = check(wrong, [pki.root().certificate], now, max_below_root=4)
    assert names(checked) == ["issuer-not-ca"]


def test_a_ca_that_may_not_sign_certificates_is_named(pki: SeededPki, now: datetime) -> None:
    changed = replace(find("cpo", "sub2"), usages=frozenset({"cRLSign"}))
    ca = pki.below(pki.authority("cpo", "sub1"), changed, "Sub-CA 2")
    checked = check(pki.below(ca, profile("iso2/secc"), EVSEID), [pki.root().certificate], now)
    assert names(checked) == ["issuer-key-usage"]


def test_one_ca_too_many_below_a_path_length_is_named(pki: SeededPki, now: datetime) -> None:
    ca = pki.below(pki.authority("cpo", "sub2"), find("cpo", "sub2"), "Sub-CA 3")
    checked = check(
        pki.below(ca, profile("iso2/secc"), EVSEID), [pki.root().certificate], now, max_below_root=4
    )
    assert names(checked) == ["path-length-exceeded", "path-length-exceeded"]
    assert [finding.where.split(",")[0] for finding in checked.findings] == [
        "CN=CPO Sub-CA 2 V2G1",
        "CN=CPO Sub-CA 1 V2G1",
    ]


def chain_of(pki: SeededPki, length: int) -> Credential:
    """Return a leaf below so many certificates, path lengths left open."""
    unlimited = replace(find("cpo", "sub1"), path_length=None)
    ca = pki.root()
    for place in range(length - 2):
        ca = pki.below(ca, unlimited, f"Sub-CA {place}")
    return pki.below(ca, profile("iso2/secc"), EVSEID)


def test_a_chain_of_eleven_is_refused(pki: SeededPki, now: datetime) -> None:
    holder = chain_of(pki, 11)
    assert len(holder.chain) == 11
    checked = check(holder, [pki.root().certificate], now)
    assert names(checked) == ["chain-too-long"]
    assert checked.findings[0].seen == "10"
    assert check(holder, [pki.root().certificate], now, max_below_root=10).ok


def test_a_chain_longer_than_any_search_is_refused(pki: SeededPki, now: datetime) -> None:
    assert "chain-too-long" in names(check(chain_of(pki, 25), [pki.root().certificate], now))
    assert names(check(chain_of(pki, 40), [pki.root().certificate], now)) == ["chain-too-long"]


def test_a_chain_without_sub_ca_2_is_good(pki: SeededPki, now: datetime) -> None:
    holder = pki.below(pki.authority("oem", "sub1"), profile("iso2/provisioning"), "TSTPNC00000000001")
    assert check(holder, [pki.root().certificate], now).ok


def test_a_mesh_of_cas_that_certify_each_other_ends(pki: SeededPki, now: datetime) -> None:
    unlimited = replace(find("cpo", "sub1"), path_length=None)
    keys = [pki.seed.key(f"mesh {place}") for place in range(5)]
    mesh = []
    for above in range(5):
        for below in range(5):
            issuer = Issuer(Subject(f"M{above}", "T").name(None), keys[above], b"12345678")
            serial = pki.seed.serial(f"mesh {above} {below}")
            order = Order(Subject(f"M{below}", "T"), keys[below].public_key(), serial, pki.start)
            mesh.append(read_certificate(issue(unlimited, order, issuer)))
    leaf_order = Order(Subject(EVSEID, "T"), keys[0].public_key(), 99, pki.start)
    issuer = Issuer(Subject("M0", "T").name(None), keys[0], b"12345678")
    leaf = read_certificate(issue(profile("iso2/secc"), leaf_order, issuer))
    anchors = [pki.root().certificate]
    assert len(list(paths(leaf, mesh, anchors))) == 64
    assert not check_chain(leaf, mesh, anchors, now).ok


def test_an_unknown_critical_extension_is_named(pki: SeededPki, now: datetime) -> None:
    extension = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    ca = pki.authority("cpo", "sub2")
    order = Order(Subject(EVSEID, "T"), ca.key.public_key(), 5, pki.start, extensions=((extension, True),))
    leaf = read_certificate(issue(profile("iso2/secc"), order, pki.issuer(ca)))
    checked = check_chain(leaf, ca.certificates[:2], [pki.root().certificate], now)
    assert names(checked) == ["critical-extension-unknown"]


def test_an_unreadable_extension_is_a_defect_of_the_chain(pki: SeededPki, now: datetime) -> None:
    ca = pki.authority("cpo", "sub2")
    garbage = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.15"), b"\xff")
    order = Order(Subject(EVSEID, "T"), ca.key.public_key(), 5, pki.start, extensions=((garbage, True),))
    leaf = read_certificate(issue(profile("iso2/secc"), order, pki.issuer(ca)))
    checked = check_chain(leaf, ca.certificates[:2], [pki.root().certificate], now)
    assert names(checked) == ["extension-unreadable"]


def test_an_extension_that_stands_twice_is_a_defect_of_the_chain(pki: SeededPki, now: datetime) -> None:
    parts = take_apart(pki.secc(EVSEID).der)
    listed = der.read_one(parts.extensions).children()[0]
    twice = der.write(0xA3, der.write(der.SEQUENCE, listed.content, listed.children()[0].raw))
    leaf = read_certificate(replace(parts, extensions=twice).signed(key=pki.authority("cpo", "sub2").key))
    checked = check_chain(leaf, pki.secc(EVSEID).certificates[1:3], [pki.root().certificate], now)
    assert names(checked) == ["extension-twice"]


def test_another_key_identifier_than_the_issuers_is_a_warning(pki: SeededPki, now: datetime) -> None:
    ca = pki.authority("cpo", "sub2")
    other = x509.AuthorityKeyIdentifier(b"12345678", None, None)
    order = Order(Subject(EVSEID, "T"), ca.key.public_key(), 5, pki.start, extensions=((other, False),))
    leaf = read_certificate(issue(profile("iso2/secc"), order, pki.issuer(ca)))
    checked = check_chain(leaf, ca.certificates[:2], [pki.root().certificate], now)
    assert names(checked) == ["key-identifier-mismatch"]
    assert checked.ok


def test_a_trusted_root_is_its_own_chain(pki: SeededPki, now: datetime) -> None:
    root = pki.root().certificate
    assert check_chain(root, [], [root], now).path == (root,)


def test_members_in_the_wrong_order_are_named(pki: SeededPki) -> None:
    leaf, sub2, sub1, root = pki.secc(EVSEID).certificates
    assert check_order((leaf, sub2, sub1, root)) == ()
    assert [finding.name for finding in check_order((leaf, sub1, sub2))] == ["wrong-order", "wrong-order"]
    stranger = pki.authority("cps", "sub1").certificate
    assert [finding.where for finding in check_order((leaf, sub2, stranger))] == [
        f"{sub2.subject} [{sub2.fingerprint[:8]}]"
    ]


def test_no_signature_of_a_chain_seen_before_is_verified_again(pki: SeededPki, now: datetime) -> None:
    holder, anchors = pki.secc(EVSEID, V2G_20), [pki.root(V2G_20).certificate]
    check(holder, anchors, now)
    before = is_signed_by.cache_info().misses
    check(holder, anchors, now)
    assert is_signed_by.cache_info().misses == before
