"""What holds of the step definitions of the suite taken together."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from pytest_bdd.steps import step_function_context_registry

import features
from features import steps
from features.vocabulary import listing, registers
from features.vocabulary.nouns import KINDS
from features.vocabulary.sentence import Sentence
from opnc_conformance import suite
from tests.features.vocabulary.expanding import expanded

if TYPE_CHECKING:
    from pytest_bdd.steps import StepFunctionContext

MAX_DEFINITIONS = 260
"""Definitions there may be: a scenario speaks of nouns and operations, so few are needed."""

TRIES = 120
FOLDER = Path(features.__file__).parent


@cache
def definitions() -> list[StepFunctionContext]:
    for name in steps.modules():
        importlib.import_module(name)
    return [
        each
        for each in step_function_context_registry.values()
        if inspect.unwrap(each.step_func).__module__.startswith("features.steps.")
    ]


def test_there_are_not_more_definitions_than_agreed() -> None:
    assert len(definitions()) <= MAX_DEFINITIONS


def test_no_sentence_can_be_read_by_a_second_definition() -> None:
    random = Random("sentences")  # noqa: S311 - examples, the same in every run
    ambiguous = set()
    for definition in definitions():
        if not isinstance(definition.parser, Sentence):
            continue
        rivals = [
            each
            for each in definitions()
            if each is not definition
            and (None in {each.type, definition.type} or each.type == definition.type)
        ]
        for text in {expanded(definition.parser, random) for _ in range(TRIES)}:
            assert definition.parser.is_matching(text), (definition.parser.name, text)
            ambiguous |= {
                (text, definition.parser.name, each.parser.name)
                for each in rivals
                if each.parser.is_matching(text)
            }
    assert not ambiguous


def test_step_functions_are_given_things_of_the_type_that_their_register_keeps() -> None:
    wrong = []
    for definition in definitions():
        if isinstance(definition.parser, Sentence):
            annotations = inspect.unwrap(definition.step_func).__annotations__
            for name, kind in definition.parser.kinds.items():
                seen = annotations.get(name, "Ref").removesuffix(" | None")
                if seen != (expected := type_of(kind)):
                    wrong.append(f"{definition.parser.name}: {name} is {seen}, but {kind} is {expected}")
    assert not wrong


def type_of(kind: str) -> str:
    found = KINDS[kind]
    if found.type:
        return found.type
    fixture = getattr(registers, found.register)
    annotation = fixture._get_wrapped_function().__annotations__["return"]
    (thing,) = re.findall(r"^Register\[(.+)\]$", annotation)
    return f"tuple[{thing}, ...]" if kind in {"contracts", "roots"} else thing


def test_no_target_fixture_takes_the_place_of_a_fixture_of_another_type() -> None:
    types: dict[str, set[str]] = defaultdict(set)
    for path in [*FOLDER.rglob("*.py"), *(suite.ROOT / "fixtures").glob("plugin.py")]:
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                for name in fixtures_of(function):
                    types[name].add(ast.unparse(function.returns) if function.returns else "")
    assert {name for name, found in types.items() if len(found) > 1} == set()


def fixtures_of(function: ast.FunctionDef) -> list[str]:
    """Return the fixtures that a function makes: as one, or by the target fixture of a step."""
    names = []
    for decorator in function.decorator_list:
        if ast.unparse(decorator).startswith("pytest.fixture"):
            names.append(function.name)
        names += [
            str(keyword.value.value)
            for keyword in getattr(decorator, "keywords", [])
            if keyword.arg == "target_fixture" and isinstance(keyword.value, ast.Constant)
        ]
    return names


def test_the_reference_page_is_fresh() -> None:
    page = suite.ROOT / "docs" / "reference" / "steps.md"
    remedy = "run `opnc steps --markdown > docs/reference/steps.md`"
    assert page.read_text() == listing.to_markdown(listing.definitions()), remedy
