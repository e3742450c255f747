"""Which steps there are: what `opnc steps` prints and `docs/reference/steps.md` holds."""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_bdd.steps import step_function_context_registry

from features import index, steps
from features.vocabulary.nouns import KINDS
from features.vocabulary.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pytest_bdd.steps import StepFunctionContext

KEYWORDS = ("given", "when", "then", "step")
INTRODUCTION = """\
# Steps

Made by `opnc steps --markdown`; do not edit it. How to write a scenario: `docs/how-to/add-a-scenario.md`.

A noun is written `{kind}` or `{name:kind}`. `[...]` may be left out, `(a|b)` is a choice, `{CAPITALS}` is a
phrase of a table, listed below the sentence. `opnc steps WORD...` shows how often each is used.
"""


@dataclass(frozen=True, slots=True)
class Definition:
    """One step definition.

    Attributes:
        subject: The folder, or the module, that it stands in.
        keyword: `given`, `when`, `then`, or `step` for all of them.
        sentence: How it is written.
        parameters: Name -> kind of noun; `choice` and `option` for what brackets hand over.
        tables: Name -> phrases.
        says: Its docstring.
        uses: Lines of the feature files.
    """

    subject: str
    keyword: str
    sentence: str
    parameters: Mapping[str, str]
    tables: Mapping[str, Sequence[str]]
    says: str
    uses: int


def definitions() -> list[Definition]:
    """Return every step definition of the suite, by subject, keyword and sentence."""
    for name in steps.modules():
        importlib.import_module(name)
    contexts = [
        each
        for each in step_function_context_registry.values()
        if inspect.unwrap(each.step_func).__module__.startswith(f"{steps.__name__}.")
    ]
    uses = _uses(contexts)
    found = [_described(each, len(uses[number])) for number, each in enumerate(contexts)]
    return sorted(found, key=lambda each: (each.subject, KEYWORDS.index(each.keyword), each.sentence))


def _described(context: StepFunctionContext, uses: int) -> Definition:
    parser, function = context.parser, inspect.unwrap(context.step_func)
    sentence = parser if isinstance(parser, Sentence) else None
    return Definition(
        subject=function.__module__.removeprefix(f"{steps.__name__}.").partition(".")[0],
        keyword=context.type or "step",
        sentence=parser.name,
        parameters=sentence.described if sentence else {},
        tables={name: list(table) for name, table in sentence.tables.items()} if sentence else {},
        says=" ".join((inspect.getdoc(function) or "").partition("\n\n")[0].split()),
        uses=uses,
    )


def _uses(contexts: Sequence[StepFunctionContext]) -> list[set[tuple[str, int]]]:
    """Return the lines that use each definition, as file and number."""
    uses: list[set[tuple[str, int]]] = [set() for _ in contexts]
    known: dict[tuple[str, str], list[int]] = {}
    for path in index.feature_files():
        for template in index.templates(path):
            for row in index.examples(template):
                for step in template.render(row).steps:
                    key = (step.type, step.name)
                    if key not in known:
                        known[key] = _matching(contexts, *key)
                    for number in known[key]:
                        uses[number].add((str(path), step.line_number))
    return uses


def _matching(contexts: Sequence[StepFunctionContext], keyword: str, text: str) -> list[int]:
    return [
        number
        for number, each in enumerate(contexts)
        if each.type in {None, keyword} and each.parser.is_matching(text)
    ]


def chosen(found: Iterable[Definition], words: Sequence[str]) -> list[Definition]:
    """Return the definitions that hold all of some words, in any letter case."""
    wanted = [word.lower() for word in words]
    return [each for each in found if all(word in _searched(each) for word in wanted)]


def _searched(definition: Definition) -> str:
    phrases = [phrase for table in definition.tables.values() for phrase in table]
    parts = [definition.subject, definition.keyword, definition.sentence, definition.says, *phrases]
    return "\n".join(parts).lower()


def to_text(found: Sequence[Definition]) -> str:
    """Lay definitions out for a terminal, by subject."""
    lines: list[str] = []
    subject = None
    for each in found:
        if each.subject != subject:
            subject = each.subject
            lines += ["", subject] if lines else [subject]
        lines.append(f"  {each.keyword:<6}{each.sentence}  [{each.uses}]")
        lines.append(f"        {each.says}")
        for name, phrases in each.tables.items():
            lines += [f"        {name.upper()}: {phrase}" for phrase in phrases]
    total = f"{len(found)} definition{'' if len(found) == 1 else 's'}"
    return "\n".join([*lines, "", total] if lines else [total])


def to_markdown(found: Sequence[Definition]) -> str:
    """Lay definitions out as the reference page."""
    lines = [INTRODUCTION, "## Nouns", "", "| kind | for example |", "|---|---|"]
    for name, kind in KINDS.items():
        lines.append(f"| `{name}` | {', '.join(f'`{example}`' for example in kind.examples)} |")
    subject = None
    for each in found:
        if each.subject != subject:
            subject = each.subject
            lines += ["", f"## {subject}", ""]
        # Without the number of uses: a scenario alone must not make the page stale.
        lines.append(f"- {each.keyword} `` {each.sentence} ``: {each.says}")
        for phrases in each.tables.values():
            lines += [f"  - `` {phrase} ``" for phrase in phrases if phrase]
    return "\n".join(lines) + "\n"
