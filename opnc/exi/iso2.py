"""The Plug & Charge messages of ISO 15118-2:2014 (`V2G_CI_MsgDef.xsd` and the schemas it imports)."""

from __future__ import annotations

from typing import Annotated

from opnc.exi.datatypes import Enumeration, Octets, Text
from opnc.exi.numbers import Integer, Unsigned
from opnc.exi.schema import Attribute, Choice, Content, In, Occurs, complex_type
from opnc.exi.xmldsig import XMLDSIG, SignatureType, X509IssuerSerialType

MSG_DEF = "urn:iso:15118:2:2013:MsgDef"
MSG_HEADER = "urn:iso:15118:2:2013:MsgHeader"
MSG_BODY = "urn:iso:15118:2:2013:MsgBody"
MSG_DATA_TYPES = "urn:iso:15118:2:2013:MsgDataTypes"

FAULT_CODE = Enumeration(("ParsingError", "NoTLSRootCertificatAvailable", "UnknownError"))

RESPONSE_CODE = Enumeration(
    (
        "OK",
        "OK_NewSessionEstablished",
        "OK_OldSessionJoined",
        "OK_CertificateExpiresSoon",
        "FAILED",
        "FAILED_SequenceError",
        "FAILED_ServiceIDInvalid",
        "FAILED_UnknownSession",
        "FAILED_ServiceSelectionInvalid",
        "FAILED_PaymentSelectionInvalid",
        "FAILED_CertificateExpired",
        "FAILED_SignatureError",
        "FAILED_NoCertificateAvailable",
        "FAILED_CertChainError",
        "FAILED_ChallengeInvalid",
        "FAILED_ContractCanceled",
        "FAILED_WrongChargeParameter",
        "FAILED_PowerDeliveryNotApplied",
        "FAILED_TariffSelectionInvalid",
        "FAILED_ChargingProfileInvalid",
        "FAILED_MeteringSignatureNotValid",
        "FAILED_NoChargeServiceSelected",
        "FAILED_WrongEnergyTransferMode",
        "FAILED_ContactorError",
        "FAILED_CertificateNotAllowedAtThisEVSE",
        "FAILED_CertificateRevoked",
    )
)

BODY_ELEMENTS = (
    "AuthorizationReq",
    "AuthorizationRes",
    # Abstract, yet it takes a number: it heads the substitution group.
    "BodyElement",
    "CableCheckReq",
    "CableCheckRes",
    "CertificateInstallationReq",
    "CertificateInstallationRes",
    "CertificateUpdateReq",
    "CertificateUpdateRes",
    "ChargeParameterDiscoveryReq",
    "ChargeParameterDiscoveryRes",
    "ChargingStatusReq",
    "ChargingStatusRes",
    "CurrentDemandReq",
    "CurrentDemandRes",
    "MeteringReceiptReq",
    "MeteringReceiptRes",
    "PaymentDetailsReq",
    "PaymentDetailsRes",
    "PaymentServiceSelectionReq",
    "PaymentServiceSelectionRes",
    "PowerDeliveryReq",
    "PowerDeliveryRes",
    "PreChargeReq",
    "PreChargeRes",
    "ServiceDetailReq",
    "ServiceDetailRes",
    "ServiceDiscoveryReq",
    "ServiceDiscoveryRes",
    "SessionSetupReq",
    "SessionSetupRes",
    "SessionStopReq",
    "SessionStopRes",
    "WeldingDetectionReq",
    "WeldingDetectionRes",
)
"""All that may stand in a body, in the order of the event codes; those of Plug & Charge are read here."""

EVSE_PROCESSING = Enumeration(("Finished", "Ongoing", "Ongoing_WaitingForCustomerInteraction"))

_SESSION_ID = Octets(maximum=8, hexadecimal=True)
_CHALLENGE = Octets(16, 16)
_SHORT = Integer(-(2**15), 2**15 - 1)
_LONG = Integer(-(2**63), 2**63 - 1)
_CERTIFICATE = Octets(maximum=800)
# The facets forbid an empty one; failure responses in the field carry it all the same.
_EMAID = Text(minimum=14, maximum=15, seen_empty=True)
_TEXT = Text()
_BODY_ID = Attribute(MSG_BODY)
_DATA_ID = Attribute(MSG_DATA_TYPES)
_BODY_ELEMENT = Choice(among=BODY_ELEMENTS, optional=True)


