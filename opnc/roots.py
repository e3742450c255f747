"""The root certificate object of the RCP: its vocabulary and how it follows from a certificate.

OPNC: specification/components/schemas/rootCertificate.v1.json, ERR-010 to ERR-023.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from opnc.pki.reading import ReadCertificate

TYPES = {"v2g": "V2G", "oem": "OEM", "emsp": "eMSP", "pe": "PE"}
"""Value of the query parameter `pkiType` -> spelling in the object."""

_SPELLINGS = {**{name: name for name in TYPES}, "mo": "emsp"}
EVENT_TYPES = {"v2g": "V2G", "oem": "OEM", "emsp": "MO", "pe": "PE"}
"""Value of `pkiType` -> spelling in events, which know no PE (ERR-013)."""

WRAPPERS = ("roootCertificate", "rootCertificate")
"""The member around a single root: the published spelling first, then the one that was meant (ERR-012)."""


def stated_types(root: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the types a root object states, in any of the shapes the errata know, lower case.

    Values outside the vocabulary are kept as they are, so that a judge can name them.
    """
    stated = root.get("rootTypeList", root.get("rootType", ()))
    values = (stated,) if isinstance(stated, str) else stated if isinstance(stated, (list, tuple)) else ()
    return tuple(type_named(str(value)) for value in values)


def type_named(value: str) -> str:
    """Return the root type that a value of any of the three vocabularies names, lower case (ERR-013).

    Args:
        value: As `pkiType`, an object or an event has it; what is in none of them is returned as it is.
    """
    return _SPELLINGS.get(value.lower(), value)


def members(certificate: ReadCertificate) -> dict[str, str]:
    """Derive the informative members from the certificate, those that it has.

    Returns:
        Name to text: distinguished name as RFC 4514 writes it, key identifier in base64 (ERR-021), serial
        number in hexadecimal (ERR-022), times as of `instant`, fingerprint as 64 hexadecimal digits.
    """
    key_identifier = certificate.extensions.subject_key_identifier
    candidates = {
        "distinguishedName": certificate.subject.text,
        "commonName": certificate.common_name,
        "organizationName": certificate.organization,
        "rootAuthorityKeyIdentifier": b64encode(key_identifier).decode() if key_identifier else None,
        "rootIssuerSerialNumber": f"{certificate.serial:x}",
        "validFrom": instant(certificate.not_before),
        "validTo": instant(certificate.not_after),
        "fingerprint": certificate.fingerprint,
    }
    return {name: value for name, value in candidates.items() if value}


def event_payload(root: Mapping[str, Any]) -> dict[str, str]:
    """Return what an event says about a root object; of several types one that events know (ERR-013).

    Returns:
        `rootCertificateId`, `distinguishedName`, `commonName`, `rootType` and `rootSerialNumber`, those
        that the object has.
    """
    # `pe` last, and stable otherwise: events know no PE, so any other type is preferred.
    types = sorted(stated_types(root), key=lambda name: name == "pe")
    members = {
        "rootCertificateId": root.get("rootCertificateId"),
        "distinguishedName": root.get("distinguishedName"),
        "commonName": root.get("commonName"),
        "rootType": EVENT_TYPES[types[0]],
        "rootSerialNumber": root.get("rootIssuerSerialNumber"),
    }
    return {name: value for name, value in members.items() if value is not None}


def instant(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
