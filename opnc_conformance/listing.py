"""What a run would do: which scenarios, and which of them do not apply to the target, and why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fixtures.judging import Inconclusive, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fixtures.bench.interface import Bench
    from fixtures.bench.scenario import Identity


@dataclass(frozen=True, slots=True)
class Planned:
    """A scenario that was selected.

    Attributes:
        id: Its id, with the row of an outline.
        requirements: What it judges.
        not_applicable: Why it does not apply to the target, as far as can be told without asking it; None
            where it does.
    """

    id: str
    requirements: tuple[str, ...]
    not_applicable: str | None


class Listing:
    """Takes note of the scenarios in place of running them.

    Attributes:
        planned: They, in the order in which they would run.
    """

    def __init__(self, bench: Bench, identity: Callable[[pytest.Item], Identity | None]) -> None:
        self._bench = bench
        self._identity = identity
        self.planned: list[Planned] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Look at each scenario, and keep pytest from running any."""
        for item in session.items:
            scenario = self._identity(item)
            if scenario is not None:
                self.planned.append(Planned(scenario.id, scenario.requirements, self._why_not(scenario)))
        return True

    def _why_not(self, scenario: Identity) -> str | None:
        try:
            self._bench.admit(scenario)
        except NotApplicable as reason:
            return str(reason)
        except Inconclusive:
            # That the target does not answer is what a run tells.
            return None
        return None


def to_text(planned: Sequence[Planned]) -> str:
    """Return a line for each scenario, and what there is together."""
    lines = []
    for each in planned:
        lines.append(f"{'-' if each.not_applicable else ' '} {each.id}  [{', '.join(each.requirements)}]")
        if each.not_applicable:
            lines.append(f"    not applicable: {each.not_applicable}")
    left_out = sum(each.not_applicable is not None for each in planned)
    noun = "scenario" if len(planned) == 1 else "scenarios"
    return "\n".join([*lines, f"{len(planned)} {noun}, {left_out} of them not applicable"])


def to_json(planned: Sequence[Planned]) -> str:
    """Return the scenarios as a list of objects."""
    return json.dumps(
        [
            {"id": each.id, "requirements": each.requirements, "not_applicable": each.not_applicable}
            for each in planned
        ],
        indent=1,
    )