@complex_type(MSG_DATA_TYPES)
class NotificationType:
    """Why a message could not be handled at all."""

    FaultCode: Annotated[str, FAULT_CODE]
    FaultMsg: Annotated[str | None, Text(maximum=64)] = None


@complex_type(MSG_HEADER)
class MessageHeaderType:
    """Header of every message; the signature is over elements of the body."""

    SessionID: Annotated[bytes, _SESSION_ID]
    Notification: NotificationType | None = None
    Signature: Annotated[SignatureType | None, In(XMLDSIG)] = None


@complex_type(MSG_DATA_TYPES)
class SubCertificatesType:
    """The certificates between a leaf and its root, from the leaf upwards."""

    Certificate: Annotated[tuple[bytes, ...], _CERTIFICATE, Occurs(1, 4)]


@complex_type(MSG_DATA_TYPES)
class CertificateChainType:
    """A leaf certificate in DER and those above it, without the root."""

    Id: Annotated[str | None, _TEXT, _DATA_ID] = None
    Certificate: Annotated[bytes, _CERTIFICATE]
    SubCertificates: SubCertificatesType | None = None


@complex_type(MSG_DATA_TYPES)
class ListOfRootCertificateIDsType:
    """The V2G roots the vehicle trusts."""

    RootCertificateID: Annotated[tuple[X509IssuerSerialType, ...], Occurs(1, 20, seen_looping=True)]


@complex_type(MSG_DATA_TYPES)
class ContractSignatureEncryptedPrivateKeyType:
    """The contract key, encrypted: 16 octets initialisation vector, 32 octets AES-128-CBC."""

    Id: Annotated[str, _TEXT, _DATA_ID]
    # The schema has no minimum, and responses to failures carry one octet here; length is judged when
    # unwrapping.
    value: Annotated[bytes, Octets(maximum=48), Content()]


@complex_type(MSG_DATA_TYPES)
class DiffieHellmanPublickeyType:
    """The sender's ephemeral public key: an uncompressed point on secp256r1, 65 octets."""

    Id: Annotated[str, _TEXT, _DATA_ID]
    value: Annotated[bytes, Octets(maximum=65), Content()]


@complex_type(MSG_DATA_TYPES)
class EMAIDType:
    """The contract's identifier, with an Id for signing."""

    Id: Annotated[str, _TEXT, _DATA_ID]
    value: Annotated[str, _EMAID, Content()]


@complex_type(MSG_BODY)
class CertificateInstallationReqType:
    """A vehicle without a contract asks for one, signed with its provisioning key."""

    Id: Annotated[str, _TEXT, _BODY_ID]
    OEMProvisioningCert: Annotated[bytes, _CERTIFICATE]
    ListOfRootCertificateIDs: ListOfRootCertificateIDsType


@complex_type(MSG_BODY)
class CertificateInstallationResType:
    """The contract for the vehicle, signed by the certificate provisioning service."""

    ResponseCode: Annotated[str, RESPONSE_CODE]
    SAProvisioningCertificateChain: CertificateChainType
    ContractSignatureCertChain: CertificateChainType
    ContractSignatureEncryptedPrivateKey: ContractSignatureEncryptedPrivateKeyType
    DHpublickey: DiffieHellmanPublickeyType
    eMAID: EMAIDType  # noqa: N815 - the name in the schema


@complex_type(MSG_BODY)
class CertificateUpdateReqType:
    """A vehicle asks for the successor of a contract, signed with the old contract's key."""

    Id: Annotated[str, _TEXT, _BODY_ID]
    ContractSignatureCertChain: CertificateChainType
    # A plain string here and a type with Id in the responses: so as a fragment the element has no type of its
    # own, see `opnc.exi.grammar.element_fragment`.
    eMAID: Annotated[str, _EMAID]  # noqa: N815 - the name in the schema
    ListOfRootCertificateIDs: ListOfRootCertificateIDsType


