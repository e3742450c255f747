"""Only what must be decides; the same words for that in every document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from opnc_conformance import summary
from reports import comparison_documents, html, junit, markdown, matrix_documents, matrix_html, overview
from reports.comparison import compare
from reports.conclusions import conclude
from reports.matrix import build
from reports.model import Level, Profile, Results, ScenarioResult, Verdict
from reports.results_file import Integrity, ResultsFile
from reports.scope import Selection, restricting
from tests.reports.reading import parse
from tests.reports.sample import ERRATA, Requirement, findings, results, scenario

if TYPE_CHECKING:
    from collections.abc import Collection

PASS, FAIL, ERROR = Verdict.PASS, Verdict.FAIL, Verdict.ERROR
INCONCLUSIVE, NOT_APPLICABLE, NOT_TESTED = Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE, Verdict.NOT_TESTED
MUST, SHOULD, MAY = Level.MUST, Level.SHOULD, Level.MAY

ONLY_RCP = Selection(services=("rcp",), read_only=True)


def ran(number: int, verdict: Verdict, *requirements: str) -> ScenarioResult:
    base = scenario(number, Requirement(requirements[0]))
    about = Requirement(requirements[0])
    return replace(
        base,
        verdict=verdict,
        requirements=requirements,
        reason=None if verdict is PASS else "Why not.",
        findings=tuple(findings(verdict, about, 1)),
    )


def run(*judged: tuple[Level, Verdict], fail_on: Level = MUST) -> Results:
    """Return a run with a requirement, and a scenario of it, for each pair."""
    known = [Requirement(f"RCP-{number}", level=level.value) for number, (level, _) in enumerate(judged)]
    scenarios = [ran(number, verdict, f"RCP-{number}") for number, (_, verdict) in enumerate(judged)]
    return results(scenarios, known, fail_on=fail_on)


GOOD = (MUST, PASS)


@pytest.mark.parametrize(
    ("judged", "on_must", "on_should", "on_may"),
    [
        ([GOOD, (SHOULD, FAIL)], 0, 1, 1),
        ([GOOD, (MAY, FAIL)], 0, 0, 1),
        ([GOOD, (SHOULD, INCONCLUSIVE)], 0, 3, 3),
        ([GOOD, (MAY, INCONCLUSIVE)], 0, 0, 3),
        ([GOOD, (MUST, FAIL), (SHOULD, FAIL)], 1, 1, 1),
        ([GOOD, (MUST, INCONCLUSIVE), (SHOULD, FAIL)], 3, 1, 1),
        # The harness broke: nobody's deviation, whatever the level.
        ([GOOD, (MAY, ERROR)], 4, 4, 4),
        # Judged, and nothing that counts was found; what could not be judged shows nothing.
        ([(SHOULD, FAIL)], 0, 1, 1),
        ([(SHOULD, INCONCLUSIVE)], 3, 3, 3),
        ([(MUST, NOT_APPLICABLE)], 3, 3, 3),
    ],
)
def test_only_levels_that_count_decide(
    judged: list[tuple[Level, Verdict]], on_must: int, on_should: int, on_may: int
) -> None:
    codes = [run(*judged, fail_on=level).exit_code for level in (MUST, SHOULD, MAY)]
    assert codes == [on_must, on_should, on_may]


SLIGHT = (GOOD, (SHOULD, FAIL), (SHOULD, FAIL), (MAY, FAIL), (SHOULD, INCONCLUSIVE))


def test_what_does_not_count_is_told_all_the_same() -> None:
    found = run(*SLIGHT)
    assert overview.headline(found) == (PASS, "Conformant, with 2 deviations from recommendations")
    assert overview.sentence(found) == (
        "1 of 5 judged requirements passed; 2 deviations from recommendations, 1 optional thing differs, "
        "1 recommended or optional inconclusive."
    )
    one = run(GOOD, (SHOULD, FAIL))
    assert overview.headline(one)[1] == "Conformant, with 1 deviation from a recommendation"
    several = run(GOOD, (MAY, FAIL), (MAY, FAIL))
    assert overview.headline(several)[1] == "Conformant"
    assert overview.sentence(several).endswith("2 optional things differ.")


def test_what_counts_is_told_as_failed() -> None:
    found = run(*SLIGHT, fail_on=SHOULD)
    assert overview.headline(found) == (FAIL, "Not conformant")
    assert overview.sentence(found) == (
        "1 of 5 judged requirements passed; 2 failed, 1 optional thing differs, 1 inconclusive."
    )


def documents(found: Results) -> dict[str, str]:
    file = ResultsFile(Path("results.json"), found, Integrity.INTACT, "a")
    matrix, comparison = build([file]), compare(file, file)
    return {
        "terminal": summary.text(found, Path("report")),
        "summary.md": markdown.render(found),
        "index.html": parse(html.render(found)).text,
        "matrix": matrix_documents.to_text(matrix),
        "matrix.md": matrix_documents.to_markdown(matrix),
        "matrix.html": parse(matrix_html.to_html(matrix, Path())).text,
        "comparison": comparison_documents.to_text(comparison),
        "comparison.md": comparison_documents.to_markdown(comparison),
    }


def test_every_document_uses_the_same_words() -> None:
    for name, text in documents(run(*SLIGHT)).items():
        assert "Conformant, with 2 deviations from recommendations" in text, name


def test_what_does_not_count_fails_no_pipeline() -> None:
    root = ET.fromstring(junit.render(run(*SLIGHT)))  # noqa: S314 - our own output
    assert (root.get("failures"), root.get("errors"), root.get("skipped")) == ("0", "0", "4")
    told = [each.get("message") for each in root.iter("skipped")]
    assert told == ["recommended or optional, does not count: Why not."] * 4
    counted = ET.fromstring(junit.render(run(*SLIGHT, fail_on=MAY)))  # noqa: S314 - our own output
    assert (counted.get("failures"), counted.get("errors")) == ("3", "1")


def concluded(*scenarios: ScenarioResult, wanted: Collection[str]) -> tuple[int, dict[str, Verdict]]:
    known = [Requirement("RCP-1", level="must"), Requirement("SYS-1"), Requirement("SYS-2", level="should")]
    made = conclude(scenarios, known, ERRATA, profile=Profile.LENIENT, complete=True, wanted=wanted)
    return made.exit_code, {each.id: each.verdict for each in made.requirements}


def test_only_what_was_asked_for_shows_something() -> None:
    there = ran(1, PASS, "SYS-1")
    assert concluded(there, wanted={"RCP-1"}) == (3, {"RCP-1": NOT_TESTED})
    assert concluded(there, wanted=set()) == (3, {})
    assert concluded(there, ran(2, PASS, "RCP-1"), wanted={"RCP-1"}) == (0, {"RCP-1": PASS})


def test_what_was_not_asked_for_is_told_if_it_did_not_pass() -> None:
    asked = ran(2, PASS, "RCP-1")
    assert concluded(asked, ran(1, FAIL, "SYS-1"), wanted={"RCP-1"}) == (1, {"RCP-1": PASS, "SYS-1": FAIL})
    # By a finding beside what the scenario is about, and by the level of what that is about.
    slight = replace(asked, verdict=FAIL, findings=tuple(findings(FAIL, Requirement("SYS-2"), 1)))
    _, verdicts = concluded(asked, replace(slight, id="other"), wanted={"RCP-1"})
    assert verdicts["SYS-2"] is FAIL


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (Selection(services=("rcp",)), "only service rcp"),
        (Selection(services=("rcp", "pcp"), levels=("must",)), "only services rcp, pcp; level must"),
        (Selection(requirements=("RCP-1",), read_only=True), "only requirement RCP-1; read-only"),
        (Selection(requirements=tuple("ABCD")), "only 4 requirements"),
        (Selection(own_services=("rcp", "pcp")), "only services rcp, pcp"),
        (Selection(own_services=("rcp", "pcp"), services=("rcp",)), "only service rcp"),
        (Selection(own_backends=("emsp",)), "only backend emsp"),
    ],
)
def test_a_selection_is_told_in_a_few_words(selection: Selection, said: str) -> None:
    assert str(selection) == said
    assert restricting(selection) == selection


def test_a_selection_of_everything_is_none() -> None:
    assert restricting(Selection()) is None


def test_a_verdict_on_a_part_never_passes_for_one_on_the_whole() -> None:
    found = replace(run(*SLIGHT), selection=ONLY_RCP)
    words = "Conformant, with 2 deviations from recommendations (only service rcp; read-only)"
    for name, text in documents(found).items():
        assert words in text, name
    told = documents(found)
    assert " ".join(told["terminal"].splitlines()[0].split()) == "selection only service rcp; read-only"
    assert words in " ".join(told["summary.md"].splitlines()[0].split())
    assert "(only service rcp; read-only)" in str(ET.fromstring(junit.render(found)).get("name"))  # noqa: S314 - our own output


def test_runs_of_different_selections_do_not_compare() -> None:
    whole, part = run(GOOD), replace(run(GOOD), selection=ONLY_RCP)
    files = [
        ResultsFile(Path(str(n)), each, Integrity.INTACT, str(n)) for n, each in enumerate([whole, part])
    ]
    assert "another selection:  before, only service rcp; read-only now" in compare(*files).notes
