"""Feature files with one mistake each, run as a user would: nothing may run, and a sentence must say why."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest

from features import index, lint, steps
from fixtures.bench.coverage import by_requirement, gaps
from fixtures.target.declaration import NEEDS
from opnc import catalogue
from simulators.faults import FAULTS
from tests.support.running import Outcome, apart, here

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
@RCP-GET-01
Scenario: Good
  When a party lists the root certificates
  Then the answer is 200
"""

MISTAKES = {
    "a scenario's name twice": (
        GOOD + GOOD,
        9,
        "scenario 'Good' has the name of line 4; give it one of its own",
    ),
    "two names that make one id": (
        GOOD + GOOD.replace("Good", "Good!"),
        9,
        "'rcp/a::good' is there twice; change the name or the examples",
    ),
    "a row twice": (
        """
        @RCP-LIST-02
        Scenario Outline: Filtered
          When a party lists the root certificates of type "<type>"
          Then the answer is 200

          Examples:
            | type |
            | v2g  |
            | v2g  |
        """,
        4,
        "'rcp/a::filtered[type=v2g]' is there twice; change the name or the examples",
    ),
    "no name": (GOOD.replace(" Good", ""), 4, "a scenario without a name"),
    "an undefined step": (
        GOOD.replace("is 200", "is fine"),
        6,
        "no step definition matches 'Then the answer is fine'",
    ),
    "a step of another type": (
        GOOD.replace("When a party", "Given a party"),
        5,
        "no step definition matches 'Given a party lists the root certificates'",
    ),
    "a placeholder nobody fills": (
        """
        @RCP-LIST-02
        Scenario Outline: Filtered
          When a party lists the root certificates of type "<typ>"
          Then the answer is 200

          Examples:
            | type |
            | v2g  |
        """,
        5,
        "no column of the examples fills <typ>",
    ),
    "an unknown tag": (
        GOOD.replace("@RCP", "@fast @RCP"),
        4,
        "@fast is no known tag; known are requirement ids, ",
    ),
    "an unknown need": (GOOD.replace("@RCP", "@needs.luck @RCP"), 4, "@needs.luck is no known tag"),
    "@skip": (
        GOOD.replace("@RCP", "@skip @RCP"),
        4,
        "@skip mutes a scenario; delete the scenario or mend it",
    ),
    "@xfail": (GOOD.replace("@RCP", "@xfail @RCP"), 4, "@xfail mutes a scenario"),
    "@skip at the examples": (
        """
        @RCP-LIST-02
        Scenario Outline: Filtered
          When a party lists the root certificates of type "<type>"

          @skip
          Examples:
            | type |
            | v2g  |
        """,
        4,
        "@skip mutes a scenario",
    ),
    "no requirement": (
        GOOD.replace("@RCP-GET-01", ""),
        4,
        "scenario 'Good' names no requirement; tag it or add a column",
    ),
    "an unknown requirement in a tag": (
        GOOD.replace("GET-01", "GET-99"),
        4,
        "@RCP-GET-99 names a requirement the catalogue does not know",
    ),
    "an unknown requirement in a column": (
        """
        Scenario Outline: Filtered
          When a party lists the root certificates of type "<type>"

          Examples:
            | requirement | type |
            | RCP-LIST-99 | v2g  |
        """,
        3,
        "the column requirement names 'RCP-LIST-99', which the catalogue does not know",
    ),
    "an empty cell in the column": (
        """
        Scenario Outline: Filtered
          When a party lists the root certificates of type "<type>"

          Examples:
            | requirement | type |
            |             | v2g  |
        """,
        3,
        "the column requirement names '', which the catalogue does not know",
    ),
    "a line that is no Gherkin": (GOOD + "  Perhaps\n", 7, "not valid Gherkin: Unexpected token found"),
    "a ragged table": (
        GOOD + "      | a |\n      | a | b |\n",
        8,
        "not valid Gherkin: inconsistent cell count within the table",
    ),
    "a rule without a clause": (
        "\nRule: Roots are read\n" + indent(GOOD, "  "),
        3,
        "rule 'Roots are read' names no clause; end it with [FILE § HEADING], [FILE#/POINTER] or [ERR-nnn]",
    ),
    "a rule with the clause of something else": (
        "\nRule: Roots are read [a.md § Oauth2]\n" + indent(GOOD, "  "),
        3,
        "rule 'Roots are read [a.md § Oauth2]' names 'a.md § Oauth2', from which no requirement judged under",
    ),
    "no scenario": ("\nAnd that was all.\n", 1, "holds no scenario"),
}


def feature(folder: Path, scenarios: str) -> Path:
    """Write a feature file `rcp/a.feature`; the scenarios begin on its second line."""
    path = folder / "features" / "rcp" / "a.feature"
    path.parent.mkdir(parents=True)
    path.write_text("Feature: Made up\n" + indent(dedent(scenarios), "  "))
    return path.parent.parent


