from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import jsonschema
import pytest

import reports
from reports import kill_matrix, wrong_verdicts
from reports.model import Finding, FindingLevel, Profile, RequirementResult, ScenarioResult, Verdict
from tests.reports.reading import HOSTILE, parse
from tests.reports.sample import Requirement, results, scenario

SCHEMA = json.loads((Path(reports.__file__).parent / "schemas" / "kill_matrix.schema.json").read_text())


@dataclass(frozen=True)
class Fault:
    id: str
    requirements: tuple[str, ...]
    service: str = "rcp"
    summary: str = "forgets the role of the token"


def ran(requirement: str, *, fault: str | None = None, verdict: Verdict = Verdict.FAIL) -> ScenarioResult:
    base = scenario(0, Requirement(requirement))
    return replace(base, id=f"rcp/a::{requirement}", fault=fault, verdict=verdict)


def known(*requirements: Requirement) -> tuple[RequirementResult, ...]:
    judged = [ran(r.id, verdict=Verdict.PASS) for r in requirements if r.not_tested is None]
    return results(judged, list(requirements)).requirements


def test_a_fault_is_killed_by_a_failed_scenario_of_its_requirement() -> None:
    matrix = kill_matrix.evaluate(
        [Fault("f", ("RCP-1",))], [ran("RCP-1", fault="f")], known(Requirement("RCP-1"))
    )
    assert matrix.faults[0].killed
    assert matrix.faults[0].killed_by == ("rcp/a::RCP-1",)
    assert matrix.proven


def test_a_fault_is_not_killed_for_what_is_inconclusive_because_of_another() -> None:
    beside = Finding(level=FindingLevel.FAIL, requirement="SYS-1", message="odd")
    blocked = replace(ran("RCP-1", fault="f"), requirements=("RCP-1", "SYS-1"), findings=(beside,))
    (fault,) = kill_matrix.evaluate([Fault("f", ("RCP-1", "SYS-1"))], [blocked], []).faults
    assert fault.survived_requirements == ("RCP-1",)
    assert fault.killed_by == ("rcp/a::RCP-1",)
    # Nor for what no scenario of it names, whatever was found against it.
    (other,) = kill_matrix.evaluate(
        [Fault("f", ("SYS-2",))], [replace(blocked, findings=(beside,))], []
    ).faults
    assert not other.killed


@pytest.mark.parametrize(("profile", "killed"), [(Profile.LENIENT, False), (Profile.STRICT, True)])
def test_a_warning_kills_where_it_counts(profile: Profile, killed: bool) -> None:  # noqa: FBT001 - a table
    found = Finding(level=FindingLevel.WARN, requirement="SYS-1", message="odd")
    other = Finding(level=FindingLevel.FAIL, requirement="SYS-2", message="odd")
    warned = replace(ran("SYS-1", fault="f"), findings=(found, other))
    matrix = kill_matrix.evaluate([Fault("f", ("SYS-1",))], [warned], [], profile=profile)
    assert matrix.faults[0].killed is killed


@pytest.mark.parametrize(
    "noticed",
    [
        [],
        [ran("RCP-2", fault="f")],
        [ran("RCP-1", fault="g")],
        [ran("RCP-1")],
        *([ran("RCP-1", fault="f", verdict=v)] for v in set(Verdict) - {Verdict.FAIL}),
    ],
)
def test_nothing_else_kills_it(noticed: list[ScenarioResult]) -> None:
    matrix = kill_matrix.evaluate([Fault("f", ("RCP-1",))], noticed, [])
    assert not matrix.faults[0].killed
    assert matrix.faults[0].survived_requirements == ("RCP-1",)
    assert not matrix.proven


def test_each_requirement_of_a_fault_must_notice_it() -> None:
    matrix = kill_matrix.evaluate([Fault("f", ("RCP-1", "RCP-2"))], [ran("RCP-1", fault="f")], [])
    assert not matrix.faults[0].killed
    assert matrix.faults[0].killed_by == ("rcp/a::RCP-1",)
    assert matrix.faults[0].survived_requirements == ("RCP-2",)


def test_a_fault_that_names_no_requirement_proves_nothing() -> None:
    assert not kill_matrix.evaluate([Fault("f", ())], [ran("RCP-1", fault="f")], []).proven


