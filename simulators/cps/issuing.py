"""The operator's CA for eMSPs without PKI: contract keys and certificates to order."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from opnc.pki import issue
from opnc.pki.credentials import Credential
from opnc.pki.keys import Seed
from opnc.pki.profiles import find
from opnc.pki.reading import read_certificate
from simulators.kernel import Refusal, failpoint, failpoint_function

if TYPE_CHECKING:
    from datetime import datetime

    from opnc.pki.profiles import Profile
    from opnc.pki.reading import ReadCertificate
    from opnc.pki.signatures import PrivateKey
    from simulators.cps.orders import ContractOrder
    from simulators.kernel import EcosystemContext
    from simulators.kernel.authorities import Authorities
    from simulators.pki.register import CertificateRegister

Period = tuple["datetime", "datetime"]

_FIRST_SERIAL = 1 << 62
"""Serial numbers have eight bytes, of which the first two bits are 01: positive, never shorter."""


class ContractIssuer:
    """Issues contract certificates below the roots of the ecosystem.

    Attributes:
        injector: The faults that are on.
    """

    def __init__(self, context: EcosystemContext, trust: Authorities, register: CertificateRegister) -> None:
        self.injector = context.injector
        self._random = context.random
        self._trust = trust
        self._register = register

    def choose_ca(self, order: ContractOrder, vehicle: ReadCertificate) -> Credential:
        """Return the eMSP Sub-CA 2 that issues for an order.

        Raises:
            Refusal: 400, where there is none below the root that is asked for.
        """
        found = list(self._trust.below("emsp", order.version))
        for choose in self.injector.enabled(_CA_PREFERENCES):
            found = choose(found, order, vehicle)
        # A root that is asked for and cannot be had is refused, never replaced by another (ERR-072).
        if not found:
            raise Refusal(400, "moRootCertificateFingerprint: no contract is issued below this root")
        # Whichever of them it is, the order asks for no more.
        return found[0]

    def issue_contract(self, order: ContractOrder, authority: Credential) -> Credential:
        """Make a contract key and its certificate, and note it in the register.

        Raises:
            Refusal: 400, where no time is left that both the contract and the CA cover.
        """
        algorithm = authority.certificate.key_algorithm
        # The order in which key and serial number are drawn is part of what a seed stands for.
        key = self._key(algorithm)
        begins, ends = self._period(order, authority)
        if ends <= begins:
            raise Refusal(400, "contractBegins, contractEnds: the CA covers no part of this time")
        made = issue.Order(
            subject=self._subject(order),
            public_key=key.public_key(),
            serial=_FIRST_SERIAL | self._random.getrandbits(62),
            not_before=begins,
            not_after=ends,
        )
        profile = find("emsp", "leaf", order.version)
        der = self._issue(profile, made, self._trust.pki.issuer(authority))
        # So that its status can be told, and the contract be revoked when it is deleted (ERR-090).
        self._register.issue(read_certificate(der), order.emaid.owner)
        return Credential((der, *authority.chain), key)

    @failpoint("cps.issue.key")
    def _key(self, algorithm: str) -> PrivateKey:
        return Seed(self._random.randbytes(32).hex()).key("contract", algorithm)

    @failpoint("cps.issue.contract")
    def _issue(self, profile: Profile, order: issue.Order, issuer: issue.Issuer) -> bytes:
        return issue.issue(profile, order, issuer)

    @failpoint("cps.issue.subject")
    def _subject(self, order: ContractOrder) -> issue.Subject:
        return issue.Subject(order.emaid.normalised, self._trust.pki.organization)

    @failpoint("cps.issue.period")
    def _period(self, order: ContractOrder, authority: Credential) -> Period:
        """Return the validity: within the contract, the CA's own and the longest of the profile."""
        begins = max(order.begins, authority.certificate.not_before)
        longest = begins + timedelta(days=find("emsp", "leaf", order.version).days)
        return begins, min(order.ends, authority.certificate.not_after, longest)


@failpoint_function("cps.issue.root")
def _below_asked_root(
    found: list[Credential], order: ContractOrder, _vehicle: ReadCertificate
) -> list[Credential]:
    asked = order.fingerprint("moRootCertificateFingerprint")
    return [each for each in found if asked in {None, each.certificates[-1].fingerprint}]


@failpoint_function("cps.issue.algorithm")
def _for_key_of_vehicle(
    found: list[Credential], _order: ContractOrder, vehicle: ReadCertificate
) -> list[Credential]:
    """Keep what goes with the vehicle's key: a contract key can be wrapped for one of its own kind only."""
    return [each for each in found if each.certificate.key_algorithm == vehicle.key_algorithm]


_CA_PREFERENCES = (_below_asked_root, _for_key_of_vehicle)
