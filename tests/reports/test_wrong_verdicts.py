from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from reports import wrong_verdicts
from reports.model import Finding, FindingLevel, Profile, ScenarioResult, Verdict
from tests.reports.sample import Requirement, scenario


@dataclass(frozen=True)
class Variant:
    id: str = "v"
    service: str = "rcp"
    summary: str = "is otherwise"
    sources: tuple[str, ...] = ("ERR-1",)
    lenient: FindingLevel | None = FindingLevel.INFO
    strict: FindingLevel | None = FindingLevel.WARN
    unjudged: tuple[str, ...] = ()
    leaves_out: str = ""


def found(level: FindingLevel, message: str = "form of the answer") -> Finding:
    return Finding(level=level, message=message, requirement="RCP-1")


def ran(verdict: Verdict = Verdict.PASS, *findings: Finding, fault: str | None = None) -> ScenarioResult:
    base = scenario(0, Requirement("RCP-1"))
    return replace(
        base, id="rcp/a::b", fault=fault, verdict=verdict, findings=findings, requirements=("RCP-1",)
    )


def wrong(
    variant: Variant,
    tried: ScenarioResult,
    profile: Profile = Profile.LENIENT,
    sound: ScenarioResult | None = None,
) -> list[str]:
    [result] = wrong_verdicts.evaluate([variant], [sound or ran()], [replace(tried, fault="v")], profile)
    return [each.reason for each in result.wrong]


def test_a_pass_is_right() -> None:
    assert wrong(Variant(), ran()) == []


@pytest.mark.parametrize(
    ("level", "allowed", "profile", "right"),
    [
        (FindingLevel.INFO, FindingLevel.INFO, Profile.LENIENT, 1),
        (FindingLevel.WARN, FindingLevel.INFO, Profile.LENIENT, 0),
        (FindingLevel.WARN, FindingLevel.INFO, Profile.STRICT, 1),
        (FindingLevel.FAIL, FindingLevel.WARN, Profile.STRICT, 0),
        (FindingLevel.INFO, None, Profile.LENIENT, 0),
    ],
)
def test_a_finding_weighs_no_more_than_the_variant_allows(
    level: FindingLevel, allowed: FindingLevel | None, profile: Profile, right: int
) -> None:
    told = wrong(Variant(lenient=allowed), ran(Verdict.PASS, found(level)), profile)
    assert len(told) == 1 - right


def test_what_was_found_without_the_variant_does_not_count_but_once_more_does() -> None:
    known = found(FindingLevel.FAIL)
    assert wrong(Variant(), ran(Verdict.PASS, known), sound=ran(Verdict.PASS, known)) == []
    assert wrong(Variant(), ran(Verdict.PASS, known, known), sound=ran(Verdict.PASS, known)) != []


def test_a_fail_for_warnings_that_strict_counts_is_right() -> None:
    assert wrong(Variant(), ran(Verdict.FAIL, found(FindingLevel.WARN)), Profile.STRICT) == []


@pytest.mark.parametrize("verdict", [Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE])
def test_leaving_open_is_wrong_unless_the_variant_says_so(verdict: Verdict) -> None:
    assert wrong(Variant(), ran(verdict)) != []
    assert wrong(Variant(unjudged=("RCP-*",)), ran(verdict)) == []
    assert wrong(Variant(unjudged=("RCP-2",)), ran(verdict)) != []


def test_a_broken_harness_is_never_right() -> None:
    assert wrong(Variant(unjudged=("RCP-1",)), ran(Verdict.ERROR)) != []


def test_a_scenario_that_is_red_anyway_tells_nothing() -> None:
    assert wrong(Variant(), ran(Verdict.FAIL, found(FindingLevel.FAIL)), sound=ran(Verdict.FAIL)) == []


def test_a_variant_that_no_scenario_met_is_left_out() -> None:
    assert wrong_verdicts.evaluate([Variant()], [ran()], [], Profile.LENIENT) == ()
