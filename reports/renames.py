"""Scenarios that have got another id: which one is meant by an id of an earlier run.

The table is `renamed.json`, its form `schemas/renamed.schema.json`. It is empty as long as no scenario
has got another id. A line stays for good: somebody may hold a run against one that is years old.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = Path(__file__).with_name("renamed.json")


@dataclass(frozen=True, slots=True)
class Renames:
    """Ids of scenarios before and after.

    Attributes:
        current: Any earlier id to the one of today.
        first: An id of today to the first that the scenario had.
    """

    current: Mapping[str, str]
    first: Mapping[str, str]

    @classmethod
    def of(cls, table: Mapping[str, str]) -> Renames:
        """Follow each id to its end, for a scenario may be renamed again.

        Args:
            table: Id before to id after.

        Raises:
            ValueError: Ids lead in a circle, or two to the same one: nobody could say then which is meant.
        """
        current = {old: _end(table, old) for old in table}
        firsts = [old for old in table if old not in table.values()]
        first = {current[old]: old for old in firsts}
        # Else two scenarios of an older run would be held against one.
        if len(set(table.values())) != len(table):
            raise ValueError("two ids of scenarios lead to the same one")
        return cls(MappingProxyType(current), MappingProxyType(first))

    def current_of(self, scenario: str) -> str:
        """Return the id that a scenario has today, given any that it ever had."""
        return self.current.get(scenario, scenario)

    def first_of(self, scenario: str) -> str:
        """Return the first id that a scenario had, given the one of today.

        Randomness follows from it: a scenario keeps its test data when it is renamed.
        """
        return self.first.get(scenario, scenario)


@cache
def load() -> Renames:
    """Return the table of the suite."""
    return Renames.of(json.loads(PATH.read_text(encoding="utf-8"))["scenarios"])


def _end(table: Mapping[str, str], old: str) -> str:
    seen = [old]
    while (following := table.get(seen[-1])) is not None:
        if following in seen:
            raise ValueError(f"the ids of scenarios lead in a circle: {' -> '.join([*seen, following])}")
        seen.append(following)
    return seen[-1]
