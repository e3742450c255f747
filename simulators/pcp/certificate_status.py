"""The status of the certificates of a vehicle, as the PCP asks for it (ERR-047)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.pki.revocation import GOOD
from simulators.kernel import Failpoint, Refusal
from simulators.pcp.publication import place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from opnc.pki.reading import ReadCertificate
    from opnc.pki.revocation import Status
    from simulators.kernel.fault_injection import FaultInjector
    from simulators.pcp.publication import Delivered
    from simulators.pki.status_client import StatusClient


class States:
    """Asks for the status of every certificate of a chain that somebody known has issued."""

    def __init__(self, status_client: StatusClient, injector: FaultInjector) -> None:
        self._injector = injector
        self._sources = (
            Failpoint("pcp.status.ocsp", status_client.by_ocsp),
            Failpoint("pcp.status.crl", status_client.by_crl),
        )

    def of(self, chain: Delivered, roots: Sequence[ReadCertificate]) -> Iterator[tuple[str, Status | None]]:
        """Yield member and status of each certificate; None where the status cannot be had.

        A certificate whose issuer is unknown is passed over: no answer about it could be believed, and the
        chain it is in is refused anyway.
        """
        for select in self._injector.enabled(_SELECTIONS):
            for member, certificate in select(chain.members).items():
                if issuer := chain.issuer(certificate, roots):
                    yield member, self._state(certificate, issuer)

    def demand_good(self, chain: Delivered, roots: Sequence[ReadCertificate]) -> None:
        """Make sure that no certificate of a chain is known to be revoked, and that all can be asked for.

        Raises:
            Refusal: 400, or 502 where no source gives an answer, naming the member.
        """
        for member, status in self.of(chain, roots):
            for demand in self._injector.enabled(_DEMANDS):
                demand(member, status)

    def _state(self, certificate: ReadCertificate, issuer: ReadCertificate) -> Status | None:
        if not certificate.extensions.ocsp_urls + certificate.extensions.crl_urls:
            # Its CA has chosen not to tell: nothing in it could ever be revoked.
            return GOOD
        answers = (ask(certificate, issuer) for ask in self._injector.enabled(self._sources))
        return next(filter(None, answers), None)


def _leaf(members: Mapping[str, ReadCertificate]) -> Mapping[str, ReadCertificate]:
    return {name: read for name, read in members.items() if name == "certificate"}


def _sub_cas(members: Mapping[str, ReadCertificate]) -> Mapping[str, ReadCertificate]:
    return {name: read for name, read in members.items() if name != "certificate"}


def _demand_unrevoked(member: str, status: Status | None) -> None:
    if status and status.revocation:
        raise Refusal(400, f"{place(member)}: revoked, {status.revocation.reason}")


def _demand_told(member: str, status: Status | None) -> None:
    if status is None:
        raise Refusal(502, f"{place(member)}: neither OCSP nor CRL could be had")
    if status.state == "unknown":
        raise Refusal(400, f"{place(member)}: its CA does not know it")


_SELECTIONS = (Failpoint("pcp.status.leaf", _leaf), Failpoint("pcp.status.sub-cas", _sub_cas))
_DEMANDS = (Failpoint("pcp.status.revoked", _demand_unrevoked), Failpoint("pcp.status.told", _demand_told))
