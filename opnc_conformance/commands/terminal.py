"""What is safe on a terminal: a peer's octets must neither erase nor forge lines of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opnc.problem import Problem


def printable(text: str) -> str:
    """Return a text with everything that is no visible character or blank spelt out as an escape."""
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def told(problem: Problem) -> str:
    """Return a problem with its hint in a line of its own, both safe to print."""
    where = f"{problem.where}: " if problem.where else ""
    hint = f"\n  hint: {printable(problem.hint)}" if problem.hint else ""
    return printable(f"{where}{problem.what}") + hint


def _escaped(character: str) -> str:
    # Control characters, marks of direction and line separators of Unicode alike.
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
