"""Time as a value handed in: simulators, certificates, tokens and retries all read one clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

START = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
"""Where a virtual clock starts unless told otherwise: fixed, so that equal seeds give equal bytes."""


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._now = start

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the clock forward.

        Raises:
            ValueError: If `by` is negative; time does not run backwards.
        """
        if by < timedelta(0):
            raise ValueError(f"a clock moves forward only, not by {by}")
        self._now += by

    def reset(self) -> None:
        """Put the clock back to where it started."""
        self._now = self._start
