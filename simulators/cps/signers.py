"""The certificates a CPS signs with: one below each V2G root, each replaced long before it expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from opnc.pki.profiles import find
from opnc.pki.testbed import Variation
from simulators.kernel import failpoint, failpoint_function

if TYPE_CHECKING:
    from datetime import datetime

    from opnc.pki.credentials import Credential
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from simulators.kernel import EcosystemContext
    from simulators.kernel.authorities import Authorities
    from simulators.pki.register import CertificateRegister

NAME = "CPS"
"""Common name of the certificates, and their owner in the register."""

SIGNING_PERIOD = timedelta(days=60)
"""How long a certificate signs; it is valid for 90 days, so that what it signed can still be installed."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate to sign with.

    Attributes:
        credential: The certificate with its key and the chain up to the V2G root.
        version: The edition of ISO 15118 it signs for.
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
class SignerCriteria:
    """What a certificate to sign with is needed for.

    Attributes:
        version: The edition of ISO 15118.
        root: Fingerprint of the V2G root that is asked for; None where none is.
        algorithm: That of the contract key.
    """

    version: Version
    root: str | None
    algorithm: str


@failpoint_function("cps.signer.version")
def _of_version(found: list[Signer], criteria: SignerCriteria) -> list[Signer]:
    return [signer for signer in found if signer.version == criteria.version]


@failpoint_function("cps.signer.root")
def _below_asked_root(found: list[Signer], criteria: SignerCriteria) -> list[Signer]:
    # Among all that are left: what is asked for is refused if it is not there, never replaced (ERR-072).
    return [
        signer
        for signer in found
        if criteria.root is None or signer.root.fingerprint == criteria.root.lower()
    ]


@failpoint_function("cps.signer.algorithm")
def _of_one_algorithm_first(found: list[Signer], criteria: SignerCriteria) -> list[Signer]:
    """Prefer the algorithm of the contract: a vehicle may trust no root of another."""
    return sorted(found, key=lambda signer: signer.root.key_algorithm != criteria.algorithm)


SIGNER_PREFERENCES = (_of_version, _below_asked_root, _of_one_algorithm_first)
"""How a certificate to sign with is chosen: the first that is left."""


class Signers:
    """The certificates of one CPS.

    Attributes:
        injector: The faults that are on.
    """

    def __init__(self, context: EcosystemContext, trust: Authorities, register: CertificateRegister) -> None:
        self.injector = context.injector
        self._clock = context.clock
        self._trust = trust
        self._register = register
        self._noted: set[str] = set()

    def reset(self) -> None:
        """Forget which certificates the register knows."""
        self._noted.clear()

    def current(self) -> tuple[Signer, ...]:
        """Return the certificates in use now, the usual one of each edition first."""
        signers = _signers(self._trust, self._period())
        for signer in signers:
            self._note(signer.credential.certificate)
        return signers

    @failpoint("cps.signers.period")
    def _period(self) -> int:
        """Return how many certificates came before the present ones.

        Counted from the start of the PKI, so that all who know the seed and the time know the certificate.
        """
        # A clock that was put back to before the PKI began uses its first ones.
        return max(0, (self._clock.now() - self._trust.pki.start) // SIGNING_PERIOD)

    def _note(self, certificate: ReadCertificate) -> None:
        """Have the certificate in the register, so that its status can be told."""
        # Remembered here as well: the register is in the database, and this is asked for with each signature.
        if certificate.fingerprint not in self._noted:
            if self._register.owner(certificate) is None:
                self._register.issue(certificate, NAME)
            self._noted.add(certificate.fingerprint)


# Cached for the speed of it: certificates follow from the seed, so each time the same ones would be made.
@lru_cache(maxsize=64)
def _signers(trust: Authorities, number: int) -> tuple[Signer, ...]:
    versions: tuple[Version, ...] = ("ISO15118-2", "ISO15118-20")
    return tuple(
        Signer(_leaf(trust, sub_ca, version, number), version)
        for version in versions
        for sub_ca in trust.below("cps", version)
    )


def _leaf(trust: Authorities, sub_ca: Credential, version: Version, number: int) -> Credential:
    start = trust.pki.start + number * SIGNING_PERIOD
    variation = Variation(key=number + 1, issue=number + 1, not_before=start)
    return trust.pki.below(sub_ca, find("cps", "leaf", version), NAME, variation)
