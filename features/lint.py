"""Finds what pytest-bdd would pass over in silence, before any scenario runs.

Two scenarios with one name (the first would be lost), steps that no definition matches or more than one,
coroutine steps (they would pass without running), unknown tags, muted scenarios, and scenarios without a
requirement.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from typing import TYPE_CHECKING

from gherkin.errors import CompositeParserException
from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.steps import step_function_context_registry

from features.index import (
    NEEDS,
    REQUIREMENT_COLUMN,
    REQUIREMENT_TAG,
    entry,
    examples,
    templates,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from pytest_bdd.parser import Scenario, ScenarioTemplate
    from pytest_bdd.steps import StepFunctionContext

TAGS = frozenset({"mutates", "slow"})
"""Tags beside requirement ids and needs: writes to the target; takes longer than half a second."""

_SCENARIO = re.compile(r"^\s*(?:Scenario Outline|Scenario Template|Scenario|Example):\s*(.*?)\s*$")
_FENCE = re.compile(r'^\s*("""|```)')


def step_definitions() -> list[StepFunctionContext]:
    """Return every step definition that has been imported."""
    return list(step_function_context_registry.values())


def check(path: Path, root: Path, requirements: Collection[str], needs: Collection[str]) -> list[str]:
    """Return what is wrong with a feature file, one sentence each.

    Args:
        path: The file.
        root: The folder of the feature files.
        requirements: The ids the catalogue knows.
        needs: The needs a scenario may have.
    """
    definitions = step_definitions()
    checker = _Checker(root, definitions, requirements, needs)
    return [*_coroutines(definitions), *checker.file(path)]


class _Checker:
    def __init__(
        self,
        root: Path,
        definitions: Iterable[StepFunctionContext],
        requirements: Collection[str],
        needs: Collection[str],
    ) -> None:
        self._root = root
        self._definitions = tuple(definitions)
        self._requirements = requirements
        self._needs = needs
        self._matches: dict[tuple[str, str], list[str]] = {}

    def file(self, path: Path) -> Iterator[str]:
        where = path.relative_to(self._root).as_posix()
        text = path.read_text(encoding="utf-8")
        for name, count in Counter(_scenario_names(text)).items():
            if count > 1:
                yield f"{where}: {count} scenarios are named {name!r}; give each a name of its own"
        try:
            found = templates(path)
        except (GherkinParseError, CompositeParserException) as error:
            yield f"{where}: not valid Gherkin: {' '.join(str(error).split())}"
            return
        for template in found:
            for problem in dict.fromkeys(self._template(template)):
                yield f"{where}:{template.line_number}: {problem}"

    def _template(self, template: ScenarioTemplate) -> Iterator[str]:
        rows = examples(template)
        for row in rows:
            found = entry(template, row, self._root)
            yield from self._tags(found.tags)
            if not found.requirements:
                yield f"scenario {template.name!r} names no requirement; tag it or add a column"
            if (stated := row.get(REQUIREMENT_COLUMN)) and stated not in self._requirements:
                yield f"the column {REQUIREMENT_COLUMN} names {stated!r}, which the catalogue does not know"
            yield from self._steps(template.render(row))

    def _tags(self, tags: Iterable[str]) -> Iterator[str]:
        for tag in tags:
            if tag in {"skip", "xfail"} or tag.startswith(("skip", "xfail")):
                yield f"@{tag} mutes a scenario; delete the scenario or mend it"
            elif REQUIREMENT_TAG.fullmatch(tag):
                if tag not in self._requirements:
                    yield f"@{tag} names a requirement the catalogue does not know"
            elif tag not in TAGS and not (tag.startswith(NEEDS) and tag.removeprefix(NEEDS) in self._needs):
                known = ", ".join([*sorted(TAGS), *(NEEDS + need for need in sorted(self._needs))])
                yield f"@{tag} is no known tag; known are requirement ids, {known}"

    def _steps(self, scenario: Scenario) -> Iterator[str]:
        for step in scenario.steps:
            matches = self._matching(step.type, step.name)
            if not matches:
                yield f"line {step.line_number}: no step definition matches {step.keyword} {step.name!r}"
            elif len(matches) > 1:
                both = " and ".join(map(repr, matches))
                yield f"line {step.line_number}: {step.name!r} is ambiguous: {both}"

    def _matching(self, kind: str, name: str) -> list[str]:
        key = (kind, name)
        if key not in self._matches:
            self._matches[key] = [
                definition.parser.name
                for definition in self._definitions
                if definition.type in {None, kind} and definition.parser.is_matching(name)
            ]
        return self._matches[key]


def _scenario_names(text: str) -> Iterator[str]:
    fenced = False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (match := _SCENARIO.match(line)):
            yield match[1]


def _coroutines(definitions: Iterable[StepFunctionContext]) -> Iterator[str]:
    for definition in definitions:
        function = definition.step_func
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            name = definition.parser.name
            yield f"step {name!r} is a coroutine and would pass without running; write it sync"
