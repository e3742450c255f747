"""`junit.xml` for CI servers: a suite per service, a case per scenario.

| verdict | in JUnit | why |
|---|---|---|
| pass | nothing | |
| fail | `failure` | the target does not conform |
| inconclusive | `error`, type `inconclusive` | nothing was shown; a pipeline must not take it for a pass |
| error | `error`, type `error` | the harness broke |
| not applicable | `skipped` | the target declares that it lacks what the scenario needs |

What is waived, and what is about requirements whose level does not count, is `skipped` too, its message says
so: the exit code does not count it either.

Requirements are properties of the case, findings its `system-out`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from reports import overview
from reports.conclusions import against
from reports.model import Finding, Results, ScenarioResult, Verdict
from reports.runs import target_of
from reports.text import one_line, visible
from reports.waivers import excused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME = "junit.xml"

SKIPPED = "skipped"

OUTCOMES = {
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
    # JUnit has no such outcome; "skipped" would make a pipeline green although nothing was shown.
    Verdict.INCONCLUSIVE: "error",
    Verdict.NOT_APPLICABLE: SKIPPED,
}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a case came out.

    Attributes:
        element: The element that says so; None for a pass, which has none.
        uncounted: Why the verdict does not count, or empty.
    """

    element: str | None
    uncounted: str = ""


def render(results: Results) -> str:
    """Return the results as JUnit XML."""
    outcomes = _outcomes(results)
    scope = f" ({results.selection})" if results.selection else ""
    name = {"name": visible(f"{results.target.name}{scope}")}
    root = ET.Element("testsuites", name | _figures(results.scenarios, outcomes))
    # Gathered first: a suite states its figures before its cases.
    services: dict[str, list[ScenarioResult]] = defaultdict(list)
    for scenario in results.scenarios:
        services[scenario.service].append(scenario)
    for service, scenarios in services.items():
        suite = ET.SubElement(root, "testsuite", {"name": visible(service)} | _figures(scenarios, outcomes))
        suite.set("timestamp", results.started.isoformat())
        _properties(suite, _facts(results))
        for scenario in scenarios:
            _case(suite, scenario, outcomes[scenario.id])
    # For people who open it; servers do not mind.
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def describe(finding: Finding) -> str:
    """Return a finding on one line: level, requirement, erratum, message, expected, seen, address."""
    about = " ".join(filter(None, (finding.requirement, finding.erratum)))
    parts = [f"{finding.level}{f' {about}' if about else ''}: {finding.message}"]
    if finding.expected is not None:
        parts.append(f"expected: {finding.expected}")
    if finding.seen is not None:
        parts.append(f"seen: {finding.seen}")
    if finding.address:
        parts.append(f"in: {finding.address}")
    return one_line("; ".join(parts), longest=2000)


def _outcomes(results: Results) -> dict[str, _Outcome]:
    """Return how each case came out, by the id of its scenario."""
    waived, counted = excused(results), overview.counted(results)
    outcomes = {}
    for scenario in results.scenarios:
        if verdict := counted[scenario.id]:
            outcomes[scenario.id] = _Outcome(OUTCOMES.get(verdict))
        else:
            concerned = {*scenario.requirements, *against(scenario, results.profile)}
            why = "waived" if concerned & waived else "recommended or optional, does not count"
            outcomes[scenario.id] = _Outcome(SKIPPED, why)
    return outcomes


def _figures(scenarios: Sequence[ScenarioResult], outcomes: Mapping[str, _Outcome]) -> dict[str, str]:
    counts = Counter(outcomes[scenario.id].element for scenario in scenarios)
    return {
        "tests": str(len(scenarios)),
        "failures": str(counts["failure"]),
        "errors": str(counts["error"]),
        "skipped": str(counts[SKIPPED]),
        "time": f"{sum(scenario.duration_s for scenario in scenarios):.3f}",
    }


def _facts(results: Results) -> list[tuple[str, str]]:
    return [
        ("target", str(target_of(results))),
        ("suite", f"{results.suite.name} {results.suite.version}"),
        ("specification", results.specification.commit),
        ("catalogue", results.catalogue.sha256),
        ("profile", results.profile.value),
        ("seed", str(results.seed)),
        ("fail-on", results.fail_on.value),
        *([("selection", str(results.selection))] if results.selection else []),
    ]


def _case(suite: ET.Element, scenario: ScenarioResult, outcome: _Outcome) -> None:
    # Dots, for servers build a tree of packages out of them.
    path = scenario.feature.file.removesuffix(".feature").replace("/", ".")
    example = ", ".join(f"{name}={value}" for name, value in scenario.example.items())
    name = f"{scenario.name} [{example}]" if example else scenario.name
    case = ET.SubElement(suite, "testcase", classname=visible(path), name=visible(name))
    case.set("time", f"{scenario.duration_s:.3f}")
    case.set("file", visible(scenario.feature.file))
    _properties(case, [("id", scenario.id), *(("requirement", r) for r in scenario.requirements)])
    if outcome.element:
        prefix = f"{outcome.uncounted}: " if outcome.uncounted else ""
        message = one_line(f"{prefix}{scenario.reason or scenario.verdict.value}")
        result = ET.SubElement(case, outcome.element, message=message)
        if outcome.element != SKIPPED:
            result.set("type", scenario.verdict.value)
            # Never empty, for readers that show the text alone.
            result.text = _lines([describe(f) for f in scenario.findings if f.level == "fail"] or [message])
    if scenario.findings:
        ET.SubElement(case, "system-out").text = _lines([describe(f) for f in scenario.findings])


def _properties(parent: ET.Element, pairs: Sequence[tuple[str, str]]) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in pairs:
        ET.SubElement(properties, "property", name=name, value=visible(value))


def _lines(lines: Sequence[str]) -> str:
    return "\n" + "\n".join(lines) + "\n"
