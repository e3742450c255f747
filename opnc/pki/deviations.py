"""How this package says what is wrong: a `Deviation` where reading goes on, `Unreadable` where it cannot."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from opnc.problem import Problem
from opnc.severity import Severity

_ERRATUM = re.compile(r"ERR-\d{3}")


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that is not as the standard wants it.

    Attributes:
        name: Stable name of the kind of deviation, for example `path-length-exceeded`.
        field: The field it was seen in, named as in RFC 5280, for example `basicConstraints`.
        expected: What the standard wants there.
        seen: What is there.
        clause: Where that is written, or the erratum that settles it; empty where it follows from the syntax.
        severity: `fail` breaks the standard, `warn` works with a part of the peers, `info` is harmless.
        where: Which of several certificates or members it is about; empty where there is only one.
    """

    name: str
    field: str
    expected: str
    seen: str
    clause: str = ""
    severity: Severity = Severity.FAIL
    where: str = ""

    @property
    def what(self) -> str:
        """The field with the kind of deviation."""
        return f"{self.field}: {self.name}"

    @property
    def inside(self) -> str:
        """Which certificate it was seen in, where there are several, and which field."""
        return " ".join(filter(None, (self.where, self.field)))

    @property
    def erratum(self) -> str:
        """The erratum among the clauses; empty where there is none."""
        found = _ERRATUM.search(self.clause)
        return found[0] if found else ""

    def at(self, where: str) -> Deviation:
        """Return the same deviation, said of one certificate or member out of several."""
        return replace(self, where=where)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        source = f" ({self.clause})" if self.clause else ""
        return f"{self.severity}: {place}{self.field}: expected {self.expected}, seen {self.seen}{source}"


class Unreadable(Problem):
    """A peer or the user gave something that is not what it should be at all.

    Attributes:
        name: Stable name of the reason, for example `truncated`, `pem`, `trailing-bytes`, `too-long`.
    """

    def __init__(self, name: str, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what, where=where, hint=hint)
        self.name = name
