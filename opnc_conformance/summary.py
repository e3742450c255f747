"""What a run says on the terminal when it is over: a line per failure, the totals, where the report lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.model import FindingLevel, Verdict
from reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reports.model import Finding, Results, ScenarioResult

NOTABLE = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE)
LONGEST = 1000
"""Characters of a line that are worth showing; the rest is in the report."""
_WEIGHT = [FindingLevel.FAIL, FindingLevel.WARN, FindingLevel.INFO]


def text(results: Results, report: Path) -> str:
    """Return the closing lines of a run."""
    return "\n".join([*_failures(results), *_totals(results), *_place(results, report)])


def _failures(results: Results) -> Iterator[str]:
    for verdict in NOTABLE:
        for scenario in results.scenarios:
            if scenario.verdict is verdict:
                yield _line(scenario)


def _line(scenario: ScenarioResult) -> str:
    head = f"{scenario.verdict.upper():<13}{scenario.id}  [{', '.join(scenario.requirements)}]"
    # A peer's words must neither break the line nor command the terminal.
    return f"{head}  {one_line(_why(scenario), longest=LONGEST)}"


def _why(scenario: ScenarioResult) -> str:
    finding = _heaviest(scenario)
    if scenario.verdict is not Verdict.FAIL or finding is None:
        return str(scenario.reason)
    erratum = f" ({finding.erratum})" if finding.erratum else ""
    return f"{finding.message}{erratum}: expected {finding.expected}, seen {finding.seen}"


def _heaviest(scenario: ScenarioResult) -> Finding | None:
    return min(scenario.findings, key=lambda finding: _WEIGHT.index(finding.level), default=None)


def _totals(results: Results) -> Iterator[str]:
    for name, totals in (
        ("scenarios", results.totals.scenarios),
        ("requirements", results.totals.requirements),
    ):
        counts = [f"{count} {verdict}" for verdict, count in totals.items() if count]
        yield f"{name:<13}{sum(totals.values())}: {', '.join(counts) or 'none'}"


def _place(results: Results, report: Path) -> Iterator[str]:
    if results.stopped:
        yield f"stopped      {results.stopped}; the report holds what was done"
    seconds = f"{results.duration_s:.1f} s"
    yield f"{results.target.name}, profile {results.profile}, seed {results.seed}, {seconds}"
    yield f"report       {report / 'index.html'}"
