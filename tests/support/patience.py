"""How long tests wait for what must come."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_S = 300.0
"""Seconds after which a test gives up, on a machine that may be busy; one that passes never waits so long."""


def eventually(come_about: Callable[[], bool]) -> bool:
    """Look until something has come about; tell whether it has, within the patience of tests."""
    end = monotonic() + PATIENCE_S
    while not (found := come_about()) and monotonic() < end:
        sleep(0.01)
    return found
