"""Runs pytest with the suite's plugin and nothing of the user's own pytest configuration."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from opnc.problem import Problem
from opnc_conformance import benches, options, suite
from opnc_conformance.aggregation import AGGREGATOR
from opnc_conformance.collection import identity_of
from opnc_conformance.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from fixtures.bench.interface import Bench
    from opnc_conformance.aggregation import ResultAggregator
    from opnc_conformance.listing import Planned
    from opnc_conformance.options import Settings
    from opnc_conformance.progress import Progress

_PLUGINS = ("opnc_conformance.bdd_plugin", "opnc_conformance.plugin")

_NOT_NEEDED = (
    "cacheprovider",
    # What it says, `progress` says, and the summary at the end.
    "terminal",
    # Each of these does something around every phase of every scenario, and nothing that shows in a report.
    *("logging", "warnings", "threadexception", "setuponly", "setupplan", "skipping"),
    # It would search the whole heap at the end for what the tests of a library may have left behind.
    "unraisableexception",
)

_SIGNAL_REASONS = {signal.SIGINT: "interrupted by the user", signal.SIGTERM: "terminated by a signal"}


class _SessionPlugin:
    """Holds on to the aggregator of the session, and lets signals end its tests in an orderly way."""

    aggregator: ResultAggregator | None = None

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    # After the plugin, which makes the aggregator in the same hook.
    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        # The option went with the plugin for terminals. Tracebacks take long to make, and nobody reads them.
        config.option.tbstyle = "no"
        self.aggregator = config.stash[AGGREGATOR]
        config.stash[benches.BENCH] = self._bench
        self.aggregator.redact = self._bench.redactor.sentence

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        # Around the tests alone: before them there is nothing yet that a report could hold.
        with _interruptible():
            return (yield)


def run(
    settings: Settings, bench: Bench, *, workers: int = 0, progress: Progress | None = None
) -> ResultAggregator:
    """Run the scenarios and return their results.

    Args:
        settings: What to run.
        bench: What the scenarios stand on; stays open. Workers open their own.
        workers: Processes to share the work; 0 runs everything in this one.
        progress: Says how far the run is; None says nothing.

    Raises:
        Problem: If the feature files are not fit to run, or workers would disturb each other.
    """
    benches.demand_one_process(settings, workers)
    plugin = _SessionPlugin(bench)
    with _own_configuration():
        pytest.main(command_line(settings, workers), plugins=[plugin, *[progress] * (progress is not None)])
    return _aggregated(plugin)


def plan(settings: Settings, bench: Bench) -> list[Planned]:
    """Return the scenarios that `run` would run; nothing is sent.

    Raises:
        Problem: If the feature files are not fit to run.
    """
    plugin = _SessionPlugin(bench)
    listing = Listing(bench, lambda item: identity_of(item, settings.features))
    with _own_configuration():
        pytest.main(command_line(settings, 0), plugins=[plugin, listing])
    _aggregated(plugin)
    return listing.planned


def _aggregated(plugin: _SessionPlugin) -> ResultAggregator:
    # pytest returns a code when it cannot start, and raises nothing.
    if plugin.aggregator is None:
        raise Problem("pytest did not start", hint="the message above says why")
    if plugin.aggregator.collection_errors:
        raise Problem(
            "the feature files are not fit to run:\n" + "\n".join(plugin.aggregator.collection_errors)
        )
    return plugin.aggregator


def command_line(settings: Settings, workers: int) -> list[str]:
    """Return the arguments with which pytest runs the scenarios."""
    plugins = [*_PLUGINS, *["xdist.plugin"] * bool(workers)]
    return [
        str(settings.features),
        f"--rootdir={suite.ROOT}",
        f"--confcutdir={settings.features}",
        "-c",
        str(suite.CONFIGURATION),
        # By name, for plugins are not loaded by themselves (`_own_configuration`).
        *(part for plugin in plugins for part in ("-p", plugin)),
        *(part for plugin in _NOT_NEEDED for part in ("-p", f"no:{plugin}")),
        *("--assert=plain", "--import-mode=importlib"),
        *(["-n", str(workers), "--dist=worksteal"] if workers else []),
        *options.arguments(settings),
    ]


@contextmanager
def _own_configuration() -> Iterator[None]:
    """Keep plugins and options of the user's environment out; workers inherit this."""
    ours = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    # The environment, for workers are new processes that inherit it. Other threads of this process
    # see it as well while the session lasts.
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
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the session in an orderly way, so that its report is still written.

    A second one has its usual effect. A signal that is ignored stays so, as in a job of a shell's background.
    """
    found = {number: signal.getsignal(number) for number in _SIGNAL_REASONS}
    before = {number: handler for number, handler in found.items() if handler not in {None, signal.SIG_IGN}}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def stop(number: int, _frame: object) -> None:
        # First of all: whoever sends a second signal does not want to wait for the report.
        restore()
        raise pytest.exit.Exception(_SIGNAL_REASONS[signal.Signals(number)])

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        restore()
