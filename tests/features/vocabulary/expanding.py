"""Sentences made at random from the sentence of a step definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.nouns import KINDS

if TYPE_CHECKING:
    from random import Random

    from features.vocabulary.sentence import Sentence


def expanded(sentence: Sentence, random: Random) -> str:
    """Fill a sentence: nouns by examples of their kinds, tables by a phrase, brackets as it happens."""
    parts = list(sentence.parts)
    alternatives = _sequence(sentence, parts, random)
    assert not parts
    return random.choice(alternatives)


def _sequence(sentence: Sentence, parts: list[str], random: Random) -> list[str]:
    """Take parts up to the bracket that closes them; return the alternatives between its strokes."""
    alternatives = [""]
    while parts:
        part = parts.pop(0)
        if part in {")", "]"}:
            break
        if part == "|":
            alternatives.append("")
        elif part[0] in "([":
            within = random.choice(_sequence(sentence, parts, random))
            alternatives[-1] += "" if part[0] == "[" and random.random() < 0.5 else within
        elif part[0] == "{":
            alternatives[-1] += _filled(sentence, part[1:-1], random)
        else:
            alternatives[-1] += part.removeprefix("\\")
    return alternatives


def _filled(sentence: Sentence, noun: str, random: Random) -> str:
    name, _, kind = noun.partition(":")
    kind = kind or name
    if kind.isupper():
        return random.choice(list(sentence.tables[name.lower()]))
    return random.choice(KINDS[kind].examples)
