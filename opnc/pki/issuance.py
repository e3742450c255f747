"""What a CA takes over from its own certificate into those it issues: key identifier and time.

    check_issuance(leaf, issuer)        # what RFC 5280 demands of the CA
    check_time(leaf, issuer), check_length(leaf, profile)   # what is advisable

A path is valid without both (RFC 5280 section 6.1), so `opnc.pki.chains` gives the one little weight and does
not look at the other; who issues certificates is held to more than who verifies them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from opnc.pki.deviations import Deviation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opnc.pki.profiles import Profile
    from opnc.pki.reading import ReadCertificate


def check_issuance(certificate: ReadCertificate, issuer: ReadCertificate) -> Iterator[Deviation]:
    """Yield what a certificate says of its issuer, or of its own key, that is not so.

    Args:
        certificate: A certificate that is not self-signed.
        issuer: The CA whose key has signed it.
    """
    named, own = certificate.extensions.authority_key_identifier, issuer.extensions.subject_key_identifier
    # OpenSSL finds no issuer by a wrong one, whatever the names: to a vehicle the chain is broken.
    if named is not None and own is not None and named != own:
        clause = "RFC 5280 section 4.2.1.2"
        yield Deviation(
            "authority-key-identifier", "authorityKeyIdentifier", own.hex(":"), named.hex(":"), clause
        )
    mine = certificate.extensions.subject_key_identifier
    if mine is not None and mine == own and certificate.spki != issuer.spki:
        expected, clause = "an identifier of its own key", "RFC 5280 section 4.2.1.2"
        yield Deviation(
            "subject-key-identifier", "subjectKeyIdentifier", expected, "that of its issuer", clause
        )
    if certificate.issuer != issuer.subject:
        expected, clause = str(issuer.subject), "RFC 5280 section 4.1.2.4"
        yield Deviation("issuer-name", "issuer", expected, str(certificate.issuer), clause)


def check_time(certificate: ReadCertificate, issuer: ReadCertificate) -> Iterator[Deviation]:
    """Yield where a certificate is valid when its issuer is not: it could never be verified then."""
    begins, ends = certificate.not_before, certificate.not_after
    if begins < issuer.not_before or ends > issuer.not_after:
        expected = f"within {issuer.not_before} to {issuer.not_after}, as its issuer"
        # PKIX lets it be so; the shell model of ISO 15118 makes nothing of the time beyond.
        yield Deviation(
            "outside-issuer", "validity", expected, f"{begins} to {ends}", "RFC 5280 section 6.1.3 (a)(2)"
        )


def check_length(certificate: ReadCertificate, profile: Profile) -> Iterator[Deviation]:
    """Yield where a certificate is valid for longer than the standard has it for its kind."""
    length, most = certificate.not_after - certificate.not_before, profile.most_days
    if most is not None and length > timedelta(days=most):
        yield Deviation(
            "validity-too-long", "validity", f"at most {most} days", f"{length.days} days", profile.source
        )
