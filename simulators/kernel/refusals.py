"""Refusals for what the PKI library finds wrong: which member, what was expected, what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.pki.conformance import check_profile
from opnc.pki.deviations import Unreadable
from opnc.pki.reading import ReadCertificate, read_certificate_text
from opnc.severity import Severity
from simulators.kernel import Refusal

if TYPE_CHECKING:
    from opnc.pki.deviations import Deviation
    from opnc.pki.profiles import Profile

EMAID_USED = "Invalid Tupple - EMAID is already used by other PCID."
"""As published; the message is informative (ERR-042)."""

_DECISIVE = frozenset({"key-algorithm", "signature-algorithm", "basic-constraints", "key-usage", "size"})
"""Deviations from its profile for which a certificate cannot be used at all."""


def refusal(where: str, found: Deviation) -> Refusal:
    """Return the refusal of a deviation."""
    return Refusal(400, f"{where}: {found.field}: expected {found.expected}, seen {found.seen}")


def certificate(text: object, where: str) -> ReadCertificate:
    """Read a certificate that must be plain base64 of DER (ERR-033).

    Raises:
        Refusal: 400 if it is not.
    """
    try:
        read = read_certificate_text(text)
    except Unreadable as problem:
        raise Refusal(400, f"{where}: no certificate: {problem.what}") from problem
    for found in read.findings:
        if found.field == "base64":
            raise refusal(where, found)
    return read


def demand_usable(read: ReadCertificate, profile: Profile, where: str) -> None:
    """Make sure that a certificate can be used at all as what its profile says.

    Raises:
        Refusal: 400, naming the field.
    """
    for found in check_profile(read, profile):
        # For anything else a pool need not refuse what a vehicle or a charge point may well accept.
        if found.severity is Severity.FAIL and found.name in _DECISIVE:
            raise refusal(where, found)
