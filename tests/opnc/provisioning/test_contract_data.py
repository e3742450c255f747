"""Bundles, signed contract data, requests and failures: what goes over the wire is what the schemas want."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from opnc.exi import ISO2, ISO20, EncodeError, decode, encode, iso20
from opnc.pki.reading import read_certificate
from opnc.pki.testbed import EMSP, OEM, V2G, V2G_20, V2G_20_ED448, SeededPki, Tree
from opnc.problem import Problem
from opnc.provisioning.contract_data import (
    ContractBundle,
    Session,
    below_root,
    installation_response,
    make_bundle,
    sign_contract_data,
)
from opnc.provisioning.failures import RESPONSE_CODES, Failure, failure_response
from opnc.provisioning.messages import certificates, content_of, schema_of
from opnc.provisioning.namespaces import NAMESPACES, schema_of_version, version_of
from opnc.provisioning.requests import Wishes, installation_request_2, installation_request_20
from opnc.provisioning.verification import verify

Random = Callable[[int], bytes]
PCID = "WP0TESTPCID0000101"
EMAID = "DEABCC12345678"
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SESSION = Session(bytes(range(8)), AT)
TREES = [pytest.param(tree, id=tree.label) for tree in (V2G, V2G_20, V2G_20_ED448)]


def bundle_for(pki: SeededPki, tree: Tree, random: Random) -> ContractBundle:
    vehicle = pki.vehicle(PCID, tree)
    return make_bundle(PCID, EMAID, pki.contract(EMAID, tree), vehicle.certificate, random)


@pytest.mark.parametrize("tree", TREES)
def test_a_bundle_survives_its_json(pki: SeededPki, random: Random, tree: Tree) -> None:
    bundle = bundle_for(pki, tree, random)
    assert ContractBundle.from_json(json.loads(json.dumps(bundle.to_json()))) == bundle


def test_a_bundle_has_the_members_of_the_published_schema(pki: SeededPki, random: Random) -> None:
    member = bundle_for(pki, V2G, random).to_json()
    assert set(member) == {
        "pcid",
        "emaid",
        "contractCertificateChain",
        "contractSignatureEncryptedPrivateKey",
        "dHpublickey",
    }
    chain = member["contractCertificateChain"]
    assert list(chain) == ["certificate", "subCa2Certificate", "subCa1Certificate"]
    names = [read_certificate(base64.b64decode(text)).common_name for text in chain.values()]
    assert names == [EMAID, "MO Sub-CA 2 V2G1", "MO Sub-CA 1 V2G1"]


def test_a_chain_never_carries_its_root(pki: SeededPki, random: Random) -> None:
    contract = pki.contract(EMAID)
    assert len(contract.chain) == 4
    assert below_root(contract.chain) == contract.chain[:3]
    assert bundle_for(pki, V2G, random).chain == contract.chain[:3]


def test_a_chain_too_long_for_opnc_is_refused(pki: SeededPki, random: Random) -> None:
    bundle = bundle_for(pki, V2G, random)
    with pytest.raises(Problem, match="4 certificates, OPNC has room for 3"):
        replace(bundle, chain=bundle.chain + bundle.chain[-1:]).to_json()


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (lambda member: member.pop("pcid"), "contractCertificateBundle", "pcid is missing"),
        (lambda member: member.update(dHpublickey=""), "contractCertificateBundle", "dHpublickey is missing"),
        (
            lambda member: member.update(contractCertificateChain=[]),
            "contractCertificateBundle.contractCertificateChain",
            "expected an object, seen list",
        ),
        (
            lambda member: member["contractCertificateChain"].update(certificate="*"),
            "contractCertificateBundle.contractCertificateChain",
            "not base64",
        ),
        (
            lambda member: member.update(contractSignatureEncryptedPrivateKey="!"),
            "contractCertificateBundle.contractSignatureEncryptedPrivateKey",
            "not base64",
        ),
    ],
)
def test_a_broken_bundle_is_refused_by_name(
    pki: SeededPki, random: Random, change: Callable[[dict[str, Any]], Any], where: str, what: str
) -> None:
    member = bundle_for(pki, V2G, random).to_json()
    change(member)
    with pytest.raises(Problem, match=what) as caught:
        ContractBundle.from_json(member)
    assert caught.value.where == where


def test_keys_of_two_generations_make_no_bundle(pki: SeededPki, random: Random) -> None:
    with pytest.raises(Problem, match="secp521r1 cannot be wrapped for a vehicle key of secp256r1"):
        make_bundle(PCID, EMAID, pki.contract(EMAID, V2G_20), pki.vehicle(PCID).certificate, random)


def test_a_bundle_of_iso_20_needs_a_pcid_with_check_digit(pki: SeededPki, random: Random) -> None:
    contract, vehicle = pki.contract(EMAID, V2G_20), pki.vehicle(PCID, V2G_20)
    with pytest.raises(Problem, match="17 characters, ISO 15118-20 binds keys to a PCID of 18"):
        make_bundle(PCID[:17], EMAID, contract, vehicle.certificate, random)


@pytest.mark.parametrize("tree", TREES)
def test_signed_contract_data_carry_a_signed_response(pki: SeededPki, random: Random, tree: Tree) -> None:
    bundle, cps = bundle_for(pki, tree, random), pki.cps(tree=tree)
    data = sign_contract_data(bundle, cps, SESSION)
    assert data.version == tree.version
    message = decode(data.response, schema_of_version(data.version)).value
    assert content_of(message).ResponseCode == "OK"
    assert cps.certificate.public_key
    assert verify(message, cps.certificate.public_key).valid
    assert message.Header.SessionID == SESSION.id


def test_signed_contract_data_have_the_members_of_the_published_schema(
    pki: SeededPki, random: Random
) -> None:
    cps = pki.cps()
    member = sign_contract_data(bundle_for(pki, V2G, random), cps, Session(b"\x00")).to_json()
    assert member["xsdMsgDefNamespace"] == "urn:iso:15118:2:2013:MsgDef"
    assert member["cpsV2GRootCertificateFingerprint"] == cps.certificates[-1].fingerprint
    assert (member["pcid"], member["emaid"]) == (PCID, EMAID)
    assert base64.b64decode(member["certificateInstallationRes"])[0] == 0x80


def test_the_fingerprint_is_left_out_where_the_root_is_not_at_hand(pki: SeededPki, random: Random) -> None:
    cps = pki.cps()
    without = replace(cps, chain=cps.chain[:3])
    data = sign_contract_data(bundle_for(pki, V2G, random), without, SESSION)
    assert "cpsV2GRootCertificateFingerprint" not in data.to_json()


@pytest.mark.parametrize(
    ("tree", "curve", "element"),
    [
        (V2G_20, "SECP521", "SECP521_EncryptedPrivateKey"),
        (V2G_20_ED448, "X448", "X448_EncryptedPrivateKey"),
    ],
)
def test_the_element_of_the_key_follows_from_the_contract_certificate(
    pki: SeededPki, random: Random, tree: Tree, curve: str, element: str
) -> None:
    message = installation_response(bundle_for(pki, tree, random), pki.cps(tree=tree), SESSION)
    assert isinstance(message, iso20.CertificateInstallationResType)
    data = message.SignedInstallationData
    assert data.ECDHCurve == curve
    assert getattr(data, element)
    assert message.Header.TimeStamp == int(AT.timestamp())


def test_a_response_of_iso_20_needs_a_time(pki: SeededPki, random: Random) -> None:
    with pytest.raises(Problem, match="needs a time"):
        installation_response(bundle_for(pki, V2G_20, random), pki.cps(tree=V2G_20), Session(bytes(8)))


def test_a_session_id_that_does_not_fit_is_refused(pki: SeededPki, random: Random) -> None:
    with pytest.raises(EncodeError, match="SessionID: 9 octets, at most 8"):
        sign_contract_data(bundle_for(pki, V2G, random), pki.cps(), Session(bytes(9)))


@pytest.mark.parametrize("version", ["ISO15118-2", "ISO15118-20"])
@pytest.mark.parametrize("failure", list(Failure))
def test_a_failure_is_a_valid_message_with_its_code(failure: Failure, version: Any) -> None:
    message = failure_response(failure, version, SESSION)
    schema = schema_of(message)
    decoded = decode(encode(message, schema), schema)
    assert decoded.findings == ()
    assert content_of(decoded.value).ResponseCode == RESPONSE_CODES[failure][version]
    assert not content_of(decoded.value).ResponseCode.startswith("OK")
    assert decoded.value.Header.SessionID == SESSION.id


def test_a_signature_that_fails_has_the_same_code_in_both_generations() -> None:
    assert set(RESPONSE_CODES[Failure.SIGNATURE].values()) == {"FAILED_SignatureError"}
    assert RESPONSE_CODES[Failure.NO_CONTRACT]["ISO15118-2"] == "FAILED_NoCertificateAvailable"


def test_a_request_names_the_roots_by_issuer_and_serial_number(pki: SeededPki) -> None:
    vehicle, root = pki.vehicle(PCID), pki.root().certificate
    message = installation_request_2(vehicle, (root,), Session(b"\x01"))
    request = content_of(message)
    (named,) = request.ListOfRootCertificateIDs.RootCertificateID
    assert (named.X509IssuerName, named.X509SerialNumber) == (str(root.issuer), root.serial)
    assert request.OEMProvisioningCert == vehicle.der
    assert vehicle.certificate.public_key
    assert verify(message, vehicle.certificate.public_key).valid


@pytest.mark.parametrize("count", [0, 21])
def test_a_request_names_1_to_20_roots(pki: SeededPki, count: int) -> None:
    with pytest.raises(Problem, match=f"1 to 20 root certificates, not {count}"):
        installation_request_2(pki.vehicle(PCID), (pki.root().certificate,) * count, Session(b"\x01"))


@pytest.mark.parametrize("tree", [V2G_20, V2G_20_ED448])
def test_a_request_of_iso_20_brings_chain_and_wishes(pki: SeededPki, tree: Tree) -> None:
    vehicle, roots = pki.vehicle(PCID, tree), (pki.root(tree).certificate,) * 20
    wishes = Wishes(3, (EMAID, "DEABCC00000000"))
    message = installation_request_20(vehicle, roots, SESSION, wishes)
    read = decode(encode(message, ISO20), ISO20).value
    assert certificates(read.OEMProvisioningCertificateChain) == vehicle.chain[:3]
    assert (read.MaximumContractCertificateChains, read.PrioritizedEMAIDs.EMAID) == (3, wishes.emaids)
    assert vehicle.certificate.public_key
    assert verify(read, vehicle.certificate.public_key).valid


def test_a_vehicle_and_an_emsp_may_have_roots_of_their_own(pki: SeededPki, random: Random) -> None:
    vehicle, contract = pki.vehicle(PCID, OEM), pki.contract(EMAID, EMSP)
    bundle = make_bundle(PCID, EMAID, contract, vehicle.certificate, random)
    assert decode(sign_contract_data(bundle, pki.cps(), SESSION).response, ISO2).findings == ()


@pytest.mark.parametrize(
    "namespace",
    [
        "urn:iso:15118:20:2020:MsgDef",
        "urn:iso:15118:20:2022:MsgDef",
        "urn:iso:std:iso:15118:-20:CommonMessages",
    ],
)
def test_three_namespaces_mean_iso_20(namespace: str) -> None:
    assert version_of(namespace) == "ISO15118-20"


def test_namespaces_are_written_as_opnc_has_them() -> None:
    assert NAMESPACES == {
        "ISO15118-2": "urn:iso:15118:2:2013:MsgDef",
        "ISO15118-20": "urn:iso:15118:20:2020:MsgDef",
    }
    assert schema_of_version("ISO15118-2") is ISO2
    with pytest.raises(Problem, match="no message namespace"):
        version_of("urn:din:70121")
