"""What is wrong with the names of a scenario, and which sentences are near to one that nobody defines."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING

from features.vocabulary.nouns import KINDS
from features.vocabulary.references import Ref, Register, WrongName
from features.vocabulary.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_bdd.parsers import StepParser
    from pytest_bdd.steps import StepFunctionContext

NEAREST = 3


def unresolved(steps: Sequence[tuple[StepFunctionContext, str]]) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with the names of a scenario, before it runs.

    Args:
        steps: The definition and the text of each step.

    Yields:
        The index of a step, and a sentence.
    """
    registers: dict[str, Register[bool]] = {}
    for index, (definition, text) in enumerate(steps):
        for ref in _names(definition, text):
            register = registers.setdefault(ref.kind, Register(ref.kind))
            try:
                if ref.new:
                    register.add(ref, thing=True)
                else:
                    register[ref]
            except WrongName as error:
                yield index, str(error)


def _names(definition: StepFunctionContext, text: str) -> list[Ref]:
    """Return what a step refers to and then what it introduces."""
    if not isinstance(definition.parser, Sentence):
        return []
    said = definition.parser.read(text)
    refs = [] if said is None else [ref for value in said.values.values() for ref in _refs(value)]
    return sorted([*refs, *definition.parser.introduces], key=lambda ref: ref.new)


def _refs(value: object) -> Iterator[Ref]:
    if isinstance(value, tuple):
        for each in value:
            yield from _refs(each)
    elif isinstance(value, Ref):
        if value.of is not None:
            yield from _refs(value.of)
        # This party is found through the contract of the scenario.
        elif value.kind == "party" and value.name == "its emsp":
            yield Ref("contract")
        # Parties are always there; whether a step files an answer is up to its function, not its sentence.
        elif value.kind not in {"party", "answer"} and value.literal is None and value.facet is None:
            yield value


def nearest(text: str, definitions: Iterable[StepFunctionContext]) -> list[str]:
    """Return the sentences that are nearest to a step that nobody defines."""
    parsers = {definition.parser.name: definition.parser for definition in definitions}
    plain = _plain(text)

    def likeness(sentence: str) -> float:
        matchers = (
            SequenceMatcher(None, plain, each, autojunk=False) for each in _examples(parsers[sentence])
        )
        return max(matcher.ratio() for matcher in matchers)

    return sorted(parsers, key=lambda sentence: (-likeness(sentence), sentence))[:NEAREST]


def _examples(parser: StepParser) -> Iterator[str]:
    """Yield short texts that a sentence matches, nouns by kind alone: one for each phrase of its tables."""
    short = _shortened(parser.name)
    yield short
    if isinstance(parser, Sentence):
        for parameter, kind in _TABLE.findall(parser.name):
            for phrase in parser.tables.get(parameter or kind.lower(), ()):
                yield short.replace(f"{{{kind}}}", _plain(phrase))


_TABLE = re.compile(r"\{(?:(\w+):)?([A-Z][A-Z_]*)\}")


# Not before: only a step that nobody knows needs it.
@cache
def _nouns() -> list[tuple[str, re.Pattern[str]]]:
    """Return the kinds of nouns that are told by their looks, and how each looks in the midst of a text."""
    return [
        (name, re.compile(rf"(?<!\w)(?:{kind.pattern})(?!\w)"))
        for name, kind in KINDS.items()
        if kind.register or name in {"text", "edition", "domain", "n", "service"}
    ]


def _plain(text: str) -> str:
    """Write a step's text with `{kind}` in place of its nouns."""
    for name, pattern in _nouns():
        text = pattern.sub(f"{{{name}}}", text)
    return text


def _shortened(sentence: str) -> str:
    """Write a sentence as the shortest text that it matches, its nouns by kind alone."""
    sentence = re.sub(r"\{\w+:(\w+)\}", r"{\1}", sentence)
    while (shorter := re.sub(r"\[[^\[\]]*\]|\(([^()|]*)[^()]*\)", r"\1", sentence)) != sentence:
        sentence = shorter
    return sentence
