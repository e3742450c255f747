"""Messages of Plug & Charge, written so that people can read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opnc.exi.xml_form import to_xml
from opnc.pki.deviations import Unreadable
from opnc.pki.reading import read_certificate
from opnc.problem import Problem
from opnc.provisioning.messages import (
    Message,
    content_of,
    presented_chain,
    signature_of,
    signed_elements,
    signer_chain,
)
from opnc.provisioning.verification import verify, verify_digests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opnc.exi import Decoded
    from opnc.pki.deviations import Deviation
    from opnc.provisioning.messages import Chain
    from opnc.provisioning.references import ReferenceCheck

_CERTIFICATES = {"Certificate", "OEMProvisioningCert"}


@dataclass(slots=True)
class Conversation:
    """What earlier messages of a session tell about later ones.

    Attributes:
        contract: The contract that the vehicle has presented: the leaf in DER, then those above it.
    """

    contract: Chain = ()


def summarise(
    decoded: Decoded, conversation: Conversation | None = None
) -> tuple[str, tuple[Deviation, ...]]:
    """Return a message as XML, each certificate in a line that tells what it is, the signature verified.

    Args:
        decoded: The message.
        conversation: What came before it in the same session; goes on with this message.

    Returns:
        The XML, and what does not hold of the signature.
    """
    verdict, findings = _signature(decoded, conversation or Conversation())
    xml = to_xml(decoded, _certificate)
    return xml + (f"<!-- signature: {_comment(verdict)} -->\n" if verdict else ""), findings


def title(decoded: Decoded) -> str:
    """Return the name of a message, for example `CertificateInstallationRes`; of anything else its root's."""
    if decoded.fragment or not isinstance(decoded.value, Message):
        return decoded.root.name
    try:
        return type(content_of(decoded.value)).__name__.removesuffix("Type")
    except Problem:
        return decoded.root.name


def _certificate(name: str, value: Any) -> str:
    """Say in one line what certificate stands in an element."""
    if name not in _CERTIFICATES or not value:
        return ""
    try:
        certificate = read_certificate(value)
    except Unreadable as problem:
        return _comment(f"no certificate: {problem.what}")
    lines = (
        f"{certificate.subject}; issued by {certificate.issuer}; serial {certificate.serial:x}",
        f"{certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}; {certificate.key_algorithm}",
        f"{len(value)} octets, sha256 {certificate.fingerprint}",
    )
    return _comment("; ".join(lines))


def _comment(text: str) -> str:
    """Keep an XML comment one: no two hyphens in it (XML 1.0, 2.5), no character that XML has not."""
    # Twice, for the first pass leaves a pair of three hyphens.
    spaced = text.replace("--", "- -").replace("--", "- -")
    return "".join(character if character.isprintable() else "?" for character in spaced)


def _signature(decoded: Decoded, conversation: Conversation) -> tuple[str, tuple[Deviation, ...]]:
    """Verify the signature of a message; an empty text where there is nothing to verify."""
    message = decoded.value
    if decoded.fragment or not isinstance(message, Message):
        return "", ()
    try:
        # Asked for its refusal: a message with an empty body has nothing that could be signed.
        content_of(message)
    except Problem:
        return "", ()
    conversation.contract = presented_chain(message) or conversation.contract
    if signature_of(message) is None:
        return ("none", ()) if signed_elements(message) else ("", ())
    return _verified(message, signer_chain(message) or conversation.contract)


def _verified(message: Message, chain: Chain) -> tuple[str, tuple[Deviation, ...]]:
    if not chain:
        checks, findings = verify_digests(message)
        return f"not verified, the signer's certificate is in another message; {_digests(checks)}", findings
    leaf, *above = chain
    try:
        signer = read_certificate(leaf)
    except Unreadable as problem:
        return f"not verified, the signer's certificate cannot be read: {problem.what}", ()
    if signer.public_key is None:
        return f"not verified, the signer has a key of {signer.key_algorithm}", ()
    # Whether the signer is trusted is not asked here: there are no roots at hand.
    report = verify(message, signer.public_key, dict(_keys(above)))
    word = "valid" if report.valid else "NOT VALID"
    return f"{word}, by {signer.subject}; {_digests(report.references)}", report.findings


def _digests(checks: Iterable[ReferenceCheck]) -> str:
    return "digests: " + ", ".join(f"{check.element} {check.form or 'WRONG'}" for check in checks)


def _keys(chain: Iterable[bytes]) -> Iterator[tuple[str, Any]]:
    for der in chain:
        try:
            certificate = read_certificate(der)
        except Unreadable:
            # These keys only serve to name who signed instead; one less is no matter.
            continue
        if certificate.public_key:
            yield str(certificate.subject), certificate.public_key
