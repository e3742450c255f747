"""Fills in the tables of examples that follow from data: `python tests/example_tables.py`.

A table stands in its feature file below a line `# table: NAME`. The files are kept in the repository, so that
they are read, linted and collected like all others.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.tables import callers, content

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.tables.rows import Row

FEATURES = Path(__file__).parent.parent / "features"

TABLES = {**callers.TABLES, **content.TABLES}
OF_SERVICE = {**callers.OF_SERVICE, **content.OF_SERVICE}

_TABLE = re.compile(r"^( *)# table: (.+)\n(?: *\|.*\n)*", re.MULTILINE)


def files() -> list[Path]:
    """Return the feature files that hold such tables."""
    return [path for path in sorted(FEATURES.rglob("*.feature")) if "# table: " in path.read_text("utf-8")]


def filled(text: str) -> str:
    """Return a feature file with its tables as they follow from the data."""

    def fill(found: re.Match[str]) -> str:
        return f"{found[0].splitlines()[0]}\n{table(rows(found[2]), found[1])}"

    return _TABLE.sub(fill, text)


def rows(name: str) -> Iterable[Row]:
    """Return what stands in a table; that of one service has it behind its name."""
    kind, _, service = name.partition(" of ")
    return OF_SERVICE[kind](service) if service else TABLES[name]()


def table(found: Iterable[Row], indent: str) -> str:
    """Return rows as Gherkin writes them."""
    lines = list(found)
    cells: list[Sequence[str]] = [list(lines[0]), *(list(line.values()) for line in lines)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return "".join(
        f"{indent}| "
        + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        + " |\n"
        for row in cells
    )


if __name__ == "__main__":
    for each in files():
        each.write_text(filled(each.read_text("utf-8")), encoding="utf-8")
