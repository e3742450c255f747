"""Messages of certificate installation, written so that people can read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc.exi import iso2, iso20
from opnc.exi.xml_form import to_xml
from opnc.pki.deviations import Unreadable
from opnc.pki.reading import read_certificate
from opnc.problem import Problem
from opnc.provisioning.messages import content_of, signature_of, signer_chain
from opnc.provisioning.verification import verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opnc.exi import Decoded
    from opnc.pki.deviations import Deviation
    from opnc.provisioning.messages import Message

_CERTIFICATES = {"Certificate", "OEMProvisioningCert"}
_MESSAGES = iso2.V2GMessage | iso20.CertificateInstallationReqType | iso20.CertificateInstallationResType


def summarise(decoded: Decoded) -> tuple[str, tuple[Deviation, ...]]:
    """Return a message as XML, each certificate in a line that tells what it is, the signature verified.

    Returns:
        The XML, and what does not hold of the signature.
    """
    verdict, findings = _signature(decoded)
    xml = to_xml(decoded, _certificate)
    return xml + (f"<!-- signature: {_comment(verdict)} -->\n" if verdict else ""), findings


def title(decoded: Decoded) -> str:
    """Return the name of a message, for example `CertificateInstallationRes`; of anything else its root's."""
    if decoded.fragment or not isinstance(decoded.value, _MESSAGES):
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


def _signature(decoded: Decoded) -> tuple[str, tuple[Deviation, ...]]:
    """Verify the signature of a message; an empty text where there is nothing to verify."""
    message = decoded.value
    if decoded.fragment or not isinstance(message, _MESSAGES):
        return "", ()
    try:
        # Asked for its refusal: a message with an empty body has nothing that could be signed.
        content_of(message)
    except Problem:
        return "", ()
    return ("none", ()) if signature_of(message) is None else _verified(message)


def _verified(message: Message) -> tuple[str, tuple[Deviation, ...]]:
    leaf, *above = signer_chain(message)
    try:
        signer = read_certificate(leaf)
    except Unreadable as problem:
        return f"not verified, the signer's certificate cannot be read: {problem.what}", ()
    if signer.public_key is None:
        return f"not verified, the signer has a key of {signer.key_algorithm}", ()
    # Whether the signer is trusted is not asked here: there are no roots at hand.
    report = verify(message, signer.public_key, dict(_keys(above)))
    word = "valid" if report.valid else "NOT VALID"
    digests = ", ".join(f"{check.element} {check.form or 'WRONG'}" for check in report.references)
    return f"{word}, by {signer.subject}; digests: {digests}", report.findings


def _keys(chain: Iterable[bytes]) -> Iterator[tuple[str, Any]]:
    for der in chain:
        try:
            certificate = read_certificate(der)
        except Unreadable:
            # These keys only serve to name who signed instead; one less is no matter.
            continue
        if certificate.public_key:
            yield str(certificate.subject), certificate.public_key
