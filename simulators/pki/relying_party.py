"""What a service of the ecosystem relies on when it looks at certificates: roots, statuses, the present."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from opnc.pki.chains import CheckedChain, check_chain
from opnc.pki.revocation import GOOD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from opnc.pki.reading import ReadCertificate
    from opnc.pki.revocation import Status
    from simulators.pki.status_client import StatusClient


class RelyingParty:
    """Checks chains by the roots of the pool, and asks for the status of certificates."""

    def __init__(
        self, trusted: Callable[..., Sequence[ReadCertificate]], status_client: StatusClient
    ) -> None:
        """Get ready to check.

        Args:
            trusted: Returns the roots of the types it is given that are valid now.
            status_client: Asks for the status of certificates.
        """
        self._trusted = trusted
        self._status_client = status_client

    def roots(self, *types: str) -> Sequence[ReadCertificate]:
        """Return the roots of some types, lower case."""
        return self._trusted(*types)

    def chain(self, certificates: Sequence[ReadCertificate], *types: str) -> CheckedChain:
        """Check the chain of the first certificate up to a root of some types, dates left out."""
        leaf, *above = certificates
        # No moment: dates are looked at on their own, with a refusal of their own.
        return check_chain(leaf, above, self.roots(*types), None)

    def states(self, path: Sequence[ReadCertificate]) -> Iterator[tuple[ReadCertificate, Status | None]]:
        """Yield the status of each certificate below the root; None where it cannot be had (ERR-047)."""
        for certificate, issuer in pairwise(path):
            yield certificate, self._state(certificate, issuer)

    def _state(self, certificate: ReadCertificate, issuer: ReadCertificate) -> Status | None:
        if not certificate.extensions.ocsp_urls + certificate.extensions.crl_urls:
            # Its CA has chosen not to tell: nothing could ever revoke it.
            return GOOD
        told = self._status_client.by_ocsp(certificate, issuer)
        # A responder that does not know the certificate tells no more than one that is silent.
        if told is None or told.state == "unknown":
            told = self._status_client.by_crl(certificate, issuer) or told
        return told
