r"""Sentences of step definitions.

`{kind}` or `{name:kind}` is a noun, `[...]` may be left out, `(a|b)` is a choice, `{CAPITALS}` a phrase of a
table. A name before a bracket's content hands it to the step: `(what=holds|lacks)` gives the words chosen,
`[again= afterwards]` says whether it is there. A backslash takes the next character as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pytest_bdd.parsers import StepParser

from features.vocabulary import nouns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features.vocabulary.references import Ref
    from features.vocabulary.tables import Vocabulary

SAID = "said"
"""The one argument that pytest-bdd hands over: everything that was read from a step's text."""

_PART = re.compile(r"\\.|\{[^}]+\}|[(\[](?:[a-z_]+=)?|[\])|]|[^\][()|{\\]+")
_FORBIDDEN = frozenset({"request", "datatable", "docstring", SAID})


@dataclass(frozen=True, slots=True)
class Said:
    """What a step's text says.

    Attributes:
        text: The whole of it.
        values: By parameter: what was read, a `Ref` where the noun refers to a thing, None where it is
            left out.
        phrases: By parameter: the words themselves.
    """

    text: str
    values: Mapping[str, Any]
    phrases: Mapping[str, str]

    @property
    def afterwards(self) -> bool:
        """Whether it asks how things are after the operation that is judged."""
        return re.search(r"\b(?:afterwards|until)\b", self.text) is not None


def _always(parts: Sequence[str]) -> str:
    """Return the longest words that stand in every text of a sentence: those outside of brackets."""
    depth, found = 0, [""]
    for part in parts:
        if part[0] in "([":
            depth += 1
        elif part in {")", "]"}:
            depth -= 1
        elif part == "|" and depth == 0:
            return ""
        elif depth == 0 and part[0] not in "{\\":
            found.append(part)
    return max(found, key=len)


