"""Asking for the status of certificates, as every relying party does: by OCSP, or by CRL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.pki import crl, ocsp
from opnc.pki.deviations import Unreadable
from opnc.pki.status import check_crl, check_response, ocsp_status
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opnc.clock import Clock
    from opnc.pki.deviations import Deviation
    from opnc.pki.reading import ReadCertificate
    from opnc.pki.revocation import Status
    from simulators.network.outbound import Outbound
    from simulators.pki.ocsp_crl import StatusService


SOURCES = 2
"""Addresses of each kind that are tried: who has issued a certificate decides how many it names."""


class StatusClient:
    """Gets statuses and trusts only what the issuer, or whom it delegated, has signed for this moment."""

    def __init__(self, clock: Clock, outbound: Outbound, own: StatusService) -> None:
        """Get ready to ask.

        Args:
            clock: Tells whether an answer is current.
            outbound: The way to the responders of others.
            own: The ecosystem's own; asked directly, since it may live in the thread that asks.
        """
        self._clock = clock
        self._outbound = outbound
        self._own = own

    def by_ocsp(self, certificate: ReadCertificate, issuer: ReadCertificate) -> Status | None:
        """Return what the responders that a certificate names say; None where there is no valid answer."""
        urls = certificate.extensions.ocsp_urls[:SOURCES]
        found = (self._told(url, certificate, issuer) for url in urls)
        return next(filter(None, found), None)

    def by_crl(self, certificate: ReadCertificate, issuer: ReadCertificate) -> Status | None:
        """Return what the CRLs that a certificate names say; None where there is no valid one."""
        answers = map(self._fetched, certificate.extensions.crl_urls[:SOURCES])
        found = (self._crl_status(answer, certificate, issuer) for answer in answers)
        return next(filter(None, found), None)

    def _told(self, url: str, certificate: ReadCertificate, issuer: ReadCertificate) -> Status | None:
        if url == self._own.addresses.ocsp:
            # What it would sign for itself need not be signed.
            return self._own.status(certificate, issuer)
        request = ocsp.build_request(certificate, issuer)
        answer = self._outbound.ask(url, request, ocsp.REQUEST_TYPE, ocsp.MAX_RESPONSE_BYTES)
        return self._ocsp_status(answer, certificate, issuer)

    def _fetched(self, url: str) -> bytes | None:
        prefix, _, suffix = self._own.addresses.crl.partition("{ca}")
        # Asked directly as with OCSP: a request to itself would wait for the answer to the one it answers.
        if prefix and url.startswith(prefix):
            return self._own.revocation_list(url.removeprefix(prefix).removesuffix(suffix))
        return self._outbound.fetch(url, crl.MAX_CRL_BYTES)

    def _ocsp_status(
        self, answer: bytes | None, certificate: ReadCertificate, issuer: ReadCertificate
    ) -> Status | None:
        try:
            response = ocsp.read_response(answer or b"")
        except Unreadable:
            return None
        found = check_response(response, certificate, issuer, self._clock.now())
        return None if _broken(found) else ocsp_status(response, certificate, issuer)

    def _crl_status(
        self, answer: bytes | None, certificate: ReadCertificate, issuer: ReadCertificate
    ) -> Status | None:
        try:
            read = crl.read_crl(answer or b"")
        except Unreadable:
            return None
        return (
            None if _broken(check_crl(read, issuer, self._clock.now())) else read.status(certificate.serial)
        )


def _broken(found: Iterable[Deviation]) -> bool:
    return any(deviation.severity is Severity.FAIL for deviation in found)
