from __future__ import annotations

from dataclasses import replace

import pytest

from reports.conclusions import NO_SCENARIO, Conclusion, conclude, exit_code
from reports.model import Finding, FindingLevel, Profile, ScenarioResult, Verdict
from tests.reports.sample import ERRATA, Requirement, scenario

PASS, FAIL, ERROR = Verdict.PASS, Verdict.FAIL, Verdict.ERROR
INCONCLUSIVE, NOT_APPLICABLE, NOT_TESTED = Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE, Verdict.NOT_TESTED


def ran(
    verdict: Verdict, *requirements: str, number: int = 0, findings: tuple[Finding, ...] = ()
) -> ScenarioResult:
    base = scenario(number, Requirement("RCP-1"))
    return replace(
        base,
        id=f"rcp/a::{number}",
        verdict=verdict,
        requirements=requirements or ("RCP-1",),
        findings=findings,
    )


def concluded(*scenarios: ScenarioResult, profile: Profile = Profile.LENIENT) -> Conclusion:
    known = [Requirement("RCP-2", errata=("ERR-012",)), Requirement("RCP-1")]
    return conclude(scenarios, known, ERRATA, profile=profile, complete=True)


def against(requirement: str, level: FindingLevel) -> Finding:
    return Finding(level=level, requirement=requirement, message="seen")


@pytest.mark.parametrize(
    ("verdicts", "worst"),
    [
        ([PASS], PASS),
        ([PASS, FAIL, ERROR, INCONCLUSIVE, NOT_APPLICABLE], FAIL),
        ([PASS, ERROR, INCONCLUSIVE], ERROR),
        ([INCONCLUSIVE, PASS], INCONCLUSIVE),
        ([NOT_APPLICABLE, PASS], PASS),
        ([NOT_APPLICABLE, NOT_APPLICABLE], NOT_APPLICABLE),
        ([NOT_APPLICABLE, INCONCLUSIVE], INCONCLUSIVE),
    ],
)
def test_a_requirement_takes_the_worst_verdict(verdicts: list[Verdict], worst: Verdict) -> None:
    conclusion = concluded(*(ran(v, number=n) for n, v in enumerate(verdicts)))
    first = conclusion.requirements[0]
    assert (first.id, first.verdict, len(first.scenarios)) == ("RCP-1", worst, len(verdicts))
    assert first.not_tested is None


def test_a_requirement_without_a_scenario_is_not_tested_and_says_why() -> None:
    known = [Requirement("RCP-1"), Requirement("RCP-2", not_tested="about keys")]
    conclusion = conclude([], known, [], profile=Profile.LENIENT, complete=True)
    assert [(r.verdict, r.not_tested) for r in conclusion.requirements] == [
        (NOT_TESTED, NO_SCENARIO),
        (NOT_TESTED, "about keys"),
    ]


def test_a_fail_finding_fails_a_requirement_the_scenario_does_not_name() -> None:
    conclusion = concluded(ran(FAIL, "RCP-1", findings=(against("RCP-2", FindingLevel.FAIL),)))
    assert [r.verdict for r in conclusion.requirements] == [FAIL, FAIL]
    assert conclusion.requirements[1].scenarios == ("rcp/a::0",)


def test_a_fail_finding_is_not_hidden_by_an_inconclusive_scenario() -> None:
    conclusion = concluded(ran(INCONCLUSIVE, findings=(against("RCP-1", FindingLevel.FAIL),)))
    assert conclusion.requirements[0].verdict is FAIL
    assert conclusion.exit_code == 1


@pytest.mark.parametrize(("profile", "verdict"), [(Profile.LENIENT, PASS), (Profile.STRICT, FAIL)])
def test_a_warning_counts_in_the_strict_profile_only(profile: Profile, verdict: Verdict) -> None:
    scenario = ran(PASS, findings=(against("RCP-1", FindingLevel.WARN),))
    assert concluded(scenario, profile=profile).requirements[0].verdict is verdict


def test_two_scenarios_of_one_id_cannot_hide_a_fail() -> None:
    for verdicts in ([FAIL, PASS], [PASS, FAIL]):
        assert concluded(*map(ran, verdicts)).requirements[0].verdict is FAIL


def test_everything_is_sorted_by_id() -> None:
    conclusion = concluded(*(ran(PASS, number=n) for n in (2, 0, 1)))
    assert [s.id for s in conclusion.scenarios] == ["rcp/a::0", "rcp/a::1", "rcp/a::2"]
    assert [r.id for r in conclusion.requirements] == ["RCP-1", "RCP-2"]


def test_only_errata_referred_to_are_kept() -> None:
    finding = Finding(level=FindingLevel.INFO, message="seen", erratum="ERR-170")
    assert [e.id for e in concluded(ran(PASS)).errata] == ["ERR-012"]
    assert [e.id for e in concluded(ran(PASS, findings=(finding,))).errata] == ["ERR-012", "ERR-170"]


def test_totals_count_every_verdict() -> None:
    totals = concluded(ran(PASS), ran(FAIL, number=1)).totals
    assert totals.scenarios == dict.fromkeys(Verdict, 0) | {PASS: 1, FAIL: 1}
    assert totals.requirements == dict.fromkeys(Verdict, 0) | {FAIL: 1, NOT_TESTED: 1}


@pytest.mark.parametrize(
    ("verdicts", "complete", "code"),
    [
        ([PASS], True, 0),
        ([PASS, NOT_APPLICABLE, NOT_TESTED], True, 0),
        ([PASS, FAIL], True, 1),
        ([FAIL, ERROR, INCONCLUSIVE], False, 1),
        ([PASS, ERROR, INCONCLUSIVE], True, 4),
        ([PASS, INCONCLUSIVE], True, 3),
        ([PASS], False, 3),
        ([NOT_APPLICABLE], True, 3),
        ([], True, 3),
    ],
)
def test_the_exit_code_never_hides_a_fail(verdicts: list[Verdict], complete: bool, code: int) -> None:  # noqa: FBT001 - a table
    assert exit_code(verdicts, complete=complete, judged=PASS in verdicts) == code