def test_a_judged_must_without_a_fault_is_named() -> None:
    requirements = known(
        Requirement("RCP-1"),
        Requirement("RCP-2"),
        Requirement("RCP-3", level="should"),
        Requirement("RCP-4", not_tested="cannot be seen from outside"),
    )
    matrix = kill_matrix.evaluate([Fault("f", ("RCP-1",))], [ran("RCP-1", fault="f")], requirements)
    assert matrix.must_without_fault == ("RCP-2",)
    assert not matrix.proven


def varied(requirement: str, *wrong: wrong_verdicts.WrongVerdict) -> wrong_verdicts.VariantResult:
    return wrong_verdicts.VariantResult(
        id="rcp.v",
        service="rcp",
        summary="does it otherwise",
        sources=("ERR-001",),
        leaves_out="",
        met_by=1,
        requirements=(requirement,),
        wrong=wrong,
    )


def test_a_judged_must_that_no_variant_meets_is_named() -> None:
    requirements = known(
        Requirement("RCP-1"),
        Requirement("RCP-2"),
        Requirement("RCP-3", level="should"),
        Requirement("RCP-4", not_tested="cannot be seen from outside"),
    )
    matrix = kill_matrix.evaluate([], [], requirements, [varied("RCP-1")])
    assert (matrix.must_without_variant, matrix.must_without_fault) == (("RCP-2",), ())
    assert "without a variant: RCP-2 (must)" in kill_matrix.to_text(matrix)
    assert "RCP-2" in kill_matrix.to_html(matrix, requirements)
    assert not matrix.proven
    assert kill_matrix.evaluate([], [], requirements[:1], [varied("RCP-1")]).proven


def test_what_was_judged_wrongly_is_in_every_document() -> None:
    wrong = wrong_verdicts.WrongVerdict(
        scenario="rcp/a::b", requirements=("RCP-1",), verdict=Verdict.FAIL, reason="fail: too blue"
    )
    matrix = kill_matrix.evaluate([], [], [], [varied("RCP-1", wrong)])
    jsonschema.validate(json.loads(kill_matrix.to_json(matrix)), SCHEMA)
    for text in (kill_matrix.to_text(matrix), kill_matrix.to_html(matrix, [])):
        assert "rcp/a::b" in text
        assert "too blue" in text
    assert not matrix.proven


def sample() -> kill_matrix.KillMatrix:
    faults = [Fault(f"f{n}", (f"RCP-{n // 2}",), ("rcp", "pcp")[n % 2]) for n in range(80)]
    noticed = [ran(f.requirements[0], fault=f.id) for f in faults if f.id != "f7"]
    return kill_matrix.evaluate(faults, noticed, known(Requirement("RCP-0"), Requirement("RCP-99")))


def test_the_json_fits_its_schema_and_the_totals_agree() -> None:
    data = json.loads(kill_matrix.to_json(sample()))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(data, SCHEMA)
    assert data["totals"] == {"faults": 80, "killed": 79, "survived": 1, "requirements": 40}
    assert sum(fault["killed"] for fault in data["faults"]) == 79


def test_the_text_names_counts_survivors_and_gaps() -> None:
    lines = kill_matrix.to_text(sample()).splitlines()
    assert lines[1].split() == ["rcp", "40", "40", "0"]
    assert lines[2].split() == ["pcp", "40", "39", "1"]
    assert lines[3].split() == ["all", "80", "79", "1"]
    assert lines[4] == "survived: f7: forgets the role of the token"
    assert lines[5].endswith("not noticed by any scenario of RCP-3")
    assert lines[6:] == ["without a fault: RCP-99 (must)"]


def test_the_page_holds_every_fault_and_every_pair() -> None:
    page = parse(kill_matrix.to_html(sample(), known(Requirement("RCP-0"))))
    assert sum(identifier.startswith("fault-") for identifier in page.ids) == 80
    assert {a["href"][1:] for a in page.all("a")} <= set(page.ids)
    marks = [a["class"] for a in page.all("span") if a.get("class", "").startswith("mark ")]
    assert (marks.count("mark pass"), marks.count("mark fail")) == (79, 1)
    assert len([a for a in page.all("table") if a["class"] == "matrix"]) == 4
    assert page.scripts == []


def test_hostile_text_adds_no_element() -> None:
    matrix = kill_matrix.evaluate([Fault("f", ("RCP-1",), summary=HOSTILE)], [ran("RCP-1", fault="f")], [])
    html = kill_matrix.to_html(matrix, [])
    html.encode("utf-8")
    assert not parse(html).all("img")
    assert parse(html).scripts == []
