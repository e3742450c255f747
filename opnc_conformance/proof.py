"""Which variants matter in which scenario, from the run that finds it out to the one that tries them."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pytest

_PROPERTY = "opnc_met"


def note(item: pytest.Item, met: Sequence[str]) -> None:
    """Put on the report of a scenario which variants matter in it."""
    # Properties are the one thing of an item that travels from a worker by itself.
    item.user_properties.append((_PROPERTY, list(met)))


def noted(report: pytest.TestReport) -> tuple[str, ...]:
    """Return what `note` has put on a report."""
    return tuple(cast("Any", dict(report.user_properties).get(_PROPERTY, ())))


def write(path: Path, met: Mapping[str, Sequence[str]]) -> None:
    """Write down, by the id of a scenario, the ids of the variants that matter in it."""
    path.write_text(json.dumps(met), encoding="utf-8")


@cache
def read(path: Path) -> Mapping[str, frozenset[str]]:
    """Return what `write` has written; asked for once per scenario."""
    known: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    return {scenario: frozenset(variants) for scenario, variants in known.items()}


def variants_of(path: Path, template: str) -> list[str]:
    """Return the ids of the variants that matter in any row of a scenario, sorted.

    Args:
        path: What `write` has written.
        template: The id of the scenario without a row.
    """
    rows = (met for each, met in read(path).items() if each == template or each.startswith(f"{template}["))
    return sorted({variant for met in rows for variant in met})