def refuses(outcome: Outcome, line: int, sentence: str, file: str = "rcp/a.feature") -> None:
    """Assert that a run was refused with one sentence, and that nothing of it ran."""
    assert outcome.code == 2
    (said,) = [each for each in outcome.err.splitlines() if each.startswith(file)]
    assert said.startswith(f"{file}:{line}: {sentence}")
    assert "the feature files are not fit to run" in outcome.err
    assert "Traceback" not in outcome.text
    assert "passed" not in outcome.text
    assert not (outcome.report / "results.json").exists()


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_feature_file_is_named_before_anything_runs(
    mistake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenarios, line, sentence = MISTAKES[mistake]
    outcome = here(capsys, tmp_path / "report", "--features", feature(tmp_path, scenarios))
    refuses(outcome, line, sentence)


def test_a_title_with_an_operation_that_is_not_judged_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = feature(tmp_path, GOOD)
    path = root / "rcp" / "a.feature"
    path.write_text("# ours\n" + path.read_text().replace("Made up", "RCP: roots (getRootCertificates)"))
    outcome = here(capsys, tmp_path / "report", "--features", root)
    refuses(outcome, 2, "the title names the operation 'getRootCertificates', but no requirement judged here")


def test_a_good_file_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = here(capsys, tmp_path / "report", "--features", feature(tmp_path, GOOD))
    assert (outcome.code, outcome.verdicts()) == (0, {"rcp/a::good": "pass"})


def test_tags_of_examples_are_tags_of_their_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenarios = """
        Scenario Outline: Filtered
          When a party lists the root certificates of type "<type>"
          Then the answer is 200

          @RCP-LIST-03 @mutates
          Examples:
            | type |
            | v2g  |

          @RCP-LIST-04 @needs.sockets
          Examples:
            | type |
            | oem  |
        """
    outcome = here(capsys, tmp_path / "report", "--features", feature(tmp_path, scenarios))
    found = {tuple(each["tags"]): each["verdict"] for each in outcome.results["scenarios"]}
    assert found == {
        ("RCP-LIST-03", "mutates"): "pass",
        ("RCP-LIST-04", "needs.sockets"): "not applicable",
    }


def test_one_bad_file_stops_all_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = feature(tmp_path, GOOD.replace("is 200", "is fine"))
    (root / "rcp" / "b.feature").write_text("Feature: Good\n" + GOOD)
    outcome = here(capsys, tmp_path / "report", "--features", root)
    refuses(outcome, 6, "no step definition matches 'Then the answer is fine'")


def test_all_mistakes_are_named_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = feature(tmp_path, GOOD.replace("is 200", "is fine").replace("@RCP-GET-01", "@skip"))
    outcome = here(capsys, tmp_path / "report", "--features", root)
    said = [line for line in outcome.err.splitlines() if line.startswith("rcp/a.feature:")]
    assert [line.split(":")[1] for line in said] == ["4", "4", "6"]


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = feature(tmp_path, GOOD)
    path = root / "rcp" / "a.feature"
    path.write_bytes(path.read_bytes().replace(b"Good", b"G\xf6\xf6d"))
    refuses(here(capsys, tmp_path / "report", "--features", root), 4, "not UTF-8: invalid start byte")


@pytest.mark.parametrize("content", ["", "\n\n", "# a comment\n"])
def test_an_empty_file_is_refused(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = feature(tmp_path, "")
    (root / "rcp" / "a.feature").write_text(content)
    refuses(here(capsys, tmp_path / "report", "--features", root), 1, "holds no feature")


def test_a_file_in_another_language_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = feature(tmp_path, "")
    text = "# language: de\nFunktionalität: F\n\n  @RCP-GET-01\n  Szenario: S\n    Wenn a party lists\n"
    (root / "rcp" / "a.feature").write_text(text)
    outcome = here(capsys, tmp_path / "report", "--features", root)
    assert outcome.code == 2
    assert "rcp/a.feature:1: written in the language 'de'; write it in English" in outcome.err


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_a_folder_without_feature_files_is_refused(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    outcome = here(capsys, tmp_path / "report", "--features", tmp_path / folder)
    assert outcome.code == 2
    assert outcome.err.startswith(f"opnc run: {tmp_path / folder}: there are no feature files\n")
    assert not (tmp_path / "report").exists()


STEPS = """
    from __future__ import annotations
    from pytest_bdd import parsers, when

    @when("the weather is fine")
    def fine(): ...

    @when(parsers.parse("the weather is {anything}"))
    def weather(anything): ...

    @when("the sun rises")
    async def rise():
        assert False
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_ambiguous_and_coroutine_steps_are_refused(workers: str, tmp_path: Path) -> None:
    scenarios = """
        @RCP-GET-01
        Scenario: Weather
          When the weather is fine
          And the sun rises
    """
    root = feature(tmp_path, scenarios)
    (root / "conftest.py").write_text(dedent(STEPS))
    outcome = apart(tmp_path, "run", "--features", root, "-n", workers)
    assert outcome.code == 2
    ambiguous, coroutine = (line for line in outcome.err.splitlines() if line.startswith("rcp/"))
    matches = "'the weather is fine' at conftest.py:5 and 'the weather is {anything}' at conftest.py:8"
    assert ambiguous == f"rcp/a.feature:5: 'When the weather is fine' is ambiguous, it matches {matches}"
    assert coroutine.startswith("rcp/a.feature:6: 'And the sun rises' is a coroutine and would pass without")
    assert "Traceback" not in outcome.text
    assert "passed" not in outcome.text


def test_the_feature_files_of_the_suite_are_clean() -> None:
    known = catalogue.load().requirements
    problems = [
        problem
        for path in index.feature_files()
        for problem in lint.check(path, index.ROOT, known, NEEDS).problems
    ]
    assert problems == []


def test_every_step_definition_is_used() -> None:
    used = {
        id(definition.step_func)
        for path in index.feature_files()
        for definition in lint.check(path, index.ROOT, {}, NEEDS).definitions.values()
    }
    ours = (each for each in lint.step_definitions() if each.step_func.__module__.startswith(steps.__name__))
    assert [each.step_func.__qualname__ for each in ours if id(each.step_func) not in used] == []


def test_the_suite_has_no_gap() -> None:
    assert gaps(catalogue.load(), index.scenarios(), by_requirement(FAULTS)) == []


def test_no_two_scenarios_of_the_suite_have_one_id() -> None:
    ids = [entry.id for entry in index.entries()]
    assert len(ids) == len(set(ids))
