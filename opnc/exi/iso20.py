"""The Plug & Charge messages of ISO 15118-20:2022 (`V2G_CI_CommonMessages.xsd` and what it imports)."""

from __future__ import annotations

from typing import Annotated

from opnc.exi.datatypes import Enumeration, Octets, Text
from opnc.exi.numbers import Boolean, Unsigned
from opnc.exi.schema import Attribute, Choice, In, Occurs, complex_type
from opnc.exi.xmldsig import XMLDSIG, SignatureType, X509IssuerSerialType

COMMON_MESSAGES = "urn:iso:std:iso:15118:-20:CommonMessages"
COMMON_TYPES = "urn:iso:std:iso:15118:-20:CommonTypes"

# The order of the published standard. Schemas of its drafts are in circulation and number otherwise.
RESPONSE_CODE = Enumeration(
    (
        "OK",
        "OK_CertificateExpiresSoon",
        "OK_NewSessionEstablished",
        "OK_OldSessionJoined",
        "OK_PowerToleranceConfirmed",
        "WARNING_AuthorizationSelectionInvalid",
        "WARNING_CertificateExpired",
        "WARNING_CertificateNotYetValid",
        "WARNING_CertificateRevoked",
        "WARNING_CertificateValidationError",
        "WARNING_ChallengeInvalid",
        "WARNING_EIMAuthorizationFailure",
        "WARNING_eMSPUnknown",
        "WARNING_EVPowerProfileViolation",
        "WARNING_GeneralPnCAuthorizationError",
        "WARNING_NoCertificateAvailable",
        "WARNING_NoContractMatchingPCIDFound",
        "WARNING_PowerToleranceNotConfirmed",
        "WARNING_ScheduleRenegotiationFailed",
        "WARNING_StandbyNotAllowed",
        "WARNING_WPT",
        "FAILED",
        "FAILED_AssociationError",
        "FAILED_ContactorError",
        "FAILED_EVPowerProfileInvalid",
        "FAILED_EVPowerProfileViolation",
        "FAILED_MeteringSignatureNotValid",
        "FAILED_NoEnergyTransferServiceSelected",
        "FAILED_NoServiceRenegotiationSupported",
        "FAILED_PauseNotAllowed",
        "FAILED_PowerDeliveryNotApplied",
        "FAILED_PowerToleranceNotConfirmed",
        "FAILED_ScheduleRenegotiation",
        "FAILED_ScheduleSelectionInvalid",
        "FAILED_SequenceError",
        "FAILED_ServiceIDInvalid",
        "FAILED_ServiceSelectionInvalid",
        "FAILED_SignatureError",
        "FAILED_UnknownSession",
        "FAILED_WrongChargeParameter",
    )
)

EVSE_PROCESSING = Enumeration(("Finished", "Ongoing", "Ongoing_WaitingForCustomerInteraction"))
ECDH_CURVE = Enumeration(("SECP521", "X448"))
AUTHORIZATION = Enumeration(("EIM", "PnC"))

_CERTIFICATE = Octets(maximum=1600)
_UNSIGNED_BYTE = Unsigned(2**8 - 1)
_ID = Attribute(COMMON_MESSAGES)
_TEXT = Text()
_PRIVATE_KEY = Choice()
_CHALLENGE = Octets(16, 16)
_SETUP_MODE = Choice()
_REQUEST_MODE = Choice()


@complex_type(COMMON_TYPES)
class MessageHeaderType:
    """Header of every message; the signature is over elements of the message."""

    SessionID: Annotated[bytes, Octets(8, 8, hexadecimal=True)]
    TimeStamp: Annotated[int, Unsigned(2**64 - 1)]
    Signature: Annotated[SignatureType | None, In(XMLDSIG)] = None


@complex_type(COMMON_MESSAGES)
class SubCertificatesType:
    """The certificates between a leaf and its root, from the leaf upwards."""

    Certificate: Annotated[tuple[bytes, ...], _CERTIFICATE, Occurs(1, 3)]


@complex_type(COMMON_MESSAGES)
class SignedCertificateChainType:
    """A leaf certificate in DER and those above it, with an Id for signing."""

    Id: Annotated[str, _TEXT, _ID]
    Certificate: Annotated[bytes, _CERTIFICATE]
    SubCertificates: SubCertificatesType | None = None


@complex_type(COMMON_MESSAGES)
class CertificateChainType:
    """A leaf certificate in DER and those above it."""

    Certificate: Annotated[bytes, _CERTIFICATE]
    SubCertificates: SubCertificatesType | None = None


@complex_type(COMMON_MESSAGES)
class ContractCertificateChainType:
    """A contract certificate in DER and those above it, at least one."""

    Certificate: Annotated[bytes, _CERTIFICATE]
    SubCertificates: SubCertificatesType


@complex_type(COMMON_TYPES)
class ListOfRootCertificateIDsType:
    """The V2G roots the vehicle trusts."""

    RootCertificateID: Annotated[tuple[X509IssuerSerialType, ...], Occurs(1, 20)]


@complex_type(COMMON_MESSAGES)
class EMAIDListType:
    """The contracts the vehicle wants first, in order."""

    EMAID: Annotated[tuple[str, ...], Text(maximum=255), Occurs(1, 8)]


