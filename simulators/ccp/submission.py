"""Signed contract data on their way into a CCP: read, and held against what must be true of them as such."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from opnc.exi import DecodeError, decode
from opnc.identifiers import Emaid, Pcid
from opnc.pki.chains import check_validity
from opnc.pki.deviations import Unreadable
from opnc.pki.reading import read_certificate
from opnc.pki.texts import read_base64
from opnc.provisioning.delivery import contract_chain, is_response, stated_emaid
from opnc.provisioning.messages import content_of, signer_chain
from opnc.provisioning.namespaces import NAMESPACES, schema_of_version, version_of
from opnc.provisioning.verification import verify
from opnc.roots import instant
from opnc.severity import Severity
from simulators.ccp.store import ContractRecord
from simulators.kernel import Refusal
from simulators.kernel.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.messages import Chain, Message
    from simulators.ccp.store import StoredContract

MESSAGE = "certificateInstallationRes"

MAX_MESSAGE_CHARACTERS = 64 * 1024
"""Characters of base64; the largest message, with two chains of ISO 15118-20, has some 20 000."""


@lru_cache(maxsize=2048)
def message_of(octets: bytes, version: Version) -> Message:
    """Read a message of an edition.

    Cached, since a stored message is delivered again and again; its values are frozen.

    Raises:
        DecodeError: It is none.
    """
    message: Message = decode(octets, schema_of_version(version), strict=True).value
    return message


def decode_base64(text: object, where: str) -> bytes:
    """Decode a member that must be plain base64.

    Raises:
        Refusal: 400, naming the member.
    """
    try:
        decoded = read_base64(text, limit=MAX_MESSAGE_CHARACTERS)
    except Unreadable as problem:
        raise Refusal(400, f"{where}: {problem.what}") from problem
    for found in decoded.findings:
        raise refusal(where, found)
    return decoded.data


@dataclass(frozen=True, slots=True)
class CertificateChains:
    """The certificates in a CertificateInstallationRes, leaves first.

    Attributes:
        contract: The contract certificate and those above it.
        cps: The certificate of the CPS and those above it.
    """

    contract: tuple[ReadCertificate, ...]
    cps: tuple[ReadCertificate, ...]


@dataclass(frozen=True, slots=True)
class SubmittedContract:
    """Contract data that somebody wants to have stored.

    Attributes:
        emaid: The contract, as the object states it.
        pcid: The vehicle, as the object states it.
        version: The edition of ISO 15118.
        octets: The CertificateInstallationRes, EXI.
        message: The same, read.
        chains: The certificates in it.
        members: The object as it came.
    """

    emaid: Emaid
    pcid: Pcid
    version: Version
    octets: bytes
    message: Message
    chains: CertificateChains
    members: Mapping[str, Any]


def parse_submission(body: Mapping[str, Any]) -> SubmittedContract:
    """Read signed contract data.

    Raises:
        Refusal: 400, where there is no CertificateInstallationRes of the stated edition in it, or no
            certificates in that.
    """
    version = version_of(body["xsdMsgDefNamespace"])
    octets = decode_base64(body[MESSAGE], MESSAGE)
    try:
        message = message_of(octets, version)
    except DecodeError as error:
        raise Refusal(400, f"{MESSAGE}: EXI format is invalid! {error}") from error
    if not is_response(message):
        raise Refusal(400, f"{MESSAGE}: expected a CertificateInstallationRes, seen another message")
    return SubmittedContract(
        emaid=Emaid.parse(body["emaid"]),
        pcid=Pcid.parse(body["pcid"]),
        version=version,
        octets=octets,
        message=message,
        chains=_chains(message),
        members=body,
    )


def chains_of(contract: StoredContract) -> CertificateChains:
    """Return the certificates of stored contract data."""
    return _chains(message_of(contract.response, contract.version))


def _chains(message: Message) -> CertificateChains:
    return CertificateChains(
        contract=_read(contract_chain(message), "contract certificate chain"),
        cps=_read(signer_chain(message), "CPS certificate chain"),
    )


def _read(chain: Chain, where: str) -> tuple[ReadCertificate, ...]:
    try:
        return tuple(map(read_certificate, chain))
    except Unreadable as problem:
        raise Refusal(400, f"{MESSAGE}: {where}: {problem.what}") from problem


def check_positive(data: SubmittedContract) -> None:
    """Make sure that the message brings a contract and does not refuse one.

    Raises:
        Refusal: 400.
    """
    code = content_of(data.message).ResponseCode
    if not code.startswith("OK"):
        raise Refusal(400, f"{MESSAGE}: ResponseCode: expected OK, seen {code}")


def check_emaid(data: SubmittedContract) -> None:
    """Make sure that object, message and certificate are about one contract.

    Raises:
        Refusal: 400.
    """
    # In ISO 15118-20 the certificate alone states it.
    stated = (stated_emaid(data.message), data.chains.contract[0].common_name or "")
    for text in stated:
        if text is not None and not _is_emaid(text, data.emaid):
            raise Refusal(400, f"emaid: {data.emaid.normalised}, but the message is about {text!r}")


def _is_emaid(text: str, emaid: Emaid) -> bool:
    return Emaid.valid_in_api(text) and Emaid.parse(text) == emaid


def check_signature(data: SubmittedContract) -> None:
    """Make sure that the CPS has signed what is sent.

    Raises:
        Refusal: 400, naming what is not signed.
    """
    key = data.chains.cps[0].public_key
    if key is None:
        raise Refusal(
            400, f"{MESSAGE}: the CPS has a key of unknown kind: {data.chains.cps[0].key_algorithm}"
        )
    for found in verify(data.message, key).findings:
        if found.severity is Severity.FAIL:
            raise refusal(MESSAGE, found)


def check_dates(data: SubmittedContract, now: datetime) -> None:
    """Make sure that nothing has expired; a contract may begin later.

    Raises:
        Refusal: 400.
    """
    for found in check_validity((*data.chains.contract, *data.chains.cps), now):
        if found.name == "expired":
            raise refusal(f"{MESSAGE}: {found.where}", found)


def record_of(data: SubmittedContract, root: ReadCertificate, now: datetime) -> ContractRecord:
    """Return what is kept of contract data.

    Args:
        data: The contract data.
        root: The V2G root above the CPS.
        now: When their status was last asked for.
    """
    certificates = (*data.chains.contract, *data.chains.cps)
    common = {
        "emaid": data.emaid.normalised,
        "pcid": data.pcid.normalised,
        "xsdMsgDefNamespace": NAMESPACES[data.version],
    }
    of_root = {"cpsV2GRootCertificateFingerprint": root.fingerprint}
    # Both objects are put together once: they are handed on far more often than stored.
    signed = common | of_root | {"cpsRootDistinguishedName": root.subject.text}
    if "metaData" in data.members:
        signed["metaData"] = data.members["metaData"]
    leaf = data.chains.contract[0]
    listed = common | {
        "contractCertificate": b64encode(leaf.der).decode(),
        "certValidFrom": instant(leaf.not_before),
        "certValidTo": instant(leaf.not_after),
        "cpsV2GRootDistinguishedName": root.subject.text,
        **of_root,
    }
    return ContractRecord(
        emaid=data.emaid,
        pcid=data.pcid,
        version=data.version,
        root=root.fingerprint,
        # A contract can be used while all its certificates are valid together.
        valid_from=max(each.not_before for each in certificates).timestamp(),
        valid_to=min(each.not_after for each in certificates).timestamp(),
        checked=now.timestamp(),
        response=data.octets,
        signed=json.dumps(signed, separators=(",", ":")),
        data=json.dumps(listed, separators=(",", ":")),
    )
