"""The record of what reached an ecosystem: who asked what, when, with which outcome."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from opnc.clock import Clock
    from simulators.kernel.messages import Answer, Call

KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One answered call; holds no bodies and no credentials."""

    at: datetime
    service: str
    operation: str
    subject: str | None
    status: int
    trace_id: str


class Log:
    """The latest entries, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=KEPT)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def add(self, service: str, call: Call, answer: Answer) -> None:
        """Record an answered call."""
        subject = call.principal.subject if call.principal else None
        entry = Entry(self._clock.now(), service, call.operation.id, subject, answer.status, call.trace_id)
        self._entries.append(entry)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
