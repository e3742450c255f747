"""Work that is counted instead of timed: on every machine, however busy, it is the same."""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from threading import local
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@dataclass
class Calls:
    """How many functions were called.

    Attributes:
        count: Those of Python and those of the interpreter.
    """

    count: int = 0


@contextmanager
def calls() -> Iterator[Calls]:
    """Count what this thread calls in the `with` block."""
    counted = Calls()

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        counted.count += event in ("call", "c_call")

    # A collection calls whoever has asked to be told of it, and comes when it likes.
    collecting = gc.isenabled()
    gc.disable()
    sys.setprofile(count)
    try:
        yield counted
    finally:
        sys.setprofile(None)
        if collecting:
            gc.enable()


class Looks(local):
    """A clock on which time passes only by looking at it, in each thread for itself.

    What waits for a moment then ends after so many looks, whatever the machine does meanwhile.
    """

    def __init__(self, step: float) -> None:
        """Begin at 0.

        Args:
            step: Seconds that pass with each look.
        """
        self._step = step
        self._now = 0.0

    def __call__(self) -> float:
        """Return the present, in seconds."""
        self._now += self._step
        return self._now
