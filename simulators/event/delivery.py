"""How events reach their receivers: who is entitled, what is sent, and what follows from the answer.

OPNC: processes/docs/components/06_webhook-service.md, specification/apis/event/webhook.payload.v1.json.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from opnc import events
from opnc.roots import instant
from simulators.event.endpoints import DISABLED, Endpoint
from simulators.event.entitlement import CONDITIONS
from simulators.event.queue import DELIVERED, FAILED, REJECTED, Delivery
from simulators.kernel import Failpoint, random_uuid
from simulators.kernel.events import Event

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from simulators.event.endpoints import Endpoints
    from simulators.event.queue import Queue
    from simulators.kernel import Service

BATCH = 100
"""How many deliveries are read from the store at a time."""

Part = Failpoint[Callable[[Event], dict[str, Any]]]
Header = Failpoint[Callable[[Endpoint, bytes], dict[str, str]]]


class DeliveryOutcome(Enum):
    """What an answer of a receiver means."""

    TAKEN = "taken"
    REFUSED = "refused"
    NOT_PROPERLY = "not properly"


def meaning(status: int | None) -> DeliveryOutcome:
    """Say what an answer means: 2xx is taken, 4xx refused, all else may go better later (ERR-135, ERR-139).

    Args:
        status: None where no answer came.
    """
    if status is not None and 200 <= status < 300:
        return DeliveryOutcome.TAKEN
    return (
        DeliveryOutcome.REFUSED
        if status is not None and 400 <= status < 500
        else DeliveryOutcome.NOT_PROPERLY
    )


def _lane(endpoint: Endpoint, event: Event) -> str:
    """Keep the events about one vehicle or root in order, endpoint by endpoint."""
    return f"{endpoint.id} {event.payload.get('pcid') or event.payload.get('rootCertificateId') or ''}"


def _content(delivery: Delivery) -> bytes:
    return delivery.body.encode()


def _interval() -> timedelta:
    return events.RETRY_INTERVAL


def _no_more_retries(delivery: Delivery) -> bool:
    return delivery.attempts >= events.RETRIES


def _media_type(_endpoint: Endpoint, _content: bytes) -> dict[str, str]:
    return {"Content-Type": "application/json"}


def _signature(endpoint: Endpoint, content: bytes) -> dict[str, str]:
    return {events.SIGNATURE_HEADER: events.signature(endpoint.secret, content)}


def _queued(_delivery: Delivery) -> str:
    return events.CONTRACT_QUEUED


QUEUED_AS = Failpoint("event.tell.queued-as", _queued)
LANE = Failpoint("event.queue.lane", _lane)
CONTENT = Failpoint("event.send.content", _content)
HEADERS: tuple[Header, ...] = (
    Failpoint("event.send.media-type", _media_type),
    Failpoint("event.send.signature", _signature),
)
MEANING = Failpoint("event.answer.meaning", meaning)
LIMIT = Failpoint("event.retry.limit", _no_more_retries)
WAIT = Failpoint("event.retry.wait", _interval)


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """A delivery as it goes out."""

    delivery: Delivery
    url: str
    content: bytes
    headers: Mapping[str, str]


class Deliverer:
    """Turns events into deliveries and delivers them."""

    def __init__(self, service: Service, endpoints: Endpoints, queue: Queue) -> None:
        self._service = service
        self._context = service.context
        self._endpoints = endpoints
        self._queue = queue
        self._delivering = False

    @property
    def _body(self) -> tuple[Part, ...]:
        return (
            Failpoint("event.body.id", lambda _event: {"eventId": str(random_uuid(self._context.random))}),
            Failpoint("event.body.type", lambda event: {"eventType": event.type}),
            Failpoint(
                "event.body.timestamp", lambda _event: {"timestamp": instant(self._context.clock.now())}
            ),
            Failpoint("event.body.namespace", _namespace),
            Failpoint("event.body.payload", lambda event: {"payload": dict(event.payload)}),
        )

    @property
    def _consequences(self) -> Mapping[DeliveryOutcome, Failpoint[Callable[[Delivery], None]]]:
        return {
            DeliveryOutcome.TAKEN: Failpoint("event.tell.sent", self._tell_sent),
            DeliveryOutcome.REFUSED: Failpoint("event.tell.rejected", self._tell_rejected),
            DeliveryOutcome.NOT_PROPERLY: Failpoint("event.tell.queued", self._tell_queued),
        }

    def enqueue(self, event: Event) -> None:
        """Queue an event for every endpoint that is entitled to it."""
        body: dict[str, Any] = {}
        for part in self._service.enabled(self._body):
            body |= part(event)
        common = {
            "event_id": body.get("eventId", ""),
            "type": event.type,
            "provider_id": event.provider_id,
            # One line without blanks or a line break at its end survives careless receivers (ERR-127).
            "body": json.dumps(body, separators=(",", ":")),
            "due": self._now(),
        }
        lane = self._service.resolve(LANE)
        self._queue.add(
            {**common, "endpoint": endpoint.id, "lane": lane(endpoint, event)}
            for endpoint in self._endpoints.all()
            if all(holds(endpoint, event) for holds in self._service.enabled(CONDITIONS))
        )

    def deliver(self) -> None:
        """Deliver what is due, and what becomes due by that, one after the other."""
        if self._delivering:
            return
        self._delivering = True
        try:
            while parcels := self.parcels(BATCH):
                for parcel in parcels:
                    status = self._context.outbound.post(parcel.url, parcel.content, parcel.headers)
                    self.apply_outcome(parcel.delivery, status)
        finally:
            self._delivering = False

    def parcels(self, at_most: int, endpoint: str | None = None) -> list[OutgoingRequest]:
        """Return what is due, ready to be sent.

        Args:
            at_most: How many.
            endpoint: Only what is for this one; None: for any.
        """
        due = self._queue.due(self._now(), at_most, endpoint)
        known = {each: self._endpoints.get(each) for each in {delivery.endpoint for delivery in due}}
        return [self._parcel(each, to) for each in due if (to := known[each.endpoint]) is not None]

    def waiting(self, busy: Container[str]) -> list[str]:
        """Return the endpoints that something is due for, but for those that are busy."""
        return [each for each in self._queue.endpoints_due(self._now()) if each not in busy]

    def _parcel(self, delivery: Delivery, endpoint: Endpoint) -> OutgoingRequest:
        content = self._service.resolve(CONTENT)(delivery)
        headers: dict[str, str] = {}
        for header in self._service.enabled(HEADERS):
            headers |= header(endpoint, content)
        return OutgoingRequest(delivery, endpoint.url, content, headers)

    def _now(self) -> float:
        return self._context.clock.now().timestamp()

    def apply_outcome(self, delivery: Delivery, status: int | None) -> None:
        """Draw the consequences of an answer, all of them or none.

        Args:
            delivery: What was sent.
            status: The answer; None where none came.
        """
        with self._context.store.transaction():
            self._apply(delivery, self._service.resolve(MEANING)(status))

    def _apply(self, delivery: Delivery, answered: DeliveryOutcome) -> None:
        for tell in self._service.enabled((self._consequences[answered],)):
            tell(delivery)
        if answered is DeliveryOutcome.TAKEN:
            self._queue.finish(delivery, DELIVERED)
        elif answered is DeliveryOutcome.REFUSED:
            self._queue.finish(delivery, REJECTED)
        elif any(reached(delivery) for reached in self._service.enabled((LIMIT,))):
            self._queue.finish(delivery, FAILED)
        else:
            self._queue.retry(delivery, self._next_attempt(delivery))

    def _next_attempt(self, delivery: Delivery) -> float | None:
        """Return when a delivery is due again; None where its endpoint was disabled meanwhile."""
        endpoint = self._endpoints.get(delivery.endpoint)
        if endpoint is not None and endpoint.status == DISABLED:
            return None
        wait = sum((wait() for wait in self._service.enabled((WAIT,))), timedelta())
        return self._now() + wait.total_seconds()

    # What the eMSP is told about events for the OEM

    def _tell_sent(self, delivery: Delivery) -> None:
        if delivery.type in events.CONTRACT_SENT and not self._queue.known(delivery.event_id, DELIVERED):
            self._tell(delivery, events.CONTRACT_SENT[delivery.type])

    def _tell_rejected(self, delivery: Delivery) -> None:
        if delivery.type in events.OEM_EVENTS and not self._queue.known(delivery.event_id, REJECTED):
            self._tell(delivery, events.CONTRACT_REJECTED)

    def _tell_queued(self, delivery: Delivery) -> None:
        if delivery.type in events.OEM_EVENTS and delivery.attempts == 0:
            self._tell(delivery, self._service.resolve(QUEUED_AS)(delivery))

    def _tell(self, delivery: Delivery, event_type: str) -> None:
        told = json.loads(delivery.body)
        self.enqueue(
            Event(
                event_type,
                told["payload"],
                wmi=str(told["payload"].get("pcid", ""))[:3],
                provider_id=delivery.provider_id,
                namespace=told.get("xsdMsgDefNamespace"),
            )
        )


def _namespace(event: Event) -> dict[str, str]:
    return {"xsdMsgDefNamespace": event.namespace} if event.namespace else {}
