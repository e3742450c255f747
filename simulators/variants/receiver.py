"""Variants of those who receive events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.severity import Severity
from simulators.kernel.messages import Refusal
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from simulators.parties.receiver import ReceivedEvent


def _by_content(received: ReceivedEvent) -> None:
    if not {"eventId", "eventType", "payload"} <= received.message.keys():
        raise Refusal(400, "not an event")


VARIANTS = (
    Variant(
        id="receiver.any-media-type",
        service="event",
        summary="Events are taken whatever their media type and size.",
        sources=("OPNC docs/components/06",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        disabled=frozenset({"receiver.size", "receiver.media-type"}),
        replaced={"receiver.body": _by_content},
    ),
)
