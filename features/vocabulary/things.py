"""What registers keep where no package below has a word for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from fixtures.judging import NotApplicable
from opnc import events

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
        members: Further members of the object that is sent, as rootCertificate.v1.json names them.
    """

    certificate: bytes
    types: tuple[str, ...]
    id: str = ""
    made: RevocableRoot | None = field(default=None, repr=False)
    members: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint that a party has asked the Event Service to keep for it.

    Attributes:
        party: The name of the account; empty where nobody has asked.
        id: The service's.
        asked: The object of the request, as it was sent.
        created: The object that the service has answered with; empty where it has refused.
        secret_read: The secret that a reading has told because the creation did not (ERR-136).
    """

    party: str
    id: str
    asked: JsonObject = field(default_factory=dict, repr=False)
    created: JsonObject = field(default_factory=dict, repr=False)
    secret_read: str = field(default="", repr=False)

    @property
    def secret(self) -> str:
        """What its events are signed with; empty where the service has not told."""
        return str(self.created.get("secret", "")) or self.secret_read


@dataclass(frozen=True, slots=True)
class Subscription:
    """An endpoint whose events come to an address of the tester's.

    Attributes:
        webhook: The address.
        witness: Whether it is there only to show that an event was sent, so that silence elsewhere says
            something.
    """

    endpoint: Endpoint
    webhook: WebhookEndpoint
    witness: bool = False

    @property
    def party(self) -> str:
        """The account that has subscribed."""
        return self.endpoint.party


@dataclass(frozen=True, slots=True)
class SubscriptionDeliveries:
    """What came to the endpoint of a subscription so far."""

    subscription: Subscription
    deliveries: list[Delivery]


@dataclass(slots=True)
class Occurrence:
    """Something that subscribers are told of, when it comes about and when it ends.

    Attributes:
        concerned: The names of accounts that are told of it; one of them at least.
        begins: The event by which they are told that it has come about.
        ends: The events any of which tells that it has ended.
        bring_about: Makes it come about, and returns what it is about.
        bring_to_end: Ends it.
        limit: Further members of a subscription to it.
        about: What it is about, once it has come about.
    """

    concerned: Sequence[str]
    begins: str
    ends: tuple[str, ...]
    bring_about: Callable[[], Any]
    bring_to_end: Callable[[Any], None]
    limit: Mapping[str, Any] = field(default_factory=dict)
    about: Any = None

    @property
    def subscribable_ends(self) -> tuple[str, ...]:
        """Those of the events that tell of its end which are published."""
        return tuple(name for name in self.ends if name in events.EVENTS)

    def names(self, *, end_alone: bool = False, and_end: bool = False) -> tuple[str, ...]:
        """Return the events that a subscription to it, to its end, or to both names.

        Raises:
            NotApplicable: If nobody is told of its end.
        """
        if (end_alone or and_end) and not self.ends:
            raise NotApplicable("the accounts can cause no event that another one follows on")
        begins = () if end_alone else (self.begins,)
        return (*begins, *(self.subscribable_ends if end_alone or and_end else ()))


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
