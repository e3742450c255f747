"""The requests by which a vehicle asks for its contracts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opnc.exi import iso2, iso20
from opnc.exi.xmldsig import X509IssuerSerialType
from opnc.problem import Problem
from opnc.provisioning.contract_data import below_root
from opnc.provisioning.signing import sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opnc.pki.credentials import Credential
    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.contract_data import Session

MAX_ROOTS = 20
"""Root certificates a request can name."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a vehicle may ask for in ISO 15118-20.

    Attributes:
        most: How many contracts it takes in this session.
        emaids: The contracts it wants first, at most 8.
    """

    most: int = 1
    emaids: tuple[str, ...] = ()


def root_ids(roots: Sequence[ReadCertificate]) -> tuple[X509IssuerSerialType, ...]:
    """Name root certificates by issuer and serial number.

    Raises:
        Problem: There are none, or more than a request can name.
    """
    if not 0 < len(roots) <= MAX_ROOTS:
        raise Problem(f"a request names 1 to {MAX_ROOTS} root certificates, not {len(roots)}")
    return tuple(
        X509IssuerSerialType(X509IssuerName=str(root.issuer), X509SerialNumber=root.serial) for root in roots
    )


def installation_request_2(
    provisioning: Credential, roots: Sequence[ReadCertificate], session: Session
) -> iso2.V2GMessage:
    """Make a signed CertificateInstallationReq of ISO 15118-2.

    Args:
        provisioning: The OEM provisioning certificate and its key.
        roots: The V2G roots the vehicle trusts, 1 to 20.
        session: The charging session.

    Raises:
        Problem: Too few or too many roots, or a key that ISO 15118 does not sign with.
    """
    request = iso2.CertificateInstallationReqType(
        Id="id1",
        # The leaf alone: this schema has no place for what stands above it, the pool has to know it.
        OEMProvisioningCert=provisioning.der,
        ListOfRootCertificateIDs=iso2.ListOfRootCertificateIDsType(RootCertificateID=root_ids(roots)),
    )
    message = iso2.V2GMessage(
        Header=iso2.MessageHeaderType(SessionID=session.id),
        Body=iso2.BodyType(CertificateInstallationReq=request),
    )
    return sign(message, provisioning.key)


def installation_request_20(
    provisioning: Credential,
    roots: Sequence[ReadCertificate],
    session: Session,
    wishes: Wishes | None = None,
) -> iso20.CertificateInstallationReqType:
    """Make a signed CertificateInstallationReq of ISO 15118-20.

    Args:
        provisioning: The OEM provisioning certificate with its chain and key.
        roots: The V2G roots the vehicle trusts, 1 to 20.
        session: The charging session, with a time.
        wishes: How many contracts, and which first.

    Raises:
        Problem: Too few or too many roots, no time, or a key that ISO 15118 does not sign with.
    """
    wishes = wishes or Wishes()
    # ISO 15118-20 does send the Sub-CAs, and signs them along.
    leaf, *above = below_root(provisioning.chain)
    sub = iso20.SubCertificatesType(Certificate=tuple(above)) if above else None
    request = iso20.CertificateInstallationReqType(
        Header=session.header_20(),
        OEMProvisioningCertificateChain=iso20.SignedCertificateChainType(
            Id="id1", Certificate=leaf, SubCertificates=sub
        ),
        ListOfRootCertificateIDs=iso20.ListOfRootCertificateIDsType(RootCertificateID=root_ids(roots)),
        MaximumContractCertificateChains=wishes.most,
        PrioritizedEMAIDs=iso20.EMAIDListType(EMAID=wishes.emaids) if wishes.emaids else None,
    )
    return sign(request, provisioning.key)
