"""Why scenarios failed: each cause once, with all that it fails and all that it keeps from being judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.attribution import about, counting_findings, judgements
from reports.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.model import Finding, Level, Results, ScenarioResult

_INDEX = re.compile(r"/\d+(?=/|\b)")

Key = tuple[str | None, ...]
"""What causes are told apart by: requirement, erratum, message, place, operation."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Findings that say the same of the same operation.

    Attributes:
        finding: The first of them; None where a step failed without one.
        reason: Why that scenario failed.
        failed: Ids of the requirements they are about, sorted.
        blocked: Ids of the requirements that are inconclusive because of them, sorted.
        scenarios: Those in which they were seen, in order.
    """

    finding: Finding | None
    reason: str
    failed: tuple[str, ...]
    blocked: tuple[str, ...]
    scenarios: tuple[ScenarioResult, ...]


def causes(results: Results) -> list[Cause]:
    """Return why scenarios failed, in the order in which it was seen first."""
    levels = {requirement.id: requirement.level for requirement in results.requirements}
    inconclusive = {r.id for r in results.requirements if r.verdict is Verdict.INCONCLUSIVE}
    gathered: dict[Key, _Gathered] = {}
    for scenario in results.scenarios:
        found = counting_findings(scenario, results.profile)
        for finding in found:
            gathered.setdefault(key_of(finding, scenario), _Gathered(scenario, finding)).add(
                scenario, finding
            )
        if not found and scenario.verdict is Verdict.FAIL:
            gathered.setdefault(("", scenario.reason), _Gathered(scenario, None)).add(scenario, None)
        for requirement, cause in _blocked(scenario, results, levels).items():
            if requirement in inconclusive:
                gathered[key_of(cause, scenario)].blocked.add(requirement)
    return [each.cause() for each in gathered.values()]


def key_of(finding: Finding, scenario: ScenarioResult) -> Key:
    """Return what tells the cause of a finding apart from others."""
    operation = next((e.operation for e in scenario.exchanges if e.sequence == finding.exchange), None)
    # Members of a list are one cause, whichever of them it was.
    message, place = (text and _INDEX.sub("/n", text) for text in (finding.message, finding.place))
    return finding.requirement, finding.erratum, message, place, operation


def _blocked(scenario: ScenarioResult, results: Results, levels: Mapping[str, Level]) -> dict[str, Finding]:
    said = judgements(scenario, results.profile, levels)
    return {requirement: each.cause for requirement, each in said.items() if each.cause is not None}


class _Gathered:
    """A cause while it is gathered."""

    def __init__(self, first: ScenarioResult, finding: Finding | None) -> None:
        self._first = first
        self._finding = finding
        self._failed: set[str] = set()
        self.blocked: set[str] = set()
        self._scenarios: dict[str, ScenarioResult] = {}

    def add(self, scenario: ScenarioResult, finding: Finding | None) -> None:
        self._failed.update(scenario.requirements if finding is None else about(finding, scenario))
        self._scenarios[scenario.id] = scenario

    def cause(self) -> Cause:
        return Cause(
            finding=self._finding,
            reason=self._first.reason or "no reason was given",
            failed=tuple(sorted(self._failed)),
            blocked=tuple(sorted(self.blocked)),
            scenarios=tuple(self._scenarios.values()),
        )
