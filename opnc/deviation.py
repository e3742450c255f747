"""One thing that is not as a standard wants it, said in a form that people and programs can read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Level = Literal["info", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that is not as the standard wants it.

    Attributes:
        name: Stable name of the kind of deviation, for example `string-table-hit`.
        field: What it was seen in, in the words of its standard: an element path, a certificate field.
        expected: What the standard wants there.
        seen: What is there.
        clause: Where that is written, or the erratum that settles it; empty where it follows from the syntax.
        level: `fail` breaks the standard, `warn` works with a part of the peers, `info` is harmless.
        where: Which of several certificates or members it is about; empty where there is only one.
    """

    name: str
    field: str
    expected: str
    seen: str
    clause: str = ""
    level: Level = "fail"
    where: str = ""

    def at(self, where: str) -> Deviation:
        """Return the same deviation, said of one certificate or member out of several."""
        return replace(self, where=where)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        source = f" ({self.clause})" if self.clause else ""
        return f"{self.level}: {place}{self.field}: expected {self.expected}, seen {self.seen}{source}"
