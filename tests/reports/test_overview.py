from __future__ import annotations

from dataclasses import replace

import pytest

from reports import overview
from reports.model import FindingLevel, Profile, Results, ScenarioResult, Verdict
from reports.page import duration
from reports.text import one_line, visible
from tests.reports.sample import Requirement, findings, results, sample_results, scenario


def ran(number: int, requirement: str, verdict: Verdict) -> ScenarioResult:
    base = scenario(number, Requirement(requirement))
    return replace(base, verdict=verdict, findings=tuple(findings(verdict, Requirement(requirement), number)))


def mixed() -> Results:
    known = [Requirement("A-1", level="may"), Requirement("B-1"), Requirement("C-1"), Requirement("D-1")]
    verdicts = {"A-1": Verdict.FAIL, "B-1": Verdict.FAIL, "C-1": Verdict.INCONCLUSIVE, "D-1": Verdict.PASS}
    return results([ran(n, name, v) for n, (name, v) in enumerate(verdicts.items())], known)


def test_the_headline_follows_the_exit_code() -> None:
    assert overview.headline(mixed()) == (Verdict.FAIL, "Not conformant")
    assert overview.sentence(mixed()) == "1 of 4 judged requirements passed; 2 failed, 1 inconclusive."


def test_the_sentence_tells_what_was_not_judged() -> None:
    known = [Requirement(name) for name in ("A-1", "B-1", "C-1", "D-1")]
    found = results([ran(1, "A-1", Verdict.PASS), ran(2, "B-1", Verdict.NOT_APPLICABLE)], known)
    expected = "1 of 1 judged requirements passed; 1 not applicable, 2 were not judged."
    assert overview.sentence(found) == expected


def test_troubles_come_in_the_order_of_their_weight() -> None:
    assert [t.requirement.id for t in overview.failures(mixed())] == ["B-1", "A-1", "C-1"]


def test_a_trouble_shows_findings_worst_first_and_no_mere_notes() -> None:
    fail = ran(15, "A-1", Verdict.FAIL)
    (failure,) = overview.failures(
        results([replace(fail, findings=fail.findings[::-1])], [Requirement("A-1")])
    )
    levels = [finding.level for _, found in failure.scenarios for finding in found]
    assert levels == [FindingLevel.FAIL, FindingLevel.WARN]


def test_a_trouble_leaves_out_scenarios_that_passed() -> None:
    both = [ran(1, "A-1", Verdict.FAIL), ran(5, "A-1", Verdict.PASS)]
    (failure,) = overview.failures(results(both, [Requirement("A-1")]))
    assert [scenario.verdict for scenario, _ in failure.scenarios] == [Verdict.FAIL]


def test_a_passed_scenario_is_blamed_only_for_a_warning_that_counts() -> None:
    warned = ran(5, "A-1", Verdict.PASS)
    assert overview.failures(results([warned], [Requirement("A-1")])) == []
    (failure,) = overview.failures(results([warned], [Requirement("A-1")], profile=Profile.STRICT))
    assert [scenario.id for scenario, _ in failure.scenarios] == [warned.id]


def test_scenarios_to_blame_come_worst_first() -> None:
    verdicts = (Verdict.INCONCLUSIVE, Verdict.ERROR, Verdict.FAIL)
    made = [ran(number, "A-1", verdict) for number, verdict in enumerate(verdicts)]
    (failure,) = overview.failures(results(made, [Requirement("A-1")]))
    assert [scenario.verdict for scenario, _ in failure.scenarios] == list(verdicts[::-1])


@pytest.mark.parametrize(
    ("requirement", "service"),
    [
        ("RCP-GET-01", "rcp"),
        ("EVT-HOOK-01", "event"),
        ("HOOK-01", "event"),
        ("AUTH-401-PCP-lookupVehicle", "pcp"),
        ("HDR-RCP-putRootCertificate", "rcp"),
        ("AUTH-ROLE-ADMIN", "across services"),
    ],
)
def test_a_requirement_belongs_to_the_service_its_id_names(requirement: str, service: str) -> None:
    (found,) = results([], [Requirement(requirement)]).requirements
    assert overview.service_of(found) == service


def test_every_table_counts_everything_once() -> None:
    run = sample_results(scenarios=120)
    for rows, all_of in (
        (overview.by_level(run), run.requirements),
        (overview.by_service(run), run.requirements),
        (overview.scenarios_by_service(run), run.scenarios),
    ):
        assert sum(row.total for row in rows) == len(all_of)
        assert all(row.total == sum(row.counts.values()) for row in rows)


def test_groups_begin_with_the_services() -> None:
    groups = [name for name, _ in overview.by_group(sample_results().requirements)]
    assert groups == ["rcp", "pcp", "cps", "ccp", "pki", "evt", "auth", "sys"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 ms"), (0.0184, "18 ms"), (1.44, "1.4 s"), (59.9, "59.9 s"), (200, "3 min 20 s")],
)
def test_durations_are_told_in_a_fitting_unit(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\u202eb", r"a\u202eb"),
        ("\x00", r"\u0000"),
        ("\ud800", r"\ud800"),
        ("tab\tnew\n", "tab\tnew\n"),
        ("ü€😀", "ü€😀"),
    ],
)
def test_deceptive_characters_are_written_out(raw: str, shown: str) -> None:
    assert visible(raw) == shown


def test_one_line_is_one_line_of_bounded_length() -> None:
    assert one_line(" a\n\n b\t") == "a b"
    assert one_line("x" * 10, longest=5) == "xxxx…"
