"""What the messages of Plug & Charge have in common: a signature, what it covers, the signer's chain."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from opnc.exi import ISO2, ISO20, iso2, iso20
from opnc.problem import Problem

if TYPE_CHECKING:
    from opnc.exi import SchemaSet
    from opnc.exi.xmldsig import SignatureType

Message20 = (
    iso20.CertificateInstallationReqType
    | iso20.CertificateInstallationResType
    | iso20.AuthorizationReqType
    | iso20.AuthorizationResType
    | iso20.AuthorizationSetupReqType
    | iso20.AuthorizationSetupResType
)
Message = iso2.V2GMessage | Message20
Chain = tuple[bytes, ...]

_BODIES = tuple(each.name for each in fields(iso2.BodyType))
_WHOLE = (
    iso2.CertificateInstallationReqType,
    iso2.CertificateUpdateReqType,
    iso2.AuthorizationReqType,
    iso2.MeteringReceiptReqType,
)
"""The requests of ISO 15118-2 that are signed as a whole."""

_CONTRACT = (
    "ContractSignatureCertChain",
    "ContractSignatureEncryptedPrivateKey",
    "DHpublickey",
    "eMAID",
)
_SIGNED: dict[type[Any], tuple[str, ...]] = {
    iso2.CertificateInstallationResType: _CONTRACT,
    iso2.CertificateUpdateResType: _CONTRACT,
    iso20.CertificateInstallationReqType: ("OEMProvisioningCertificateChain",),
    iso20.CertificateInstallationResType: ("SignedInstallationData",),
    iso20.AuthorizationReqType: ("PnC_AReqAuthorizationMode",),
}
"""The elements that are signed, by type of message; of all others there is none."""

_SIGNERS: dict[type[Any], str] = {
    iso2.CertificateInstallationResType: "SAProvisioningCertificateChain",
    iso2.CertificateUpdateReqType: "ContractSignatureCertChain",
    iso2.CertificateUpdateResType: "SAProvisioningCertificateChain",
    iso20.CertificateInstallationReqType: "OEMProvisioningCertificateChain",
    iso20.CertificateInstallationResType: "CPSCertificateChain",
}
"""The element with the chain of who signs, where it has no place of its own."""


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
    for name in _BODIES:
        content = getattr(message.Body, name)
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
    if isinstance(content, _WHOLE):
        # Without an Id nothing can refer to it: so the station is asked outside of Plug & Charge.
        signs = content.Id is not None or message.Header.Signature is not None
        name = type(content).__name__.removesuffix("Type")
        return (Signed(name, content.Id, content, ISO2),) if signs else ()
    found = ((name, getattr(content, name)) for name in _SIGNED.get(type(content), ()))
    return tuple(
        Signed(name, value.Id, value, schema_of(message)) for name, value in found if value is not None
    )


def signer_chain(message: Message) -> Chain:
    """Return the certificates of who has to sign a message: the leaf in DER, then those above it, if sent.

    Empty where the message does not carry them: who signs AuthorizationReq of ISO 15118-2 has presented the
    contract in PaymentDetailsReq before.

    Raises:
        Problem: The body is empty.
    """
    content = content_of(message)
    if isinstance(content, iso2.CertificateInstallationReqType):
        return (content.OEMProvisioningCert,)
    if isinstance(content, iso20.AuthorizationReqType):
        mode = content.PnC_AReqAuthorizationMode
        return certificates(mode.ContractCertificateChain) if mode else ()
    name = _SIGNERS.get(type(content))
    return certificates(getattr(content, name)) if name else ()


def presented_chain(message: Message) -> Chain:
    """Return the contract that a vehicle presents before it signs with it; empty in all other messages.

    Raises:
        Problem: The body is empty.
    """
    content = content_of(message)
    if isinstance(content, iso2.PaymentDetailsReqType):
        return certificates(content.ContractSignatureCertChain)
    return ()


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
