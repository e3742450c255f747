"""A finding fails what it is about; what else its scenario judges is inconclusive because of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from opnc_conformance import summary
from reports import html, junit, markdown, overview
from reports.attribution import Judgement, judgements
from reports.causes import causes
from reports.conclusions import conclude
from reports.model import Finding, FindingLevel, Level, Profile, Results, StepStatus, Verdict
from tests.reports.reading import parse
from tests.reports.sample import ERRATA, Requirement, results, scenario, steps

if TYPE_CHECKING:
    from reports.model import ScenarioResult

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
LEVELS = {"AUTH-1": Level.MUST, "RCP-1": Level.MUST, "SYS-1": Level.MUST, "SYS-2": Level.SHOULD}
KNOWN = [Requirement(name, level=level.value) for name, level in LEVELS.items()]


def fail(requirement: str | None, message: str = "odd", level: FindingLevel = FindingLevel.FAIL) -> Finding:
    return Finding(
        level=level, requirement=requirement, message=message, expected="even", seen="odd", exchange=1
    )


def ran(
    number: int, *findings: Finding, requirements: tuple[str, ...] = ("AUTH-1",), stopped: bool = False
) -> ScenarioResult:
    base = scenario(number, Requirement(requirements[0]), exchanges=1)
    return replace(
        base,
        id=f"rcp/a::{number}",
        requirements=requirements,
        verdict=FAIL if findings else PASS,
        reason="Why not." if findings else None,
        findings=findings,
        steps=steps(FAIL if stopped else PASS),
    )


def said(
    scenario: ScenarioResult, profile: Profile = Profile.LENIENT
) -> dict[str, tuple[Verdict, str | None]]:
    return {
        name: (each.verdict, each.cause.requirement if each.cause else None)
        for name, each in judgements(scenario, profile, LEVELS).items()
    }


def test_a_finding_fails_what_it_names_and_blocks_the_rest() -> None:
    assert said(ran(1, fail("SYS-1"), requirements=("AUTH-1", "RCP-1"))) == {
        "AUTH-1": (INCONCLUSIVE, "SYS-1"),
        "RCP-1": (INCONCLUSIVE, "SYS-1"),
        "SYS-1": (FAIL, None),
    }


def test_a_finding_that_names_nothing_is_about_all_that_is_judged() -> None:
    both = ran(1, fail("SYS-1"), fail(None), requirements=("AUTH-1", "RCP-1"))
    assert said(both) == dict.fromkeys(("AUTH-1", "RCP-1", "SYS-1"), (FAIL, None))


def test_a_failure_without_a_finding_is_about_all_that_is_judged() -> None:
    bare = replace(ran(1, requirements=("AUTH-1", "RCP-1")), verdict=FAIL)
    assert said(bare) == dict.fromkeys(("AUTH-1", "RCP-1"), (FAIL, None))


def test_what_the_scenario_judges_itself_is_failed_and_not_blocked() -> None:
    assert said(ran(1, fail("SYS-1"), requirements=("SYS-1",))) == {"SYS-1": (FAIL, None)}


def test_a_deviation_from_a_recommendation_blocks_nothing_that_the_steps_could_judge() -> None:
    assert said(ran(1, fail("SYS-2"))) == {"AUTH-1": (PASS, None), "SYS-2": (FAIL, None)}
    # If they could not, nothing was seen of it.
    assert said(ran(1, fail("SYS-2"), stopped=True))["AUTH-1"] == (INCONCLUSIVE, "SYS-2")
    # What must be comes first, whatever stands beside it.
    assert said(ran(1, fail("SYS-2"), fail("SYS-1")))["AUTH-1"] == (INCONCLUSIVE, "SYS-1")


@pytest.mark.parametrize(("profile", "verdict"), [(Profile.LENIENT, PASS), (Profile.STRICT, INCONCLUSIVE)])
def test_only_a_finding_that_counts_blocks(profile: Profile, verdict: Verdict) -> None:
    warned = ran(1, fail("SYS-1", level=FindingLevel.WARN))
    warned = replace(warned, verdict=FAIL if profile is Profile.STRICT else PASS)
    assert said(warned, profile)["AUTH-1"][0] is verdict


def test_other_verdicts_are_those_of_all_that_is_judged() -> None:
    for verdict in (INCONCLUSIVE, Verdict.ERROR, Verdict.NOT_APPLICABLE, PASS):
        found = judgements(replace(ran(1), verdict=verdict), Profile.LENIENT, LEVELS)
        assert found == {"AUTH-1": Judgement(verdict)}


def test_the_cause_is_recorded_with_the_requirement_it_blocks() -> None:
    made = results([ran(1, fail("SYS-1")), ran(2, fail("SYS-1")), ran(3)], KNOWN)
    blocked = next(each for each in made.requirements if each.id == "AUTH-1")
    assert blocked.verdict is INCONCLUSIVE
    (block,) = blocked.blocked_by
    assert (block.requirement, block.message) == ("SYS-1", "odd")
    assert block.scenarios == ("rcp/a::1", "rcp/a::2")
    assert made.exit_code == 1


def test_what_failed_by_itself_is_not_called_blocked() -> None:
    made = results([ran(1, fail("SYS-1")), ran(2, fail(None))], KNOWN)
    assert {each.id: each.blocked_by for each in made.requirements}["AUTH-1"] == ()


def test_who_waives_a_failure_waives_what_it_blocks() -> None:
    scenarios = [ran(1, fail("SYS-1")), ran(2, requirements=("RCP-1",))]
    for waived, code in (((), 1), (("SYS-1",), 0), (("AUTH-1",), 1)):
        made = conclude(
            scenarios,
            KNOWN,
            ERRATA,
            profile=Profile.LENIENT,
            complete=True,
            waived=waived,
            fail_on=Level.MUST,
        )
        assert made.exit_code == code


def several() -> Results:
    """Return a run in which one cause is seen thrice, once beside another."""
    return results(
        [
            ran(1, fail("SYS-1")),
            ran(2, fail("SYS-1"), requirements=("RCP-1",)),
            ran(3, fail("SYS-1"), fail("SYS-2", "twice"), requirements=("RCP-1",)),
        ],
        KNOWN,
    )


def test_one_cause_is_told_once_with_all_it_blocks() -> None:
    first, second = causes(several())
    assert (first.failed, first.blocked) == (("SYS-1",), ("AUTH-1", "RCP-1"))
    assert [each.id for each in first.scenarios] == ["rcp/a::1", "rcp/a::2", "rcp/a::3"]
    # What else a scenario shows is not hidden behind "the same".
    assert (second.failed, [each.id for each in second.scenarios]) == (("SYS-2",), ["rcp/a::3"])


def test_causes_differ_by_message_place_requirement_and_operation() -> None:
    place = replace(fail("SYS-1"), place="/a")
    found = [fail("SYS-1"), fail("SYS-1", "other"), fail("SYS-2"), place]
    assert len(causes(results([ran(n, each) for n, each in enumerate(found)], KNOWN))) == 4
    same = [replace(fail("SYS-1", f"/list/{n}/a: schema"), place=f"/list/{n}/a", seen=str(n)) for n in (1, 2)]
    assert len(causes(results([ran(n, each) for n, each in enumerate(same)], KNOWN))) == 1
    one, other = (ran(n, fail("SYS-1")) for n in (1, 2))
    (exchange,) = other.exchanges
    other = replace(other, exchanges=(replace(exchange, operation="another"),))
    assert len(causes(results([one, other], KNOWN))) == 2


def test_the_terminal_tells_of_each_cause_once() -> None:
    told = [" ".join(line.split()) for line in summary.text(several(), Path("report")).splitlines()]
    start = told.index("FAIL rcp/a::1 [SYS-1]")
    assert told[start + 1 : start + 6] == [
        "odd",
        "expected even",
        "seen odd",
        "the same in 2 more scenarios",
        "inconclusive because of it: 2 requirements [AUTH-1, RCP-1]",
    ]
    assert told[start + 6 : start + 8] == ["FAIL rcp/a::3 [SYS-2 (should)]", "twice"]
    assert "2 failed, 2 inconclusive (2 because of what failed)" in told[-1]


def test_documents_tell_of_what_is_blocked_with_its_cause_alone() -> None:
    found = overview.failures(several())
    assert [each.requirement.id for each in found] == ["SYS-1", "SYS-2"]
    assert [each.id for each in found[0].blocks] == ["AUTH-1", "RCP-1"]
    text = markdown.render(several())
    assert "because of this 2 cannot be judged: AUTH-1, RCP-1" in text
    assert text.count("**AUTH-1**") == 0
    page = parse(html.render(several())).text
    assert "because of this: 2 requirements" in page
    assert "Inconclusive because of SYS-1: odd (1 scenario)" in page


def test_requirements_that_failed_for_wholly_the_same_are_told_of_together() -> None:
    made = results([ran(1, fail(None), requirements=("AUTH-1", "RCP-1"))], KNOWN)
    (failure,) = overview.failures(made)
    assert (failure.requirement.id, [each.id for each in failure.also]) == ("AUTH-1", ["RCP-1"])
    text = markdown.render(made)
    assert text.count("**AUTH-1**") == text.count("**RCP-1**") == 1
    apart = results([ran(1, fail(None), requirements=("AUTH-1", "RCP-1")), ran(2, fail(None))], KNOWN)
    assert [each.also for each in overview.failures(apart)] == [(), ()]


def test_a_cause_fails_one_case_and_makes_the_others_inconclusive() -> None:
    root = ET.fromstring(junit.render(several()))  # noqa: S314 - our own output
    outcomes = [
        [each.tag for each in case if each.tag in ("failure", "error")] for case in root.iter("testcase")
    ]
    # The third shows something of its own.
    assert outcomes == [["failure"], ["error"], ["failure"]]
    (error,) = root.iter("error")
    assert error.get("type") == "inconclusive"
    assert error.get("message") == "inconclusive because of what is told in rcp/a::1: Why not."


def test_a_stopped_scenario_is_told_by_its_steps() -> None:
    assert {each.status for each in ran(1, fail("SYS-2"), stopped=True).steps} > {StepStatus.PASSED}


def test_what_an_earlier_scenario_has_shown_is_counted_and_not_repeated() -> None:
    list_entries = [replace(fail("SYS-1", f"/list/{n}: schema"), place=f"/list/{n}") for n in range(5)]
    made = results(
        [ran(1, *list_entries), ran(2, *list_entries), ran(3, *list_entries, fail("SYS-1", "twice"))], KNOWN
    )
    failure = overview.failures(made)[0]
    assert [
        (scenario.id, [each.message for each in findings]) for scenario, findings in failure.scenarios
    ] == [
        ("rcp/a::1", ["/list/0: schema"]),
        ("rcp/a::3", ["twice"]),
    ]
    assert failure.same == 1
    assert "the same in 1 more scenario" in markdown.render(made)
    assert "the same in 1 more scenario" in parse(html.render(made)).text
