"""What does not hold is named, and nothing is installed."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from opnc.exi import ISO2, XMLDSIG, decode, encode, iso2
from opnc.pki.profiles import profile
from opnc.pki.testbed import V2G, V2G_20, SeededPki, Tree, Variation
from opnc.provisioning import signing
from opnc.provisioning.algorithms import make_signature_value
from opnc.provisioning.contract_data import Session, installation_response
from opnc.provisioning.failures import Failure, failure_response
from opnc.provisioning.messages import signed_elements, with_signature
from opnc.provisioning.namespaces import schema_of_version
from opnc.provisioning.signing import sign
from tests.opnc.exi.vectors import opnc_example
from tests.simulators.parties.responses import (
    ELEMENTS,
    EMAID,
    NOW,
    SESSION,
    SUITE,
    bundle_of,
    changed,
    exi,
    fields,
    names,
    response_of,
    signed_with,
    vehicle_of,
)

if TYPE_CHECKING:
    from opnc.exi.xmldsig import ReferenceType
    from opnc.pki.profiles import Version
    from simulators.parties.evcc import Evcc


@pytest.mark.parametrize("place", range(4))
def test_a_wrong_digest_is_refused_by_element(pki: SeededPki, vehicle: Evcc, place: int) -> None:
    def spoil(references: list[ReferenceType]) -> list[ReferenceType]:
        references[place] = replace(references[place], DigestValue=bytes(32))
        return references

    outcome = vehicle.install(signed_with(pki, spoil), NOW)
    assert fields(outcome) == [("digest-wrong", ELEMENTS[place])]
    assert names(outcome) == ["digest-wrong"]
    assert vehicle.contracts() == ()


def test_a_key_with_padding_is_named_and_all_else_is_judged(
    pki: SeededPki, vehicle: Evcc, monkeypatch: pytest.MonkeyPatch
) -> None:
    padded = replace(bundle_of(pki), encrypted_key=bytes(64))
    monkeypatch.setattr(signing, "encode", partial(encode, facets=False))
    message = installation_response(padded, pki.cps(), SESSION)
    outcome = vehicle.install(encode(message, ISO2, facets=False), NOW)
    # The signature holds: it is over what was sent. The key cannot be unwrapped.
    assert names(outcome)[0] == "length-facet"
    assert not {"digest-wrong", "signature-invalid", "exi-invalid"} & set(names(outcome))
    assert vehicle.contracts() == ()


def test_swapped_references_are_refused(pki: SeededPki, vehicle: Evcc) -> None:
    def swap(references: list[ReferenceType]) -> list[ReferenceType]:
        one, two, *rest = references
        return [replace(one, URI=two.URI), replace(two, URI=one.URI), *rest]

    assert names(vehicle.install(signed_with(pki, swap), NOW)) == ["references-swapped"] * 2


def test_three_references_are_refused(pki: SeededPki, vehicle: Evcc) -> None:
    outcome = vehicle.install(signed_with(pki, lambda references: references[:3]), NOW)
    assert fields(outcome) == [("reference-missing", "eMAID")]
    assert names(outcome) == ["reference-missing"]


def test_signed_info_in_the_wrong_grammar_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    message = response_of(pki)
    signature = message.Header.Signature
    octets = encode(signature.SignedInfo, ISO2, fragment=True)
    value = make_signature_value(pki.cps().key, SUITE.signature, octets)
    wrong = replace(signature, SignatureValue=replace(signature.SignatureValue, value=value))
    assert names(vehicle.install(exi(with_signature(message, wrong)), NOW)) == ["signed-info-message-schema"]


def test_a_der_signature_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    message, key = response_of(pki), pki.cps().key
    signature = message.Header.Signature
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    der = key.sign(encode(signature.SignedInfo, XMLDSIG, fragment=True), ec.ECDSA(hashes.SHA256()))
    wrong = replace(signature, SignatureValue=replace(signature.SignatureValue, value=der))
    assert names(vehicle.install(exi(with_signature(message, wrong)), NOW)) == ["signature-der"]


def test_an_unsigned_response_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    outcome = vehicle.install(exi(with_signature(response_of(pki), None)), NOW)
    assert names(outcome) == ["signature-missing"]


def test_a_signature_by_the_contract_key_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    message = sign(response_of(pki), pki.contract(EMAID).key)
    assert names(vehicle.install(exi(message), NOW)) == ["signature-wrong-key"]


def test_a_cps_leaf_without_its_domain_component_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    bare = pki.cps(variation=Variation(profile=replace(profile("iso2/cps"), dc=None)))
    message = installation_response(bundle_of(pki), bare, SESSION)
    assert names(vehicle.install(exi(message), NOW)) == ["cps-domain-component"]


def test_a_cps_below_an_unknown_root_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    foreign = pki.cps(tree=Tree(number=2))
    message = installation_response(bundle_of(pki), foreign, SESSION)
    outcome = vehicle.install(exi(message), NOW)
    assert names(outcome) == ["issuer-missing"]
    assert outcome.findings[0].where.startswith("CPS chain, ")


def test_a_cps_below_the_evil_twin_of_a_root_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    twin = pki.cps(tree=Tree(edition=2))
    message = installation_response(bundle_of(pki), twin, SESSION)
    assert names(vehicle.install(exi(message), NOW)) == ["signature-invalid"]


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ((0, 2), ["chain-broken", "issuer-missing"]),
        ((0,), ["issuer-missing"]),
        ((0, 3, 2), ["chain-broken", "issuer-missing"]),
        ((0, 1, 2, 3), ["chain-broken"]),
    ],
    ids=["Sub-CA 2 left out", "leaf alone", "another Sub-CA 2", "one too many"],
)
def test_a_broken_contract_chain_is_refused(
    pki: SeededPki, vehicle: Evcc, sent: tuple[int, ...], found: list[str]
) -> None:
    contract = pki.contract(EMAID)
    at_hand = (*contract.chain[:3], pki.authority("cpo", "sub2").der)
    broken = replace(contract, chain=tuple(at_hand[place] for place in sent))
    outcome = vehicle.install(exi(response_of(pki, contract=broken)), NOW)
    assert sorted(set(names(outcome))) == found
    assert all("contract chain" in (finding.where or finding.field) for finding in outcome.findings)


def test_a_contract_signed_by_another_key_of_the_same_name_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    contract, twin = pki.contract(EMAID), pki.authority("emsp", "sub2", Tree(edition=2))
    broken = replace(contract, chain=(contract.der, twin.der, *contract.chain[2:3]))
    assert "signature-invalid" in names(vehicle.install(exi(response_of(pki, contract=broken)), NOW))


@pytest.mark.parametrize(
    ("variation", "name"),
    [
        (Variation(not_after=NOW - timedelta(hours=1)), "expired"),
        (Variation(not_before=NOW + timedelta(hours=1)), "not-yet-valid"),
    ],
)
def test_a_contract_out_of_time_is_refused(
    pki: SeededPki, vehicle: Evcc, variation: Variation, name: str
) -> None:
    contract = pki.contract(EMAID, V2G, variation)
    assert names(vehicle.install(exi(response_of(pki, contract=contract)), NOW)) == [name]


def test_an_expired_cps_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    outcome = vehicle.install(exi(response_of(pki)), NOW + timedelta(days=91))
    assert names(outcome) == ["expired"]
    assert outcome.findings[0].where.startswith("CPS chain, ")


def test_an_emaid_that_is_not_the_contracts_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    response = response_of(pki, emaid="DEABCC99999999", contract=pki.contract(EMAID))
    assert names(vehicle.install(exi(response), NOW)) == ["emaid-differs"]


def test_an_emaid_may_be_spelt_otherwise(pki: SeededPki, vehicle: Evcc) -> None:
    spelt = exi(response_of(pki, emaid="deabcc12345678", contract=pki.contract(EMAID)))
    assert vehicle.install(spelt, NOW).contract


def test_a_key_wrapped_for_another_vehicle_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    other = pki.vehicle("WP0TESTPCID0000202")
    assert names(vehicle.install(exi(response_of(pki, vehicle=other)), NOW)) == ["key-mismatch"]


@pytest.mark.parametrize("element", ["SAProvisioningCertificateChain", "ContractSignatureCertChain"])
def test_a_certificate_that_is_none_is_refused(pki: SeededPki, vehicle: Evcc, element: str) -> None:
    def spoil(content: Any) -> Any:
        return replace(content, **{element: replace(getattr(content, element), Certificate=b"no DER")})

    outcome = vehicle.install(changed(pki, spoil), NOW)
    assert "certificate-unreadable" in names(outcome)


def test_truncated_exi_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    data = exi(response_of(pki))
    outcome = vehicle.install(data[:-10], NOW)
    assert names(outcome) == ["exi-truncated"]
    assert outcome.findings[0].field.startswith("V2G_Message/Body/CertificateInstallationRes/")


def test_exi_that_is_none_is_refused(vehicle: Evcc) -> None:
    assert names(vehicle.install(b"\x80\xff\xff\xff", NOW)) == ["exi-invalid"]
    assert names(vehicle.install(b"", NOW)) == ["exi-truncated"]


def test_the_exi_of_another_message_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    request = vehicle.request("ISO15118-2", NOW).exi
    late = vehicle.request("ISO15118-20", NOW).exi
    empty = exi(iso2.V2GMessage(Header=iso2.MessageHeaderType(SessionID=b""), Body=iso2.BodyType()))
    fragment = encode(signed_elements(response_of(pki))[3].value, ISO2, fragment=True)
    seen = [vehicle.install(octets, NOW).findings for octets in (request, late, empty, fragment)]
    assert [(finding.name, finding.seen) for (finding,) in seen] == [
        ("other-message", "CertificateInstallationReq"),
        ("other-message", "CertificateInstallationReq of iso20"),
        ("other-message", "an empty body"),
        ("other-message", "eMAID of iso2"),
    ]


def test_base64_with_line_breaks_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    text = base64.encodebytes(exi(response_of(pki))).decode()
    assert names(vehicle.install(text, NOW)) == ["line-breaks"]


def test_text_that_is_no_base64_is_refused(vehicle: Evcc) -> None:
    assert names(vehicle.install("not base64!", NOW)) == ["base64-invalid"]


def test_one_octet_too_many_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    assert names(vehicle.install(exi(response_of(pki)) + b"\x00", NOW)) == ["trailing-octet"]


def test_the_response_of_another_session_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    outcome = vehicle.install(exi(response_of(pki)), NOW, session_id=b"\x02")
    assert names(outcome) == ["session-id"]


@pytest.mark.parametrize("failure", list(Failure))
def test_a_failure_installs_nothing(vehicle: Evcc, failure: Failure) -> None:
    outcome = vehicle.install(exi(failure_response(failure, "ISO15118-2", SESSION)), NOW)
    assert names(outcome) == ["response-code"]


def test_every_defect_is_told_at_once(pki: SeededPki, vehicle: Evcc) -> None:
    foreign = pki.cps(tree=Tree(number=2))
    bundle = replace(bundle_of(pki, vehicle=pki.vehicle("WP0TESTPCID0000202")), emaid="DEABCC99999999")
    outcome = vehicle.install(exi(installation_response(bundle, foreign, SESSION)), NOW)
    assert names(outcome) == ["issuer-missing", "emaid-differs", "key-mismatch"]


def test_another_success_is_no_answer_to_an_installation(pki: SeededPki, vehicle: Evcc) -> None:
    joined = changed(pki, lambda content: replace(content, ResponseCode="OK_OldSessionJoined"))
    assert names(vehicle.install(joined, NOW)) == ["response-code"]
    soon = changed(pki, lambda content: replace(content, ResponseCode="OK_CertificateExpiresSoon"))
    assert vehicle.install(soon, NOW).contract


def signed_part(octets: bytes, version: Version) -> Any:
    message = decode(octets, schema_of_version(version)).value
    return message.Header.Signature, [element.value for element in signed_elements(message)]


@pytest.mark.parametrize("tree", [V2G, V2G_20])
def test_a_changed_octet_of_the_signed_part_is_refused(pki: SeededPki, vehicle: Evcc, tree: Tree) -> None:
    """Every thirteenth octet here, every single one in benchmarks/mutations.py."""
    session = Session(bytes(range(8)), NOW)
    data = exi(installation_response(bundle_of(pki, tree=tree), pki.cps(tree=tree), session))
    installed = 0
    for place in range(0, len(data), 13):
        mutated = data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]
        outcome = vehicle.verify(mutated, NOW, tree.version, session.id)
        if outcome.contract:
            installed += 1
            assert signed_part(mutated, tree.version) == signed_part(data, tree.version)
        else:
            assert outcome.findings
    assert installed < 3, "a time stamp at most"


def test_the_response_of_the_opnc_text_lacks_only_its_root_and_our_key(pki: SeededPki) -> None:
    """Four digests, signature, both chains and the EMAID hold at a clock of its time."""
    vehicle = vehicle_of(pki, v2g_roots=())
    outcome = vehicle.verify(bytes.fromhex(opnc_example()["exi_hex"]), datetime(2025, 1, 1, tzinfo=UTC))
    assert names(outcome) == ["issuer-missing", "key-mismatch"]
    assert outcome.findings[0].expected.startswith("a certificate of CN=V2G Root CA QA G1")
