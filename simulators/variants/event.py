"""Variants of the Event Service: when a secret is told, how changes are asked for, how events are signed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from opnc.events import SIGNATURE_HEADER, SIGNATURE_HEADERS, signature
from opnc.provisioning.namespaces import EVENT_NAMESPACES, version_of
from opnc.severity import Severity
from simulators.faults.tampering import edited
from simulators.kernel.events import Event
from simulators.kernel.messages import Refusal
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulators.event.endpoints import Endpoint
    from simulators.kernel.messages import Call
    from simulators.pcp.store import StoredVehicle

POST, LIST, READ = "postEndpointV1", "get-webhook-endpoints", "getEndpointByIdV1"
PUT = "updateEndpointByIdV1"


def _without_secret(endpoint: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in endpoint.items() if name != "secret"}


def _body_with_one_event(control: Callable[[Call], None], call: Call) -> None:
    sent = call.body.get("enabledEvents") if isinstance(call.body, dict) else None
    if call.operation.id == PUT and isinstance(sent, list):
        raise Refusal(400, "enabledEvents: not a string")
    control(call)


def _is_about_contract(content: bytes) -> bool:
    return not json.loads(content)["eventType"].startswith("root.")


def _by_other_name(endpoint: Endpoint, content: bytes) -> dict[str, str]:
    name = SIGNATURE_HEADERS[1] if _is_about_contract(content) else SIGNATURE_HEADER
    return {name: signature(endpoint.secret, content)}


def _by_both_names(endpoint: Endpoint, content: bytes) -> dict[str, str]:
    names = SIGNATURE_HEADERS if _is_about_contract(content) else SIGNATURE_HEADERS[:1]
    return dict.fromkeys(names, signature(endpoint.secret, content))


def _bare(endpoint: Endpoint, content: bytes) -> dict[str, str]:
    return {SIGNATURE_HEADER: signature(endpoint.secret, content).removeprefix("sha256=")}


# eMSPs that have subscribed for a WMI are told of its vehicles

_NOBODYS = ""
"""The provider of an event about a vehicle without a contract."""


def _told_without_contract(
    events_of: Callable[[str, StoredVehicle], Sequence[Event]], event: str, vehicle: StoredVehicle
) -> Sequence[Event]:
    return events_of(event, vehicle) or [
        Event(
            event,
            {"pcid": vehicle.pcid.normalised},
            wmi=vehicle.pcid.owner,
            provider_id=_NOBODYS,
            namespace=EVENT_NAMESPACES[version_of(vehicle.namespace)],
        )
    ]


def _of_provider_or_wmi(is_own: Callable[[Endpoint, Event], bool], endpoint: Endpoint, event: Event) -> bool:
    if event.provider_id == _NOBODYS:
        return event.wmi in endpoint.chosen_wmis
    return is_own(endpoint, event)


VARIANTS = (
    Variant(
        id="event.secret-told-once",
        service="event",
        summary="The secret of an endpoint is in the answer to its creation and nowhere else.",
        sources=("ERR-136",),
        unjudged=("EVT-PUT-08",),
        leaves_out="Where no answer tells the secret after a change, signatures alone show that it is kept.",
        tamper={
            READ: edited(_without_secret),
            PUT: edited(_without_secret),
            LIST: edited(lambda endpoints: [_without_secret(each) for each in endpoints]),
        },
    ),
    Variant(
        id="event.secret-told-when-read",
        service="event",
        summary="The secret of an endpoint is told when it is read, and not when it is created.",
        sources=("ERR-136",),
        tamper={POST: edited(_without_secret, status=201)},
    ),
    Variant(
        id="event.change-of-one-event",
        service="event",
        summary="A change of an endpoint takes one event as a string, and refuses a list.",
        sources=("ERR-124",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        around={"event.body": _body_with_one_event},
    ),
    Variant(
        id="event.contract-events-signed-by-other-name",
        service="event",
        summary="Events about contracts bear their signature in payload-signature.",
        sources=("ERR-126",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        replaced={"event.send.signature": _by_other_name},
    ),
    Variant(
        id="event.contract-events-signed-twice",
        service="event",
        summary="Events about contracts bear their signature in both headers.",
        sources=("ERR-126",),
        replaced={"event.send.signature": _by_both_names},
    ),
    Variant(
        id="event.bare-signatures",
        service="event",
        summary="Signatures are hex digits without a prefix.",
        sources=("ERR-126", "ERR-127"),
        lenient=Severity.WARN,
        # The pattern of the strict reading demands the prefix.
        strict=Severity.FAIL,
        replaced={"event.send.signature": _bare},
    ),
    Variant(
        id="event.vehicles-without-contracts",
        service="pcp",
        summary="eMSPs that have subscribed for a WMI are told of its vehicles, with contracts or without.",
        sources=("ERR-049", "ERR-131"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        around={"pcp.events": _told_without_contract, "event.entitled.provider": _of_provider_or_wmi},
    ),
)
