"""Writes the feature files of the rights table: `python tests/rights_features.py`, after changing the table.

The files are kept in the repository, so that they are read, linted and collected like all others.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from opnc import catalogue, rights
from simulators.faults.rights import SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FOLDER = Path(__file__).parent.parent / "features" / "authentication"

TITLES = {
    "rcp": "root certificate pool",
    "pcp": "provisioning certificate pool",
    "cps": "certificate provisioning service",
    "ccp": "contract certificate pool",
    "pki": "PKI services",
    "event": "event service",
}

NAMES: dict[rights.Party, str] = {
    "oem": "oem",
    "cpo": "cpo",
    "emsp_own_pki": "emsp with own pki",
    "emsp": "emsp",
    "cps": "cps",
    "administrator": "administrator",
}

SERVED = """
    Scenario Outline: {title}
      Given a valid request of <operation>
      When the <party> makes that request
      Then the request is served

      Examples:
{table}
"""

REFUSED = """
    Scenario Outline: {title}
      Given a valid request of <operation>
      And the state of its service
      When {who} makes that request
      And the service is looked at again
      Then the answer is {status}
      And its state is unchanged

      Examples:
{table}
"""


def path(service: str) -> Path:
    """Return where the feature file of a service lies."""
    return FOLDER / f"rights_{service}.feature"


def text(service: str) -> str:
    """Return the feature file that follows from the rights table."""
    cells = [cell for cell in rights.cells() if cell.row.service == service]
    granted = [cell for cell in cells if cell.allowed]
    parts = [
        f"Feature: Who may call which operation of the {TITLES[service]}\n",
        "\n  Rule: A party that has the right is served\n",
        SERVED.format(
            title="A party with the right",
            table=_table(_row(cell) for cell in granted if cell.party != "administrator"),
        ),
    ]
    if of_administrator := [cell for cell in granted if cell.party == "administrator"]:
        writes = SERVED.format(title="The administrator writes", table=_table(map(_row, of_administrator)))
        parts.append(writes.replace("\n    Scen", "\n    @needs.admin @mutates\n    Scen", 1))
    parts += [
        "\n  Rule: A party that does not have the right is refused, and nothing happens\n",
        REFUSED.format(
            title="A party without the right",
            who="the <party>",
            status=403,
            table=_table(_row(cell) for cell in cells if not cell.allowed),
        ),
        "\n  Rule: Whoever does not authenticate is refused, and nothing happens\n",
        REFUSED.format(
            title="Without credentials",
            who="somebody without credentials",
            status=401,
            table=_table(_without_credentials(service)),
        ),
    ]
    return "".join(parts)


def _row(cell: rights.Cell) -> dict[str, str]:
    operation = cell.row.operation
    domain = f" for {cell.row.ca_domain}" if cell.row.ca_domain else ""
    return {"requirement": cell.requirement, "operation": operation + domain, "party": NAMES[cell.party]}


def _without_credentials(service: str) -> Iterable[dict[str, str]]:
    prefix = f"AUTH-401-{service.upper()}-"
    for requirement in catalogue.load().requirements.values():
        if requirement.id.startswith(prefix):
            yield {"requirement": requirement.id, "operation": str(requirement.operation)}


def _table(rows: Iterable[dict[str, str]]) -> str:
    lines = list(rows)
    table: list[Sequence[str]] = [list(lines[0]), *(list(line.values()) for line in lines)]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return "\n".join(
        "        | " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in table
    )


if __name__ == "__main__":
    for each in SERVICES:
        path(each).write_text(text(each), encoding="utf-8")
