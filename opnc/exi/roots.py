"""Which elements may be the root of a stream, for each set of schemas, and their event codes.

The codes count all global elements (documents) or all element names (fragments) of a set, sorted by local
name and then by namespace. The tables give the place of the few used here; widths and the code of the end
follow from the size.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from opnc.exi import din, handshake, iso2, iso20, xmldsig
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
        others: Messages that the standard has and this codec does not read, by event code.
        standard: Name of the standard, for these.
    """

    elements: int
    known: dict[int, Root]
    fragments: bool = False
    others: dict[int, str] = field(default_factory=dict)
    standard: str = ""

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

    @cached_property
    def loosely(self) -> dict[type[Any], tuple[int, ComplexElement]]:
        """The same with grammars whose lists go on for ever."""
        return {root.type: (code, self._grammar(root, loose=True)) for code, root in self.known.items()}

    def _grammar(self, root: Root, *, loose: bool = False) -> ComplexElement:
        if root.attributes:
            return element_fragment(root.type, self.elements, root.attributes)
        return grammar_of(root.type, loose=loose)


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
            4: Root("AuthorizationReq", iso2.MSG_BODY, iso2.AuthorizationReqType),
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
            121: Root("MeteringReceiptReq", iso2.MSG_BODY, iso2.MeteringReceiptReqType),
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


def _pairs(**first: int) -> dict[int, str]:
    """Number requests and responses: the code of a request by its name, that of the response follows."""
    ways = ("Req", "Res")
    return {code + way: f"{name}{ways[way]}" for name, code in first.items() for way in (0, 1)}


_STANDARD_20 = "ISO 15118-20"

ISO20 = SchemaSet(
    "iso20",
    {"m": iso20.COMMON_MESSAGES, "c": iso20.COMMON_TYPES, "s": xmldsig.XMLDSIG},
    documents=Roots(
        54,
        {
            0: Root("AuthorizationReq", iso20.COMMON_MESSAGES, iso20.AuthorizationReqType),
            1: Root("AuthorizationRes", iso20.COMMON_MESSAGES, iso20.AuthorizationResType),
            2: Root("AuthorizationSetupReq", iso20.COMMON_MESSAGES, iso20.AuthorizationSetupReqType),
            3: Root("AuthorizationSetupRes", iso20.COMMON_MESSAGES, iso20.AuthorizationSetupResType),
            7: _REQUEST_20,
            8: Root(
                "CertificateInstallationRes", iso20.COMMON_MESSAGES, iso20.CertificateInstallationResType
            ),
            44: _SIGNED_INFO,
            45: Root("SignedInstallationData", iso20.COMMON_MESSAGES, iso20.SignedInstallationDataType),
        },
        others=_pairs(
            MeteringConfirmation=16,
            PowerDelivery=21,
            ScheduleExchange=27,
            ServiceDetail=29,
            ServiceDiscovery=31,
            ServiceSelection=33,
            SessionSetup=35,
            SessionStop=37,
            VehicleCheckIn=49,
            VehicleCheckOut=51,
        ),
        standard=_STANDARD_20,
    ),
    fragments=Roots(
        281,
        {
            27: _REQUEST_20,
            128: Root(
                "OEMProvisioningCertificateChain", iso20.COMMON_MESSAGES, iso20.SignedCertificateChainType
            ),
            151: Root(
                "PnC_AReqAuthorizationMode", iso20.COMMON_MESSAGES, iso20.PnC_AReqAuthorizationModeType
            ),
            230: _SIGNED_INFO,
            231: Root("SignedInstallationData", iso20.COMMON_MESSAGES, iso20.SignedInstallationDataType),
        },
        fragments=True,
    ),
)
"""ISO 15118-20, its common messages."""


def _unread(name: str, **first: int) -> SchemaSet:
    documents = Roots(42, {}, others=_pairs(**first), standard=_STANDARD_20)
    return SchemaSet(name, {}, documents=documents, fragments=Roots(280, {}, fragments=True))


ISO20_UNREAD = (
    _unread("iso20-ac", AC_ChargeLoop=2, AC_ChargeParameterDiscovery=4),
    _unread(
        "iso20-dc",
        DC_CableCheck=11,
        DC_ChargeLoop=13,
        DC_ChargeParameterDiscovery=15,
        DC_PreCharge=17,
        DC_WeldingDetection=19,
    ),
    _unread("iso20-acdp", ACDP_Connect=0, ACDP_Disconnect=2, ACDP_SystemStatus=4, ACDP_VehiclePositioning=6),
    _unread(
        "iso20-wpt",
        WPT_AlignmentCheck=25,
        WPT_ChargeLoop=27,
        WPT_ChargeParameterDiscovery=29,
        WPT_FinePositioning=31,
        WPT_FinePositioningSetup=33,
        WPT_Pairing=35,
    ),
)
"""The other schemas of ISO 15118-20, which number their own messages: known to name them."""

HANDSHAKE = SchemaSet(
    "handshake",
    {"a": handshake.APP_PROTOCOL},
    documents=Roots(
        2,
        {
            0: Root("supportedAppProtocolReq", handshake.APP_PROTOCOL, handshake.SupportedAppProtocolReqType),
            1: Root("supportedAppProtocolRes", handshake.APP_PROTOCOL, handshake.SupportedAppProtocolResType),
        },
    ),
    fragments=Roots(10, {}, fragments=True),
)
"""The handshake before a session of any of the standards."""

DIN = SchemaSet(
    "din",
    {
        "d": din.MSG_DEF,
        "h": iso2.MSG_HEADER,
        "b": din.MSG_BODY,
        "t": iso2.MSG_DATA_TYPES,
        "s": xmldsig.XMLDSIG,
    },
    documents=Roots(81, {77: Root("V2G_Message", din.MSG_DEF, din.V2GMessage)}),
    fragments=Roots(243, {}, fragments=True),
)
"""DIN SPEC 70121: known to name its messages."""

SCHEMA_SETS = {schema.name: schema for schema in (ISO2, ISO20, XMLDSIG, HANDSHAKE, ISO2_TYPED_EMAID)}
"""The sets that streams of peers are coded by, by name."""

STANDARDS = {
    ISO2.name: "ISO 15118-2",
    ISO2_TYPED_EMAID.name: "ISO 15118-2",
    ISO20.name: _STANDARD_20,
    XMLDSIG.name: "XML signature",
    HANDSHAKE.name: "ISO 15118 handshake",
    DIN.name: "DIN SPEC 70121",
}
"""What the sets belong to, by their name."""
