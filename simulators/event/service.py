"""The Event Service: tells the parties what happens in the ecosystem, at the addresses they subscribe with.

OPNC: specification/apis/event, processes/docs/components/06_webhook-service.md.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from opnc.events import canonical
from opnc.problem import Problem
from simulators.event.delivery import Deliverer
from simulators.event.endpoints import DISABLED, ENABLED, Endpoint, Endpoints
from simulators.event.queue import Queue
from simulators.kernel import (
    Answer,
    Call,
    Control,
    EcosystemContext,
    OperationHandler,
    Principal,
    Refusal,
    Service,
    failpoint,
    failpoint_function,
    random_uuid,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from opnc.rights import Party

STATED = ("apiVersion", "description", "metadata")
"""Members of an endpoint that are handed back as they were sent."""

ROLES: Mapping[Party, str] = {
    "oem": "OEM",
    "cpo": "CPO",
    "emsp": "eMSP",
    "emsp_own_pki": "eMSP",
    "cps": "CPS",
}
SECRET_BYTES = 32
RETENTION = timedelta(days=1)
"""How long it is remembered how an event was taken."""

NO_OWNER = Principal(subject="", party="cpo")
"""Who calls where a fault lets everybody in: somebody without any rights of their own."""


class EventService(Service):
    """Keeps the endpoints of the parties and delivers the events of the ecosystem to them."""

    name = "event"

    def __init__(self, context: EcosystemContext) -> None:
        self.endpoints = Endpoints(context.store)
        self.queue = Queue(context.store)
        super().__init__(context)
        self.deliverer = Deliverer(self, self.endpoints, self.queue)
        self._deliver: Callable[[], object] = self.deliverer.deliver
        context.bus.subscribe(self.deliverer.enqueue, self.deliver_pending)

    def handlers(self) -> Mapping[str, OperationHandler]:
        """Return what the service does, by operation id."""
        known: tuple[Control, ...] = (self._known, self._own)
        sent: tuple[Control, ...] = (_events_are_distinct, _status_is_known, self._url_is_allowed)
        return {
            "get-webhook-endpoints": OperationHandler(act=self._list),
            "postEndpointV1": OperationHandler(act=self._create, controls=(*sent, _wmis_are_own)),
            "getEndpointByIdV1": OperationHandler(act=self._read, controls=known),
            "updateEndpointByIdV1": OperationHandler(act=self._update, controls=(*known, *sent)),
            "deleteEndpointByIdV1": OperationHandler(
                act=lambda _call: Answer(200, media_type=""),
                controls=known,
                effects=(self._remove, self._drop),
            ),
        }

    def deliver_pending(self) -> None:
        """Deliver what is due, or have it delivered."""
        self._deliver()

    def use_delivery(self, settle: Callable[[], object]) -> None:
        """Have somebody else deliver from now on: what is called when something may be due."""
        self._deliver = settle

    def tick(self) -> None:
        """Forget what was settled long ago; what is due is delivered when the bus settles."""
        self.queue.tidy((self.context.clock.now() - RETENTION).timestamp())

    def next_due(self) -> datetime | None:
        """Return when the next event is to be sent again."""
        due = self.queue.next_due()
        return None if due is None else datetime.fromtimestamp(due, UTC)

    # Reading

    def _list(self, call: Call) -> Answer:
        found = [each for each in self.endpoints.all() if self._is_listed(call, each)]
        return Answer.json(200, [self._view(endpoint) for endpoint in found])

    @failpoint("event.list.own", without=True)
    def _is_listed(self, call: Call, endpoint: Endpoint) -> bool:
        return endpoint.owner == _caller(call).subject

    def _read(self, call: Call) -> Answer:
        return Answer.json(200, self._view(self._endpoint(call)))

    def _view(self, endpoint: Endpoint) -> dict[str, Any]:
        """Return an endpoint as it is handed out."""
        return {
            "id": endpoint.id,
            "created": endpoint.created,
            "enabledEvents": endpoint.events,
            "status": endpoint.status,
            "url": endpoint.url,
            "secret": endpoint.secret,
            "userRole": ROLES[endpoint.party],
            "userName": endpoint.owner,
            **_scope(endpoint),
            **endpoint.stated,
        }

    @failpoint("event.known")
    def _known(self, call: Call) -> None:
        self._endpoint(call)

    @failpoint("event.owner")
    def _own(self, call: Call) -> None:
        if self._endpoint(call).owner != _caller(call).subject:
            raise Refusal(403, "id: the endpoint belongs to another account")

    def _endpoint(self, call: Call) -> Endpoint:
        found = self.endpoints.get(call.path["id"])
        if found is None:
            raise Refusal(404, "id: there is no endpoint with this id")
        return found

    # Writing

    def _create(self, call: Call) -> Answer:
        """Store an endpoint; its secret follows from the ecosystem's seed, as everything in a simulation."""
        principal, body = _caller(call), call.body
        endpoint = Endpoint(
            id=str(random_uuid(self.context.random)),
            owner=principal.subject,
            party=principal.party,
            wmis=sorted(principal.wmis),
            provider_ids=sorted(principal.provider_ids),
            chosen_wmis=body.get("wmi", []),
            status=body.get("status", ENABLED).lower(),
            url=body["url"],
            secret=self._secret(),
            events=body["enabledEvents"],
            # In seconds, for the unit is not documented (ERR-136).
            created=int(self.context.clock.now().timestamp()),
            stated={name: body[name] for name in STATED if name in body},
        )
        self.endpoints.add(endpoint)
        return Answer.json(201, self._view(endpoint))

    @failpoint("event.post.secret")
    def _secret(self) -> str:
        return self.context.random.randbytes(SECRET_BYTES).hex()

    def _update(self, call: Call) -> Answer:
        """Change what was sent and keep the rest (ERR-148)."""
        before = self._endpoint(call)
        after = before
        for change in self.enabled(CHANGES):
            after = change(after, call.body)
        self.endpoints.change(after)
        # Behind the change: what is released is sent to where the endpoint is now.
        self._follow(before, after)
        return Answer.json(200, self._view(after))

    def _follow(self, before: Endpoint, after: Endpoint) -> None:
        """Let what waits for an endpoint follow its changes."""
        self.queue.drop(after.id, [canonical(event) for event in before.events if not after.wants(event)])
        if after.status == DISABLED:
            self._hold(after)
        else:
            self.queue.release(after.id, self.context.clock.now().timestamp())
            self.context.bus.wake()

    @failpoint("event.put.hold")
    def _hold(self, endpoint: Endpoint) -> None:
        self.queue.hold(endpoint.id)

    @failpoint("event.delete.remove")
    def _remove(self, call: Call) -> None:
        self.endpoints.remove(call.path["id"])

    @failpoint("event.delete.drop")
    def _drop(self, call: Call) -> None:
        self.queue.drop(call.path["id"])

    @failpoint("event.sent.url")
    def _url_is_allowed(self, call: Call) -> None:
        try:
            self.context.outbound.check(call.body["url"])
        except Problem as problem:
            raise Refusal(400, f"url: {problem}") from problem


