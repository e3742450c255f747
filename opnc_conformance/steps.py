"""Remembers which definition a step has.

pytest-bdd looks through all fixtures for every step of every scenario, and sets up a fixture that hands over what
it has found: more than a millisecond per scenario already with a hundred step definitions. Which definitions are
visible depends on the file alone, so one look per file and step is enough.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_bdd.parser import Step
    from pytest_bdd.steps import StepFunctionContext

# The package has a function of the same name, which hides the module.
_library: Any = importlib.import_module("pytest_bdd.scenario")
_look_up = _library.get_step_function
_FOUND = pytest.StashKey[dict[tuple[str, str], "StepFunctionContext | None"]]()


def remember() -> None:
    """Let pytest-bdd look for the definition of a step once per file."""
    _library.get_step_function = _remembered


def _remembered(request: pytest.FixtureRequest, step: Step) -> StepFunctionContext | None:
    found = request.node.parent.stash.setdefault(_FOUND, {})
    key = (step.type, step.name)
    if key not in found:
        found[key] = _look_up(request=request, step=step)
    context: StepFunctionContext | None = found[key]
    return context
