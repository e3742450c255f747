"""The operator's CA for eMSPs without PKI: contract keys and certificates to order."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from opnc.pki import issue
from opnc.pki.credentials import Credential
from opnc.pki.keys import Seed
from opnc.pki.profiles import find
from opnc.pki.reading import read_certificate
from simulators.kernel import Failpoint, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from opnc.pki.reading import ReadCertificate
    from simulators.cps.orders import Order
    from simulators.kernel import Service
    from simulators.kernel.authorities import Authorities
    from simulators.pki.register import CertificateRegister

Period = tuple["datetime", "datetime"]

_FIRST_SERIAL = 1 << 62
"""Serial numbers have eight bytes, of which the first two bits are 01: positive, never shorter."""


class Issuing:
    """Issues contract certificates below the roots of the ecosystem."""

    def __init__(self, service: Service, trust: Authorities, register: CertificateRegister) -> None:
        self._service = service
        self._trust = trust
        self._register = register

    def authority(self, order: Order, vehicle: ReadCertificate) -> Credential:
        """Return the eMSP Sub-CA 2 that issues for an order.

        Raises:
            Refusal: 400, where there is none below the root that is asked for.
        """
        found = list(self._trust.below("emsp", order.version))
        for choose in self._service.enabled(_CHOICES):
            found = choose(found, order, vehicle)
        if not found:
            raise Refusal(400, "moRootCertificateFingerprint: no contract is issued below this root")
        return found[0]

    def contract(self, order: Order, authority: Credential) -> Credential:
        """Make a contract key and its certificate, and note it in the register.

        Raises:
            Refusal: 400, where no time is left that both the contract and the CA cover.
        """
        algorithm = authority.certificate.key_algorithm
        key = Seed(self._service.context.random.randbytes(32).hex()).key("contract", algorithm)
        begins, ends = self._service.resolve(Failpoint("cps.issue.period", _period))(order, authority)
        if ends <= begins:
            raise Refusal(400, "contractBegins, contractEnds: the CA covers no part of this time")
        made = issue.Order(
            subject=self._service.resolve(Failpoint("cps.issue.subject", self._subject))(order),
            public_key=key.public_key(),
            serial=_FIRST_SERIAL | self._service.context.random.getrandbits(62),
            not_before=begins,
            not_after=ends,
        )
        profile = find("emsp", "leaf", order.version)
        der = issue.issue(profile, made, self._trust.pki.issuer(authority))
        self._register.issue(read_certificate(der), order.emaid.owner)
        return Credential((der, *authority.chain), key)

    def _subject(self, order: Order) -> issue.Subject:
        return issue.Subject(order.emaid.normalised, self._trust.pki.organization)


def _period(order: Order, authority: Credential) -> Period:
    """Return the validity: within the contract, the CA's own and the longest of the profile."""
    begins = max(order.begins, authority.certificate.not_before)
    longest = begins + timedelta(days=find("emsp", "leaf", order.version).days)
    return begins, min(order.ends, authority.certificate.not_after, longest)


def _below_asked_root(found: list[Credential], order: Order, _vehicle: ReadCertificate) -> list[Credential]:
    asked = order.fingerprint("moRootCertificateFingerprint")
    return [each for each in found if asked in {None, each.certificates[-1].fingerprint}]


def _for_key_of_vehicle(found: list[Credential], _order: Order, vehicle: ReadCertificate) -> list[Credential]:
    """Keep what goes with the vehicle's key: a contract key can be wrapped for one of its own kind only."""
    return [each for each in found if each.certificate.key_algorithm == vehicle.key_algorithm]


_CHOICES: tuple[Failpoint[Any], ...] = (
    Failpoint("cps.issue.root", _below_asked_root),
    Failpoint("cps.issue.algorithm", _for_key_of_vehicle),
)
