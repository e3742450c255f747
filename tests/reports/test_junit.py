from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from reports import junit
from reports.model import ScenarioResult, Verdict
from tests.reports.reading import hostile
from tests.reports.sample import REASONS, Requirement, findings, results, sample_results, scenario


def parsed(xml: str) -> ET.Element:
    return ET.fromstring(xml)  # noqa: S314 - our own output


def case(verdict: Verdict) -> ET.Element:
    requirement = Requirement("RCP-1")
    ran = replace(
        scenario(1, requirement),
        verdict=verdict,
        reason=REASONS.get(verdict),
        findings=tuple(findings(verdict, requirement, 1)),
    )
    found = parsed(junit.render(results([ran], [requirement]))).find("testsuite/testcase")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("verdict", "outcome", "kind"),
    [
        (Verdict.PASS, None, None),
        (Verdict.FAIL, "failure", "fail"),
        (Verdict.INCONCLUSIVE, "error", "inconclusive"),
        (Verdict.ERROR, "error", "error"),
        (Verdict.NOT_APPLICABLE, "skipped", None),
    ],
)
def test_each_verdict_has_its_outcome(verdict: Verdict, outcome: str | None, kind: str | None) -> None:
    found = [child for child in case(verdict) if child.tag in ("failure", "error", "skipped")]
    assert [child.tag for child in found] == ([outcome] if outcome else [])
    assert [child.get("type") for child in found] == ([kind] if outcome else [])
    assert [child.get("message") for child in found] == ([REASONS[verdict]] if outcome else [])


def test_a_case_names_feature_example_and_requirements() -> None:
    found = case(Verdict.PASS)
    assert found.get("classname") == "features.pcp.read_1"
    assert found.get("name") == "A vehicle is published once (1) [pkiType=oem]"
    assert [p.get("value") for p in found.findall("properties/property[@name='requirement']")] == ["RCP-1"]


def test_findings_are_told_with_expected_and_seen() -> None:
    told = case(Verdict.FAIL).findtext("failure") or ""
    for part in ("fail RCP-1 ERR-012: ", "expected: roootCertificate or", 'seen: {"errorMessages"'):
        assert part in told
    assert told == case(Verdict.FAIL).findtext("system-out")


def test_suites_are_services_and_the_figures_agree() -> None:
    run = sample_results(scenarios=200)
    root = parsed(junit.render(run))
    assert {suite.get("name") for suite in root} == {s.service for s in run.scenarios}
    for element in [root, *root]:
        cases = element.findall(".//testcase")
        figures = [len(cases)] + [len(element.findall(f".//{t}")) for t in ("failure", "error", "skipped")]
        assert figures == [int(element.get(n, -1)) for n in ("tests", "failures", "errors", "skipped")]
    assert len(root.findall(".//testcase")) == 200
    assert len(root.findall(".//failure")) == _count(run.scenarios, Verdict.FAIL) > 0


def _count(scenarios: tuple[ScenarioResult, ...], verdict: Verdict) -> int:
    return sum(s.verdict is verdict for s in scenarios)


def test_hostile_text_stays_text() -> None:
    xml = junit.render(hostile(sample_results()))
    xml.encode("utf-8")
    tags = {element.tag for element in parsed(xml).iter()}
    assert tags == {element.tag for element in parsed(junit.render(sample_results())).iter()}
