"""Variants of the Event Service in what it sends, and when it sends it again."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sql

from opnc.events import FACTORY_RESET, PROVISIONING_DELETED, PROVISIONING_UPDATED, RETRIES, spellings
from opnc.provisioning.namespaces import EVENT_NAMESPACES
from opnc.severity import Severity
from simulators.ccp.submission import chains_of
from simulators.event.delivery import DeliveryOutcome
from simulators.rcp.store import ROOTS
from simulators.variants.making import Variant
from simulators.variants.meeting import subscribing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.ccp.lifecycle import ContractLifecycle
    from simulators.ccp.store import StoredContract
    from simulators.event.endpoints import Endpoint
    from simulators.event.queue import Delivery
    from simulators.kernel.events import Event

    Payload = Callable[[Any], Mapping[str, str]]
    """Returns the payload of an event about stored contract data."""

    Part = Callable[[Event], dict[str, Any]]
    """Returns members of an event."""

OF_VEHICLES = (PROVISIONING_UPDATED, PROVISIONING_DELETED, FACTORY_RESET)


def _in_names_of_list(event: Event) -> dict[str, str]:
    return {"eventType": spellings(event.type)[-1]}


def _reset_as_documented(event: Event) -> dict[str, str]:
    return {"eventType": "mo.prov.cert.factory.reset" if event.type == FACTORY_RESET else event.type}


def _with_certificate(part: Payload, contract: StoredContract) -> Mapping[str, str]:
    # What is about to be stored has no row yet, but the same fields.
    leaf = chains_of(contract).contract[0]
    return {**part(contract), "contractCert": b64encode(leaf.der).decode()}


def _root_by_id(part: Payload, contract: StoredContract) -> Mapping[str, str]:
    lifecycle: ContractLifecycle = part.__self__  # type: ignore[attr-defined]  # a bound method
    with lifecycle.context.store.begin() as connection:
        root_id = connection.scalar(sql.select(ROOTS.c.id).where(ROOTS.c.fingerprint == contract.root))
    return {**part(contract), "cpsSignerRootFingerprint": str(root_id)}


def _without_namespace_of_vehicles(part: Part, event: Event) -> dict[str, Any]:
    return {} if event.type in OF_VEHICLES else part(event)


def _other_namespace_of_vehicles(part: Part, event: Event) -> dict[str, Any]:
    if event.type not in OF_VEHICLES:
        return part(event)
    return {"xsdMsgDefNamespace": EVENT_NAMESPACES["ISO15118-2"]}


def _of_short_emaids(wants: Callable[[Endpoint, Event], bool], endpoint: Endpoint, event: Event) -> bool:
    return wants(endpoint, event) and len(str(event.payload.get("emaid", ""))) <= len("DE8AACA2B3C4D5")


def _all_but_final(status: int | None) -> DeliveryOutcome:
    if status is not None and 200 <= status < 300:
        return DeliveryOutcome.TAKEN
    return DeliveryOutcome.REFUSED if status in {400, 409} else DeliveryOutcome.NOT_PROPERLY


def _id_of_attempt(content: Callable[[Delivery], bytes], delivery: Delivery) -> bytes:
    message = json.loads(content(delivery))
    if delivery.attempts:
        # From the id and the number, so that the same seed sends the same.
        message["eventId"] = str(uuid5(NAMESPACE_URL, f"{delivery.event_id} {delivery.attempts}"))
    return json.dumps(message, separators=(",", ":")).encode()


def _own_lane(endpoint: Endpoint, event: Event) -> str:
    return str(uuid5(NAMESPACE_URL, f"{endpoint.id} {event.type} {event.payload}"))


def _to_contracts(body: dict[str, Any]) -> bool:
    return any(f"{kind}." in str(body.get("enabledEvents")) for kind in ("oem", "mo", "emsp"))


def _to_vehicles(body: dict[str, Any]) -> bool:
    return ".prov.cert." in str(body.get("enabledEvents"))


VARIANTS = (
    Variant(
        id="event.sends-names-of-the-list",
        service="event",
        summary="Events for eMSPs are named as in the list for subscriptions.",
        sources=("ERR-121",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=subscribing(lambda body: "mo." in str(body.get("enabledEvents"))),
        replaced={"event.body.type": _in_names_of_list},
    ),
    Variant(
        id="event.factory-reset-as-documented",
        service="event",
        summary="A factory reset is named as in the documentation.",
        sources=("ERR-122",),
        lenient=None,
        strict=None,
        matters=subscribing(lambda body: "factory.reset" in str(body.get("enabledEvents"))),
        replaced={"event.body.type": _reset_as_documented},
    ),
    Variant(
        id="ccp.certificate-in-events",
        service="ccp",
        summary="Events about contracts hold the contract certificate, DER in base64.",
        sources=("ERR-128",),
        lenient=None,
        strict=None,
        matters=subscribing(_to_contracts),
        around={"ccp.event.payload": _with_certificate},
    ),
    Variant(
        id="ccp.root-by-id-in-events",
        service="ccp",
        summary="Events about contracts name the V2G root by its id in the pool, a UUID as in the pattern.",
        sources=("ERR-129",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=subscribing(_to_contracts),
        around={"ccp.event.payload": _root_by_id},
    ),
    Variant(
        id="event.members-of-the-example",
        service="event",
        summary="Events have the members of the documentation's example: neither a time nor an edition.",
        sources=("ERR-130",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=subscribing(bool),
        disabled=frozenset({"event.body.timestamp", "event.body.namespace"}),
    ),
    Variant(
        id="event.short-emaids-alone",
        service="event",
        summary="Contracts with EMAIDs that the pattern of events does not allow are not told of.",
        sources=("ERR-132",),
        around={"event.entitled.subscribed": _of_short_emaids},
    ),
    Variant(
        id="event.no-edition-of-vehicles",
        service="event",
        summary="Events about vehicles name no edition of ISO 15118.",
        sources=("ERR-133", "ERR-130"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=subscribing(_to_vehicles),
        around={"event.body.namespace": _without_namespace_of_vehicles},
    ),
    Variant(
        id="event.one-edition-of-vehicles",
        service="event",
        summary="Events about vehicles name ISO 15118-2, whatever the contract is of.",
        sources=("ERR-133",),
        matters=subscribing(_to_vehicles),
        around={"event.body.namespace": _other_namespace_of_vehicles},
    ),
    Variant(
        id="event.three-attempts",
        service="event",
        summary="An event is sent three times in all.",
        sources=("ERR-134",),
        replaced={"event.retry.limit": lambda delivery: delivery.attempts >= RETRIES - 1},
    ),
    Variant(
        id="event.retries-within-an-hour",
        service="event",
        summary="The three retries are made within one hour.",
        sources=("ERR-134",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        replaced={"event.retry.wait": lambda: timedelta(minutes=20)},
    ),
    Variant(
        id="event.retries-all-but-refusals",
        service="event",
        summary="An event is sent again unless it was answered 2xx, 400 or 409.",
        sources=("ERR-135",),
        replaced={"event.answer.meaning": _all_but_final},
    ),
    Variant(
        id="event.id-of-its-own-each-time",
        service="event",
        summary="An event that is sent again has another id.",
        sources=("ERR-138",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        around={"event.send.content": _id_of_attempt},
    ),
    Variant(
        id="event.any-order",
        service="event",
        summary="An event does not wait for earlier ones about the same thing.",
        sources=("ERR-138",),
        replaced={"event.queue.lane": _own_lane},
    ),
    Variant(
        id="event.media-type-with-charset",
        service="event",
        summary="Events come as application/json; charset=utf-8.",
        sources=("ERR-143", "RFC 9110 8.3.1"),
        lenient=None,
        strict=None,
        replaced={
            "event.send.media-type": lambda _to, _content: {"Content-Type": "application/json; charset=utf-8"}
        },
    ),
    Variant(
        id="ccp.deletion-told-with-vehicle",
        service="ccp",
        summary="An OEM that withdraws a vehicle is told of each contract that goes with it.",
        sources=("ERR-145",),
        replaced={"ccp.withdraw.with-vehicle": lambda: ()},
    ),
)
