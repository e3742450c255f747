"""Collects feature files directly: no binding modules, one pytest item per scenario or row."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import pytest
from pytest_bdd import scenario
from pytest_bdd.scenario import scenario_wrapper_template_registry

from features import index, lint
from fixtures.bench.scenario import Identity
from fixtures.target.declaration import NEEDS
from opnc import catalogue
from opnc_conformance import options, selection, step_lookup
from reports.model import Feature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


class FeatureFile(pytest.Module):
    """A feature file, seen by pytest as a module of test functions."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Yield the scenarios.

        Raises:
            CollectError: If the file would not do what it says; nothing runs then.
        """
        settings = options.read(self.config)
        # Before the file is parsed: that is what takes the time.
        if not selection.may_match(self.path, settings):
            return []
        checked = lint.check(self.path, settings.features, catalogue.load().requirements, NEEDS)
        if checked.problems:
            # All at once, so that a file is mended in one go.
            raise self.CollectError("\n".join(checked.problems))
        self.stash[step_lookup.DEFINITIONS] = checked.definitions
        step_lookup.cache_signatures(checked.definitions.values())
        return super().collect()

    def _getobj(self) -> ModuleType:
        # pytest would import the file here, and a feature file is no Python.
        module = ModuleType(self.path.stem)
        module.__file__ = str(self.path)
        for number, template in enumerate(index.templates(self.path)):
            bind = scenario(self.path.name, template.name, features_base_dir=str(self.path.parent))
            # Asking for the fixture by name lets a proof run the scenario once per fault.
            setattr(module, f"test_{number:03}", pytest.mark.usefixtures("fault")(bind(_empty_body)))
        return module


def _empty_body() -> None:
    """Stand in for the body that pytest-bdd runs after the steps."""


def requirements_of(function: Callable[..., Any], root: Path) -> set[str]:
    """Return the requirements that any row of a scenario judges; none for a function that is no scenario."""
    template = scenario_wrapper_template_registry.get(function)
    if template is None:
        return set()
    return {
        requirement
        for row in index.examples(template)
        for requirement in index.entry(template, row, root).requirements
    }


def template_id(function: Callable[..., Any], root: Path) -> str:
    """Return the id of a scenario without a row; empty for a function that is none."""
    template = scenario_wrapper_template_registry.get(function)
    return "" if template is None else index.entry(template, {}, root).id


def _row(item: pytest.Function) -> dict[str, str]:
    # pytest gives it to parametrized items only; the key is pytest-bdd's own.
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return cast("dict[str, str]", parameters.get("_pytest_bdd_example", {}))


def identity_of(item: pytest.Item, root: Path) -> Identity | None:
    """Say which scenario an item is; None for an item that is none."""
    if not isinstance(item, pytest.Function):
        return None
    template = scenario_wrapper_template_registry.get(item.function)
    if template is None:
        return None
    entry = index.entry(template, _row(item), root)
    return Identity(
        id=entry.id,
        name=entry.name,
        feature=Feature(file=f"features/{entry.file}", name=entry.feature, description=entry.description),
        rule=entry.rule,
        tags=entry.tags,
        service=entry.service,
        example=entry.example,
        requirements=entry.requirements,
        needs=entry.needs,
    )
