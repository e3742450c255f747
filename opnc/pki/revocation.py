"""Revocation as OCSP, CRL and OPNC's revokeCertificate know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cryptography import x509

if TYPE_CHECKING:
    from datetime import datetime

REASONS = tuple(reason.value for reason in x509.ReasonFlags)
"""The CRLReasons of RFC 5280 section 5.3.1 by name."""

OPNC_REASONS = (
    "privilegeWithdrawn",
    "affiliationChanged",
    "superseded",
    "unspecified",
    "keyCompromise",
    "aACompromise",
    "cessationOfOperation",
)
"""The values of OPNC's `revocationReason`; why these seven, see OPNC erratum ERR-108."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """That a certificate was revoked.

    Attributes:
        at: When, aware, to the second.
        reason: One of `REASONS`; the absence of a reason is `unspecified`.
    """

    at: datetime
    reason: str = "unspecified"

    @property
    def flag(self) -> x509.ReasonFlags | None:
        """The reason as OCSP and CRL carry it: `unspecified` is left out (RFC 5280 section 5.3.1)."""
        return None if self.reason == "unspecified" else x509.ReasonFlags(self.reason)


@dataclass(frozen=True, slots=True)
class Status:
    """The status of a certificate.

    Attributes:
        state: As in RFC 6960.
        revocation: When and why; only where revoked.
    """

    state: Literal["good", "revoked", "unknown"]
    revocation: Revocation | None = None


GOOD = Status("good")
UNKNOWN = Status("unknown")


def revoked(at: datetime, reason: str = "unspecified") -> Status:
    """Return the status of a revoked certificate."""
    return Status("revoked", Revocation(at, reason))
