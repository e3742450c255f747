"""`opnc requirements`: what is required, and what stands behind each requirement."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, get_args

from fixtures.bench.coverage import SERVICES, Coverage, belongs_to, by_requirement, coverage
from opnc.catalogue import Level, load

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

LEVELS: tuple[Level, ...] = get_args(Level)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--service",
        metavar="S",
        help="only those of one service, its rows on authentication and headers included, or of one group: "
        + ", ".join(SERVICES),
    )
    parser.add_argument("--level", choices=LEVELS, help="only those of one level")
    parser.add_argument("--json", action="store_true", help="a list of objects instead of a table")


def run(arguments: argparse.Namespace) -> int:
    """Print the requirements asked for; returns 0.

    Raises:
        Problem: The service is unknown, or a file of the suite is broken.
    """
    found = _selected(arguments.service, arguments.level)
    print(json.dumps([asdict(entry) for entry in found], indent=1) if arguments.json else table(found))
    return 0


def _selected(service: str | None, level: str | None) -> list[Coverage]:
    # These two read every feature file and build every fault: only when the command runs, not for its help.
    from features.index import scenarios
    from simulators.faults import FAULTS

    catalogue = load()
    return [
        entry
        for entry in coverage(catalogue, scenarios(), by_requirement(FAULTS))
        if service is None or belongs_to(catalogue.requirements[entry.id], service)
        if level in (None, entry.level)
    ]


def table(found: Sequence[Coverage]) -> str:
    """Lay requirements out as text, a line each, with totals by level at the end."""
    width = max((len(entry.id) for entry in found), default=0)
    lines = [f"{entry.id:<{width}}  {entry.level:<6}  {_behind(entry)}".rstrip() for entry in found]
    return "\n".join([*lines, "", *_totals(found)])


def _behind(entry: Coverage) -> str:
    if not entry.scenarios:
        return f"not tested: {entry.not_tested or 'no reason given'}"
    return f"{_count(entry.scenarios, 'scenario')}, {_count(entry.faults, 'fault')}"


def _count(names: Sequence[str], what: str) -> str:
    return f"{len(names)} {what}{'' if len(names) == 1 else 's'}"


def _totals(found: Sequence[Coverage]) -> list[str]:
    rows = [("total", list(found))]
    rows += [(level, [entry for entry in found if entry.level == level]) for level in LEVELS]
    return [_total(name, entries) for name, entries in rows]


def _total(name: str, entries: Sequence[Coverage]) -> str:
    tested = [entry for entry in entries if entry.scenarios]
    proven = [entry for entry in tested if entry.faults]
    return (
        f"{name:<6}  {len(entries):>4} requirements, {len(tested):>4} tested, {len(proven):>4} with a fault"
    )