@failpoint_function("event.put.url")
def _with_url(endpoint: Endpoint, sent: Mapping[str, Any]) -> Endpoint:
    return replace(endpoint, url=sent["url"])


@failpoint_function("event.put.events")
def _with_events(endpoint: Endpoint, sent: Mapping[str, Any]) -> Endpoint:
    return replace(endpoint, events=_events(sent, endpoint.events))


@failpoint_function("event.put.status")
def _with_status(endpoint: Endpoint, sent: Mapping[str, Any]) -> Endpoint:
    return replace(endpoint, status=sent.get("status", endpoint.status).lower())


@failpoint_function("event.put.stated")
def _with_stated(endpoint: Endpoint, sent: Mapping[str, Any]) -> Endpoint:
    stated = {name: sent[name] for name in STATED if name in sent}
    return replace(endpoint, stated={**endpoint.stated, **stated})


CHANGES = (_with_url, _with_events, _with_status, _with_stated)
"""What an update changes."""


def _caller(call: Call) -> Principal:
    return call.principal or NO_OWNER


def _scope(endpoint: Endpoint) -> dict[str, Any]:
    """Return the members that say whose events an endpoint gets."""
    wmis = endpoint.chosen_wmis or endpoint.wmis
    return {
        # The plural name; `wmi` is what was sent (ERR-125).
        **({"wmis": wmis} if wmis else {}),
        **({"providerIds": endpoint.provider_ids} if endpoint.provider_ids else {}),
    }


def _events(sent: Mapping[str, Any], otherwise: Sequence[str]) -> Sequence[str]:
    """Return the events of a request, where a single one may stand without a list (ERR-124)."""
    stated: str | Sequence[str] = sent.get("enabledEvents", otherwise)
    return [stated] if isinstance(stated, str) else stated


@failpoint_function("event.sent.events")
def _events_are_distinct(call: Call) -> None:
    if "enabledEvents" not in call.body:
        return
    names = _events(call.body, ())
    if not names:
        raise Refusal(400, "enabledEvents: name at least one event")
    if len(set(names)) < len(names):
        raise Refusal(400, "enabledEvents: an event is named twice")


@failpoint_function("event.sent.status")
def _status_is_known(call: Call) -> None:
    if str(call.body.get("status", ENABLED)).lower() not in {ENABLED, DISABLED}:
        raise Refusal(400, f"status: expected {ENABLED} or {DISABLED}")


@failpoint_function("event.sent.wmi")
def _wmis_are_own(call: Call) -> None:
    caller = _caller(call)
    # Of other roles the member means nothing: their events do not depend on it.
    if caller.party != "oem":
        return
    foreign = [each for each in call.body.get("wmi", ()) if each not in caller.wmis]
    if foreign:
        raise Refusal(403, f"wmi: {', '.join(foreign)} is not a WMI of this account")
