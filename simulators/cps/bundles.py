"""The contract certificate bundle of an eMSP: read, and held against what must be true of it as such."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc.identifiers import Emaid, Pcid
from opnc.pki.chains import check_order, check_validity
from opnc.pki.profiles import find
from opnc.provisioning.contract_data import ContractBundle
from opnc.provisioning.namespaces import version_of
from opnc.severity import Severity
from simulators.ccp.submission import decode_base64
from simulators.kernel import Refusal
from simulators.kernel.refusals import certificate, demand_usable, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from opnc.pki.reading import ReadCertificate
    from simulators.pki.relying_party import RelyingParty

BUNDLE = "contractCertificateBundle"
CHAIN = f"{BUNDLE}: contractCertificateChain"

_MEMBERS = ("certificate", "subCa2Certificate", "subCa1Certificate")
_SIZES = {"secp256r1": (48, (65,)), "secp521r1": (94, (133,)), "ed448": (84, (56, 57))}
"""Octets of the encrypted key and of the DH public key by the algorithm of the contract key (ERR-063)."""


def chain_of(body: Mapping[str, Any]) -> tuple[ReadCertificate, ...]:
    """Return the contract certificate of a request and those above it.

    Raises:
        Refusal: 400, naming the member that is no certificate.
    """
    chain = body[BUNDLE]["contractCertificateChain"]
    return tuple(certificate(chain[name], f"{CHAIN}: {name}") for name in _MEMBERS if name in chain)


def pcid_of(body: Mapping[str, Any]) -> Pcid:
    """Return the vehicle of a request; its pattern has been checked against the API description."""
    return Pcid.parse(body[BUNDLE]["pcid"])


def bundle_of(body: Mapping[str, Any]) -> ContractBundle:
    """Return the bundle of a request.

    The EMAID is that of the certificate, in the form of messages; `check_emaid` refuses one without.

    Raises:
        Refusal: 400, naming the member that cannot be read.
    """
    sent, chain = body[BUNDLE], chain_of(body)
    # What is signed agrees with the certificate even where a fault lets another EMAID be stated.
    certified = chain[0].common_name or ""
    return ContractBundle(
        pcid=pcid_of(body).normalised,
        emaid=Emaid.parse(certified if Emaid.valid_in_api(certified) else sent["emaid"]).compact,
        chain=tuple(each.der for each in chain),
        encrypted_key=_octets(sent, "contractSignatureEncryptedPrivateKey"),
        dh_public_key=_octets(sent, "dHpublickey"),
    )


def _octets(sent: Mapping[str, Any], name: str) -> bytes:
    return decode_base64(sent[name], f"{BUNDLE}: {name}")


def check_version(body: Mapping[str, Any]) -> None:
    """Make sure that the contract key is one of the edition that is asked for.

    Raises:
        Refusal: 400.
    """
    version, algorithm = version_of(body["xsdMsgDefNamespace"]), chain_of(body)[0].key_algorithm
    if algorithm not in find("emsp", "leaf", version).algorithms:
        raise Refusal(400, f"xsdMsgDefNamespace: {version}, but the contract key is of {algorithm}")


def check_emaid(body: Mapping[str, Any]) -> None:
    """Make sure that the certificate is for the contract.

    Raises:
        Refusal: 400.
    """
    stated, common_name = body[BUNDLE]["emaid"], chain_of(body)[0].common_name or ""
    # As EMAIDs and not as texts: certificate and object may spell it in different ways (ERR-160).
    if not Emaid.valid_in_api(common_name) or Emaid.parse(common_name) != Emaid.parse(stated):
        raise Refusal(400, f"emaid: {stated}, but the certificate is for {common_name!r}")


def check_sizes(body: Mapping[str, Any]) -> None:
    """Make sure that the encrypted key and the key to decrypt it with have their sizes.

    Raises:
        Refusal: 400, naming the member.
    """
    bundle, algorithm = bundle_of(body), chain_of(body)[0].key_algorithm
    # Of an algorithm that is none of these nothing has the right size; `check_version` has refused it before.
    key, points = _SIZES.get(algorithm, (0, ()))
    if len(bundle.encrypted_key) != key:
        seen = len(bundle.encrypted_key)
        raise Refusal(400, f"{BUNDLE}: contractSignatureEncryptedPrivateKey: {seen} bytes, expected {key}")
    if len(bundle.dh_public_key) not in points:
        expected = " or ".join(map(str, points))
        raise Refusal(400, f"{BUNDLE}: dHpublickey: {len(bundle.dh_public_key)} bytes, expected {expected}")


def check_leaf(body: Mapping[str, Any]) -> None:
    """Make sure that the certificate can be a contract certificate at all.

    Raises:
        Refusal: 400, naming the field.
    """
    profile = find("emsp", "leaf", version_of(body["xsdMsgDefNamespace"]))
    demand_usable(chain_of(body)[0], profile, f"{CHAIN}: certificate")


def check_dates(body: Mapping[str, Any], now: datetime) -> None:
    """Make sure that nothing has expired; a contract may begin later.

    Raises:
        Refusal: 400, naming the certificate.
    """
    for found in check_validity(chain_of(body), now):
        if found.name == "expired":
            raise refusal(f"{CHAIN}: {found.where}", found)


def check_chain(body: Mapping[str, Any], relying: RelyingParty) -> None:
    """Make sure that the chain is in order and leads to an eMSP or V2G root (ERR-032).

    Raises:
        Refusal: 400, naming the first defect.
    """
    chain = chain_of(body)
    failing = [
        each for each in relying.chain(chain, "emsp", "v2g").findings if each.severity is Severity.FAIL
    ]
    for found in (*check_order(chain), *failing):
        raise refusal(CHAIN, found)


def check_status(body: Mapping[str, Any], relying: RelyingParty) -> None:
    """Make sure that no certificate of the chain is revoked, and that its CA vouches for it (ERR-047).

    Raises:
        Refusal: 400, naming the certificate.
    """
    # Along the path and not the chain: each status is asked for with the certificate of its issuer.
    path = relying.chain(chain_of(body), "emsp", "v2g").path
    for each, status in relying.states(path):
        if status is None or status.state != "good":
            state = "not to be had" if status is None else status.state
            raise Refusal(400, f"{CHAIN}: {each.subject}: the status is {state}")
