"""What a receiver of events may do wrong."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from opnc import events
from simulators.faults import making
from simulators.kernel import Refusal
from simulators.parties.receiver import signatures

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.fault_injection import Fault
    from simulators.parties.receiver import EventReceiver, ReceivedEvent

    Step = Callable[[ReceivedEvent], None]
    """Takes an event, or refuses it."""


_fault = making.faults_of("event", "receiver")


def _crash(_received: ReceivedEvent) -> NoReturn:
    raise Refusal(500, "crash")


def _known_only(received: ReceivedEvent) -> None:
    if received.event not in events.EVENTS:
        raise Refusal(400, "eventType: unknown")


def _json_only(received: ReceivedEvent) -> None:
    if received.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise Refusal(500, "crash")


def _in_base64_only(received: ReceivedEvent) -> None:
    """Refuse every signature that is not the base64 of a digest."""
    value = received.headers.get(events.SIGNATURE_HEADER.lower(), "")
    # Hex digits decode as well, to 48 octets in the place of 32.
    if len(b64decode(value.removeprefix("sha256="))) != 32:
        raise Refusal(401, "the signature is not in base64")


def _once_more_is_a_crash() -> Callable[[ReceivedEvent], None]:
    seen: set[str] = set()

    def note(received: ReceivedEvent) -> None:
        key = str(received.message.get("eventId"))
        if key in seen:
            # Forgotten: the fault is one object for all scenarios of a run.
            seen.clear()
            # 2xx and 4xx would both do (ERR-146).
            raise Refusal(500, "duplicate key")
        seen.add(key)

    return note


def _compact_only(received: ReceivedEvent) -> None:
    """Verify over the JSON written anew, which is the body only where that was written compactly."""
    again = json.dumps(received.message, separators=(",", ":")).encode()
    if again != received.content:
        raise Refusal(401, "the signature is not that of the body")


def _comparing(same: Callable[[str, str], bool]) -> Callable[[Step, ReceivedEvent], None]:
    """Verify by a comparison of one's own; it gets the right digits and those that came, lower case."""

    def verify(control: Step, received: ReceivedEvent) -> None:
        receiver: EventReceiver = control.__self__  # type: ignore[attr-defined]  # a bound method
        expected = events.signature(receiver.secret, received.content).removeprefix(events.PREFIX)
        for value in signatures(received):
            if same(expected, value.removeprefix(events.PREFIX).lower()):
                return
        raise Refusal(401, "the signature is not that of the body")

    return verify


def _ignoring_blanks(control: Step, received: ReceivedEvent) -> None:
    """Verify over the body as it is, or written compactly."""
    try:
        control(received)
    except Refusal:
        control(replace(received, content=json.dumps(received.message, separators=(",", ":")).encode()))


FAULTS: tuple[Fault, ...] = (
    _fault("crashes", "HOOK-RCV-01", "Every event is answered 500.", replaced={"receiver.body": _crash}),
    _fault("malformed-taken", "HOOK-RCV-02", "Malformed events are taken.", "receiver.body"),
    _fault(
        "other-media-type-crashes",
        "HOOK-RCV-02",
        "An event that is said to be no JSON is answered 500.",
        # To take it would be a warning: the sample of the documentation does.
        replaced={"receiver.media-type": _json_only},
    ),
    _fault(
        "signature-unchecked", "HOOK-RCV-03", "A signature is demanded but not checked.", "receiver.signature"
    ),
    *(
        _fault(
            f"compares-{name}",
            "HOOK-RCV-03",
            f"Of a signature {what} is compared.",
            around={"receiver.signature": _comparing(same)},
            only={"flaw": f"whose signature {flaw}"},
        )
        for name, what, flaw, same in (
            (
                "beginning",
                "the beginning alone",
                "has the right beginning alone",
                lambda right, came: right[:8] == came[:8],
            ),
            ("end", "the end alone", "has the right end alone", lambda right, came: right[-8:] == came[-8:]),
            (
                "length",
                "the length alone",
                "has the right length alone",
                lambda right, came: len(right) == len(came),
            ),
            (
                "what-came",
                "as much as came",
                "is empty",
                lambda right, came: right.startswith(came),
            ),
            (
                "what-is-expected",
                "as much as is expected",
                "goes on behind its end",
                lambda right, came: came.startswith(right),
            ),
            (
                "all-but-the-last",
                "all but the last digit",
                "is wrong in its last digit",
                lambda right, came: right[:-1] == came[:-1] and len(right) == len(came),
            ),
        )
    ),
    _fault(
        "blanks-ignored",
        "HOOK-RCV-03",
        "An event may be altered in its blanks after it was signed.",
        around={"receiver.signature": _ignoring_blanks},
        only={"flaw": "altered in its blanks after it was signed"},
    ),
    _fault(
        "unsigned-taken",
        "HOOK-RCV-04",
        "Events without a signature are taken.",
        "receiver.signed",
        "receiver.signature",
    ),
    _fault(
        "base64-demanded",
        "HOOK-RCV-05",
        "Signatures are expected in base64.",
        replaced={"receiver.signature": _in_base64_only},
    ),
    _fault(
        "verifies-reserialised",
        "HOOK-RCV-06",
        "The signature is checked over the JSON written anew.",
        replaced={"receiver.signature": _compact_only},
    ),
    _fault(
        "repetition-crashes",
        "HOOK-RCV-08",
        "An event that comes a second time is answered 500.",
        replaced={"receiver.note": _once_more_is_a_crash()},
    ),
    _fault(
        "unknown-refused",
        "HOOK-RCV-09",
        "Events of unknown types are refused.",
        replaced={"receiver.body": _known_only},
    ),
    _fault(
        "unknown-vehicle-crashes",
        "HOOK-RCV-10",
        "A contract event about an unknown vehicle is answered 5xx.",
        # 400 and 409 refuse for good; after 5xx the sender tries again (ERR-135).
        replaced={"receiver.unknown-vehicle": lambda: 500},
    ),
)
