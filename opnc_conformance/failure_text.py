"""A failure as the terminal tells it: what is demanded, who was asked, what came, how to see it again."""

from __future__ import annotations

import shlex
import shutil
from textwrap import wrap
from typing import TYPE_CHECKING

from opnc import catalogue
from reports.attribution import counting_findings
from reports.causes import Key, key_of
from reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.model import Finding, Profile, ScenarioResult

INDENT = 6
LABEL = 10
NARROW, WIDE = 60, 120
"""Columns between which text is wrapped to the terminal."""


def cause(result: ScenarioResult, profile: Profile) -> Key:
    """Return what tells why a scenario failed apart from why others did."""
    found = counting_findings(result, profile)
    return key_of(found[0], result) if found else ("", result.reason)


def text(result: ScenarioResult, profile: Profile, again: Sequence[str], width: int | None = None) -> str:
    """Return the lines that tell of a failure.

    Args:
        result: The scenario that failed.
        profile: Whether warnings count.
        again: The command line that runs one scenario again, without its id.
        width: Columns of the terminal; None: those it has.
    """
    columns = min(max(width or shutil.get_terminal_size().columns, NARROW), WIDE)
    return "\n".join(_lines(result, profile, again, columns))


def _lines(result: ScenarioResult, profile: Profile, again: Sequence[str], columns: int) -> Iterator[str]:
    yield f"{result.verdict.upper():<{INDENT}}{one_line(result.id)}"
    found = counting_findings(result, profile)
    about = dict.fromkeys(each.requirement for each in found if each.requirement) or result.requirements
    known = catalogue.load().requirements
    for requirement in list(about)[:3]:
        if requirement in known:
            entry = known[requirement]
            yield from _wrapped(f"{requirement} ({entry.level}): {entry.text}", columns)
    if found:
        yield from _finding(found[0], result, columns)
    else:
        yield from _wrapped(result.reason or "no reason was given", columns)
    yield from _wrapped(shlex.join([*again, result.id]), columns, "again")


def _finding(finding: Finding, result: ScenarioResult, columns: int) -> Iterator[str]:
    for exchange in result.exchanges:
        if exchange.sequence == finding.exchange:
            status = exchange.response.status if exchange.response else f"no answer: {exchange.error}"
            asked = f"{exchange.request.method} {exchange.request.url} by the {exchange.party}: {status}"
            yield from _wrapped(asked, columns, "exchange")
    place = f", at {finding.place}" if finding.place else ""
    yield from _wrapped(f"{finding.message}{place}", columns, "seen in")
    expected, seen = finding.expected or "", finding.seen or ""
    yield from _wrapped(expected, columns, "expected")
    yield from _wrapped(seen, columns, "seen")
    yield from difference(expected, seen, columns)


def difference(expected: str, seen: str, columns: int = WIDE) -> Iterator[str]:
    """Yield what is missing and what is too much where two lists of names differ."""
    wanted, found = (dict.fromkeys(each.split(", ")) for each in (expected, seen))
    # A single name is seen at a glance.
    if max(len(wanted), len(found)) < 3 or not wanted.keys() & found.keys():
        return
    missing, extra = wanted.keys() - found.keys(), found.keys() - wanted.keys()
    for label, names in (("missing", missing), ("too much", extra)):
        if names:
            yield from _wrapped(", ".join(sorted(names)), columns, label)


def _wrapped(said: str, columns: int, label: str = "") -> Iterator[str]:
    """Yield a text in lines that fit, its label before the first."""
    indent = INDENT + (LABEL if label else 0)
    lines = wrap(one_line(said, 600), columns - indent, break_on_hyphens=False) or [""]
    for number, line in enumerate(lines):
        before = f"{'':<{INDENT}}{label:<{LABEL}}" if label and not number else " " * indent
        yield f"{before}{line}"
