"""Tables of phrases: what a sentence may say in one place, and what stands behind each phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")


class Vocabulary(Mapping[str, T]):
    """The phrases of one table -> what they stand for: a judgement, a flaw, a way to ask.

    The rows of a table share one signature; where they need different things, they are two tables.
    """

    def __init__(self, what: str, rows: Mapping[str, T]) -> None:
        """Make a table.

        Args:
            what: What a row is, for messages: `flaw of an order`.
            rows: Phrase -> meaning; the empty phrase is one that may be left out.
        """
        self.what = what
        self._rows = dict(rows)

    @property
    def pattern(self) -> str:
        """A regular expression that one phrase matches, without groups; the longest phrase first."""
        return "|".join(map(re.escape, sorted(self._rows, key=len, reverse=True)))

    def __getitem__(self, phrase: str) -> T:
        if phrase not in self._rows:
            near = get_close_matches(phrase, self._rows, n=1, cutoff=0.0)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise KeyError(f"there is no {self.what} {phrase!r}{meant}")
        return self._rows[phrase]

    def __contains__(self, phrase: object) -> bool:
        return phrase in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
