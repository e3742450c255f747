"""What a Certificate Provisioning Service may do wrong with contract data."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec

from opnc.pki.issue import Subject
from opnc.pki.keys import Seed, algorithm_of
from opnc.pki.profiles import find
from opnc.pki.testbed import SeededPki, Tree
from opnc.provisioning.algorithms import suite_of
from opnc.provisioning.contract_data import make_bundle, sign_contract_data
from opnc.provisioning.keywrap import wrap_scalar, x963_kdf
from opnc.provisioning.messages import signed_elements, with_signature
from opnc.provisioning.signing import reference, seal, sign, signed_info
from simulators.cps.bundles import BUNDLE
from simulators.cps.service import GENERATE, SIGN
from simulators.faults import making
from simulators.faults.signatures import signing, signing_bundle
from simulators.faults.tampering import answered, edited, when

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.pki.credentials import Credential
    from opnc.provisioning.contract_data import ContractBundle, Session, SignedContractData
    from opnc.provisioning.messages import Message
    from simulators.cps.issuing import Period
    from simulators.cps.orders import ContractOrder
    from simulators.cps.signers import Signer, SignerCriteria
    from simulators.kernel.fault_injection import Fault, Tamper
    from simulators.kernel.messages import Call

MESSAGE = "certificateInstallationRes"

_SEED = Seed("a fault")


_fault = making.faults_of("cps")


def _signed(change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Tamper]:
    """Change the object that signing is answered with."""
    return {SIGN: edited(lambda body: {"signedContractData": change(body["signedContractData"])}, status=201)}


def _member(name: str, value: Any) -> dict[str, Tamper]:
    """Set a member of that object."""
    return _signed(lambda data: {**data, name: value})


# Requests


def _names_no_vehicle(call: Call) -> bool:
    bundle = call.body.get(BUNDLE) if call.operation.id == SIGN else None
    return isinstance(bundle, dict) and "pcid" not in bundle


def _naming_a_vehicle(call: Call) -> None:
    if _names_no_vehicle(call):
        call.body[BUNDLE]["pcid"] = "WDB00000000000001"


# Signatures


def _wrong_fragment(message: Message, cps: Credential) -> Message:
    """Give each element the digest of the element that follows it, or of nothing."""
    suite = suite_of(algorithm_of(cps.key))
    found = [reference(element, suite.digest) for element in signed_elements(message)]
    values = [*(each.DigestValue for each in found[1:]), b"\0" * len(found[0].DigestValue)]
    wrong = [replace(each, DigestValue=value) for each, value in zip(found, values, strict=True)]
    return with_signature(message, seal(signed_info(wrong, suite), cps.key))


def _wrong_key(message: Message, cps: Credential) -> Message:
    return sign(message, _SEED.key("CPS", algorithm_of(cps.key)))


def _below_unknown_root(bundle: ContractBundle, cps: Credential, session: Session) -> SignedContractData:
    """Sign with a certificate of another PKI, and say it were the own one."""
    own, algorithm = cps.certificate, algorithm_of(cps.key)
    pki = SeededPki(_SEED, own.not_before + timedelta(days=2))
    tree: Any = Tree("v2g", 1, bundle.version, algorithm)  # type: ignore[arg-type]  # as the CPS has it
    other = pki.below(pki.authority("cps", "sub2", tree), find("cps", "leaf", bundle.version), "CPS")
    right, wrong = sign_contract_data(bundle, cps, session), sign_contract_data(bundle, other, session)
    return replace(right, response=wrong.response)


# Wrapping the contract key


def _wrong_kdf(
    pcid: str, emaid: str, contract: Credential, vehicle: Any, random: Callable[[int], bytes]
) -> ContractBundle:
    """Derive the session key as ANSI X9.63 does."""
    bundle = make_bundle(pcid, emaid, contract, vehicle, random)
    key, recipient = contract.key, vehicle.public_key
    # The rule of ISO 15118-2 alone: ISO 15118-20 wraps in another way.
    if vehicle.key_algorithm != "secp256r1" or not isinstance(key, ec.EllipticCurvePrivateKey):
        return bundle
    # A public implementation does so; a vehicle that follows [V2G2-818] derives another key.
    scalar = key.private_numbers().private_value.to_bytes(32, "big")
    wrapped = wrap_scalar(scalar, recipient, random, x963_kdf)
    return replace(bundle, encrypted_key=wrapped.encrypted, dh_public_key=wrapped.public)


def _key_of_other_contract(
    pcid: str, emaid: str, contract: Credential, vehicle: Any, random: Callable[[int], bytes]
) -> ContractBundle:
    other = replace(contract, key=_SEED.key("contract", algorithm_of(contract.key)))
    return make_bundle(pcid, emaid, other, vehicle, random)


def _for_other_vehicle(
    pcid: str, emaid: str, contract: Credential, vehicle: Any, random: Callable[[int], bytes]
) -> ContractBundle:
    other = replace(vehicle, public_key=_SEED.key("vehicle", vehicle.key_algorithm).public_key())
    return make_bundle(pcid, emaid, contract, other, random)


# Issuing


def _too_long(order: ContractOrder, _authority: Credential) -> Period:
    return order.begins - timedelta(days=1), order.ends + timedelta(days=30)


def _in_lower_case(order: ContractOrder) -> Subject:
    return Subject(order.emaid.normalised.lower(), "Somebody")


# Choosing the root


def _root_required(found: list[Signer], criteria: SignerCriteria) -> list[Signer]:
    return [signer for signer in found if signer.root.fingerprint == criteria.root]


SIGNING = (
    _fault(
        "sign-without-answer",
        "CPS-SIGN-01",
        "Signing is answered with nothing in it.",
        tamper={SIGN: edited(lambda _body: {}, status=201)},
    ),
    _fault(
        "sign-cut-off",
        "CPS-SIGN-02",
        "The signed message is cut off.",
        tamper=_signed(lambda data: {**data, MESSAGE: data[MESSAGE][:400]}),
    ),
    _fault(
        "digest-of-wrong-fragment",
        ("CPS-SIGN-03", "CPS-SIGN-27"),
        "The digests in the signature are those of other elements.",
        replaced=signing(_wrong_fragment),
    ),
    _fault(
        "signed-by-other-key",
        ("CPS-SIGN-03", "CPS-SIGN-06", "CPS-SIGN-27"),
        "The message is signed with another key than that of the CPS certificate.",
        replaced=signing(_wrong_key),
    ),
    _fault(
        "signed-below-unknown-root",
        ("CPS-SIGN-03", "CPS-SIGN-27"),
        "The message is signed with a certificate below a root that nobody knows.",
        replaced={"cps.sign.message": _below_unknown_root},
    ),
    _fault(
        "signed-by-expired-certificate",
        ("CPS-SIGN-03", "CPS-SIGN-27", "CPS-GEN-05"),
        "The certificate that signs has expired.",
        # Two signing periods before the first: what has been valid for 90 days then is over.
        replaced={"cps.signers.period": lambda: -2},
    ),
    _fault(
        "bundle-shortened",
        "CPS-SIGN-04",
        "The Sub-CA 1 of the eMSP is left out of what is signed.",
        replaced=signing_bundle(lambda bundle: replace(bundle, chain=bundle.chain[:-1])),
    ),
    _fault(
        "key-exchanged",
        ("CPS-SIGN-04", "CPS-SIGN-27"),
        "The encrypted contract key that is signed is not the one that was sent.",
        replaced=signing_bundle(lambda bundle: replace(bundle, encrypted_key=bundle.encrypted_key[::-1])),
    ),
    _fault(
        "emaid-not-repeated",
        "CPS-SIGN-05",
        "The answer names another EMAID.",
        tamper=_member("emaid", "DEZZZ000000000"),
    ),
    _fault("sign-without-storing", "CPS-SIGN-06", "Signed contract data are not stored.", "cps.sign.store"),
    _fault(
        "unnamed-vehicle-stored",
        ("CPS-SIGN-07", "CPS-SIGN-14"),
        "Contract data that name no vehicle are stored for some vehicle.",
        "cps.sign.vehicle",
        replaced={"cps.body": _naming_a_vehicle},
    ),
    _fault(
        "unnamed-vehicle-crash",
        ("CPS-SIGN-07", "CPS-SIGN-14"),
        "Contract data that name no vehicle bring the service down.",
        tamper={SIGN: when(_names_no_vehicle, 500)},
    ),
    _fault(
        "root-ignored",
        ("CPS-SIGN-08", "CPS-SIGN-10", "CPS-GEN-06", "CPS-GEN-26"),
        "The V2G root that is asked for is ignored.",
        # A root is asked for twice: of the CPS that signs, and of the CA that issues.
        "cps.signer.root",
        "cps.issue.root",
    ),
    _fault(
        "root-required",
        "CPS-SIGN-09",
        "Nothing is signed unless a V2G root is asked for.",
        replaced={"cps.signer.root": _root_required},
    ),
    _fault(
        "anything-signed",
        # All but CPS-SIGN-14: signed and not stored is right where no vehicle is named (ERR-060).
        tuple(f"CPS-SIGN-{number}" for number in range(11, 22) if number != 14),
        "A request that breaks the contract of the API is answered as if it had been carried out.",
        tamper={SIGN: answered(201, 400)},
    ),
    _fault(
        "contract-chain-unchecked",
        "CPS-SIGN-22",
        "The chain of the contract certificate is not checked.",
        "cps.sign.chain",
        "cps.sign.status",
    ),
    _fault("emaid-unchecked", "CPS-SIGN-23", "Any certificate is signed for any EMAID.", "cps.sign.emaid"),
    _fault(
        "unknown-vehicle-stored",
        "CPS-SIGN-24",
        "Contract data for a vehicle that nobody knows are refused and stored all the same.",
        # To sign them would be a warning (ERR-067).
        "cps.sign.vehicle",
        tamper={SIGN: answered(404, 201, b"", "")},
    ),
    _fault(
        "sign-for-anybody",
        ("CPS-SIGN-25", "AUTH-OWN-02"),
        "An eMSP can have contracts of others signed.",
        "cps.sign.owner",
    ),
    _fault(
        "expired-contract-signed",
        "CPS-SIGN-26",
        "A contract certificate that has expired is signed.",
        "cps.sign.dates",
    ),
    _fault(
        "revoked-contract-signed",
        "CPS-SIGN-26",
        "A contract certificate that is revoked is signed.",
        "cps.sign.status",
    ),
    _fault(
        "one-edition",
        ("CPS-SIGN-27", "CPS-GEN-24"),
        "Contract data of ISO 15118-20 are signed with the certificate for ISO 15118-2.",
        "cps.signer.version",
        # The algorithm too: it would prefer the right certificate.
        "cps.signer.algorithm",
    ),
)

MAKING = (
    _fault(
        "order-not-created",
        "CPS-GEN-01",
        "An order that was carried out is answered 202.",
        # 201 is the reference; 200 and 204 would be warnings (ERR-064).
        tamper={GENERATE: answered(202, 201)},
    ),
    _fault(
        "generate-without-storing",
        ("CPS-GEN-02", "CPS-GEN-25"),
        "Contract data that were made are not stored.",
        "cps.generate.store",
    ),
    _fault(
        "common-name-in-lower-case",
        "CPS-GEN-03",
        "The common name of contract certificates is not the EMAID in normal form.",
        replaced={"cps.issue.subject": _in_lower_case},
    ),
    _fault(
        "valid-too-late",
        "CPS-GEN-04",
        "Contract certificates are valid from the end of the contract on.",
        # Apart from the contract: a certificate that is partly outside would be a warning (ERR-066).
        replaced={"cps.issue.period": lambda order, _: (order.ends, order.ends + timedelta(days=365))},
    ),
    _fault(
        "wrong-kdf",
        "CPS-GEN-05",
        "The contract key is wrapped under a session key of the X9.63 key derivation.",
        replaced={"cps.generate.bundle": _wrong_kdf},
    ),
    _fault(
        "wrapped-for-other-vehicle",
        "CPS-GEN-05",
        "The contract key is wrapped for another vehicle.",
        replaced={"cps.generate.bundle": _for_other_vehicle},
    ),
    _fault(
        "key-of-other-contract",
        ("CPS-GEN-05", "CPS-GEN-24"),
        "The key that is wrapped is not that of the contract certificate.",
        replaced={"cps.generate.bundle": _key_of_other_contract},
    ),
    _fault(
        "issuing-root-ignored",
        "CPS-GEN-07",
        "The root to issue the contract certificate under is ignored.",
        "cps.issue.root",
    ),
    _fault(
        "second-vehicle-for-emaid",
        "CPS-GEN-09",
        "A contract can be made for a second vehicle.",
        "cps.generate.unique",
    ),
    _fault(
        "any-order-taken",
        (
            *(f"CPS-GEN-{number}" for number in (10, 11, 13, 14, 15, 16, 17, 18, 19)),
            "CPS-GEN-12",
        ),
        "An order that breaks the contract of the API is answered as if it had been carried out.",
        tamper={GENERATE: answered(201, 400, b"", "")},
    ),
    _fault(
        "ended-contracts-made",
        "CPS-GEN-12",
        "Contract data are made for contracts that have ended.",
        "cps.generate.dates",
        # Beyond the end, else no time would be left that contract and CA cover, which is refused as well.
        replaced={"cps.issue.period": _too_long},
    ),
    _fault(
        "reversed-contracts-made",
        "CPS-GEN-20",
        "Contract data are made for contracts that end before they begin.",
        "cps.generate.sequence",
        # Turned round, for no certificate can end before it begins.
        replaced={"cps.issue.period": lambda order, _authority: (order.ends, order.begins)},
    ),
    _fault(
        "generate-for-anybody",
        ("CPS-GEN-21", "AUTH-OWN-02"),
        "An eMSP can have contracts of others made.",
        "cps.generate.owner",
    ),
    _fault(
        "addresses-refused",
        "CPS-GEN-22",
        "An order with an address of the eMSP is refused.",
        # What is no address of the web may be taken: it is used for nothing (ERR-069).
        tamper={GENERATE: when(lambda call: "subscriptionUrl" in (call.body or {}), 400)},
    ),
)

FAULTS: tuple[Fault, ...] = (*SIGNING, *MAKING)
