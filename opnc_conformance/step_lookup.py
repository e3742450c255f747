"""Hands pytest-bdd the definitions of the steps, which are known since the feature files were checked.

By itself it looks through all fixtures for every step of every scenario, and sets up a fixture that hands
over what it has found: more than a millisecond per scenario already with a hundred step definitions. It also
reads the parameters of a definition from its code, twice each time it is used.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd.steps import StepFunctionContext

if TYPE_CHECKING:
    from pytest_bdd.parser import Step

DEFINITIONS = pytest.StashKey[Mapping[tuple[str, str], StepFunctionContext]]()
"""Where a feature file keeps the definitions of its steps, by type and text."""

# The package has a function of the same name, which hides the module.
_pytest_bdd_scenario: Any = importlib.import_module("pytest_bdd.scenario")
_look_up = _pytest_bdd_scenario.get_step_function


def install() -> None:
    """Let pytest-bdd take the definitions from here."""
    _pytest_bdd_scenario.get_step_function = _definition


def uninstall() -> None:
    """Give pytest-bdd back its own way, for another session in this process."""
    _pytest_bdd_scenario.get_step_function = _look_up


def cache_signatures(definitions: Iterable[StepFunctionContext]) -> None:
    """Keep the parameters of step definitions where `inspect` finds them."""
    for definition in definitions:
        function: Any = definition.step_func
        function.__signature__ = inspect.signature(function)


def _definition(request: pytest.FixtureRequest, step: Step) -> StepFunctionContext | None:
    known = request.node.parent.stash.get(DEFINITIONS, {})
    # The library's own way for whatever the check has not seen.
    found = known.get((step.type, step.name)) or _look_up(request=request, step=step)
    return found if isinstance(found, StepFunctionContext) else None
