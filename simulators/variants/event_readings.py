"""Variants of the Event Service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc.severity import Severity
from simulators.variants.making import Variant
from simulators.variants.meeting import subscribing

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.events import Event


def _types_of_the_pool(body: Callable[[Event], dict[str, Any]], event: Event) -> dict[str, Any]:
    payload = body(event)["payload"]
    return {"payload": {**payload, "rootType": "eMSP"} if payload.get("rootType") == "MO" else payload}


VARIANTS = (
    Variant(
        id="event.without-timestamp",
        service="event",
        summary="Events have no timestamp, as the example of the documentation has none.",
        sources=("ERR-004", "ERR-130"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=subscribing(bool),
        disabled=frozenset({"event.body.timestamp"}),
    ),
    Variant(
        id="event.types-of-the-pool",
        service="event",
        summary="Events about roots say eMSP, as the pool does, and not MO.",
        sources=("ERR-013",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=subscribing(lambda body: "root." in str(body.get("enabledEvents"))),
        around={"event.body.payload": _types_of_the_pool},
    ),
)
