"""The certificates a CPS signs with: one below each V2G root, each replaced long before it expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from opnc.pki.profiles import find
from opnc.pki.testbed import Variation
from simulators.kernel import Failpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from opnc.pki.credentials import Credential
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from simulators.kernel import Service
    from simulators.kernel.authorities import Authorities
    from simulators.pki.register import CertificateRegister

NAME = "CPS"
"""Common name of the certificates, and their owner in the register."""

PERIOD = timedelta(days=60)
"""How long a certificate signs; it is valid for 90 days, so that what it signed can still be installed."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate to sign with.

    Attributes:
        credential: The certificate with its key and the chain up to the V2G root.
        version: The generation of ISO 15118 it signs for.
    """

    credential: Credential
    version: Version

    @property
    def root(self) -> ReadCertificate:
        """The V2G root."""
        return self.credential.certificates[-1]

    def valid_at(self, moment: datetime) -> bool:
        """Tell whether the whole chain is valid."""
        return all(each.valid_at(moment) for each in self.credential.certificates)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a certificate to sign with is needed for.

    Attributes:
        version: The generation of ISO 15118.
        root: Fingerprint of the V2G root that is asked for; None where none is.
        algorithm: That of the contract key.
    """

    version: Version
    root: str | None
    algorithm: str


def _of_version(found: list[Signer], wish: Wish) -> list[Signer]:
    return [signer for signer in found if signer.version == wish.version]


def _below_asked_root(found: list[Signer], wish: Wish) -> list[Signer]:
    return [signer for signer in found if wish.root is None or signer.root.fingerprint == wish.root.lower()]


def _of_one_algorithm_first(found: list[Signer], wish: Wish) -> list[Signer]:
    """Prefer the algorithm of the contract: a vehicle may trust no root of another."""
    return sorted(found, key=lambda signer: signer.root.key_algorithm != wish.algorithm)


CHOICES: tuple[Failpoint[Callable[[list[Signer], Wish], list[Signer]]], ...] = (
    Failpoint("cps.signer.version", _of_version),
    Failpoint("cps.signer.root", _below_asked_root),
    Failpoint("cps.signer.algorithm", _of_one_algorithm_first),
)
"""How a certificate to sign with is chosen: the first that is left."""


class Signers:
    """The certificates of one CPS."""

    def __init__(self, service: Service, trust: Authorities, register: CertificateRegister) -> None:
        self._service = service
        self._trust = trust
        self._register = register
        self._noted: set[str] = set()

    def reset(self) -> None:
        """Forget which certificates the register knows."""
        self._noted.clear()

    def current(self) -> tuple[Signer, ...]:
        """Return the certificates in use now, the usual one of each generation first."""
        number = self._service.resolve(Failpoint("cps.signers.period", self._period))()
        signers = _signers(self._trust, number)
        for signer in signers:
            self._note(signer.credential.certificate)
        return signers

    def _period(self) -> int:
        """Return how many certificates came before the present ones."""
        return max(0, (self._service.context.clock.now() - self._trust.pki.start) // PERIOD)

    def _note(self, certificate: ReadCertificate) -> None:
        """Have the certificate in the register, so that its status can be told."""
        if certificate.fingerprint not in self._noted:
            if self._register.owner(certificate) is None:
                self._register.issue(certificate, NAME)
            self._noted.add(certificate.fingerprint)


@lru_cache(maxsize=64)
def _signers(trust: Authorities, number: int) -> tuple[Signer, ...]:
    versions: tuple[Version, ...] = ("ISO15118-2", "ISO15118-20")
    return tuple(
        Signer(_leaf(trust, sub_ca, version, number), version)
        for version in versions
        for sub_ca in trust.below("cps", version)
    )


def _leaf(trust: Authorities, sub_ca: Credential, version: Version, number: int) -> Credential:
    start = trust.pki.start + number * PERIOD
    variation = Variation(key=number + 1, issue=number + 1, not_before=start)
    return trust.pki.below(sub_ca, find("cps", "leaf", version), NAME, variation)