@complex_type(COMMON_MESSAGES)
class SignedInstallationDataType:
    """A contract for the vehicle: the element that is signed.

    `DHPublicKey` has 133 octets for SECP521; the final standard allows fewer, X448 needs 57 or 56.
    """

    Id: Annotated[str, _TEXT, _ID]
    ContractCertificateChain: ContractCertificateChainType
    ECDHCurve: Annotated[str, ECDH_CURVE]
    DHPublicKey: Annotated[bytes, Octets(maximum=133)]
    SECP521_EncryptedPrivateKey: Annotated[bytes | None, Octets(94, 94), _PRIVATE_KEY] = None
    X448_EncryptedPrivateKey: Annotated[bytes | None, Octets(84, 84), _PRIVATE_KEY] = None
    TPM_EncryptedPrivateKey: Annotated[bytes | None, Octets(206, 206), _PRIVATE_KEY] = None


@complex_type(COMMON_MESSAGES)
class CertificateInstallationReqType:
    """A vehicle asks for its contracts, signed with its provisioning key."""

    Header: Annotated[MessageHeaderType, In(COMMON_TYPES)]
    OEMProvisioningCertificateChain: SignedCertificateChainType
    ListOfRootCertificateIDs: ListOfRootCertificateIDsType
    MaximumContractCertificateChains: Annotated[int, _UNSIGNED_BYTE]
    PrioritizedEMAIDs: EMAIDListType | None = None


@complex_type(COMMON_MESSAGES)
class CertificateInstallationResType:
    """One contract for the vehicle, signed by the certificate provisioning service."""

    Header: Annotated[MessageHeaderType, In(COMMON_TYPES)]
    ResponseCode: Annotated[str, RESPONSE_CODE, In(COMMON_TYPES)]
    EVSEProcessing: Annotated[str, EVSE_PROCESSING]
    CPSCertificateChain: CertificateChainType
    SignedInstallationData: SignedInstallationDataType
    RemainingContractCertificateChains: Annotated[int, _UNSIGNED_BYTE]


@complex_type(COMMON_MESSAGES)
class AuthorizationSetupReqType:
    """The vehicle asks in which ways it may authorize itself."""

    Header: Annotated[MessageHeaderType, In(COMMON_TYPES)]


@complex_type(COMMON_MESSAGES)
class SupportedProvidersListType:
    """The eMSPs whose contracts are taken."""

    ProviderID: Annotated[tuple[str, ...], Text(maximum=80), Occurs(1, 128)]


@complex_type(COMMON_MESSAGES)
class EIM_ASResAuthorizationModeType:  # noqa: N801 - the name in the schema
    """Identification outside the vehicle: nothing more to say."""


@complex_type(COMMON_MESSAGES)
class PnC_ASResAuthorizationModeType:  # noqa: N801 - the name in the schema
    """Plug & Charge: the challenge that the vehicle has to sign."""

    GenChallenge: Annotated[bytes, _CHALLENGE]
    SupportedProviders: SupportedProvidersListType | None = None


@complex_type(COMMON_MESSAGES)
class AuthorizationSetupResType:
    """The ways in which a vehicle may authorize itself."""

    Header: Annotated[MessageHeaderType, In(COMMON_TYPES)]
    ResponseCode: Annotated[str, RESPONSE_CODE, In(COMMON_TYPES)]
    AuthorizationServices: Annotated[tuple[str, ...], AUTHORIZATION, Occurs(1, 2)]
    CertificateInstallationService: Annotated[bool, Boolean()]
    EIM_ASResAuthorizationMode: Annotated[EIM_ASResAuthorizationModeType | None, _SETUP_MODE] = None
    PnC_ASResAuthorizationMode: Annotated[PnC_ASResAuthorizationModeType | None, _SETUP_MODE] = None


@complex_type(COMMON_MESSAGES)
class EIM_AReqAuthorizationModeType:  # noqa: N801 - the name in the schema
    """Identification outside the vehicle: nothing more to say."""


@complex_type(COMMON_MESSAGES)
class PnC_AReqAuthorizationModeType:  # noqa: N801 - the name in the schema
    """The challenge and the contract: the element that the contract key signs."""

    Id: Annotated[str, _TEXT, _ID]
    GenChallenge: Annotated[bytes, _CHALLENGE]
    ContractCertificateChain: ContractCertificateChainType


@complex_type(COMMON_MESSAGES)
class AuthorizationReqType:
    """The vehicle authorizes itself, in Plug & Charge with its contract."""

    Header: Annotated[MessageHeaderType, In(COMMON_TYPES)]
    SelectedAuthorizationService: Annotated[str, AUTHORIZATION]
    EIM_AReqAuthorizationMode: Annotated[EIM_AReqAuthorizationModeType | None, _REQUEST_MODE] = None
    PnC_AReqAuthorizationMode: Annotated[PnC_AReqAuthorizationModeType | None, _REQUEST_MODE] = None


@complex_type(COMMON_MESSAGES)
class AuthorizationResType:
    """Whether the vehicle may charge."""

    Header: Annotated[MessageHeaderType, In(COMMON_TYPES)]
    ResponseCode: Annotated[str, RESPONSE_CODE, In(COMMON_TYPES)]
    EVSEProcessing: Annotated[str, EVSE_PROCESSING]
