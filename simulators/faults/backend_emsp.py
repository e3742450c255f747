"""What the backend of a mobility provider may do wrong."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec

from opnc.pki.profiles import find
from opnc.pki.testbed import Variation
from opnc.provisioning.contract_data import ContractBundle, make_bundle
from opnc.provisioning.keywrap import wrap_scalar, x963_kdf
from simulators.faults import making
from simulators.parties.backend import UseCaseAborted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opnc.pki.credentials import Credential
    from opnc.pki.reading import ReadCertificate
    from simulators.kernel.fault_injection import Fault
    from simulators.parties.emsp import Chain, EmspBackend


_fault = making.faults_of("emsp")


def _made_up(backend: EmspBackend, pcid: str) -> Chain:
    """Return a provisioning certificate that comes from nowhere in place of the one that is published."""
    return _other_vehicle(backend, pcid).certificates


def _other_vehicle(backend: EmspBackend, pcid: str) -> Credential:
    ca = backend.context.authority("oem", "ISO15118-2", None)
    # Another key than that of the certificate that is published.
    return backend.issue(ca, find("oem", "leaf"), pcid, Variation(key=2))


def _for_itself(
    pcid: str, emaid: str, contract: Credential, _vehicle: ReadCertificate, random: Callable[[int], bytes]
) -> ContractBundle:
    """Encrypt the contract key for the contract's own key: any key of the right kind but the vehicle's."""
    return make_bundle(pcid, emaid, contract, contract.certificate, random)


def _with_root(
    pcid: str, emaid: str, contract: Credential, vehicle: ReadCertificate, random: Callable[[int], bytes]
) -> ContractBundle:
    made = make_bundle(pcid, emaid, contract, vehicle, random)
    # In the place of a Sub-CA: certificateChain.v1.json has no member for a root.
    return replace(made, chain=(made.chain[0], made.chain[1], contract.chain[-1]))


def _names_of_the_text(bundle: ContractBundle) -> dict[str, Any]:
    members = bundle.to_json()
    # The explanatory text has these names, the schema others (ERR-061).
    members["contractSignatureCertChain"] = members.pop("contractCertificateChain")
    members["dhPublicKey"] = members.pop("dHpublickey")
    return members


def _without_dh_key(bundle: ContractBundle) -> dict[str, Any]:
    return {name: value for name, value in bundle.to_json().items() if name != "dHpublickey"}


def _conclude_again(backend: EmspBackend, payload: Mapping[str, Any]) -> None:
    backend.conclude(payload["pcid"], payload["emaid"])


def _conclude_under_other_name(backend: EmspBackend, payload: Mapping[str, Any]) -> None:
    backend.conclude(payload["pcid"], f"{payload['emaid'][:-1]}X")


def _known_or_made_up(fetch: Callable[[EmspBackend, str], Chain], backend: EmspBackend, pcid: str) -> Chain:
    """Make something up for a vehicle that the pool does not have."""
    try:
        return fetch(backend, pcid)
    except UseCaseAborted:
        return _made_up(backend, pcid)


def _fetched_once() -> Callable[[Callable[[EmspBackend, str], Chain], EmspBackend, str], Chain]:
    """Keep what was fetched for good, though vehicles get new certificates."""
    kept: dict[str, Chain] = {}

    def fetch(real: Callable[[EmspBackend, str], Chain], backend: EmspBackend, pcid: str) -> Chain:
        # One object for all scenarios of a run, whose vehicles may have the same names.
        if len(kept) > 1 or pcid not in kept:
            kept.clear()
            kept[pcid] = real(backend, pcid)
        return kept[pcid]

    return fetch


def _by_x963(
    pcid: str, emaid: str, contract: Credential, vehicle: ReadCertificate, random: Callable[[int], bytes]
) -> ContractBundle:
    """Encrypt the contract key by the key derivation of X9.63, which many libraries have at hand."""
    made = make_bundle(pcid, emaid, contract, vehicle, random)
    key, recipient = contract.key, vehicle.public_key
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(
        recipient, ec.EllipticCurvePublicKey
    ):
        return made
    if recipient.curve.name != "secp256r1":
        return made
    scalar = key.private_numbers().private_value.to_bytes(32, "big")
    wrapped = wrap_scalar(scalar, recipient, random, x963_kdf)
    return replace(made, encrypted_key=wrapped.encrypted, dh_public_key=wrapped.public)


def _altered(signed: dict[str, Any]) -> dict[str, Any]:
    octets = b64decode(signed["certificateInstallationRes"])
    changed = octets[:-1] + bytes((octets[-1] ^ 1,))
    return {**signed, "certificateInstallationRes": b64encode(changed).decode()}


def _other(name: str) -> str:
    return name[:-1] + ("0" if name[-1] != "0" else "1")


FAULTS: tuple[Fault, ...] = (
    _fault(
        "vehicle-not-fetched",
        "EMSP-01",
        "A contract is made for a certificate that was not fetched from the pool.",
        "emsp.verify",
        replaced={"emsp.fetch": _made_up},
    ),
    _fault(
        "unknown-vehicle-served",
        "EMSP-01",
        "A contract is made for a vehicle that the pool does not have.",
        "emsp.verify",
        around={"emsp.fetch": _known_or_made_up},
    ),
    _fault(
        "vehicle-fetched-once",
        "EMSP-01",
        "A second contract is made for the certificate that was fetched for the first.",
        around={"emsp.fetch": _fetched_once()},
    ),
    _fault(
        "chain-unchecked",
        "EMSP-02",
        "A contract is made for a provisioning certificate whatever root it leads to.",
        "emsp.verify",
    ),
    _fault(
        "key-for-another",
        "EMSP-03",
        "The contract key is encrypted for another key than that of the vehicle.",
        replaced={"emsp.bundle": _for_itself},
    ),
    _fault(
        "key-by-x963",
        "EMSP-03",
        "The contract key is encrypted by another key derivation.",
        replaced={"emsp.bundle": _by_x963},
    ),
    _fault(
        "root-in-chain",
        "EMSP-03",
        "The root is sent in the chain of the contract certificate.",
        replaced={"emsp.bundle": _with_root},
    ),
    _fault(
        "bundle-as-in-text",
        ("EMSP-03", "SYS-CLIENT-01"),
        "The members of the bundle are named as in the explanatory text.",
        replaced={"emsp.write": _names_of_the_text},
    ),
    _fault(
        "dh-key-missing",
        ("EMSP-03", "SYS-CLIENT-01"),
        "The bundle is sent without the Diffie-Hellman key.",
        replaced={"emsp.write": _without_dh_key},
    ),
    _fault("signed-not-stored", "EMSP-04", "Data that were only signed are never stored.", "emsp.store"),
    _fault(
        "stored-altered",
        "EMSP-04",
        "What was signed is altered before it is stored.",
        replaced={"emsp.store.data": _altered},
    ),
    _fault(
        "emaid-twice",
        "EMSP-05",
        "Every contract gets the same EMAID.",
        replaced={"emsp.emaid": lambda: "DEOWNMADE00007"},
    ),
    _fault(
        "emaid-of-other-provider",
        "EMSP-05",
        "EMAIDs have the provider id of another eMSP.",
        replaced={"emsp.emaid": lambda: "NLXYZMADE00007"},
    ),
    _fault(
        "contract-after-reset",
        "EMSP-06",
        "After a factory reset a contract is made anew at once.",
        replaced={"emsp.factory-reset": _conclude_again},
    ),
    _fault(
        "other-contract-after-reset",
        "EMSP-06",
        "After a factory reset the vehicle gets another contract at once.",
        replaced={"emsp.factory-reset": _conclude_under_other_name},
    ),
    _fault(
        "renews-at-once",
        "EMSP-07",
        "A new provisioning certificate leads to a new contract at once.",
        replaced={"emsp.certificate-updated": _conclude_again},
    ),
    _fault("roots-unread", "EMSP-08", "OEM roots are never read from the pool.", "emsp.roots"),
    _fault(
        "renewal-renames",
        "EMSP-09",
        "A renewed contract gets another EMAID.",
        replaced={"emsp.renew.emaid": _other},
    ),
    _fault("removal-forgotten", "EMSP-09", "A contract that has ended stays in the pool.", "emsp.remove"),
    _fault(
        "other-vehicle-looked-up",
        "EMSP-10",
        "Another vehicle is looked up than the one that was named.",
        replaced={"emsp.look-up.pcid": _other},
    ),
    _fault(
        "other-contract-listed",
        "EMSP-10",
        "Another contract is listed than the one that was named.",
        replaced={"emsp.list.emaid": _other},
    ),
)
