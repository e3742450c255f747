"""What a scenario says about each requirement, and why it may say nothing about some.

A finding is about the requirement that it names, or about all that its scenario judges if it names none. A
finding that counts fails what it is about. The others of its scenario are inconclusive because of it: what
was asked of them may be right or wrong, but it was not seen in an answer that is as it should be. A deviation
from what is only recommended or optional blocks nothing that the steps could judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.model import FindingLevel, Level, Profile, StepStatus, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.model import Finding, ScenarioResult


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one scenario says about one requirement.

    Attributes:
        verdict: The verdict.
        cause: The finding about another requirement because of which it is inconclusive; None: there is none.
    """

    verdict: Verdict
    cause: Finding | None = None


def counts(finding: Finding, profile: Profile) -> bool:
    """Return whether a finding counts against its requirement; a warning does only in the strict profile."""
    warned = finding.level is FindingLevel.WARN and profile is Profile.STRICT
    return warned or finding.level is FindingLevel.FAIL


def counting_findings(scenario: ScenarioResult, profile: Profile) -> list[Finding]:
    """Return the findings of a scenario that count, in order."""
    return [finding for finding in scenario.findings if counts(finding, profile)]


def about(finding: Finding, scenario: ScenarioResult) -> tuple[str, ...]:
    """Return the requirements that a finding is about."""
    return (finding.requirement,) if finding.requirement else scenario.requirements


def failed(scenario: ScenarioResult, profile: Profile) -> frozenset[str]:
    """Return the requirements that a scenario shows not to be met."""
    found = counting_findings(scenario, profile)
    if found or scenario.verdict is not Verdict.FAIL:
        return frozenset(each for finding in found for each in about(finding, scenario))
    # A step may fail by a bare assertion, which leaves no finding: then it is about all.
    return frozenset(scenario.requirements)


def judgements(
    scenario: ScenarioResult, profile: Profile, levels: Mapping[str, Level]
) -> dict[str, Judgement]:
    """Return, by id and sorted, what a scenario says about the requirements it names or has found against.

    Args:
        scenario: What ran.
        profile: Whether warnings count.
        levels: Level by id; what is missing is taken for a must.
    """
    lost = failed(scenario, profile)
    found = counting_findings(scenario, profile)
    said = {}
    for requirement in sorted({*scenario.requirements, *lost}):
        if requirement in lost:
            said[requirement] = Judgement(Verdict.FAIL)
        elif scenario.verdict is Verdict.FAIL:
            said[requirement] = _beside(scenario, found, levels)
        else:
            said[requirement] = Judgement(scenario.verdict)
    return said


def _beside(scenario: ScenarioResult, found: Sequence[Finding], levels: Mapping[str, Level]) -> Judgement:
    """Return what a failed scenario says about a requirement that none of its findings is about."""
    binding = [f for f in found if f.requirement and levels.get(f.requirement, Level.MUST) is Level.MUST]
    if not binding and all(step.status is StepStatus.PASSED for step in scenario.steps):
        return Judgement(Verdict.PASS)
    return Judgement(Verdict.INCONCLUSIVE, (binding or found)[0])
