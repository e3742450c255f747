"""What a run says while it runs: how far it is, and each failure when it happens.

On a terminal a line at the bottom moves along (`live`); elsewhere, as in a log, plain lines come now and
then.
"""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, Protocol

import pytest

from opnc_conformance import failure_text
from opnc_conformance.aggregation import attached_result
from reports.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reports.causes import Key
    from reports.model import Profile, ScenarioResult

EVERY_S = 10.0
"""Seconds between two lines that say how far a run is."""

FAILURES_SHOWN = 10
"""Failures that are told when they happen; at the end all are told, by cause."""


class Display(Protocol):
    """Shows how far a run is."""

    def say(self, text: str) -> None:
        """Show a line, or several, that stay."""
        ...

    def begin(self, total: int) -> None:
        """Show that so many scenarios are going to run."""
        ...

    def done(self, result: ScenarioResult, counts: Counts) -> None:
        """Show that another scenario is over."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was."""
        ...


class Counts:
    """Counts the scenarios that are over.

    Attributes:
        total: How many are going to run.
        done: How many are over.
        failed: How many of these failed.
    """

    def __init__(self, total: int = 0, now: Callable[[], float] = monotonic) -> None:
        self.total = total
        self.done = 0
        self.failed = 0
        self._now = now
        self._began = now()

    def count(self, result: ScenarioResult, *, failures: bool) -> None:
        """Count one more, and whether it failed where that is worth counting."""
        self.done += 1
        self.failed += failures and result.verdict in {Verdict.FAIL, Verdict.ERROR}

    @property
    def seconds_left(self) -> float:
        """Seconds until the end, if the rest takes as long as what is over."""
        return (self.total - self.done) * (self._now() - self._began) / max(self.done, 1)

    @property
    def rate(self) -> float:
        """Scenarios per second so far."""
        return self.done / max(self._now() - self._began, 1e-9)

    def __str__(self) -> str:
        share = 100 * self.done // max(self.total, 1)
        failed = f", {self.failed} failed" if self.failed else ""
        return f"{self.done} of {self.total} scenarios ({share} %){failed}, {_time(self.seconds_left)} left"


def _time(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 100 else f"{whole // 60} min {whole % 60} s"


class PlainDisplay:
    """Writes lines that stand in a log as they are: no colour, nothing that moves."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._last = now()

    def say(self, text: str) -> None:
        """Write a text."""
        # Looked up each time: pytest puts a stand-in in its place while a scenario runs.
        print(text, file=sys.stdout, flush=True)
        self._last = self._now()

    def begin(self, total: int) -> None:
        """Say how many scenarios there are."""
        self.say(f"{total} scenario{'' if total == 1 else 's'}")

    def done(self, result: ScenarioResult, counts: Counts) -> None:  # noqa: ARG002 - the name is for live ones
        """Say now and then how far the run is."""
        if self._now() - self._last >= EVERY_S:
            self.say(f"{counts}")

    def close(self) -> None:
        """Say nothing."""


class Progress:
    """The plugin: hears of every scenario in the process that the user started."""

    def __init__(self, display: Display, profile: Profile, again: Sequence[str] | None) -> None:
        """Get ready.

        Args:
            display: Where it is shown.
            profile: Whether warnings count.
            again: The command line that runs a single scenario again, without that scenario; None where
                failures are what is wanted, as in a proof, and not told.
        """
        self._display = display
        self._profile = profile
        self._again = again
        self._counts = Counts()
        self._told: set[Key] = set()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Say how many scenarios run."""
        # With workers it is they who collect.
        if session.items:
            self._begin(len(session.items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Say the same with workers, each of which has collected all."""
        if not self._counts.total:
            self._begin(len(ids))

    def _begin(self, total: int) -> None:
        self._counts = Counts(total)
        self._display.begin(total)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell of a failure, and how far the run is."""
        # A clean-up that broke is told at the end, with the result it has spoilt.
        if report.when != "call" or (result := attached_result(report)) is None:
            return
        self._counts.count(result, failures=self._again is not None)
        if self._again is not None and result.verdict in {Verdict.FAIL, Verdict.ERROR}:
            self._tell(result)
        self._display.done(result, self._counts)

    def _tell(self, result: ScenarioResult) -> None:
        cause = failure_text.cause(result, self._profile)
        # The same from the next scenario, and whatever comes when there is more than anybody reads, can wait
        # for the end.
        if cause in self._told or len(self._told) >= FAILURES_SHOWN:
            return
        self._told.add(cause)
        self._display.say(failure_text.text(result, self._profile, self._again or ()))

    def pytest_unconfigure(self) -> None:
        """Leave the terminal as it was."""
        self._display.close()


def display() -> Display:
    """Return a display that suits where the output goes."""
    if not sys.stdout.isatty():
        return PlainDisplay()
    # Its library takes longer to load than a run that is read by nobody should wait for.
    from opnc_conformance.live import LiveDisplay

    return LiveDisplay()
