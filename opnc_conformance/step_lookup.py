"""Hands pytest-bdd the definitions of the steps, which are known since the feature files were checked.

By itself it looks through all fixtures for every step of every scenario, and sets up a fixture that hands
over what it has found: more than a millisecond per scenario already with a hundred step definitions. It also
reads the parameters of a definition from its code, twice each time it is used. And for each step that takes
`request`, as all steps of the vocabulary do, pytest would make a definition of that fixture anew.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
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


class _WithRequest:
    """A step function that has got its request, and does not ask for it any more."""

    def __init__(
        self, function: Callable[..., object], signature: inspect.Signature, request: pytest.FixtureRequest
    ) -> None:
        self._function = function
        self._request = request
        # Where `inspect` looks first.
        self.__signature__ = signature

    def __call__(self, **arguments: object) -> object:
        return self._function(request=self._request, **arguments)


@cache
def _signature_without_request(function: Callable[..., object]) -> inspect.Signature | None:
    """Return the signature of a step function but for `request`; None if that must come as to others."""
    signature = inspect.signature(function)
    others = [each for each in signature.parameters.values() if each.name != "request"]
    # One that yields is no generator function any more in a wrapper, and would not run.
    if len(others) == len(signature.parameters) or inspect.isgeneratorfunction(function):
        return None
    return signature.replace(parameters=others)


def _definition(request: pytest.FixtureRequest, step: Step) -> StepFunctionContext | None:
    known: Mapping[tuple[str, str], StepFunctionContext] = request.node.parent.stash.get(DEFINITIONS, {})
    found = known.get((step.type, step.name))
    if found is None:
        # The library's own way for whatever the check has not seen.
        looked_up = _look_up(request=request, step=step)
        return looked_up if isinstance(looked_up, StepFunctionContext) else None
    signature = _signature_without_request(found.step_func)
    if signature is None:
        return found
    return replace(found, step_func=_WithRequest(found.step_func, signature, request))
