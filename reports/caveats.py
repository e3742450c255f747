"""What qualifies a verdict that is good: warnings, and requirements of which not all could be judged."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.conclusions import counts
from reports.model import FindingLevel, Verdict

if TYPE_CHECKING:
    from reports.model import Finding, Results, ScenarioResult

_INDEX = re.compile(r"/\d+\b")


@dataclass(frozen=True, slots=True)
class WarningKind:
    """Warnings that say the same.

    Attributes:
        message: What they say.
        erratum: Whose reading was applied, or None.
        requirements: Ids of the requirements they are about, sorted.
        scenarios: Those in which they were seen, in order; one may be named twice.
    """

    message: str
    erratum: str | None
    requirements: tuple[str, ...]
    scenarios: tuple[ScenarioResult, ...]

    def __str__(self) -> str:
        told = f"{self.message} ({self.erratum})" if self.erratum else self.message
        return f"{told} [{', '.join(self.requirements)}]" if self.requirements else told


def warnings(results: Results) -> list[WarningKind]:
    """Return the warnings that count against nothing, by kind, the most frequent first.

    In the strict profile there are none: all count.
    """
    kinds: dict[tuple[str, str | None], list[tuple[ScenarioResult, Finding]]] = defaultdict(list)
    for scenario in results.scenarios:
        for finding in scenario.findings:
            if finding.level is FindingLevel.WARN and not counts(finding, results.profile):
                # Members of a list are one kind, whichever of them it was.
                kinds[_INDEX.sub("/n", finding.message), finding.erratum].append((scenario, finding))
    found = [
        WarningKind(
            message,
            erratum,
            tuple(sorted({f.requirement for _, f in seen if f.requirement})),
            tuple(scenario for scenario, _ in seen),
        )
        for (message, erratum), seen in kinds.items()
    ]
    return sorted(found, key=lambda kind: (-len(kind.scenarios), kind.message, kind.erratum or ""))


def warned(results: Results) -> str:
    """Return number and kinds of the warnings, such as `38 warnings of 5 kinds`, or nothing."""
    kinds = warnings(results)
    count = sum(len(kind.scenarios) for kind in kinds)
    if not count:
        return ""
    return f"{count} warning{_plural(count)} of {len(kinds)} kind{_plural(len(kinds))}"


def _plural(count: int) -> str:
    return "" if count == 1 else "s"


@dataclass(frozen=True, slots=True)
class PartlyJudged:
    """A requirement that passed although some of its scenarios did not apply."""

    requirement: str
    not_applicable: int
    scenarios: int

    def __str__(self) -> str:
        return f"pass, {self.not_applicable} of {self.scenarios} scenarios did not apply"


def partly_judged(results: Results) -> dict[str, PartlyJudged]:
    """Return, by id, the requirements that passed without all of their scenarios."""
    skipped = {s.id for s in results.scenarios if s.verdict is Verdict.NOT_APPLICABLE}
    found = {}
    for requirement in results.requirements:
        count = len(skipped.intersection(requirement.scenarios))
        if count and requirement.verdict is Verdict.PASS:
            found[requirement.id] = PartlyJudged(requirement.id, count, len(requirement.scenarios))
    return found


def in_part(results: Results, named: int) -> str:
    """Return as a sentence which requirements passed in part only, so many of them named; empty: none did."""
    partly = list(partly_judged(results).values())
    if not partly:
        return ""
    listed = [f"{each.requirement} ({each.not_applicable} of {each.scenarios})" for each in partly[:named]]
    more = f", and {len(partly) - named} more" if len(partly) > named else ""
    passed = f"{len(partly)} requirement{_plural(len(partly))} passed"
    return f"{passed} in part, as some scenarios did not apply: {', '.join(listed)}{more}"
