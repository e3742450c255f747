"""What registers keep where no package below has a word for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fixtures.answers.bodies import JsonObject
    from fixtures.server.receiver import Delivery, WebhookEndpoint
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
class Endpoint:
    """An endpoint that a party has asked the Event Service to keep for it.

    Attributes:
        party: The name of the account; empty where nobody has asked.
        id: The service's.
        asked: The object of the request, as it was sent.
        created: The object that the service has answered with; empty where it has refused.
    """

    party: str
    id: str
    asked: JsonObject = field(default_factory=dict, repr=False)
    created: JsonObject = field(default_factory=dict, repr=False)

    @property
    def secret(self) -> str:
        """What its events are signed with; empty where the service has not told."""
        return str(self.created.get("secret", ""))


@dataclass(frozen=True, slots=True)
class Subscription:
    """An endpoint whose events come to an address of the tester's.

    Attributes:
        webhook: The address.
    """

    endpoint: Endpoint
    webhook: WebhookEndpoint

    @property
    def party(self) -> str:
        """The account that has subscribed."""
        return self.endpoint.party


@dataclass(frozen=True, slots=True)
class SubscriptionDeliveries:
    """What came to the endpoint of a subscription so far."""

    subscription: Subscription
    deliveries: list[Delivery]


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
