"""What a contract pool does with the messages: looks into them, puts responses into a session.

A stored CertificateInstallationRes is complete but for the session it is delivered in: its signature covers
neither the header nor, in ISO 15118-20, the number of contracts that remain (ERR-091, ERR-092).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opnc.exi import iso2, iso20
from opnc.pki.deviations import Unreadable
from opnc.pki.names import read_name
from opnc.problem import Problem
from opnc.provisioning.messages import certificates, content_of

if TYPE_CHECKING:
    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.contract_data import Session
    from opnc.provisioning.messages import Chain, Message

_REQUESTS = iso2.CertificateInstallationReqType | iso20.CertificateInstallationReqType
_RESPONSES = iso2.CertificateInstallationResType | iso20.CertificateInstallationResType


def is_request(message: Message) -> bool:
    """Return whether a message is a CertificateInstallationReq."""
    return _is(message, _REQUESTS)


def is_response(message: Message) -> bool:
    """Return whether a message is a CertificateInstallationRes."""
    return _is(message, _RESPONSES)


def _is(message: Message, kinds: object) -> bool:
    try:
        return isinstance(content_of(message), kinds)  # type: ignore[arg-type]  # a union of classes
    except Problem:
        return False


def contract_chain(response: Message) -> Chain:
    """Return the contract certificate of a response in DER, then those above it."""
    content = content_of(response)
    if isinstance(content, iso20.CertificateInstallationResType):
        return certificates(content.SignedInstallationData.ContractCertificateChain)
    return certificates(content.ContractSignatureCertChain)


def stated_emaid(response: Message) -> str | None:
    """Return the eMAID that a response of ISO 15118-2 states; ISO 15118-20 has it in the certificate only."""
    content = content_of(response)
    emaid = getattr(content, "eMAID", None)
    return None if emaid is None else str(emaid.value)


def lists_root(request: Message, root: ReadCertificate) -> bool:
    """Return whether a request names a root among those the vehicle trusts.

    Roots are named by issuer and serial number; a name that cannot be read leaves it to the number.
    """
    listed = content_of(request).ListOfRootCertificateIDs.RootCertificateID
    return any(
        each.X509SerialNumber == root.serial and _is_name(each.X509IssuerName, root) for each in listed
    )


def _is_name(text: str, root: ReadCertificate) -> bool:
    try:
        # In whatever order: vehicles write names as the certificate does, or as RFC 4514 (ERR-020).
        return read_name(text).has_same_rdns(root.issuer)
    except Unreadable:
        return True


def wished_emaids(request: Message) -> tuple[str, ...]:
    """Return the contracts that a request of ISO 15118-20 wants first; none in ISO 15118-2."""
    wished = getattr(content_of(request), "PrioritizedEMAIDs", None)
    return tuple(wished.EMAID) if wished else ()


def in_session(response: Message, session: Session) -> Message:
    """Return a response as it goes into a charging session; its signature stays as it is.

    Raises:
        Problem: ISO 15118-20 needs a time, and the session has none.
    """
    if isinstance(response, iso2.V2GMessage):
        return replace(response, Header=replace(response.Header, SessionID=session.id))
    # A new time stamp: the header is outside the signature, and the stored one is that of the signing.
    header = replace(session.header_20(), Signature=response.Header.Signature)
    if isinstance(response, iso20.CertificateInstallationResType):
        return replace(response, Header=header, RemainingContractCertificateChains=session.remaining)
    return replace(response, Header=header)