class Sentence(StepParser):
    """The sentence of a step definition, as pytest-bdd wants it.

    Attributes:
        name: The sentence in readable form, without the names before brackets' content.
        kinds: Parameter -> kind of its noun.
        tables: Parameter -> table of phrases.
        choices: Parameters that are given the words chosen.
        options: Parameters that are told whether a part is there.
        introduces: What the step puts into registers although no noun of the sentence says so.
    """

    def __init__(self, sentence: str, tables: Mapping[str, Vocabulary[Any]] | None = None) -> None:
        """Read a sentence.

        Args:
            sentence: As described above.
            tables: Its tables by their names in capitals.

        Raises:
            ValueError: If it cannot be a sentence; the message says why.
            LookupError: If it has a kind or a table that there is not.
        """
        self.kinds: dict[str, str] = {}
        self.tables: dict[str, Vocabulary[Any]] = {}
        self.choices: list[str] = []
        self.options: list[str] = []
        self.introduces: tuple[Ref, ...] = ()
        self._given = dict(tables or {})
        self._groups: dict[str, list[str]] = {}
        self._closing: list[str] = []
        self._texts: dict[str, Said | None] = {}
        self._source = sentence
        self.parts = _parts(sentence)
        readable = "".join(re.sub(r"^([(\[])[a-z_]+=$", r"\1", part) for part in self.parts)
        super().__init__(readable)
        self._pattern = "".join(map(self._part, self.parts))
        self._check()
        self._always = _always(self.parts)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """What a step's text is read with."""
        # Compiled when a text may be this sentence: all of them take longer than a short run's scenarios.
        return re.compile(self._pattern)

    @property
    def parameters(self) -> list[str]:
        """The names of what is read from a step's text, in no order that means anything."""
        return list(self._groups)

    @property
    def described(self) -> dict[str, str]:
        """What is read from a step's text, by parameter: a kind, a table, `choice` or `option`."""
        brackets = dict.fromkeys(self.choices, "choice") | dict.fromkeys(self.options, "option")
        return self.kinds | {name: table.what for name, table in self.tables.items()} | brackets

    def is_matching(self, name: str) -> bool:
        """Say whether a step's text is this sentence."""
        return self._always in name and self.regex.fullmatch(name) is not None

    def parse_arguments(self, name: str) -> dict[str, Any] | None:
        """Read a step's text; None if it is another sentence."""
        said = self.read(name)
        return None if said is None else {SAID: said}

    def read(self, text: str) -> Said | None:
        """Read a step's text; None if it is another sentence."""
        # Each text is read when the feature files are checked, and again each time its step runs.
        if text not in self._texts:
            self._texts[text] = self._read(text)
        return self._texts[text]

    def _read(self, text: str) -> Said | None:
        found = self.regex.fullmatch(text)
        if found is None:
            return None
        phrases = {}
        for parameter, groups in self._groups.items():
            spoken = next((words for group in groups if (words := found[group]) is not None), None)
            if spoken is not None:
                phrases[parameter] = spoken
        values = {parameter: self._value(parameter, phrases.get(parameter)) for parameter in self._groups}
        return Said(text, values, phrases)

    def _value(self, parameter: str, phrase: str | None) -> Any:
        # Before what was left out is None: an option is told that it was.
        if parameter in self.options:
            return phrase is not None
        if phrase is None:
            return None
        if parameter in self.tables:
            return self.tables[parameter][phrase]
        return nouns.KINDS[self.kinds[parameter]].read(phrase) if parameter in self.kinds else phrase

    def _part(self, part: str) -> str:
        if part[0] == "\\":
            return re.escape(part[1])
        if part[0] == "{":
            return self._noun(part[1:-1])
        if part[0] in "([":
            return self._opened(part)
        if part in {")", "]"}:
            if not self._closing or self._closing[-1][0] != part:
                raise self._wrong(f"{part!r} closes nothing")
            return self._closing.pop()[1:]
        return "|" if part == "|" else re.escape(part)

    def _opened(self, part: str) -> str:
        optional = part[0] == "["
        # What may be left out is one group; the words of a choice are another around it.
        self._closing.append("])?" if optional else "))")
        if part[-1] != "=":
            return "(?:"
        name = part[1:-1]
        (self.options if optional else self.choices).append(name)
        return f"(?P<{self._group(name)}>"

    def _noun(self, written: str) -> str:
        name, _, kind = written.partition(":")
        kind = kind or name
        parameter = name.lower()
        if kind.isupper():
            if kind not in self._given:
                raise LookupError(f"no table {kind} is given to the sentence {self._source!r}")
            self.tables[parameter] = self._given[kind]
            pattern = self._given[kind].pattern
        else:
            self.kinds[parameter] = kind
            pattern = nouns.kind(kind).pattern
        return f"(?P<{self._group(parameter)}>{pattern})"

    def _group(self, parameter: str) -> str:
        groups = self._groups.setdefault(parameter, [])
        # A noun may stand in several branches of a choice; groups of a pattern have names of their own.
        groups.append(f"{parameter}__{len(groups)}")
        return groups[-1]

    def _check(self) -> None:
        if self._closing:
            raise self._wrong(f"{self._closing[-1][0]!r} is missing")
        if reserved := _FORBIDDEN & set(self._groups):
            raise self._wrong(f"no noun may be called {', '.join(sorted(reserved))}")
        # Two of them could share a text out in several ways.
        if sum(nouns.KINDS[kind].free for kind in self.kinds.values()) > 1:
            raise self._wrong("free text may stand in it once only")
        if unused := set(self._given) - {
            part[1:-1].rpartition(":")[2] for part in self.parts if part[0] == "{"
        }:
            raise self._wrong(f"it has no {', '.join(sorted(unused))}")

    def _wrong(self, reason: str) -> ValueError:
        return ValueError(f"the sentence {self._source!r}: {reason}")


def _parts(sentence: str) -> list[str]:
    parts = _PART.findall(sentence)
    if "".join(parts) != sentence:
        raise ValueError(
            f"the sentence {sentence!r} has a brace that is not closed, or a backslash at its end"
        )
    return parts
