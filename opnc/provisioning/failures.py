"""Answers to requests that fail: messages that are valid EXI all the same, with the right ResponseCode.

The schemas want every element in a failure too, so the rest is filled with dummies of valid lengths: the
eMAID and the single octets are those that operators in the field send. They are not signed: there is
nothing to be trusted.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from opnc.exi import iso2, iso20

if TYPE_CHECKING:
    from opnc.pki.profiles import Version
    from opnc.provisioning.contract_data import Session
    from opnc.provisioning.messages import Message


class Failure(StrEnum):
    """Why a request fails."""

    SIGNATURE = "signature"
    UNDECODABLE = "undecodable"
    CHAIN = "chain"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    REVOKED = "revoked"
    NO_CONTRACT = "no-contract"
    OTHER = "other"


RESPONSE_CODES: dict[Failure, dict[Version, str]] = {
    Failure.SIGNATURE: {"ISO15118-2": "FAILED_SignatureError", "ISO15118-20": "FAILED_SignatureError"},
    # No code means "not decodable"; GIREVE answers so.
    Failure.UNDECODABLE: {"ISO15118-2": "FAILED_SequenceError", "ISO15118-20": "FAILED_SequenceError"},
    Failure.CHAIN: {
        "ISO15118-2": "FAILED_CertChainError",
        "ISO15118-20": "WARNING_CertificateValidationError",
    },
    Failure.EXPIRED: {"ISO15118-2": "FAILED_CertificateExpired", "ISO15118-20": "WARNING_CertificateExpired"},
    # ISO 15118-2 has no code of its own for it.
    Failure.NOT_YET_VALID: {
        "ISO15118-2": "FAILED_NoCertificateAvailable",
        "ISO15118-20": "WARNING_CertificateNotYetValid",
    },
    Failure.REVOKED: {"ISO15118-2": "FAILED_CertificateRevoked", "ISO15118-20": "WARNING_CertificateRevoked"},
    Failure.NO_CONTRACT: {
        "ISO15118-2": "FAILED_NoCertificateAvailable",
        "ISO15118-20": "WARNING_NoContractMatchingPCIDFound",
    },
    Failure.OTHER: {"ISO15118-2": "FAILED", "ISO15118-20": "FAILED"},
}
"""The ResponseCode of each failure."""

# Both are what GIREVE's failure responses carry; the octet is `MA==` in base64.
_OCTET = b"0"
_EMAID = "123456789ABCDE"


def failure_response(failure: Failure, version: Version, session: Session) -> Message:
    """Return the CertificateInstallationRes that tells a vehicle of a failure.

    Args:
        failure: Why the request fails.
        version: The generation of ISO 15118.
        session: The charging session of the request.

    Raises:
        Problem: A message of ISO 15118-20 is wanted and the session has no time.
    """
    code = RESPONSE_CODES[failure][version]
    return _failure_2(code, session) if version == "ISO15118-2" else _failure_20(code, session)


def _failure_2(code: str, session: Session) -> Message:
    response = iso2.CertificateInstallationResType(
        ResponseCode=code,
        SAProvisioningCertificateChain=iso2.CertificateChainType(Certificate=_OCTET),
        ContractSignatureCertChain=iso2.CertificateChainType(Id="id1", Certificate=_OCTET),
        ContractSignatureEncryptedPrivateKey=iso2.ContractSignatureEncryptedPrivateKeyType(
            Id="id2", value=_OCTET
        ),
        DHpublickey=iso2.DiffieHellmanPublickeyType(Id="id3", value=_OCTET),
        eMAID=iso2.EMAIDType(Id="id4", value=_EMAID),
    )
    return iso2.V2GMessage(
        Header=iso2.MessageHeaderType(SessionID=session.id),
        Body=iso2.BodyType(CertificateInstallationRes=response),
    )


def _failure_20(code: str, session: Session) -> Message:
    chain = iso20.ContractCertificateChainType(
        Certificate=_OCTET, SubCertificates=iso20.SubCertificatesType(Certificate=(_OCTET,))
    )
    return iso20.CertificateInstallationResType(
        Header=session.header_20(),
        ResponseCode=code,
        EVSEProcessing="Finished",
        CPSCertificateChain=iso20.CertificateChainType(Certificate=_OCTET),
        SignedInstallationData=iso20.SignedInstallationDataType(
            Id="id1",
            ContractCertificateChain=chain,
            ECDHCurve="SECP521",
            # Both of full length: the schema fixes that of the encrypted key, and earlier ones that of the
            # point.
            DHPublicKey=bytes(133),
            SECP521_EncryptedPrivateKey=bytes(94),
        ),
        RemainingContractCertificateChains=0,
    )
