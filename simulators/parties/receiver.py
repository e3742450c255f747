"""The backend of an OEM or an eMSP, as far as it receives events: the counterpart of an Event Service.

OPNC: specification/apis/event/webhook.payload.v1.json, processes/docs/components/06_webhook-service.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import falcon

from opnc import contract, events, json_body
from simulators.kernel import Named, Refusal
from simulators.kernel.service import MAXIMUM_BODY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from simulators.kernel.misbehaviour import Misbehaviour

PATH = "/backend/{party}/events"
ABOUT_ROOTS, ABOUT_CONTRACTS = "post-users-userId", "post-root-users-userId"
"""The published operation ids of the two payloads (ERR-147)."""


@dataclass(frozen=True, slots=True)
class Received:
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


Step = Named[Callable[[Received], None]]


def _conflict() -> int:
    return 409


UNKNOWN_VEHICLE = Named("receiver.unknown-vehicle", _conflict)
"""The status that refuses an event about a vehicle nobody knows (ERR-135)."""


class EventReceiver:
    """Takes events at one URL, checks them and takes note of each once.

    Attributes:
        path: Where it takes them.
        secret: The secret of its endpoint.
        vehicles: The PCIDs it knows; contract events about others it refuses.
        noted: The ids of the events it took note of, in order.
        app: The WSGI application.
    """

    def __init__(
        self,
        party: str,
        secret: str,
        vehicles: Collection[str],
        misbehaviour: Misbehaviour,
        react: Callable[[Received], None] = lambda _received: None,
    ) -> None:
        """Get ready.

        Args:
            party: Whose backend it is.
            secret: As the attribute.
            vehicles: As the attribute.
            misbehaviour: What it does wrong.
            react: Does what an event calls for, once.
        """
        self.path = PATH.format(party=party)
        self.secret = secret
        self.vehicles = frozenset(vehicles)
        self.noted: list[str] = []
        self._misbehaviour = misbehaviour
        self._react = react
        self.app = falcon.App()
        self.app.add_route(self.path, self)

    @property
    def _steps(self) -> tuple[Step, ...]:
        return (
            Named("receiver.size", _is_short),
            Named("receiver.media-type", _is_json),
            Named("receiver.signed", _is_signed),
            Named("receiver.signature", self._is_verified),
            Named("receiver.body", _is_event),
            Named("receiver.vehicle", self._is_known),
            Named("receiver.note", self._note),
        )

    def reset(self) -> None:
        """Forget what was noted."""
        self.noted.clear()

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        """Take an event."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        received = Received(headers, request.bounded_stream.read(MAXIMUM_BODY + 1))
        response.content_type = None
        try:
            for step in self._misbehaviour.enabled(self._steps):
                step(received)
        except Refusal as refusal:
            response.status = refusal.status

    def _is_verified(self, received: Received) -> None:
        if not any(events.verifies(value, self.secret, received.content) for value in _signatures(received)):
            raise Refusal(401, "the signature is not that of the body")

    def _is_known(self, received: Received) -> None:
        payload = received.message.get("payload", {})
        if received.event in events.OEM_EVENTS and payload.get("pcid") not in self.vehicles:
            raise Refusal(self._misbehaviour.doing(UNKNOWN_VEHICLE)(), "pcid: no such vehicle")

    def _note(self, received: Received) -> None:
        event_id = str(received.message.get("eventId"))
        if event_id not in self.noted:
            self.noted.append(event_id)
            self._react(received)


def _signatures(received: Received) -> list[str]:
    names = map(str.lower, events.SIGNATURE_HEADERS)
    return [received.headers[name] for name in names if name in received.headers]


def _is_short(received: Received) -> None:
    if len(received.content) > MAXIMUM_BODY:
        raise Refusal(413, f"the body exceeds {MAXIMUM_BODY} bytes")


def _is_json(received: Received) -> None:
    media_type = received.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refusal(415, "the media type is not application/json")


def _is_signed(received: Received) -> None:
    if not _signatures(received):
        raise Refusal(401, f"{events.SIGNATURE_HEADER}: not there")


def _is_event(received: Received) -> None:
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
