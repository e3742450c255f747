"""The backend of an OEM or an eMSP, as far as it receives events: the counterpart of an Event Service.

OPNC: specification/apis/event/webhook.payload.v1.json, processes/docs/components/06_webhook-service.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import falcon

from opnc import contract, events, json_body
from simulators.kernel import Failpoint, Refusal, failpoint, failpoint_function
from simulators.kernel.service import MAXIMUM_BODY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from simulators.kernel.fault_injection import FaultInjector

PATH = "/backend/{party}/events"
ABOUT_ROOTS, ABOUT_CONTRACTS = "post-users-userId", "post-root-users-userId"
"""The published operation ids of the two payloads (ERR-147)."""


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """A request as it came; header names are in lower case."""

    headers: Mapping[str, str]
    content: bytes

    @property
    def message(self) -> dict[str, Any]:
        """The decoded body; empty where it is no JSON object."""
        return json_body.object_or_empty(self.content)

    @property
    def event(self) -> str:
        """The name of the event."""
        return events.canonical(str(self.message.get("eventType", "")))


class EventReceiver:
    """Takes events at one URL, checks them and takes note of each once.

    Attributes:
        path: Where it takes them.
        secret: The secret of its endpoint.
        vehicles: The PCIDs it knows; contract events about others it refuses.
        noted: The ids of the events it took note of, in order.
        injector: What it does wrong.
        react: Does what an event calls for.
        app: The WSGI application.
    """

    def __init__(
        self,
        party: str,
        secret: str,
        vehicles: Collection[str],
        injector: FaultInjector,
        react: Callable[[ReceivedEvent], None] = lambda _received: None,
    ) -> None:
        """Get ready.

        Args:
            party: Whose backend it is.
            secret: As the attribute.
            vehicles: As the attribute.
            injector: What it does wrong.
            react: Does what an event calls for, once.
        """
        self.path = PATH.format(party=party)
        self.secret = secret
        self._first = frozenset(vehicles)
        self.vehicles = set(vehicles)
        self.noted: list[str] = []
        self.injector = injector
        self.react = react
        self.app = falcon.App()
        self.app.add_route(self.path, self)

    @property
    def _control_steps(self) -> tuple[Failpoint[Callable[[ReceivedEvent], None]], ...]:
        return (
            _demand_size,
            _demand_media_type,
            # Before the body is read: what is not signed is nobody's.
            _demand_signature,
            self._verify_signature,
            _demand_event,
            self._demand_known_vehicle,
            self._process_once,
        )

    def reset(self) -> None:
        """Forget what was noted, and the vehicles that came later."""
        self.noted.clear()
        self.vehicles = set(self._first)

    def know(self, pcid: str) -> None:
        """Take contract events about one more vehicle."""
        self.vehicles.add(pcid)

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        """Take an event."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        # One byte more than is allowed shows that it is too long; the rest is not read.
        received = ReceivedEvent(headers, request.bounded_stream.read(MAXIMUM_BODY + 1))
        # Answers have no body, so Falcon must not state a type for it.
        response.content_type = None
        try:
            for step in self.injector.enabled(self._control_steps):
                step(received)
        except Refusal as refusal:
            response.status = refusal.status

    @failpoint("receiver.signature")
    def _verify_signature(self, received: ReceivedEvent) -> None:
        if not any(events.verifies(value, self.secret, received.content) for value in signatures(received)):
            raise Refusal(401, "the signature is not that of the body")

    @failpoint("receiver.vehicle")
    def _demand_known_vehicle(self, received: ReceivedEvent) -> None:
        payload = received.message.get("payload", {})
        known = {pcid.upper() for pcid in self.vehicles}
        if received.event in events.OEM_EVENTS and str(payload.get("pcid")).upper() not in known:
            raise Refusal(self._status_for_unknown_vehicle(), "pcid: no such vehicle")

    @failpoint("receiver.unknown-vehicle")
    def _status_for_unknown_vehicle(self) -> int:
        """Return what refuses an event about a vehicle nobody knows (ERR-135)."""
        return 409

    @failpoint("receiver.note")
    def _process_once(self, received: ReceivedEvent) -> None:
        event_id = str(received.message.get("eventId"))
        # An event may come more than once; it is taken each time, and acted upon the first time.
        if event_id not in self.noted:
            self.noted.append(event_id)
            self.react(received)


def signatures(received: ReceivedEvent) -> list[str]:
    """Return the signatures of an event, under either name of the header."""
    names = map(str.lower, events.SIGNATURE_HEADERS)
    # Any of the names that are published will do, and so will either of two signatures.
    return [received.headers[name] for name in names if name in received.headers]


@failpoint_function("receiver.size")
def _demand_size(received: ReceivedEvent) -> None:
    if len(received.content) > MAXIMUM_BODY:
        raise Refusal(413, f"the body exceeds {MAXIMUM_BODY} bytes")


@failpoint_function("receiver.media-type")
def _demand_media_type(received: ReceivedEvent) -> None:
    media_type = received.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refusal(415, "the media type is not application/json")


@failpoint_function("receiver.signed")
def _demand_signature(received: ReceivedEvent) -> None:
    if not signatures(received):
        raise Refusal(401, f"{events.SIGNATURE_HEADER}: not there")


@failpoint_function("receiver.body")
def _demand_event(received: ReceivedEvent) -> None:
    """Check the body; of an event that came after this version only that it says what it is."""
    if not isinstance(received.message.get("eventType"), str):
        raise Refusal(400, "eventType: not there")
    if received.event not in events.EVENTS:
        return
    about = ABOUT_ROOTS if received.event in events.ROOT_EVENTS else ABOUT_CONTRACTS
    operation = contract.load().operation(about)
    for deviation in contract.check_request_body(operation, received.headers, received.content):
        if deviation.severity is contract.Severity.FAIL:
            raise Refusal(400, f"{deviation.where}: expected {deviation.expected}")
