"""What registers keep where no package below has a word for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fixtures.evidence.exchange import Exchange
    from fixtures.server.receiver import WebhookEndpoint
    from fixtures.testdata.generator import RevocableRoot
    from opnc.pki.reading import ReadCertificate


@dataclass(frozen=True, slots=True)
class Registered:
    """A root that a party has registered, or sent to be registered.

    Attributes:
        certificate: DER.
        types: As the sentence names them.
        id: The pool's; empty while nobody has looked it up.
        made: How the tester has made it, where its revocation list is the tester's.
    """

    certificate: bytes
    types: tuple[str, ...]
    id: str = ""
    made: RevocableRoot | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Subscription:
    """An endpoint that the Event Service keeps for a party.

    Attributes:
        created: How it was created.
    """

    party: str
    id: str
    secret: str = field(repr=False)
    webhook: WebhookEndpoint
    created: Exchange


class CertificationPath(Protocol):
    """A certificate that a sentence speaks of, whoever has issued it."""

    @property
    def certificates(self) -> tuple[ReadCertificate, ...]:
        """It and the CAs above it, as far as they are known, each behind what it has issued."""
        ...


@dataclass(frozen=True, slots=True)
class ReadPath:
    """A certificate that was not enrolled, or a CA, with the CAs above it."""

    certificates: tuple[ReadCertificate, ...]
