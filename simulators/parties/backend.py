"""What all backends have in common: orders of their own people come in, events come in, something is done.

    POST /backend/oem/use-cases/renew-vehicle   {"pcid": "..."}: do it; answered when it is done
    POST /backend/oem/events                    an event of an Event Service

The first of these is the hook of a test harness. It wants `Authorization: Bearer SECRET`.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import falcon

from opnc import events, json_body
from opnc.pki import est
from opnc.pki.issue import Subject
from opnc.pki.keys import Seed
from opnc.pki.profiles import find
from opnc.pki.requests import build_request
from opnc.pki.testbed import ORDINARY, Addresses, SeededPki
from simulators.kernel import failpoint
from simulators.parties.client import ServiceUnreachable
from simulators.parties.receiver import EventReceiver, ReceivedEvent

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from opnc.clock import Clock
    from opnc.pki.credentials import Credential
    from opnc.pki.profiles import Algorithm, Profile, Version
    from opnc.pki.testbed import Variation
    from opnc.rights import Party
    from simulators.kernel import Failpoint
    from simulators.kernel.fault_injection import FaultInjector
    from simulators.parties.client import Client

_logger = logging.getLogger(__name__)

# PCIDs and EMAIDs are texts in backends: they come from their own people and go out as they came, and a
# faulty backend must be able to send what is no id at all. Services parse what they get.

PATH = "/backend/{party}"
ROOTS = "getRootCertificatesV1"
SUBSCRIBE = "postEndpointV1"
ENROLL, REVOKE = "simpleEnrollCertV1", "revokeCertV1"
MAX_BODY_BYTES = 64 * 1024

UseCaseValues = Mapping[str, str]
UseCase = Callable[[UseCaseValues], Mapping[str, str] | None]
"""Does something, with values such as `pcid`; returns what it hands back to whoever wanted it."""

Reaction = Callable[[Any, Mapping[str, Any]], None]
"""Does what an event calls for, given the backend and the payload of the event."""

Authority = Callable[[str, "Version", "Algorithm | None"], "Credential"]
"""Returns the CA of a certification domain, of an edition and with an algorithm."""


@dataclass(frozen=True, slots=True)
class BackendContext:
    """What a backend works with.

    Attributes:
        client: Its way to the services.
        clock: What it takes for the present.
        secret: What events to it are signed with, and what orders to it must show.
        vehicles: The PCIDs it knows from the start, upper case.
        authority: Its CAs.
        injector: What it does wrong.
    """

    client: Client
    clock: Clock
    secret: str
    vehicles: tuple[str, ...]
    authority: Authority
    injector: FaultInjector


class UseCaseAborted(Exception):
    """What was begun must not be brought to its end: a contract for a vehicle that is not to be trusted.

    No failure of the backend: whoever wanted the use case is answered 200 with nothing in it.
    """


class Backend:
    """The backend of one party.

    Attributes:
        context: What it works with.
        injector: What it does wrong.
        party: Whose it is.
        account: The name of the account it uses.
        path: What its addresses begin with.
        base_url: What stands before the path, as the Event Service is told.
        receiver: Takes events.
        app: The WSGI application.
    """

    party: ClassVar[Party]
    account: ClassVar[str]

    def __init__(self, context: BackendContext) -> None:
        self.context = context
        self.injector = context.injector
        self.path = PATH.format(party=self.party)
        self.base_url = f"https://{self.party}-backend.opnc.test"
        self.receiver = EventReceiver(
            self.party, context.secret, context.vehicles, context.injector, react=self._on_event
        )
        self._next = 0
        self.app = self.receiver.app
        self.app.add_route(f"{self.path}/use-cases/{{name}}", self)

    def use_cases(self) -> Mapping[str, UseCase]:
        """Return what can be had of it, by name."""
        return {"subscribe": self._subscribe}

    def reactions(self) -> Mapping[str, Failpoint[Reaction]]:
        """Return what it does about events, by their names; nothing about any other."""
        return {}

    def reset(self) -> None:
        """Bring it to its first state."""
        self._next = 0
        self.context.client.forget_token()
        self.receiver.reset()

    def number(self) -> int:
        """Return a number for something new.

        Seconds since 1970, or the next where several are made in one second: so a later start draws other
        numbers than an earlier one, whose objects the services may still keep.
        """
        self._next = max(self._next + 1, int(self.context.clock.now().timestamp()))
        return self._next

    def issue(
        self, ca: Credential, profile: Profile, name: str, variation: Variation = ORDINARY
    ) -> Credential:
        """Issue a certificate, whose status nobody tells."""
        seed = Seed(f"{self.party} backend")
        pki = SeededPki(seed, self.context.clock.now(), f"Simulated {self.party}", Addresses("", ""))
        return pki.below(ca, profile, name, variation)

    def _subscribe(self, _values: UseCaseValues) -> None:
        """Have the Event Service tell its receiver what concerns the party."""
        concerning = [name for name in events.EVENTS if self._concerns(events.parties_for(name))]
        body = {"url": self._events_url(), "enabledEvents": self._events_to_ask_for(concerning)}
        self.context.client.call(SUBSCRIBE, body=body)

    def _concerns(self, parties: Collection[Party]) -> bool:
        return self.context.client.account.principal.party in parties

    @failpoint("backend.events-url")
    def _events_url(self) -> str:
        return f"{self.base_url}{self.receiver.path}"

    @failpoint("backend.events")
    def _events_to_ask_for(self, names: Sequence[str]) -> Sequence[str]:
        """Return the names as the published list for subscriptions spells them (ERR-121)."""
        return events.subscribable(names)

    def enrol(self, domain: str, name: str) -> None:
        """Have the PKI issue a certificate (RFC 7030 section 4.2).

        Args:
            domain: OPNC's `caDomain`.
            name: The common name.
        """
        subject = Subject(self._common_name(name), self._organization(), "DE")
        key = Seed(f"{self.party} backend").key(f"{domain} {name}")
        request = build_request(subject, key, find(domain, "leaf").dc)
        query = self._enrolment_query({"caDomain": domain, "iso15118Version": "ISO15118-2"})
        self.context.client.call(ENROLL, query=query, body=est.encode_body(request))

    @failpoint("backend.common-name")
    def _common_name(self, name: str) -> str:
        return name

    @failpoint("backend.organization")
    def _organization(self) -> str:
        return f"Simulated {self.party}"

    @failpoint("backend.enrolment-query")
    def _enrolment_query(self, query: Mapping[str, str]) -> Mapping[str, str]:
        return query

    def revoke(self, values: UseCaseValues) -> None:
        """Have the PKI revoke a certificate of its own.

        Args:
            values: `certificate`, base64 of DER.
        """
        named = self._certificate_to_revoke(values["certificate"])
        self.context.client.call(REVOKE, body={"certificate": named, "revocationReason": "superseded"})

    @failpoint("backend.revoke")
    def _certificate_to_revoke(self, certificate: str) -> str:
        return certificate

    def on_post(self, request: falcon.Request, response: falcon.Response, name: str) -> None:
        """Take an order.

        Args:
            request: Its body is a JSON object of strings.
            response: Gets what the use case hands back, a JSON object of strings.
            name: The use case.

        Raises:
            HTTPUnauthorized: If the secret is not shown.
            HTTPNotFound: If there is no such use case.
            HTTPBadRequest: If the body is none, or a value is missing.
            HTTPBadGateway: If a service cannot be reached.
        """
        # In constant time, and as bytes: `compare_digest` takes no text that is not ASCII.
        given = (request.get_header("Authorization") or "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, f"Bearer {self.context.secret}".encode()):
            raise falcon.HTTPUnauthorized(title="the secret of this backend is required")
        use_case = self.use_cases().get(name)
        if use_case is None:
            known = ", ".join(self.use_cases())
            raise falcon.HTTPNotFound(title=f"there is no use case {name}; there are {known}")
        try:
            response.media = self._run_use_case(
                use_case, _values(request.bounded_stream.read(MAX_BODY_BYTES + 1))
            )
        except ServiceUnreachable as error:
            raise falcon.HTTPBadGateway(title=str(error)) from error

    def _run_use_case(self, use_case: UseCase, values: UseCaseValues) -> Mapping[str, str]:
        try:
            return use_case(values) or {}
        except UseCaseAborted as reason:
            _logger.info("%s: %s", self.party, reason)
            return {}

    def _on_event(self, received: ReceivedEvent) -> None:
        reaction = self.reactions().get(received.event)
        # Of no consequence for this party; the receiver has taken the event all the same.
        if reaction is None:
            return
        try:
            for react in self.injector.enabled((reaction,)):
                react(self, received.message.get("payload", {}))
        except (UseCaseAborted, ServiceUnreachable) as error:
            # The event itself was taken; what it calls for is not the sender's concern (no retry would help).
            _logger.warning("%s: %s", received.event, error)


class _Values(dict[str, str]):
    """The values of an order."""

    def __missing__(self, name: str) -> str:
        raise falcon.HTTPBadRequest(title=f"{name} is missing")


def _values(content: bytes) -> UseCaseValues:
    values: Any = json_body.decode_or_none(content or b"{}") if len(content) <= MAX_BODY_BYTES else None
    if not isinstance(values, dict) or not all(isinstance(each, str) for each in values.values()):
        raise falcon.HTTPBadRequest(
            title=f"the body must be a JSON object of strings, to {MAX_BODY_BYTES} bytes"
        )
    return _Values(values)
