"""When a run is over early: the target does not answer any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fixtures.judging import NotApplicable, SilentReceiver, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_SILENT_SCENARIOS = 3
"""Scenarios in a row that got no answer before the run is given up."""


class UnresponsiveTarget:
    """Counts the scenarios that the target gave no answer to."""

    def __init__(self) -> None:
        self._silent = 0

    def record(self, error: BaseException | None, give_up: Callable[[str], None]) -> None:
        """Take note of how a scenario ended.

        Args:
            error: What ended it; None if nothing did.
            give_up: Called with the reason when there have been too many.
        """
        # Says nothing about the target: it was not asked, or another host of it was, which stands for itself.
        if isinstance(error, NotApplicable | SilentReceiver):
            return
        self._silent = self._silent + 1 if isinstance(error, Unreachable) else 0
        # Once only: the first reason is the one to be told.
        if self._silent == MAX_SILENT_SCENARIOS:
            give_up(f"{MAX_SILENT_SCENARIOS} scenarios in a row got no answer, the last one: {error}")
