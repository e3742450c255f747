"""Variants of the Event Service in its endpoints: where they are, how they are written, what they take."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import falcon

from opnc.events import ROOT_EXPIRED, ROOT_REVOKED, canonical
from opnc.severity import Severity
from simulators.event.endpoints import ENABLED
from simulators.event.service import STATED
from simulators.faults.event import LIST, POST, PUT, READ
from simulators.faults.tampering import edited
from simulators.kernel.messages import Answer, Refusal
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.event.endpoints import Endpoint
    from simulators.kernel.events import Event
    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Call

    Reader = Callable[[falcon.Request], dict[str, str]]
    """Reads the headers of a request."""

    Members = dict[str, Any]

SHORT, LITERAL = "/opnc/v1/event/endpoints", "/opnc/v1/event/opnc/v1/event/endpoints"


def _nothing_at(path: str) -> Callable[[Reader, falcon.Request], dict[str, str]]:
    """Serve nothing at a path, nor below it."""

    def read_headers(read: Reader, request: falcon.Request) -> dict[str, str]:
        if request.path.startswith(path):
            raise falcon.HTTPNotFound
        return read(request)

    return read_headers


def _names(call: Call) -> list[str]:
    sent = call.body.get("enabledEvents", ()) if isinstance(call.body, dict) else ()
    return [sent] if isinstance(sent, str) else [name for name in sent or () if isinstance(name, str)]


def _refusing(is_refused: Callable[[str], object]) -> dict[str, Callable[..., None]]:
    """Refuse subscriptions to some names."""

    def control_names(control: Callable[[Call], None], call: Call) -> None:
        for name in filter(is_refused, _names(call)):
            raise Refusal(400, f"enabledEvents: there is no {name}")
        control(call)

    return {"event.sent.events": control_names}


def _wants(wants: Callable[[Endpoint, Event], bool], endpoint: Endpoint, event: Event) -> bool:
    # Who cannot subscribe to it has to be told of it all the same.
    return wants(endpoint, event) or (event.type == ROOT_REVOKED and endpoint.wants(ROOT_EXPIRED))


def _shown(change: Callable[[Members], Members]) -> dict[str, Tamper]:
    """Hand every endpoint out otherwise."""
    return {
        POST: edited(change, status=201),
        READ: edited(change),
        PUT: edited(change),
        LIST: edited(lambda endpoints: [change(each) for each in endpoints]),
    }


def _in_names_of_payload(endpoint: Members) -> Members:
    names = list(dict.fromkeys(map(canonical, endpoint["enabledEvents"])))
    return {**endpoint, "enabledEvents": names}


def _as_sent(endpoint: Members) -> Members:
    renamed = {"wmis": "wmi", "providerIds": "providerId"}
    return {renamed.get(name, name): value for name, value in endpoint.items()}


def _without_scope(endpoint: Members) -> Members:
    return {name: value for name, value in endpoint.items() if name not in {"wmis", "providerIds"}}


def _none_not_found(_call: Call, answer: Answer) -> Answer:
    return Answer(404, media_type="") if answer.content == b"[]" else answer


def _events_as_sent(endpoint: Endpoint, sent: Mapping[str, Any]) -> Endpoint:
    names = sent.get("enabledEvents", ())
    return replace(endpoint, events=[names] if isinstance(names, str) else names)


def _status_as_sent(endpoint: Endpoint, sent: Mapping[str, Any]) -> Endpoint:
    return replace(endpoint, status=sent.get("status", ENABLED).lower())


def _members_as_sent(endpoint: Endpoint, sent: Mapping[str, Any]) -> Endpoint:
    return replace(endpoint, stated={name: sent[name] for name in STATED if name in sent})


VARIANTS = (
    Variant(
        id="event.at-the-short-path",
        service="event",
        summary=f"Endpoints are served at {SHORT} alone.",
        sources=("ERR-120",),
        lenient=None,
        strict=None,
        around={"event.headers": _nothing_at(LITERAL)},
    ),
    Variant(
        id="event.at-the-literal-path",
        service="event",
        summary=f"Endpoints are served at {LITERAL} alone.",
        sources=("ERR-120",),
        lenient=None,
        strict=None,
        around={"event.headers": _nothing_at(SHORT)},
    ),
    Variant(
        id="event.names-of-the-list",
        service="event",
        summary="Events for eMSPs are subscribed as the published list names them, and in no other way.",
        sources=("ERR-121",),
        around=_refusing(lambda name: name.startswith("mo.")),
    ),
    Variant(
        id="event.names-of-the-payload",
        service="event",
        summary="Events for eMSPs are subscribed as the payload names them, and in no other way.",
        sources=("ERR-121",),
        around=_refusing(lambda name: name.startswith("emsp.")),
    ),
    Variant(
        id="event.shows-names-of-the-payload",
        service="event",
        summary="An endpoint is handed out with the names of the payload, whatever was subscribed.",
        sources=("ERR-121",),
        tamper=_shown(_in_names_of_payload),
    ),
    Variant(
        id="event.no-revoked-roots",
        service="event",
        summary="Revoked roots are told to who has subscribed to expired ones: the list lacks their event.",
        sources=("ERR-123",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        around={**_refusing(ROOT_REVOKED.__eq__), "event.entitled.subscribed": _wants},
    ),
    Variant(
        id="event.scope-as-sent",
        service="event",
        summary="An endpoint is handed out with wmi and providerId in place of their plurals.",
        sources=("ERR-125",),
        lenient=None,
        strict=None,
        tamper=_shown(_as_sent),
    ),
    Variant(
        id="event.scope-not-shown",
        service="event",
        summary="An endpoint is handed out without WMIs and provider ids.",
        sources=("ERR-125",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=_shown(_without_scope),
    ),
    Variant(
        id="event.none-not-found",
        service="event",
        summary="The list of a party without endpoints is not found.",
        sources=("ERR-137",),
        tamper={LIST: _none_not_found},
    ),
    Variant(
        id="event.put-replaces",
        service="event",
        summary="A change puts members that it does not state back to what they are in a new endpoint.",
        sources=("ERR-148",),
        replaced={
            "event.put.events": _events_as_sent,
            "event.put.status": _status_as_sent,
            "event.put.stated": _members_as_sent,
        },
    ),
)
