"""What a run says on the terminal when it is over: what did not pass and why, the totals, the verdict last.

Scenarios that did not pass for the same reason are told once, so that a service that is down fills no log.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from reports import caveats, overview, waivers
from reports.model import FindingLevel, Level, Verdict
from reports.runs import target_of
from reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from reports.model import Finding, Results, ScenarioResult

MAX_REASONS_SHOWN = 25
"""Reasons that are told; the others are in the report."""

NAMED = 8
"""Requirements that are named for a reason."""

WARNINGS_SHOWN = 10
"""Kinds of warnings that are told; the others are in the report."""

WIDTH = 14
_WEIGHT = [FindingLevel.FAIL, FindingLevel.WARN, FindingLevel.INFO]


def text(results: Results, report: Path) -> str:
    """Return the closing lines of a run."""
    parts = (
        # First of all: what is read out of a log must say what it is about.
        [f"{'selection':<{WIDTH}}{one_line(str(results.selection))}"] if results.selection else [],
        _not_passed(results),
        _not_applicable(results),
        _warnings(results),
        _closing(results, report),
    )
    return "\n".join(chain.from_iterable(parts))


def _not_passed(results: Results) -> Iterator[str]:
    groups: dict[tuple[Verdict, str], list[ScenarioResult]] = defaultdict(list)
    for scenario in results.scenarios:
        if scenario.verdict in overview.NOT_PASSED:
            # By the shown text, so that two lines never look alike.
            groups[scenario.verdict, _why(scenario)].append(scenario)
    ordered = sorted(groups.items(), key=lambda group: overview.NOT_PASSED.index(group[0][0]))
    for (verdict, why), scenarios in ordered[:MAX_REASONS_SHOWN]:
        yield from _group(verdict, why, scenarios)
    if rest := sum(len(scenarios) for _, scenarios in ordered[MAX_REASONS_SHOWN:]):
        yield f"{'':<{WIDTH}}and {_scenarios(rest)} for other reasons: see the report"
    if ordered:
        yield ""


def _group(verdict: Verdict, why: str, scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
    first, *others = scenarios
    requirements = sorted({requirement for scenario in scenarios for requirement in scenario.requirements})
    more = f", and {len(requirements) - NAMED} more" if len(requirements) > NAMED else ""
    yield f"{verdict.upper():<{WIDTH}}{one_line(first.id)}  [{', '.join(requirements[:NAMED])}{more}]"
    yield f"{'':<{WIDTH}}{why}"
    finding = _heaviest(first)
    # For other verdicts a finding is no reason: the scenario ended before it could judge.
    if finding is not None and verdict is Verdict.FAIL:
        for name, value in (("expected", finding.expected), ("seen", finding.seen)):
            if value is not None:
                yield f"{'':<{WIDTH}}{name:<9}{one_line(value)}"
    if others:
        yield f"{'':<{WIDTH}}the same in {_scenarios(len(others), 'more ')}"


def _why(scenario: ScenarioResult) -> str:
    finding = _heaviest(scenario)
    if scenario.verdict is not Verdict.FAIL or finding is None:
        return one_line(scenario.reason or "no reason was given")
    return one_line(finding.message) + (f" ({finding.erratum})" if finding.erratum else "")


def _heaviest(scenario: ScenarioResult) -> Finding | None:
    return min(scenario.findings, key=lambda finding: _WEIGHT.index(finding.level), default=None)


def _not_applicable(results: Results) -> Iterator[str]:
    reasons = Counter(
        one_line(scenario.reason or "no reason was given")
        for scenario in results.scenarios
        if scenario.verdict is Verdict.NOT_APPLICABLE
    )
    for reason, count in reasons.most_common():
        yield f"not applicable, {_scenarios(count)}: {reason}"


def _warnings(results: Results) -> Iterator[str]:
    if not (said := caveats.warned(results)):
        return
    yield f"{'warnings':<{WIDTH}}{said}; they do not count in this profile"
    kinds = caveats.warnings(results)
    for kind in kinds[:WARNINGS_SHOWN]:
        yield f"{'':<{WIDTH}}{len(kind.scenarios):>4}  {one_line(str(kind))}"
    if len(kinds) > WARNINGS_SHOWN:
        yield f"{'':<{WIDTH}}and {len(kinds) - WARNINGS_SHOWN} more kinds: see the report"


def _closing(results: Results, report: Path) -> Iterator[str]:
    for name, totals in (
        ("scenarios", results.totals.scenarios),
        ("requirements", results.totals.requirements),
    ):
        counts = [f"{count} {verdict}" for verdict, count in totals.items() if count]
        yield f"{name:<{WIDTH}}{sum(totals.values())}: {', '.join(counts) or 'none'}"
    if said := caveats.in_part(results, NAMED):
        yield f"{'in part':<{WIDTH}}{said}"
    yield f"{'report':<{WIDTH}}{report / 'index.html'}"
    target = one_line(str(target_of(results)))
    how = f"profile {results.profile}, seed {results.seed}, {results.duration_s:.1f} s"
    if results.fail_on is not Level.MUST:
        how = f"{how}, counted down to level {results.fail_on}"
    yield f"{'run':<{WIDTH}}{target}, {how}"
    for waiver, state in waivers.states(results):
        what = f"{waiver.requirement} until {waiver.until}, {state}"
        yield f"{'waiver':<{WIDTH}}{what}: {one_line(waiver.reason)}"
    if results.stopped:
        yield f"{'stopped':<{WIDTH}}{one_line(results.stopped)}; the report holds what was done"
    _, word = overview.headline(results)
    yield f"{word}: {overview.sentence(results)} Exit code {results.exit_code}."


def _scenarios(count: int, more: str = "") -> str:
    return f"{count} {more}scenario{'' if count == 1 else 's'}"
