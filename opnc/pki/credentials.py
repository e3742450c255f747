"""A certificate together with its private key: what a participant holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opnc.pki.reading import ReadCertificate, read_certificate

if TYPE_CHECKING:
    from opnc.pki.signatures import PrivateKey


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate with its private key and the certificates above it.

    Attributes:
        chain: DER from the own certificate up to the root: leaf, Sub-CA 2, Sub-CA 1, root.
        key: The private key of the first.
    """

    chain: tuple[bytes, ...]
    key: PrivateKey = field(repr=False)

    @property
    def der(self) -> bytes:
        """The own certificate."""
        return self.chain[0]

    @property
    def certificate(self) -> ReadCertificate:
        """The own certificate, read."""
        return read_certificate(self.chain[0])

    @property
    def certificates(self) -> tuple[ReadCertificate, ...]:
        """The whole chain, read."""
        return tuple(map(read_certificate, self.chain))
