"""Whether what a vehicle presents holds: its requests, the certificates in them, and the signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.exi import iso2, iso20
from opnc.pki.chains import check_chain
from opnc.pki.deviations import Deviation, Unreadable
from opnc.pki.reading import read_certificate
from opnc.provisioning.arrangement import check_arrangement, same_contract
from opnc.provisioning.messages import (
    content_of,
    presented_chain,
    signature_of,
    signed_elements,
    signer_chain,
)
from opnc.provisioning.verification import verify, verify_digests

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.messages import Chain, Message


def judge_presented(
    message: Message,
    roots: Sequence[ReadCertificate],
    at: datetime,
    *,
    pcid: str = "",
    contract: Chain = (),
) -> tuple[Deviation, ...]:
    """Judge a request of a vehicle, or what else of Plug & Charge is no response with a contract.

    Args:
        message: The message.
        roots: What its certificates have to stand below; none: chains are checked as far as they were sent.
        at: When certificates have to be valid.
        pcid: The PCID of the vehicle; empty where it is not known.
        contract: The contract that was presented earlier in the session, the leaf first.

    Raises:
        Problem: The body of the message is empty.
    """
    findings: list[Deviation] = []
    chain = _read(presented_chain(message) or signer_chain(message), findings)
    if chain:
        findings += _check_chain(chain, roots, at)
        findings += _check_names(message, chain[0], pcid)
    signer = chain[:1] or _read(contract[:1], findings)
    findings += _check_signature(message, signer[0] if signer else None)
    return tuple(findings)


def _read(chain: Chain, findings: list[Deviation]) -> list[ReadCertificate]:
    read = []
    for der in chain:
        try:
            read.append(read_certificate(der))
        except Unreadable as problem:
            expected = "certificates in DER"
            findings.append(Deviation("certificate-unreadable", "chain", expected, problem.what, "X.509"))
            return []
    return read


def _check_chain(
    chain: Sequence[ReadCertificate], roots: Sequence[ReadCertificate], at: datetime
) -> Iterator[Deviation]:
    leaf, *above = chain
    checked = check_chain(leaf, above, roots, at)
    for finding in checked.findings:
        # Without roots, and where a message has no place for what stands above the leaf, chains end early.
        if finding.name != "issuer-missing" or (roots and above):
            yield finding
    yield from check_arrangement("chain", chain)


def _check_names(message: Message, leaf: ReadCertificate, pcid: str) -> Iterator[Deviation]:
    content = content_of(message)
    name = leaf.common_name or ""
    asks = isinstance(content, iso2.CertificateInstallationReqType | iso20.CertificateInstallationReqType)
    if asks and pcid and _plain(pcid)[:17] != _plain(name)[:17]:
        yield Deviation("pcid-differs", "subject.CN", pcid, name or "none", "ISO 15118-2 Annex F")
    stated = getattr(content, "eMAID", None)
    if isinstance(stated, str) and not same_contract(stated, name):
        expected = f"the CN of the contract, {name or 'none'}"
        yield Deviation("emaid-differs", "eMAID", expected, stated, "ISO 15118-2 Annex F")


def _plain(identifier: str) -> str:
    return "".join(character for character in identifier if character.isalnum()).upper()


def _check_signature(message: Message, signer: ReadCertificate | None) -> Sequence[Deviation]:
    if not signed_elements(message):
        return ()
    if signer is not None and signer.public_key is not None:
        return verify(message, signer.public_key).findings
    if signer is None and signature_of(message) is not None:
        return verify_digests(message)[1]
    seen = signer.key_algorithm if signer else "none"
    return [Deviation("signature-key", "signer's certificate", "a key that signs", seen, "ISO 15118 7.9.2.4")]