@complex_type(MSG_BODY)
class CertificateUpdateResType:
    """The successor of a contract, as for an installation."""

    ResponseCode: Annotated[str, RESPONSE_CODE]
    SAProvisioningCertificateChain: CertificateChainType
    ContractSignatureCertChain: CertificateChainType
    ContractSignatureEncryptedPrivateKey: ContractSignatureEncryptedPrivateKeyType
    DHpublickey: DiffieHellmanPublickeyType
    eMAID: EMAIDType  # noqa: N815 - the name in the schema
    RetryCounter: Annotated[int | None, _SHORT] = None


@complex_type(MSG_BODY)
class PaymentDetailsReqType:
    """A vehicle presents the contract it wants to charge with."""

    # A plain string, as in CertificateUpdateReq.
    eMAID: Annotated[str, _EMAID]  # noqa: N815 - the name in the schema
    ContractSignatureCertChain: CertificateChainType


@complex_type(MSG_BODY)
class PaymentDetailsResType:
    """The charging station sets the challenge that the vehicle has to sign."""

    ResponseCode: Annotated[str, RESPONSE_CODE]
    GenChallenge: Annotated[bytes, _CHALLENGE]
    EVSETimeStamp: Annotated[int, _LONG]


@complex_type(MSG_BODY)
class AuthorizationReqType:
    """The vehicle asks to charge; in Plug & Charge with the challenge, signed with the contract key."""

    Id: Annotated[str | None, _TEXT, _BODY_ID] = None
    GenChallenge: Annotated[bytes | None, _CHALLENGE] = None


@complex_type(MSG_BODY)
class AuthorizationResType:
    """Whether the vehicle may charge."""

    ResponseCode: Annotated[str, RESPONSE_CODE]
    EVSEProcessing: Annotated[str, EVSE_PROCESSING]


@complex_type(MSG_DATA_TYPES)
class MeterInfoType:
    """What the meter of a charging station shows."""

    MeterID: Annotated[str, Text(maximum=32)]
    MeterReading: Annotated[int | None, Unsigned(2**64 - 1)] = None
    SigMeterReading: Annotated[bytes | None, Octets(maximum=64)] = None
    MeterStatus: Annotated[int | None, _SHORT] = None
    TMeter: Annotated[int | None, _LONG] = None


@complex_type(MSG_BODY)
class MeteringReceiptReqType:
    """The vehicle confirms what the meter shows, signed with the contract key."""

    Id: Annotated[str | None, _TEXT, _BODY_ID] = None
    SessionID: Annotated[bytes, _SESSION_ID]
    SAScheduleTupleID: Annotated[int | None, Unsigned(255, 1)] = None
    MeterInfo: MeterInfoType


@complex_type(MSG_BODY, messages="ISO 15118-2")
class BodyType:
    """The body of a message: one of the elements, or none."""

    AuthorizationReq: Annotated[AuthorizationReqType | None, _BODY_ELEMENT] = None
    AuthorizationRes: Annotated[AuthorizationResType | None, _BODY_ELEMENT] = None
    CertificateInstallationReq: Annotated[CertificateInstallationReqType | None, _BODY_ELEMENT] = None
    CertificateInstallationRes: Annotated[CertificateInstallationResType | None, _BODY_ELEMENT] = None
    CertificateUpdateReq: Annotated[CertificateUpdateReqType | None, _BODY_ELEMENT] = None
    CertificateUpdateRes: Annotated[CertificateUpdateResType | None, _BODY_ELEMENT] = None
    MeteringReceiptReq: Annotated[MeteringReceiptReqType | None, _BODY_ELEMENT] = None
    PaymentDetailsReq: Annotated[PaymentDetailsReqType | None, _BODY_ELEMENT] = None
    PaymentDetailsRes: Annotated[PaymentDetailsResType | None, _BODY_ELEMENT] = None


@complex_type(MSG_DEF)
class V2GMessage:
    """The document `V2G_Message`."""

    Header: MessageHeaderType
    Body: BodyType
