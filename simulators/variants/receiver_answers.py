"""Variants of those who receive events in what they take and how they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.severity import Severity
from simulators.kernel.messages import Refusal
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.parties.receiver import EventReceiver, ReceivedEvent

    Step = Callable[[ReceivedEvent], None]
    """Takes an event, or refuses it."""


def _refusing_by(status: int) -> Callable[[Step, ReceivedEvent], None]:
    """Refuse with another status what is refused."""

    def step(control: Step, received: ReceivedEvent) -> None:
        try:
            control(received)
        except Refusal as refusal:
            raise Refusal(status, refusal.message) from refusal

    return step


def _refusing_repetitions(note: Step, received: ReceivedEvent) -> None:
    receiver: EventReceiver = note.__self__  # type: ignore[attr-defined]  # a bound method
    if received.message.get("eventId") in receiver.noted:
        raise Refusal(409, "eventId: came before")
    note(received)


def _taken_by(status: int) -> Callable[[Step, ReceivedEvent], None]:
    """Answer with another status of success."""

    def step(note: Step, received: ReceivedEvent) -> None:
        note(received)
        # The one way to choose a status.
        raise Refusal(status, "taken")

    return step


def _signatures(*, refused_by: int) -> dict[str, Callable[[Step, ReceivedEvent], None]]:
    return dict.fromkeys(("receiver.signed", "receiver.signature"), _refusing_by(refused_by))


VARIANTS = (
    Variant(
        id="receiver.204",
        service="event",
        summary="What is taken is answered 204.",
        sources=("ERR-139",),
        lenient=None,
        strict=None,
        around={"receiver.note": _taken_by(204)},
    ),
    Variant(
        id="receiver.202",
        service="event",
        summary="What is taken is answered 202.",
        sources=("ERR-139",),
        lenient=None,
        strict=None,
        around={"receiver.note": _taken_by(202)},
    ),
    *(
        Variant(
            id=f"receiver.signature-{status}",
            service="event",
            summary=f"A signature that is missing or wrong is answered {status}.",
            sources=("ERR-139",),
            lenient=level,
            strict=level,
            around=_signatures(refused_by=status),
        )
        for status, level in ((400, None), (403, None), (500, Severity.WARN))
    ),
    Variant(
        id="receiver.repetitions-refused",
        service="event",
        summary="An event that came before is answered 409.",
        sources=("ERR-146",),
        around={"receiver.note": _refusing_repetitions},
    ),
    Variant(
        id="receiver.unknown-vehicle-400",
        service="event",
        summary="An event about a vehicle that nobody knows is answered 400.",
        sources=("ERR-135",),
        lenient=None,
        strict=None,
        replaced={"receiver.unknown-vehicle": lambda: 400},
    ),
)
