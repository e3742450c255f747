"""The way out of an ecosystem that lives in one process with all others, and in one thread."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from simulators.network.outbound import PEERS_S, Outbound, T

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import httpx

    from opnc.clock import MovableClock


class SequentialOutbound(Outbound):
    """Asks one after the other, and lets the clock show what it would show if all had been asked at once.

    So the same seed gives the same run, and waiting takes no time.
    """

    def __init__(self, http: httpx.Client, clock: MovableClock) -> None:
        """Open the way.

        Args:
            http: What carries the requests.
            clock: What everybody takes for the present.
        """
        super().__init__(http)
        self._clock = clock
        self._took = timedelta()

    def add_latency(self, time: timedelta) -> None:
        """Let the answer that is being made take some time; called by whoever makes it."""
        self._took += time

    def as_completed(self, tasks: Sequence[Callable[[], T]], within_s: float = PEERS_S) -> Iterator[T]:
        """Yield what comes of the tasks in the order in which it would come."""
        done = [self._timed(task) for task in tasks]
        limit, passed = timedelta(seconds=within_s), timedelta()
        # Equal times keep the order of the tasks: the same seed, the same first answer.
        for took, result in sorted(done, key=lambda each: each[0]):
            # Who asks waits as long as the slowest of those that are looked at, and never beyond the limit.
            until = min(took, limit)
            self._clock.advance(until - passed)
            passed = until
            if took > limit:
                return
            yield result

    def _timed(self, task: Callable[[], T]) -> tuple[timedelta, T]:
        with self._stopwatch() as took:
            result = task()
            return took(), result

    @contextmanager
    def _stopwatch(self) -> Iterator[Callable[[], timedelta]]:
        # A task may ask others in turn; what that takes is theirs, and counted when it is over.
        before, self._took = self._took, timedelta()
        try:
            yield lambda: self._took
        finally:
            self._took = before
