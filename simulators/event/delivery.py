"""How events reach their receivers: who is entitled, what is sent, and what follows from the answer.

OPNC: processes/docs/components/06_webhook-service.md, specification/apis/event/webhook.payload.v1.json.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from opnc import events
from opnc.roots import instant
from simulators.event.endpoints import DISABLED, Endpoint
from simulators.event.entitlement import CONDITIONS
from simulators.event.queue import DELIVERED, FAILED, REJECTED, Delivery
from simulators.kernel import failpoint, failpoint_function, random_uuid
from simulators.kernel.events import Event

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from simulators.event.endpoints import Endpoints
    from simulators.event.queue import Queue
    from simulators.kernel import Service

BATCH = 100
"""How many deliveries are read from the store at a time."""


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
    if status is not None and 400 <= status < 500:
        return DeliveryOutcome.REFUSED
    return DeliveryOutcome.NOT_PROPERLY


@failpoint_function("event.send.media-type")
def _media_type(_endpoint: Endpoint, _content: bytes) -> dict[str, str]:
    return {"Content-Type": "application/json"}


@failpoint_function("event.send.signature")
def _signature(endpoint: Endpoint, content: bytes) -> dict[str, str]:
    return {events.SIGNATURE_HEADER: events.signature(endpoint.secret, content)}


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
        self.injector = service.injector
        self._context = service.context
        self._endpoints = endpoints
        self._queue = queue
        self._delivering = False

    # The parts of a body

    @failpoint("event.body.id")
    def _id(self, _event: Event) -> dict[str, Any]:
        return {"eventId": str(random_uuid(self._context.random))}

    @failpoint("event.body.timestamp")
    def _timestamp(self, _event: Event) -> dict[str, Any]:
        return {"timestamp": instant(self._context.clock.now())}

    # Queueing

    def enqueue(self, event: Event) -> None:
        """Queue an event for every endpoint that is entitled to it."""
        body: dict[str, Any] = {}
        for part in self.injector.enabled((self._id, _type, self._timestamp, _namespace, _payload)):
            body |= part(event)
        common = {
            "event_id": body.get("eventId", ""),
            "type": event.type,
            "provider_id": event.provider_id,
            # One line without blanks or a line break at its end survives careless receivers (ERR-127).
            "body": json.dumps(body, separators=(",", ":")),
            "due": self._now(),
        }
        self._queue.add(
            {**common, "endpoint": endpoint.id, "ordering_key": self._ordering_key(endpoint, event)}
            for endpoint in self._endpoints.all()
            if all(holds(endpoint, event) for holds in self.injector.enabled(CONDITIONS))
        )

    @failpoint("event.queue.lane")
    def _ordering_key(self, endpoint: Endpoint, event: Event) -> str:
        """Keep the events about one vehicle or root in order, endpoint by endpoint.

        Those about neither share one key per endpoint.
        """
        return f"{endpoint.id} {event.payload.get('pcid') or event.payload.get('rootCertificateId') or ''}"

    def deliver(self) -> None:
        """Deliver what is due, and what becomes due by that, one after the other."""
        # A receiver in this process may call a service, whose events settle while this is at work: the loop
        # below finds them.
        if self._delivering:
            return
        self._delivering = True
        try:
            while requests := self.due_requests(BATCH):
                for request in requests:
                    status = self._context.outbound.post(request.url, request.content, request.headers)
                    self.apply_outcome(request.delivery, status)
        finally:
            self._delivering = False

    def due_requests(self, at_most: int, endpoint: str | None = None) -> list[OutgoingRequest]:
        """Return what is due, ready to be sent.

        Args:
            at_most: How many.
            endpoint: Only what is for this one; None: for any.
        """
        due = self._queue.due(self._now(), at_most, endpoint)
        known = {each: self._endpoints.get(each) for each in {delivery.endpoint for delivery in due}}
        return [self._request(each, to) for each in due if (to := known[each.endpoint]) is not None]

    def waiting(self, busy: Container[str]) -> list[str]:
        """Return the endpoints that something is due for, but for those that are busy."""
        return [each for each in self._queue.endpoints_due(self._now()) if each not in busy]

    def _request(self, delivery: Delivery, endpoint: Endpoint) -> OutgoingRequest:
        content = self._content(delivery)
        headers: dict[str, str] = {}
        for header in self.injector.enabled((_media_type, _signature)):
            headers |= header(endpoint, content)
        return OutgoingRequest(delivery, endpoint.url, content, headers)

    @failpoint("event.send.content")
    def _content(self, delivery: Delivery) -> bytes:
        return delivery.body.encode()

    def _now(self) -> float:
        return self._context.clock.now().timestamp()

    def apply_outcome(self, delivery: Delivery, status: int | None) -> None:
        """Draw the consequences of an answer, all of them or none.

        Args:
            delivery: What was sent.
            status: The answer; None where none came.
        """
        # What follows is queued with the end of this delivery, or neither is: it is sent again with its id.
        with self._context.store.transaction():
            self._apply(delivery, self._meaning(status))

    @failpoint("event.answer.meaning")
    def _meaning(self, status: int | None) -> DeliveryOutcome:
        return meaning(status)

    def _apply(self, delivery: Delivery, outcome: DeliveryOutcome) -> None:
        # The eMSP is told first: whether it has been told before is seen by what has ended so far.
        if outcome is DeliveryOutcome.TAKEN:
            self._tell_sent(delivery)
            self._queue.finish(delivery, DELIVERED)
        elif outcome is DeliveryOutcome.REFUSED:
            self._tell_rejected(delivery)
            self._queue.finish(delivery, REJECTED)
        else:
            self._tell_queued(delivery)
            self._finish_or_retry(delivery)

    def _finish_or_retry(self, delivery: Delivery) -> None:
        if self._has_no_more_retries(delivery):
            self._queue.finish(delivery, FAILED)
        else:
            self._queue.retry(delivery, self._next_attempt(delivery))

    @failpoint("event.retry.limit", without=False)
    def _has_no_more_retries(self, delivery: Delivery) -> bool:
        return delivery.attempts >= events.RETRIES

    def _next_attempt(self, delivery: Delivery) -> float | None:
        """Return when a delivery is due again; None where its endpoint was disabled meanwhile."""
        endpoint = self._endpoints.get(delivery.endpoint)
        if endpoint is not None and endpoint.status == DISABLED:
            return None
        return self._now() + self._retry_interval().total_seconds()

    @failpoint("event.retry.wait", without=timedelta())
    def _retry_interval(self) -> timedelta:
        return events.RETRY_INTERVAL

    # What the eMSP is told about events for the OEM

    @failpoint("event.tell.sent")
    def _tell_sent(self, delivery: Delivery) -> None:
        if delivery.type in events.CONTRACT_SENT and not self._queue.known(delivery.event_id, DELIVERED):
            self._tell(delivery, events.CONTRACT_SENT[delivery.type])

    @failpoint("event.tell.rejected")
    def _tell_rejected(self, delivery: Delivery) -> None:
        if delivery.type in events.OEM_EVENTS and not self._queue.known(delivery.event_id, REJECTED):
            self._tell(delivery, events.CONTRACT_REJECTED)

    @failpoint("event.tell.queued")
    def _tell_queued(self, delivery: Delivery) -> None:
        if delivery.type in events.OEM_EVENTS and delivery.attempts == 0:
            self._tell(delivery, self._queued_as(delivery))

    @failpoint("event.tell.queued-as")
    def _queued_as(self, _delivery: Delivery) -> str:
        return events.CONTRACT_QUEUED

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


@failpoint_function("event.body.type")
def _type(event: Event) -> dict[str, Any]:
    return {"eventType": event.type}


@failpoint_function("event.body.namespace")
def _namespace(event: Event) -> dict[str, str]:
    return {"xsdMsgDefNamespace": event.namespace} if event.namespace else {}


@failpoint_function("event.body.payload")
def _payload(event: Event) -> dict[str, Any]:
    return {"payload": dict(event.payload)}
