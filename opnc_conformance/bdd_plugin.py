"""What pytest-bdd's plugin does for scenarios, without all else that it does.

Its own also keeps a report of every step, which nobody reads here, and brings a generator of test code, whose
templates take a while to load. With `pytest features -p opnc_conformance.plugin` its own is at work, as ever.
"""

from __future__ import annotations

import pytest
from pytest_bdd import hooks
from pytest_bdd.utils import CONFIG_STACK


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hooks around scenarios and steps."""
    pluginmanager.add_hookspecs(hooks)


@pytest.fixture
def _pytest_bdd_example() -> dict[str, str]:
    """The row of an outline: none, unless the scenario is parametrized with its rows."""
    return {}


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest-bdd know which session it makes scenarios for."""
    CONFIG_STACK.append(config)


def pytest_unconfigure() -> None:
    """Let it forget the session."""
    CONFIG_STACK.pop()
