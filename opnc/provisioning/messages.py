"""What the certificate messages have in common: a signature, the elements it covers, the signer's chain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from opnc.exi import ISO2, ISO20, iso2, iso20
from opnc.problem import Problem

if TYPE_CHECKING:
    from opnc.exi import SchemaSet
    from opnc.exi.xmldsig import SignatureType

Message = iso2.V2GMessage | iso20.CertificateInstallationReqType | iso20.CertificateInstallationResType
Chain = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """An element that the signature of a message has to cover.

    Attributes:
        name: Its name.
        id: Its Id, which a reference names; None where the message gives none.
        value: Its value, which is digested as a fragment.
        schema: The set of schemas the fragment is coded by.
    """

    name: str
    id: str | None
    value: Any
    schema: SchemaSet


def schema_of(message: Message) -> SchemaSet:
    """Return the set of schemas a message is coded by."""
    return ISO2 if isinstance(message, iso2.V2GMessage) else ISO20


def content_of(message: Message) -> Any:
    """Return the request or response itself: in ISO 15118-2 what stands in the body.

    Returns:
        A dataclass of `opnc.exi.iso2` or `opnc.exi.iso20`, for example `CertificateInstallationResType`.

    Raises:
        Problem: The body is empty.
    """
    if not isinstance(message, iso2.V2GMessage):
        return message
    body = message.Body
    for content in (
        body.CertificateInstallationReq,
        body.CertificateInstallationRes,
        body.CertificateUpdateReq,
        body.CertificateUpdateRes,
    ):
        if content is not None:
            return content
    raise Problem("the body of the message is empty", where="V2G_Message/Body")


def signed_elements(message: Message) -> tuple[Signed, ...]:
    """Return the elements that the signature of a message has to cover.

    Source: [V2G2-771]; ISO 15118-20 signs one element in each direction.

    Raises:
        Problem: The body is empty.
    """
    content = content_of(message)
    if isinstance(content, iso2.CertificateInstallationReqType | iso2.CertificateUpdateReqType):
        return (Signed(type(content).__name__.removesuffix("Type"), content.Id, content, ISO2),)
    names: tuple[str, ...] = (
        "ContractSignatureCertChain",
        "ContractSignatureEncryptedPrivateKey",
        "DHpublickey",
        "eMAID",
    )
    if isinstance(content, iso20.CertificateInstallationReqType):
        names = ("OEMProvisioningCertificateChain",)
    elif isinstance(content, iso20.CertificateInstallationResType):
        names = ("SignedInstallationData",)
    values = [(name, getattr(content, name)) for name in names]
    return tuple(Signed(name, value.Id, value, schema_of(message)) for name, value in values)


def signer_chain(message: Message) -> Chain:
    """Return the certificates of who has to sign a message: the leaf in DER, then those above it, if sent.

    Raises:
        Problem: The body is empty.
    """
    content = content_of(message)
    if isinstance(content, iso2.CertificateInstallationReqType):
        return (content.OEMProvisioningCert,)
    if isinstance(content, iso2.CertificateUpdateReqType):
        return certificates(content.ContractSignatureCertChain)
    if isinstance(content, iso20.CertificateInstallationReqType):
        return certificates(content.OEMProvisioningCertificateChain)
    if isinstance(content, iso20.CertificateInstallationResType):
        return certificates(content.CPSCertificateChain)
    return certificates(content.SAProvisioningCertificateChain)


def certificates(chain: Any) -> Chain:
    """Return the certificates of a chain element in DER, the leaf first."""
    above = chain.SubCertificates.Certificate if chain.SubCertificates else ()
    return (chain.Certificate, *above)


def signature_of(message: Message) -> SignatureType | None:
    """Return the signature in the header."""
    return message.Header.Signature


def with_signature(message: Message, signature: SignatureType | None) -> Message:
    """Return the message with another signature in its header."""
    if isinstance(message, iso2.V2GMessage):
        return replace(message, Header=replace(message.Header, Signature=signature))
    return replace(message, Header=replace(message.Header, Signature=signature))
