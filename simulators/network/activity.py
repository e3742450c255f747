"""What is under way in the threads of a server, so that somebody can wait until nothing is."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Condition
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


NEXT_S = 0.05
"""Seconds in which a thread that was kept begins with what waits for it, which nobody has counted yet."""


class Activity:
    """Counts what is under way.

    Whoever begins something in another thread counts it before that thread starts, so that nothing is
    overlooked between the two.
    """

    def __init__(self) -> None:
        self._ended = Condition()
        self._count = 0
        self._begun = 0

    def begin(self) -> None:
        """Count one more."""
        with self._ended:
            self._count += 1
            self._begun += 1

    def end(self) -> None:
        """Count one less."""
        with self._ended:
            self._count -= 1
            if not self._count:
                self._ended.notify_all()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count one for the time of the `with` block."""
        self.begin()
        try:
            yield
        finally:
            self.end()

    def wait_until_idle(self, at_most_s: float) -> int:
        """Wait until nothing is under way.

        Args:
            at_most_s: Seconds after which it is not waited for any more.

        Returns:
            How many things still are: 0 unless the time was over.
        """
        end = monotonic() + at_most_s
        with self._ended:
            begun = -1 if self._count else self._begun
            while begun != self._begun:
                begun = self._begun
                self._ended.wait_for(lambda: not self._count, max(0.0, end - monotonic()))
                if self._count:
                    break
                self._ended.wait(NEXT_S)
            return self._count
