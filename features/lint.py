"""Finds what pytest-bdd would pass over in silence, before any scenario runs.

Scenarios of one name (the first would be lost) or of one id, steps that no definition matches or more than
one, names of things that nothing introduces or that are given twice, coroutine steps (they would pass without
running), placeholders nobody fills, unknown tags, muted
scenarios, scenarios without a requirement, and titles that the catalogue does not bear out.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.steps import step_function_context_registry
from pytest_bdd.types import STEP_TYPES

from features.index import (
    NEEDS,
    REQUIREMENT_COLUMN,
    REQUIREMENT_TAG,
    entry,
    examples,
    templates,
)
from features.titles import rule_problems, title_problems
from features.vocabulary.checking import nearest, unresolved

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pytest_bdd.parser import Scenario, ScenarioTemplate
    from pytest_bdd.parser import Step as GherkinStep
    from pytest_bdd.steps import StepFunctionContext

    from features.index import Entry
    from opnc.catalogue.model import Requirement

    Problems = Iterator[tuple[int, str]]
    """Line and sentence."""

    Rows = list[tuple[dict[str, str], Entry]]
    """The rows of a scenario and what each is."""

    Described = tuple[ScenarioTemplate, Rows]

    StepKey = tuple[str, str]
    """Type of a step, `given`, `when` or `then`, and its text."""

TAGS = frozenset({"mutates", "slow", "first", "last"})
"""Tags beside requirement ids and needs: writes to the target; takes over half a second; where in a run."""

_SCENARIO = re.compile(r"^\s*(?:Scenario Outline|Scenario Template|Scenario|Example):\s*(.*?)\s*$")
_FENCE = re.compile(r'^\s*("""|```)')
_POSITION = re.compile(r"\(\d+:\d+\):")
_PLACEHOLDER = re.compile(r"<[^<>]+>")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a feature file.

    Attributes:
        problems: What is wrong with it, one sentence each, with file and line.
        definitions: The one definition of each step of each row; complete where there are no problems.
    """

    problems: list[str]
    definitions: Mapping[StepKey, StepFunctionContext]


def step_definitions() -> list[StepFunctionContext]:
    """Return every step definition that has been imported."""
    return list(step_function_context_registry.values())


def known_tags(requirements: Iterable[str], needs: Iterable[str]) -> list[str]:
    """Return every tag that a scenario may have."""
    return [*TAGS, *(NEEDS + need for need in needs), *requirements]


def check(path: Path, root: Path, requirements: Mapping[str, Requirement], needs: Collection[str]) -> Checked:
    """Check a feature file.

    Args:
        path: The file.
        root: The folder of the feature files.
        requirements: The catalogue, by id.
        needs: The needs a scenario may have.
    """
    where = path.relative_to(root).as_posix()
    checker = _Checker(root, step_definitions(), requirements, needs)
    # Once each: all rows of an outline say the same of the same line.
    problems = [f"{where}:{line}: {problem}" for line, problem in dict.fromkeys(checker.file(path))]
    return Checked(problems, {key: found[0] for key, found in checker.matches.items() if found})


class _Checker:
    def __init__(
        self,
        root: Path,
        definitions: Iterable[StepFunctionContext],
        requirements: Mapping[str, Requirement],
        needs: Collection[str],
    ) -> None:
        self._root = root
        known = tuple(definitions)
        self._definitions: dict[str, list[StepFunctionContext]] = {
            # A definition by `step` has no type: it serves all three.
            kind: [each for each in known if each.type in {None, kind}]
            for kind in STEP_TYPES
        }
        self._requirements = requirements
        self._needs = needs
        self.matches: dict[StepKey, list[StepFunctionContext]] = {}

    def file(self, path: Path) -> Problems:
        content = path.read_bytes()
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            yield content.count(b"\n", 0, error.start) + 1, f"not UTF-8: {error.reason}"
            return
        if all(not line or line.startswith("#") for line in map(str.strip, text.splitlines())):
            yield 1, "holds no feature"
            return
        # In the text: of scenarios with one name, pytest-bdd hands over the last only.
        yield from _repeated_names(text)
        try:
            found = templates(path)
        except GherkinParseError as error:
            message = _POSITION.sub("", error.message.removeprefix("Unknown parsing error: Parser errors:"))
            yield error.line, f"not valid Gherkin: {' '.join(message.split())}"
            return
        if not found:
            yield 1, "holds no scenario"
        described = [
            (template, [(row, entry(template, row, self._root)) for row in examples(template)])
            for template in found
        ]
        yield from _repeated_ids(described)
        yield from self._titles(described, text)
        for template, rows in described:
            yield from self._template(template, rows)

    def _titles(self, described: Iterable[Described], text: str) -> Problems:
        """Yield operations in the title and clauses in the rules that nothing judged bears out."""
        title, all_judged, under = "", list[str](), dict[str, list[str]]()
        for template, rows in described:
            title, rule = template.feature.name or "", template.rule
            for _, found in rows:
                all_judged += found.requirements
                if rule is not None:
                    under.setdefault(rule.name, []).extend(found.requirements)
        yield from (
            (_line_of(text, title), said) for said in title_problems(title, all_judged, self._requirements)
        )
        for name, judged_there in under.items():
            problems = rule_problems(name, judged_there, self._requirements)
            yield from ((_line_of(text, name), said) for said in problems)

    def _template(self, template: ScenarioTemplate, rows: Rows) -> Problems:
        line = template.line_number
        if template.feature.language != "en":
            yield 1, f"written in the language {template.feature.language!r}; write it in English"
        if not template.name:
            yield line, "a scenario without a name"
        for row, found in rows:
            yield from ((line, problem) for problem in self._tags(found.tags))
            if not found.requirements:
                yield line, f"scenario {template.name!r} names no requirement; tag it or add a column"
            stated = row.get(REQUIREMENT_COLUMN)
            if stated is not None and stated not in self._requirements:
                column = f"the column {REQUIREMENT_COLUMN}"
                yield line, f"{column} names {stated!r}, which the catalogue does not know"
            yield from self._steps(template.render(row))

    def _tags(self, tags: Iterable[str]) -> Iterator[str]:
        for tag in tags:
            if tag.startswith(("skip", "xfail")):
                yield f"@{tag} mutes a scenario; delete the scenario or mend it"
            elif REQUIREMENT_TAG.fullmatch(tag):
                if tag not in self._requirements:
                    yield f"@{tag} names a requirement the catalogue does not know"
            elif tag not in TAGS and not (tag.startswith(NEEDS) and tag.removeprefix(NEEDS) in self._needs):
                known = ", ".join([*sorted(TAGS), *(NEEDS + need for need in sorted(self._needs))])
                yield f"@{tag} is no known tag; known are requirement ids, {known}"

    def _steps(self, scenario: Scenario) -> Problems:
        found: list[tuple[StepFunctionContext, str]] = []
        for step in scenario.steps:
            text = f"{step.keyword} {step.name}"
            for placeholder in _PLACEHOLDER.findall(step.name):
                yield step.line_number, f"no column of the examples fills {placeholder}"
            definitions = self._matching(step)
            if not definitions:
                near = nearest(step.name, self._definitions[step.type])
                meant = f"; the nearest are {', '.join(map(repr, near))}" if near else ""
                yield step.line_number, f"no step definition matches {text!r}{meant}"
            elif len(definitions) > 1:
                several = " and ".join(map(_described, definitions))
                yield step.line_number, f"{text!r} is ambiguous, it matches {several}"
            elif _is_coroutine(definitions[0]):
                remedy = "define it without async"
                yield step.line_number, f"{text!r} is a coroutine and would pass without running; {remedy}"
            else:
                found.append((definitions[0], step.name))
        # Else the step that introduces what others speak of may be the one that is not known.
        if len(found) == len(scenario.steps):
            for number, problem in unresolved(found):
                step = scenario.steps[number]
                yield step.line_number, f"'{step.keyword} {step.name}': {problem}"

    def _matching(self, step: GherkinStep) -> list[StepFunctionContext]:
        # Rows and backgrounds repeat their texts, and each is held against all definitions.
        key = (step.type, step.name)
        if key not in self.matches:
            self.matches[key] = [
                definition
                for definition in self._definitions[step.type]
                if definition.parser.is_matching(step.name)
            ]
        return self.matches[key]


def _repeated_ids(described: Iterable[Described]) -> Problems:
    """Yield rows and scenarios that could not be told apart in a report."""
    seen: set[str] = set()
    for template, rows in described:
        for _, found in rows:
            if found.id in seen:
                yield template.line_number, f"{found.id!r} is there twice; change the name or the examples"
            seen.add(found.id)


def _line_of(text: str, name: str) -> int:
    """Return the number of the line that a feature or rule begins on; pytest-bdd does not keep it."""
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if line.endswith(f": {name}")), 1)


def _repeated_names(text: str) -> Problems:
    first: dict[str, int] = {}
    fenced = False
    for number, line in enumerate(text.splitlines(), start=1):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (match := _SCENARIO.match(line)):
            earlier = first.setdefault(match[1], number)
            if earlier != number:
                yield number, f"scenario {match[1]!r} has the name of line {earlier}; give it one of its own"


def _described(definition: StepFunctionContext) -> str:
    code = inspect.unwrap(definition.step_func).__code__
    return f"{definition.parser.name!r} at {Path(code.co_filename).name}:{code.co_firstlineno}"


def _is_coroutine(definition: StepFunctionContext) -> bool:
    function = inspect.unwrap(definition.step_func)
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
