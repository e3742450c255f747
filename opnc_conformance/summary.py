"""What a run says on the terminal when it is over: what did not pass and why, the totals, the verdict last.

What scenarios failed for is told once, with all it fails and blocks, as is why they could not be judged, so
that a service that is down fills no log.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from reports import caveats, overview, waivers
from reports.causes import causes
from reports.model import Level, Verdict
from reports.runs import target_of
from reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from reports.causes import Cause
    from reports.model import Results, ScenarioResult

MAX_REASONS_SHOWN = 25
"""Reasons that are told; the others are in the report."""

NAMED = 8
"""Requirements that are named for a reason."""

WARNINGS_SHOWN = 10
"""Kinds of warnings that are told; the others are in the report."""

WIDTH = 14


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
    levels = {requirement.id: requirement.level for requirement in results.requirements}
    told = [(cause.scenarios, list(_cause(cause, levels))) for cause in causes(results)]
    groups: dict[tuple[Verdict, str], list[ScenarioResult]] = defaultdict(list)
    for scenario in results.scenarios:
        if scenario.verdict in (Verdict.ERROR, Verdict.INCONCLUSIVE):
            # By the shown text, so that two lines never look alike.
            groups[scenario.verdict, one_line(scenario.reason or "no reason was given")].append(scenario)
    ordered = sorted(groups.items(), key=lambda group: overview.NOT_PASSED.index(group[0][0]))
    told += [
        (tuple(scenarios), list(_group(verdict, why, scenarios))) for (verdict, why), scenarios in ordered
    ]
    for _, lines in told[:MAX_REASONS_SHOWN]:
        yield from lines
    shown = {scenario.id for scenarios, _ in told[:MAX_REASONS_SHOWN] for scenario in scenarios}
    rest = {scenario.id for scenarios, _ in told[MAX_REASONS_SHOWN:] for scenario in scenarios}
    if rest:
        # Some may have been shown for another reason already; a reason that is not shown is told of.
        count = _scenarios(len(rest - shown) or len(rest))
        yield f"{'':<{WIDTH}}and {count} for other reasons: see the report"
    if told:
        yield ""


def _cause(cause: Cause, levels: Mapping[str, Level]) -> Iterator[str]:
    first, *others = cause.scenarios
    yield f"{Verdict.FAIL.upper():<{WIDTH}}{one_line(first.id)}  [{_named(cause.failed, levels)}]"
    if cause.finding is None:
        yield f"{'':<{WIDTH}}{one_line(cause.reason)}"
    else:
        read = f" ({cause.finding.erratum})" if cause.finding.erratum else ""
        yield f"{'':<{WIDTH}}{one_line(cause.finding.message)}{read}"
        for name, value in (("expected", cause.finding.expected), ("seen", cause.finding.seen)):
            if value is not None:
                yield f"{'':<{WIDTH}}{name:<9}{one_line(value)}"
    if others:
        yield f"{'':<{WIDTH}}the same in {_scenarios(len(others), 'more ')}"
    if count := len(cause.blocked):
        noun = "requirement" if count == 1 else "requirements"
        yield f"{'':<{WIDTH}}inconclusive because of it: {count} {noun} [{_named(cause.blocked, levels)}]"


def _named(requirements: Sequence[str], levels: Mapping[str, Level]) -> str:
    """Name requirements, with the levels of those that are no must."""
    ids = [
        f"{each} ({level})" if (level := levels.get(each, Level.MUST)) is not Level.MUST else each
        for each in requirements[:NAMED]
    ]
    more = f", and {len(requirements) - NAMED} more" if len(requirements) > NAMED else ""
    return f"{', '.join(ids)}{more}"


def _group(verdict: Verdict, why: str, scenarios: Sequence[ScenarioResult]) -> Iterator[str]:
    first, *others = scenarios
    requirements = sorted({requirement for scenario in scenarios for requirement in scenario.requirements})
    yield f"{verdict.upper():<{WIDTH}}{one_line(first.id)}  [{_named(requirements, {})}]"
    yield f"{'':<{WIDTH}}{why}"
    if others:
        yield f"{'':<{WIDTH}}the same in {_scenarios(len(others), 'more ')}"


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
