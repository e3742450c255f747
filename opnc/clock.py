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


class MovableClock(Clock, Protocol):
    """A clock that can be put forward."""

    def advance(self, by: timedelta) -> None:
        """Move the clock forward.

        Raises:
            ValueError: If `by` is negative; time does not run backwards.
        """
        ...

    def reset(self) -> None:
        """Take back what the clock was moved."""
        ...


class VirtualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._now = start

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        # The same moment until it is moved: what is made at it has the same bytes however long a run takes.
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the clock forward.

        Raises:
            ValueError: If `by` is negative; time does not run backwards.
        """
        self._now += _forward(by)

    def reset(self) -> None:
        """Put the clock back to where it started."""
        self._now = self._start


class RunningClock:
    """The clock of this machine, which can be put forward and runs on from there.

    Attributes:
        ahead: How far it is ahead of this machine's clock.
    """

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        # Not a monotonic clock: certificates and tokens of peers are valid by the wall clock.
        return datetime.now(UTC) + self.ahead

    def advance(self, by: timedelta) -> None:
        """Move the clock forward.

        Raises:
            ValueError: If `by` is negative; time does not run backwards.
        """
        self.ahead += _forward(by)

    def reset(self) -> None:
        """Let it show this machine's time again."""
        self.ahead = timedelta(0)


def _forward(by: timedelta) -> timedelta:
    if by < timedelta(0):
        raise ValueError(f"a clock moves forward only, not by {by}")
    return by
