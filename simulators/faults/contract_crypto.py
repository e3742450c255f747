"""What a CPS gets wrong that has its own cryptography for contract data: wrapping, signing, chains."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from opnc.exi import encode
from opnc.exi.xmldsig import SignatureType, SignatureValueType
from opnc.pki.issue import Subject
from opnc.pki.keys import algorithm_of
from opnc.provisioning.algorithms import make_signature_value, suite_of
from opnc.provisioning.contract_data import make_bundle
from opnc.provisioning.keywrap import wrap_scalar
from opnc.provisioning.messages import certificates, schema_of, signature_of, signed_elements, with_signature
from opnc.provisioning.signing import reference, seal, sign, signed_info
from simulators.cps.service import CERTIFICATES
from simulators.faults import making
from simulators.faults.signatures import signing
from simulators.faults.tampering import edited

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.pki.credentials import Credential
    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.contract_data import ContractBundle
    from opnc.provisioning.messages import Message
    from simulators.cps.orders import ContractOrder
    from simulators.kernel.fault_injection import Fault

    Change = Callable[[ContractBundle], ContractBundle]

_fault = making.faults_of("cps", "cps.own")

IV_BYTES = 16


# Wrapping


def _wrapping(change: Change) -> dict[str, Callable[..., Any]]:
    """Change what was wrapped as it should be."""
    return {"cps.generate.bundle": lambda *given: change(make_bundle(*given))}


def _little_endian(
    pcid: str, emaid: str, contract: Credential, vehicle: ReadCertificate, random: Callable[[int], bytes]
) -> ContractBundle:
    """Write the private key from its least octet on."""
    made, key = make_bundle(pcid, emaid, contract, vehicle, random), contract.key
    if vehicle.key_algorithm != "secp256r1" or not isinstance(key, ec.EllipticCurvePrivateKey):
        return made
    scalar = key.private_numbers().private_value.to_bytes(32, "little")
    wrapped = wrap_scalar(scalar, vehicle.public_key, random)  # type: ignore[arg-type]  # of that curve
    return replace(made, encrypted_key=wrapped.encrypted, dh_public_key=wrapped.public)


def _compressed(bundle: ContractBundle) -> ContractBundle:
    point = bundle.dh_public_key
    half = (len(point) - 1) // 2
    return replace(bundle, dh_public_key=bytes((2 + point[-1] % 2,)) + point[1 : 1 + half])


def _iv_last(bundle: ContractBundle) -> ContractBundle:
    key = bundle.encrypted_key
    return replace(bundle, encrypted_key=key[IV_BYTES:] + key[:IV_BYTES])


def _padded(bundle: ContractBundle) -> ContractBundle:
    # Whatever a block of padding is encrypted to: what shows is that there is one.
    return replace(bundle, encrypted_key=bundle.encrypted_key + bundle.encrypted_key[-IV_BYTES:])


# Signing


def _in_der(message: Message, cps: Credential) -> Message:
    signed = sign(message, cps.key)
    signature = signature_of(signed)
    if signature is None or not isinstance(cps.key, ec.EllipticCurvePrivateKey):
        return signed
    value = signature.SignatureValue.value
    half = len(value) // 2
    r, s = (int.from_bytes(part, "big") for part in (value[:half], value[half:]))
    return with_signature(
        signed, replace(signature, SignatureValue=SignatureValueType(value=encode_dss_signature(r, s)))
    )


def _by_grammar_of_message(message: Message, cps: Credential) -> Message:
    suite = suite_of(algorithm_of(cps.key))
    info = signed_info([reference(each, suite.digest) for each in signed_elements(message)], suite)
    octets = encode(info, schema_of(message), fragment=True)
    value = SignatureValueType(value=make_signature_value(cps.key, suite.signature, octets))
    return with_signature(message, SignatureType(SignedInfo=info, SignatureValue=value))


def _of_all_but_one(message: Message, cps: Credential) -> Message:
    suite = suite_of(algorithm_of(cps.key))
    elements = signed_elements(message)
    found = [reference(each, suite.digest) for each in elements[: max(1, len(elements) - 1)]]
    return with_signature(message, seal(signed_info(found, suite), cps.key))


def _leaf_repeated(message: Message, cps: Credential) -> Message:
    """Put the leaf of the contract among the Sub-CAs as well."""
    body: Any = getattr(message, "Body", None)
    response = getattr(body, "CertificateInstallationRes", None)
    if response is None:
        return sign(message, cps.key)
    chain = response.ContractSignatureCertChain
    above = replace(chain.SubCertificates, Certificate=certificates(chain))
    changed = replace(response, ContractSignatureCertChain=replace(chain, SubCertificates=above))
    return sign(replace(message, Body=replace(body, CertificateInstallationRes=changed)), cps.key)


# Chains


def _swapped(entry: dict[str, Any]) -> dict[str, Any]:
    chain = entry["cpsCertificateChain"]
    other = {"subCa1Certificate": "subCa2Certificate", "subCa2Certificate": "subCa1Certificate"}
    return {**entry, "cpsCertificateChain": {name: chain[other.get(name, name)] for name in chain}}


def _with_hyphens(order: ContractOrder) -> Subject:
    return Subject(order.emaid.hyphenated, "Somebody")


WRAPPING = (
    _fault(
        "key-little-endian",
        "CPS-GEN-05",
        "The contract key is written from its least octet on.",
        replaced={"cps.generate.bundle": _little_endian},
    ),
    _fault(
        "point-compressed",
        "CPS-GEN-05",
        "The DH public key is a compressed point.",
        replaced=_wrapping(_compressed),
    ),
    _fault("iv-last", "CPS-GEN-05", "The IV follows the encrypted key.", replaced=_wrapping(_iv_last)),
    _fault(
        "key-padded",
        "CPS-GEN-02",
        "The contract key is encrypted with a block of padding.",
        replaced=_wrapping(_padded),
    ),
)

SIGNING = (
    *(
        _fault(name, ("CPS-SIGN-03", "CPS-GEN-05"), summary, replaced=signing(spoil))
        for name, summary, spoil in (
            ("signature-in-der", "The signature is written in DER.", _in_der),
            (
                "grammar-of-the-message",
                "SignedInfo is coded in the grammar of the message.",
                _by_grammar_of_message,
            ),
            ("reference-missing", "One of the elements is not signed.", _of_all_but_one),
        )
    ),
    _fault(
        "leaf-among-sub-cas",
        ("CPS-SIGN-04", "CPS-GEN-28"),
        "The contract certificate stands among its Sub-CAs as well.",
        replaced=signing(_leaf_repeated),
    ),
)

CHAINS = (
    _fault(
        "common-name-with-hyphens",
        "CPS-GEN-03",
        "The common name of contract certificates has hyphens.",
        replaced={"cps.issue.subject": _with_hyphens},
    ),
    _fault(
        "sub-cas-swapped",
        "CPS-CERTS-04",
        "In the list of certificates to sign with the Sub-CAs are swapped.",
        tamper={
            CERTIFICATES: edited(
                lambda body: {name: [_swapped(entry) for entry in found] for name, found in body.items()}
            )
        },
    ),
)

FAULTS: tuple[Fault, ...] = (*WRAPPING, *SIGNING, *CHAINS)
