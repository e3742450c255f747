"""Variants of those who receive events."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opnc import events
from opnc.severity import Severity
from simulators.kernel.messages import Refusal
from simulators.parties.receiver import signatures
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.parties.receiver import ReceivedEvent


def _by_content(received: ReceivedEvent) -> None:
    if not {"eventId", "eventType", "payload"} <= received.message.keys():
        raise Refusal(400, "not an event")


def _bare_alone(verify: Callable[[ReceivedEvent], None], received: ReceivedEvent) -> None:
    if any(value.startswith(events.PREFIX) for value in signatures(received)):
        raise Refusal(401, "not hex digits")
    verify(received)


def _lines_joined(verify: Callable[[ReceivedEvent], None], received: ReceivedEvent) -> None:
    if not all(value.startswith(events.PREFIX) for value in signatures(received)):
        raise Refusal(403, "no prefix")
    joined = b"\n".join(received.content.splitlines())
    try:
        verify(replace(received, content=joined))
    except Refusal as refusal:
        raise Refusal(403, refusal.message) from refusal


VARIANTS = (
    Variant(
        id="receiver.bare-signatures-alone",
        service="event",
        summary="Signatures are taken as hex digits alone, as the sample of the documentation in Go does.",
        sources=("ERR-127",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        around={"receiver.signature": _bare_alone},
    ),
    Variant(
        id="receiver.lines-joined",
        service="event",
        summary="Signatures are verified over joined lines, as the sample of the documentation in Java does.",
        sources=("ERR-127",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        around={"receiver.signature": _lines_joined},
    ),
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
