"""Runs pytest with the suite's plugin and nothing of the user's own pytest configuration."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from opnc.problem import Problem
from opnc_conformance import options, suite
from opnc_conformance.gathering import GATHERER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opnc_conformance.gathering import Gatherer
    from opnc_conformance.options import Settings

_PLUGINS = ("pytest_bdd.plugin", "opnc_conformance.plugin")


class _Keeper:
    """Holds on to the gatherer of the session."""

    gatherer: Gatherer | None = None

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        self.gatherer = config.stash[GATHERER]


def run(settings: Settings, *, workers: int = 0) -> Gatherer:
    """Run the scenarios and return what was gathered.

    Args:
        settings: What to run.
        workers: Processes to share the work; 0 runs everything in this one.

    Raises:
        Problem: If the feature files are not fit to run.
    """
    keeper = _Keeper()
    with _own_configuration(), _terminable():
        pytest.main(_command_line(settings, workers), plugins=[keeper])
    if keeper.gatherer is None:
        raise Problem("pytest did not start", hint="the message above says why")
    if keeper.gatherer.refused:
        raise Problem("the feature files are not fit to run:\n" + "\n".join(keeper.gatherer.refused))
    return keeper.gatherer


def _command_line(settings: Settings, workers: int) -> list[str]:
    plugins = [*_PLUGINS, *["xdist.plugin"] * bool(workers)]
    return [
        str(settings.features),
        f"--rootdir={suite.ROOT}",
        "-c",
        str(suite.CONFIGURATION),
        *(part for plugin in plugins for part in ("-p", plugin)),
        *("-p", "no:cacheprovider"),
        # It would search the whole heap at the end for what the tests of a library may have left behind.
        *("-p", "no:unraisableexception"),
        *("-q", "--no-header", "--no-summary", "--tb=no", "--import-mode=importlib"),
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
def _terminable() -> Iterator[None]:
    """Take SIGTERM for Ctrl-C, so that a run that is stopped still writes its report."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
