"""The report for people: one HTML file that needs no network and no other file."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from reports import caveats, evidence, overview, page, waivers
from reports.model import Level, Results, ScenarioResult, Verdict
from reports.runs import counterpart_of, target_of

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME = "index.html"

VERDICTS = (
    Verdict.FAIL,
    Verdict.ERROR,
    Verdict.INCONCLUSIVE,
    Verdict.PASS,
    Verdict.NOT_APPLICABLE,
    Verdict.NOT_TESTED,
)
"""Columns, in the order of attention they need."""

PARTLY_NAMED = 8
"""Requirements that passed in part only, named at the front; the list says it of each."""

TROUBLES_SHOWN = 100
"""Requirements that did not pass, shown in full at the front; the others are in the list."""


def render(results: Results, *, doubt: str | None = None) -> str:
    """Return the report as one HTML document.

    The front, the requirements and the scenarios are plain HTML; steps, findings and exchanges are packed
    (see `evidence`) and unfolded by the page's script.

    Args:
        results: What the run has found.
        doubt: Why these may not be the results of a run; shown beside the verdict.
    """
    levels = {requirement.id: requirement.level for requirement in results.requirements}
    return page.render(
        "report.html",
        script="report.js",
        results=results,
        doubt=doubt,
        target=target_of(results),
        counterpart=counterpart_of(results),
        headline=overview.headline(results),
        sentence=overview.sentence(results),
        warned=caveats.warned(results),
        warnings=caveats.warnings(results),
        partly=caveats.partly_judged(results),
        in_part=caveats.in_part(results, PARTLY_NAMED),
        verdicts=VERDICTS,
        services=_services(results),
        by_level=overview.by_level(results),
        by_service=overview.by_service(results),
        scenarios_by_service=overview.scenarios_by_service(results),
        waivers=waivers.states(results),
        failures=overview.failures(results),
        unlisted_failures=overview.unlisted_failures(results),
        shown=TROUBLES_SHOWN,
        errata={erratum.id: erratum for erratum in results.errata},
        scenarios={scenario.id: scenario for scenario in results.scenarios},
        groups=overview.by_group(results.requirements),
        features=_by_feature(results.scenarios),
        applied=Counter(f.erratum for s in results.scenarios for f in s.findings),
        findings_of=_findings_of(results.scenarios),
        service_of=overview.service_of,
        levels_of=lambda scenario: _levels(levels[r] for r in scenario.requirements if r in levels),
        finding_levels=lambda scenario: " ".join(sorted({f.level.value for f in scenario.findings})),
        declared=_declared,
        pack=evidence.pack(results.scenarios),
    )


def _services(results: Results) -> list[str]:
    # Results of other versions may name services that this one does not know.
    further = {s.service for s in results.scenarios} - set(overview.SERVICES)
    return [*overview.SERVICES, *sorted(further), overview.CROSS_SERVICE]


def _by_feature(scenarios: Iterable[ScenarioResult]) -> dict[str, list[tuple[int, ScenarioResult]]]:
    """Return scenarios with their numbers, gathered by feature file."""
    features: dict[str, list[tuple[int, ScenarioResult]]] = defaultdict(list)
    # The number is that of the evidence in `evidence.pack`, which gets the scenarios in the same order.
    for number, scenario in enumerate(scenarios):
        features[scenario.feature.file].append((number, scenario))
    # By path, so that a feature has its place whatever was selected.
    return dict(sorted(features.items()))


def _findings_of(scenarios: Iterable[ScenarioResult]) -> defaultdict[str, str]:
    """Return, per requirement, the levels of the findings on it, as words."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for finding in (finding for scenario in scenarios for finding in scenario.findings):
        if finding.requirement:
            seen[finding.requirement].add(finding.level.value)
    return defaultdict(str, {requirement: " ".join(sorted(words)) for requirement, words in seen.items()})


def _levels(found: Iterable[Level]) -> str:
    present = set(found)
    return " ".join(level.value for level in Level if level in present)


def _declared(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
