"""Which elements may be the root of a stream, for each set of schemas, and their event codes.

The codes count all global elements (documents) or all element names (fragments) of a set, sorted by local
name and then by namespace. The tables give the place of the few used here; widths and the code of the end
follow from the size.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from opnc.exi import iso2, iso20, xmldsig
from opnc.exi.grammar import element_fragment, grammar_of

if TYPE_CHECKING:
    from opnc.exi.engine import ComplexElement


@dataclass(frozen=True)
class Root:
    """An element that may be a root.

    Attributes:
        name: Local name.
        namespace: Its namespace.
        type: Dataclass of its values; no other root of the same table has it.
        attributes: Where the element fragment grammar applies instead of the type's own: the names of all
            attributes of the schemas, in the order of their event codes.
    """

    name: str
    namespace: str
    type: type[Any]
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Roots:
    """The roots of documents, or of fragments, of one set of schemas.

    Attributes:
        elements: How many element names are numbered; the number after them stands for any other name.
        known: The roots by event code.
        fragments: Whether these are fragments: they end with an event code of their own.
    """

    elements: int
    known: dict[int, Root]
    fragments: bool = False

    @property
    def end(self) -> int:
        """Event code of the end of a fragment."""
        return self.elements + 1

    @cached_property
    # One production for any other element and, in a fragment, one for its end; n of them take the bits of n -
    # 1.
    def width(self) -> int:
        """Number of bits of an event code: here without an escape to a second level."""
        return (self.elements + self.fragments).bit_length()

    @cached_property
    def by_type(self) -> dict[type[Any], tuple[int, ComplexElement]]:
        """Event code and grammar, in this order, of the root of each type."""
        return {root.type: (code, self._grammar(root)) for code, root in self.known.items()}

    def _grammar(self, root: Root) -> ComplexElement:
        if root.attributes:
            return element_fragment(root.type, self.elements, root.attributes)
        return grammar_of(root.type)


@dataclass(frozen=True)
class SchemaSet:
    """A set of schemas that streams are coded by.

    Attributes:
        name: Short name.
        namespaces: Namespace by prefix, for XML text.
        documents: Roots of documents.
        fragments: Roots of fragments.
    """

    name: str
    namespaces: dict[str, str]
    documents: Roots = field(repr=False)
    fragments: Roots = field(repr=False)

    def roots(self, *, fragment: bool) -> Roots:
        """Return one of the two tables."""
        return self.fragments if fragment else self.documents


# By local name, then by namespace: the order in which EXI numbers attributes.
_ISO2_ATTRIBUTES = (
    "{}Algorithm",
    "{}Encoding",
    "{}Id",
    f"{{{iso2.MSG_BODY}}}Id",
    f"{{{iso2.MSG_DATA_TYPES}}}Id",
    "{}MimeType",
    f"{{{iso2.MSG_DATA_TYPES}}}Name",
    "{}Target",
    "{}Type",
    "{}URI",
)

_SIGNED_INFO = Root("SignedInfo", xmldsig.XMLDSIG, xmldsig.SignedInfoType)
_REQUEST_2 = Root("CertificateInstallationReq", iso2.MSG_BODY, iso2.CertificateInstallationReqType)
_EMAID = Root("eMAID", iso2.MSG_BODY, iso2.EMAIDType, attributes=_ISO2_ATTRIBUTES)
_REQUEST_20 = Root("CertificateInstallationReq", iso20.COMMON_MESSAGES, iso20.CertificateInstallationReqType)

XMLDSIG = SchemaSet(
    "xmldsig",
    {"s": xmldsig.XMLDSIG},
    documents=Roots(24, {20: _SIGNED_INFO}),
    fragments=Roots(45, {32: _SIGNED_INFO}, fragments=True),
)
"""XML signatures alone: the grammar in which SignedInfo is signed."""

ISO2 = SchemaSet(
    "iso2",
    {
        "d": iso2.MSG_DEF,
        "h": iso2.MSG_HEADER,
        "b": iso2.MSG_BODY,
        "t": iso2.MSG_DATA_TYPES,
        "s": xmldsig.XMLDSIG,
    },
    # The numbers count the whole schema set of charging, most of which this codec does not read.
    documents=Roots(80, {76: Root("V2G_Message", iso2.MSG_DEF, iso2.V2GMessage)}),
    fragments=Roots(
        243,
        {
            15: _REQUEST_2,
            16: Root("CertificateInstallationRes", iso2.MSG_BODY, iso2.CertificateInstallationResType),
            17: Root("CertificateUpdateReq", iso2.MSG_BODY, iso2.CertificateUpdateReqType),
            18: Root("CertificateUpdateRes", iso2.MSG_BODY, iso2.CertificateUpdateResType),
            33: Root("ContractSignatureCertChain", iso2.MSG_BODY, iso2.CertificateChainType),
            34: Root(
                "ContractSignatureEncryptedPrivateKey",
                iso2.MSG_BODY,
                iso2.ContractSignatureEncryptedPrivateKeyType,
            ),
            45: Root("DHpublickey", iso2.MSG_BODY, iso2.DiffieHellmanPublickeyType),
            # To tell peers that sign in this grammar; the right one is that of XMLDSIG alone.
            208: _SIGNED_INFO,
            236: _EMAID,
        },
        fragments=True,
    ),
)
"""ISO 15118-2."""

ISO2_TYPED_EMAID = replace(
    ISO2,
    name="iso2-typed-emaid",
    fragments=replace(ISO2.fragments, known=ISO2.fragments.known | {236: replace(_EMAID, attributes=())}),
)
"""ISO 15118-2 as libcbv2g and others code the eMAID fragment: by its type. For verifying only."""

ISO20 = SchemaSet(
    "iso20",
    {"m": iso20.COMMON_MESSAGES, "c": iso20.COMMON_TYPES, "s": xmldsig.XMLDSIG},
    documents=Roots(
        54,
        {
            7: _REQUEST_20,
            8: Root(
                "CertificateInstallationRes", iso20.COMMON_MESSAGES, iso20.CertificateInstallationResType
            ),
            44: _SIGNED_INFO,
            45: Root("SignedInstallationData", iso20.COMMON_MESSAGES, iso20.SignedInstallationDataType),
        },
    ),
    fragments=Roots(
        281,
        {
            27: _REQUEST_20,
            128: Root(
                "OEMProvisioningCertificateChain", iso20.COMMON_MESSAGES, iso20.SignedCertificateChainType
            ),
            230: _SIGNED_INFO,
            231: Root("SignedInstallationData", iso20.COMMON_MESSAGES, iso20.SignedInstallationDataType),
        },
        fragments=True,
    ),
)
"""ISO 15118-20, its common messages."""

SCHEMA_SETS = {schema.name: schema for schema in (ISO2, ISO20, XMLDSIG)}
"""The sets that streams of peers are coded by, by name."""
