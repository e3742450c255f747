"""What is under way in the threads of a server, so that somebody can wait until nothing is."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Activity:
    """Counts what is under way.

    Whoever begins something in another thread counts it before that thread starts, so that nothing is
    overlooked between the two.
    """

    def __init__(self) -> None:
        self._ended = Condition()
        self._count = 0

    def begin(self) -> None:
        """Count one more."""
        with self._ended:
            self._count += 1

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
        with self._ended:
            self._ended.wait_for(lambda: not self._count, at_most_s)
            return self._count
