"""The status of the certificates of a vehicle, as the PCP asks for it (ERR-047)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.pki.revocation import GOOD
from simulators.kernel import Refusal, failpoint, failpoint_function
from simulators.pcp.publication import member_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from opnc.pki.reading import ReadCertificate
    from opnc.pki.revocation import Status
    from simulators.kernel.fault_injection import FaultInjector
    from simulators.pcp.publication import PublishedChain
    from simulators.pki.status_client import StatusClient


class CertificateStatuses:
    """Asks for the status of every certificate of a chain that somebody known has issued."""

    def __init__(self, status_client: StatusClient, injector: FaultInjector) -> None:
        self.injector = injector
        self._status_client = status_client

    def of_chain(
        self, chain: PublishedChain, roots: Sequence[ReadCertificate]
    ) -> Iterator[tuple[str, Status | None]]:
        """Yield member and status of each certificate; None where the status cannot be had.

        A certificate whose issuer is unknown is passed over: no answer about it could be believed, and the
        chain it is in is refused anyway.
        """
        for select in self.injector.enabled(_SELECTIONS):
            for member, certificate in select(chain.members).items():
                if issuer := chain.issuer(certificate, roots):
                    yield member, self._status(certificate, issuer)

    def demand_good(self, chain: PublishedChain, roots: Sequence[ReadCertificate]) -> None:
        """Make sure that no certificate of a chain is known to be revoked, and that all can be asked for.

        Raises:
            Refusal: 400, or 502 where no source gives an answer, naming the member.
        """
        for member, status in self.of_chain(chain, roots):
            for demand in self.injector.enabled(_DEMANDS):
                demand(member, status)

    def _status(self, certificate: ReadCertificate, issuer: ReadCertificate) -> Status | None:
        if not certificate.extensions.ocsp_urls + certificate.extensions.crl_urls:
            # Its CA has chosen not to tell: nothing in it could ever be revoked.
            return GOOD
        # A generator: the CRL is only fetched where OCSP gives no answer.
        answers = (ask(certificate, issuer) for ask in self.injector.enabled((self._by_ocsp, self._by_crl)))
        return next(filter(None, answers), None)

    @failpoint("pcp.status.ocsp")
    def _by_ocsp(self, certificate: ReadCertificate, issuer: ReadCertificate) -> Status | None:
        return self._status_client.by_ocsp(certificate, issuer)

    @failpoint("pcp.status.crl")
    def _by_crl(self, certificate: ReadCertificate, issuer: ReadCertificate) -> Status | None:
        return self._status_client.by_crl(certificate, issuer)


@failpoint_function("pcp.status.leaf")
def _leaf(members: Mapping[str, ReadCertificate]) -> Mapping[str, ReadCertificate]:
    return {name: read for name, read in members.items() if name == "certificate"}


@failpoint_function("pcp.status.sub-cas")
def _sub_cas(members: Mapping[str, ReadCertificate]) -> Mapping[str, ReadCertificate]:
    return {name: read for name, read in members.items() if name != "certificate"}


@failpoint_function("pcp.status.revoked")
def _demand_unrevoked(member: str, status: Status | None) -> None:
    if status and status.revocation:
        raise Refusal(400, f"{member_label(member)}: revoked, {status.revocation.reason}")


@failpoint_function("pcp.status.told")
def _demand_known_status(member: str, status: Status | None) -> None:
    if status is None:
        raise Refusal(502, f"{member_label(member)}: neither OCSP nor CRL could be had")
    if status.state == "unknown":
        raise Refusal(400, f"{member_label(member)}: its CA does not know it")


_SELECTIONS = (_leaf, _sub_cas)
_DEMANDS = (_demand_unrevoked, _demand_known_status)
