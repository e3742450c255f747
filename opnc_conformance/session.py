"""Runs pytest with the suite's plugin and nothing of the user's own pytest configuration."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from opnc.problem import Problem
from opnc_conformance import benches, options, suite
from opnc_conformance.gathering import GATHERER

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from fixtures.bench.interface import Bench
    from opnc_conformance.gathering import Gatherer
    from opnc_conformance.options import Settings

_PLUGINS = ("pytest_bdd.plugin", "opnc_conformance.plugin")

_NOT_NEEDED = (
    "cacheprovider",
    # Each of these does something around every phase of every scenario, and nothing that shows in a report.
    *("logging", "warnings", "threadexception", "setuponly", "setupplan", "skipping"),
    # It would search the whole heap at the end for what the tests of a library may have left behind.
    "unraisableexception",
)

_STOPS = {signal.SIGINT: "interrupted by the user", signal.SIGTERM: "terminated by a signal"}


class _Keeper:
    """Holds on to the gatherer of the session, and lets signals end its tests in an orderly way."""

    gatherer: Gatherer | None = None

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        self.gatherer = config.stash[GATHERER]
        config.stash[benches.BENCH] = self._bench
        self.gatherer.clean = self._bench.redactor.sentence

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        with _stoppable():
            return (yield)


def run(settings: Settings, bench: Bench, *, workers: int = 0) -> Gatherer:
    """Run the scenarios and return what was gathered.

    Args:
        settings: What to run.
        bench: What the scenarios stand on; stays open. Workers open their own.
        workers: Processes to share the work; 0 runs everything in this one.

    Raises:
        Problem: If the feature files are not fit to run, or workers would disturb each other.
    """
    benches.demand_one_process(settings, workers)
    keeper = _Keeper(bench)
    with _own_configuration():
        pytest.main(command_line(settings, workers), plugins=[keeper])
    if keeper.gatherer is None:
        raise Problem("pytest did not start", hint="the message above says why")
    if keeper.gatherer.refused:
        raise Problem("the feature files are not fit to run:\n" + "\n".join(keeper.gatherer.refused))
    return keeper.gatherer


def command_line(settings: Settings, workers: int) -> list[str]:
    """Return the arguments with which pytest runs the scenarios."""
    plugins = [*_PLUGINS, *["xdist.plugin"] * bool(workers)]
    return [
        str(settings.features),
        f"--rootdir={suite.ROOT}",
        f"--confcutdir={settings.features}",
        "-c",
        str(suite.CONFIGURATION),
        *(part for plugin in plugins for part in ("-p", plugin)),
        *(part for plugin in _NOT_NEEDED for part in ("-p", f"no:{plugin}")),
        *("-q", "--no-header", "--no-summary", "--tb=no", "--assert=plain", "--import-mode=importlib"),
        *(["-n", str(workers), "--dist=worksteal"] if workers else []),
        *options.arguments(settings),
    ]


@contextmanager
def _own_configuration() -> Iterator[None]:
    """Keep plugins and options of the user's environment out; workers inherit this."""
    ours = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the session in an orderly way, so that its report is still written.

    A second one has its usual effect. A signal that is ignored stays so, as in a job of a shell's background.
    """
    found = {number: signal.getsignal(number) for number in _STOPS}
    before = {number: handler for number, handler in found.items() if handler not in {None, signal.SIG_IGN}}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def stop(number: int, _frame: object) -> None:
        restore()
        raise pytest.exit.Exception(_STOPS[signal.Signals(number)])

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        restore()
