"""Wrapped keys that the vehicle refuses, or cannot judge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from opnc.exi import iso2
from opnc.pki.testbed import V2G_20, SeededPki
from opnc.provisioning.contract_data import Session, installation_response
from opnc.provisioning.keywrap import CURVE, wrap_scalar, x963_kdf
from opnc.provisioning.signing import sign
from tests.simulators.parties.responses import (
    EMAID,
    NOW,
    PCID,
    bundle_of,
    changed,
    exi,
    names,
    randomness,
    vehicle_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.parties.evcc import Evcc


def with_key(pki: SeededPki, scalar: int, **how: Any) -> bytes:
    recipient = pki.vehicle(PCID).certificate.public_key
    assert isinstance(recipient, ec.EllipticCurvePublicKey)
    wrapped = wrap_scalar(scalar.to_bytes(32, "big"), recipient, randomness(), **how)
    return changed(
        pki,
        lambda content: replace(
            content,
            ContractSignatureEncryptedPrivateKey=replace(
                content.ContractSignatureEncryptedPrivateKey, value=wrapped.encrypted
            ),
            DHpublickey=replace(content.DHpublickey, value=wrapped.public),
        ),
    )


def test_the_wrong_key_derivation_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    key = pki.contract(EMAID).key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    response = with_key(pki, key.private_numbers().private_value, kdf=x963_kdf)
    assert names(vehicle.install(response, NOW)) == ["kdf-x963"]


@pytest.mark.parametrize(
    ("scalar", "name"), [(0, "scalar-zero"), (CURVE.group_order, "scalar-out-of-range"), (7, "key-mismatch")]
)
def test_a_number_that_is_not_the_contract_key_is_refused(
    pki: SeededPki, vehicle: Evcc, scalar: int, name: str
) -> None:
    assert names(vehicle.install(with_key(pki, scalar), NOW)) == [name]


def off_the_curve(content: Any) -> Any:
    point = content.DHpublickey.value
    return replace(
        content, DHpublickey=replace(content.DHpublickey, value=point[:-1] + bytes([point[-1] ^ 1]))
    )


def with_encrypted(change: Callable[[bytes], bytes]) -> Callable[[Any], Any]:
    def spoil(content: Any) -> Any:
        key = content.ContractSignatureEncryptedPrivateKey
        return replace(content, ContractSignatureEncryptedPrivateKey=replace(key, value=change(key.value)))

    return spoil


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (off_the_curve, "point-not-on-curve"),
        (with_encrypted(lambda octets: octets[16:]), "iv-missing"),
        (with_encrypted(lambda octets: octets[:47]), "encrypted-key-length"),
    ],
)
def test_a_wrapped_key_of_the_wrong_form_is_refused(
    pki: SeededPki, vehicle: Evcc, spoil: Callable[[Any], Any], name: str
) -> None:
    assert names(vehicle.install(changed(pki, spoil), NOW)) == [name]


def test_a_contract_key_of_another_kind_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    foreign = pki.contract(EMAID, V2G_20).chain[:3]

    def exchange(content: Any) -> Any:
        leaf, *above = foreign
        sub = iso2.SubCertificatesType(Certificate=tuple(above))
        chain = replace(content.ContractSignatureCertChain, Certificate=leaf, SubCertificates=sub)
        return replace(content, ContractSignatureCertChain=chain)

    assert names(vehicle.install(changed(pki, exchange), NOW)) == ["contract-key-algorithm"]


def test_a_key_of_iso_20_that_does_not_open_is_not_judged(pki: SeededPki, vehicle: Evcc) -> None:
    bundle = bundle_of(pki, tree=V2G_20, vehicle=pki.vehicle("WP0TESTPCID0000202", V2G_20))
    message = installation_response(bundle, pki.cps(tree=V2G_20), Session(bytes(8), NOW))
    outcome = vehicle.install(exi(message), NOW, "ISO15118-20")
    assert (outcome.contract, outcome.inconclusive, names(outcome)) == (None, True, [])
    assert [finding.name for finding in outcome.findings] == ["key-not-opened"]


def test_a_pcid_without_check_digit_leaves_a_key_of_iso_20_open(pki: SeededPki) -> None:
    vehicle = vehicle_of(pki, pcid=PCID[:17])
    message = installation_response(bundle_of(pki, tree=V2G_20), pki.cps(tree=V2G_20), Session(bytes(8), NOW))
    outcome = vehicle.install(exi(message), NOW, "ISO15118-20")
    assert ([finding.name for finding in outcome.findings], outcome.inconclusive) == (["key-binding"], True)


def test_a_key_for_a_tpm_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    message: Any = installation_response(
        bundle_of(pki, tree=V2G_20), pki.cps(tree=V2G_20), Session(bytes(8), NOW)
    )
    data = replace(
        message.SignedInstallationData, SECP521_EncryptedPrivateKey=None, TPM_EncryptedPrivateKey=bytes(206)
    )
    tpm = sign(replace(message, SignedInstallationData=data), pki.cps(tree=V2G_20).key)
    assert names(vehicle.install(exi(tpm), NOW, "ISO15118-20")) == ["tpm-key"]


def test_a_curve_that_does_not_fit_the_key_is_refused(pki: SeededPki, vehicle: Evcc) -> None:
    message: Any = installation_response(
        bundle_of(pki, tree=V2G_20), pki.cps(tree=V2G_20), Session(bytes(8), NOW)
    )
    data = replace(message.SignedInstallationData, ECDHCurve="X448")
    wrong = sign(replace(message, SignedInstallationData=data), pki.cps(tree=V2G_20).key)
    assert names(vehicle.install(exi(wrong), NOW, "ISO15118-20")) == ["ecdh-curve"]
