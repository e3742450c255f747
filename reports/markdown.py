"""`summary.md`: what fits into a CI job's summary or a comment on a pull request.

Texts of a peer must not notify people, link or draw: marks of Markdown and HTML are escaped, mentions and
addresses broken by a space of no width.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reports import caveats, overview, waivers
from reports.model import Erratum, Finding, Level, Results, Verdict
from reports.page import duration
from reports.runs import counterpart_of, target_of
from reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

NAME = "summary.md"

WARNINGS_SHOWN = 20
"""Kinds of warnings that are listed."""

MAX_CHARACTERS = 60_000
"""Characters; a comment on GitHub holds 65,536."""

SIGNS = {
    Verdict.PASS: "✅",
    Verdict.FAIL: "❌",
    Verdict.INCONCLUSIVE: "❓",
    Verdict.ERROR: "⚠️",
    Verdict.NOT_APPLICABLE: "⏭️",
    Verdict.NOT_TESTED: "⚪",
}


def render(results: Results, *, doubt: str | None = None) -> str:
    """Return the summary: headline, facts, counts, and what did not pass as far as there is room.

    Args:
        results: What the run has found.
        doubt: Why these may not be the results of a run; shown beside the verdict.
    """
    verdict, word = overview.headline(results)
    head = [
        f"# {SIGNS[verdict]} {word}: {escaped(str(target_of(results)))}",
        "",
        overview.sentence(results),
        *(["", f"**Not to be relied on:** {escaped(doubt)}."] if doubt else []),
        *_incomplete(results),
        *(["", f"{said}."] if (said := caveats.in_part(results, 12)) else []),
        "",
        *_facts(results),
        "",
        *_table("Requirements", overview.by_level(results), tuple(SIGNS)),
        "",
        # Without the last: a scenario is never "not tested".
        *_table("Scenarios", overview.scenarios_by_service(results), tuple(SIGNS)[:-1]),
        *_waivers(results),
        *_warnings(results),
    ]
    return "\n".join([*head, *_failures(results, MAX_CHARACTERS - sum(map(len, head)))]) + "\n"


def escaped(text: str, longest: int = 300) -> str:
    """Return a text on one line that Markdown shows as it is."""
    marked = re.sub(r"(^[-+]|[\\`*_\[\]<>#|~&])", r"\\\1", one_line(text, longest))
    # No backslash keeps GitHub from making links and mentions of these; a space of no width does.
    return re.sub(r"(@|www|:(?=//))", "\\1\u200b", marked)


def _incomplete(results: Results) -> list[str]:
    why = results.stopped or "not every selected scenario was run"
    return [] if results.complete else ["", f"**Incomplete run:** {escaped(why)}."]


def _facts(results: Results) -> list[str]:
    target, suite, commit = results.target, results.suite, results.specification.commit
    other = counterpart_of(results)
    counted = "" if results.fail_on is Level.MUST else f", counted down to level {results.fail_on}"
    facts = {
        **({"Selection": str(results.selection)} if results.selection else {}),
        "Target": f"{target_of(results)}, {target.vendor} ({target.kind})",
        **({"Second ecosystem": f"{other}, {other.vendor}"} if other else {}),
        "Suite": f"{suite.name} {suite.version}, profile {results.profile}{counted}, seed {results.seed}",
        "Specification": f"{commit[:12]}, catalogue {results.catalogue.sha256[:12]}",
        "Started": f"{results.started:%Y-%m-%d %H:%M:%S %Z}, took {duration(results.duration_s)}",
    }
    return [f"- {name}: {escaped(text)}" for name, text in facts.items()]


def _table(title: str, rows: Iterable[overview.VerdictCounts], verdicts: Sequence[Verdict]) -> list[str]:
    lines = [
        f"| {title} | {' | '.join(verdicts)} | all |",
        f"|---|{'--:|' * (len(verdicts) + 1)}",
    ]
    for row in rows:
        counts = " | ".join(str(row.counts[verdict]) for verdict in verdicts)
        lines.append(f"| {escaped(row.name)} | {counts} | {row.total} |")
    return lines


def _waivers(results: Results) -> Iterator[str]:
    for index, (waiver, state) in enumerate(waivers.states(results)):
        if index == 0:
            yield "\n## Waivers\n"
        yield f"- **{waiver.requirement}** until {waiver.until}, {state}: {escaped(waiver.reason)}"


def _warnings(results: Results) -> Iterator[str]:
    if not (said := caveats.warned(results)):
        return
    yield f"\n## Warnings\n\n{said}; they do not count in this profile.\n"
    kinds = caveats.warnings(results)
    for kind in kinds[:WARNINGS_SHOWN]:
        yield f"- {len(kind.scenarios)}: {escaped(str(kind))}"
    if len(kinds) > WARNINGS_SHOWN:
        yield f"- and {len(kinds) - WARNINGS_SHOWN} more kinds: see the HTML report."


def _failures(results: Results, room: int) -> Iterator[str]:
    failures = overview.failures(results)
    if failures:
        yield "\n## What did not pass\n"
    errata = {erratum.id: erratum for erratum in results.errata}
    for index, failure in enumerate(failures):
        text = "\n".join(_failure(failure, errata))
        # Whole entries only: a list that is cut within a finding reads like another finding.
        room -= len(text) + 1
        if room < 0:
            yield f"- and {len(failures) - index} more requirements: see the HTML report."
            return
        yield text
    for scenario in overview.unlisted_failures(results)[:20]:
        yield f"- {SIGNS[scenario.verdict]} {escaped(scenario.name)}: {escaped(scenario.reason or '')}"


def _failure(failure: overview.RequirementFailure, errata: Mapping[str, Erratum]) -> Iterator[str]:
    requirement = failure.requirement
    sign = SIGNS[requirement.verdict]
    yield f"- {sign} **{escaped(requirement.id)}** ({requirement.level}): {escaped(requirement.text, 500)}"
    for scenario, findings in failure.scenarios[:3]:
        yield f"  - {escaped(scenario.name)}: {escaped(scenario.reason or scenario.verdict.value)}"
        # Three of each: whoever wants all has the report, and a comment should show many requirements.
        for finding in findings[:3]:
            yield f"    - {finding.level}: {_finding(finding, errata)}"
    if len(failure.scenarios) > 3:
        yield f"  - and {len(failure.scenarios) - 3} more scenarios"


def _finding(finding: Finding, errata: Mapping[str, Erratum]) -> str:
    parts = [escaped(finding.message)]
    if finding.expected is not None:
        parts.append(f"expected: {escaped(finding.expected)}")
    if finding.seen is not None:
        parts.append(f"seen: {escaped(finding.seen)}")
    if finding.address:
        parts.append(f"in: {escaped(finding.address)}")
    if finding.erratum and finding.erratum in errata:
        parts.append(f"read by {escaped(finding.erratum)}: {escaped(errata[finding.erratum].rule)}")
    # A line break of Markdown would end the item of the list.
    return "<br>".join(parts)
