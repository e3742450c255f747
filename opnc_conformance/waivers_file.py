"""Reads waivers from TOML.

```toml
[[waiver]]
requirement = "RCP-GET-03"
reason = "mended in release 2.4"
until = 2027-01-31
```
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from opnc import catalogue
from opnc.problem import Problem
from opnc_conformance.selection import demand_known
from reports.model import Waiver

if TYPE_CHECKING:
    from pathlib import Path

HINT = "each [[waiver]] names requirement, reason and until, the last day it holds, such as 2027-01-31"
KEYS = {"requirement", "reason", "until"}


def read(path: Path) -> tuple[Waiver, ...]:
    """Return the waivers of a file.

    Raises:
        Problem: If it cannot be read, is not TOML, or a waiver is not whole or names an unknown requirement.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Problem(f"cannot be read: {error.strerror}", where=str(path), hint=HINT) from None
    except ValueError as error:
        raise Problem(f"is not TOML: {error}", where=str(path), hint=HINT) from None
    entries = content.pop("waiver", [])
    # A misspelt table would be a waiver that does not hold, and nobody would see why.
    if content or not isinstance(entries, list):
        raise Problem("holds something else than [[waiver]] tables", where=str(path), hint=HINT)
    waivers = tuple(_waiver(entry, f"{path}, waiver {n}") for n, entry in enumerate(entries, 1))
    named = [waiver.requirement for waiver in waivers]
    demand_known("requirement", named, catalogue.load().requirements)
    if twice := {each for each in named if named.count(each) > 1}:
        raise Problem(f"{min(twice)} is waived twice", where=str(path), hint="keep one of them")
    return waivers


def _waiver(entry: Any, where: str) -> Waiver:
    if not isinstance(entry, dict) or entry.keys() != KEYS:
        given = ", ".join(entry) if isinstance(entry, dict) else repr(entry)
        raise Problem(f"has {given or 'nothing'}", where=where, hint=HINT)
    until = entry["until"]
    # A datetime is a date to Python, but a waiver ends with a day.
    if isinstance(until, datetime) or not isinstance(until, date):
        raise Problem(f"until is {until!r}, but must be a day", where=where, hint=HINT)
    for key in ("requirement", "reason"):
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise Problem(f"{key} must be a text", where=where, hint=HINT)
    return Waiver(requirement=entry["requirement"], reason=entry["reason"], until=until)
