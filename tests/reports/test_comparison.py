from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import reports
from reports import comparison_documents
from reports.comparison import ChangeKind, Comparison, compare, kind_of
from reports.model import Profile, Results, ScenarioResult, Suite, Verdict
from reports.renames import Renames
from reports.results_file import Integrity, ResultsFile
from tests.reports.reading import HOSTILE, hostile
from tests.reports.sample import Requirement, results, sample_results, scenario

SCHEMA = json.loads((Path(reports.__file__).parent / "schemas" / "comparison.schema.json").read_text())
PASS, FAIL, ERROR = Verdict.PASS, Verdict.FAIL, Verdict.ERROR
INCONCLUSIVE, NOT_APPLICABLE = Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE


def ran(number: int, verdict: Verdict) -> ScenarioResult:
    base = scenario(number, Requirement(f"RCP-{number}"))
    return replace(
        base, id=f"rcp/a::{number}", verdict=verdict, reason=None if verdict is PASS else "Why not."
    )


def run(**verdicts: Verdict) -> Results:
    """Return a run of scenarios named by number, such as `s1=PASS`, each with a requirement of its own."""
    numbers = {int(name[1:]): verdict for name, verdict in verdicts.items()}
    levels = {number: "may" if number % 2 else "must" for number in range(30)}
    known = [Requirement(f"RCP-{number}", level=level) for number, level in levels.items()]
    return results([ran(number, verdict) for number, verdict in numbers.items()], known)


def file(run: Results, name: str, seal: Integrity = Integrity.INTACT) -> ResultsFile:
    return ResultsFile(Path(name), run, seal, name)


def compared(base: Results, new: Results) -> Comparison:
    return compare(file(base, "base.json"), file(new, "new.json"))


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (FAIL, PASS, "better"),
        (INCONCLUSIVE, PASS, "better"),
        (NOT_APPLICABLE, PASS, "better"),
        (PASS, FAIL, "worse"),
        (PASS, ERROR, "worse"),
        (PASS, INCONCLUSIVE, "worse"),
        (PASS, NOT_APPLICABLE, "worse"),
        (INCONCLUSIVE, FAIL, "worse"),
        (NOT_APPLICABLE, FAIL, "worse"),
        (FAIL, INCONCLUSIVE, "changed"),
        (FAIL, NOT_APPLICABLE, "changed"),
        (ERROR, INCONCLUSIVE, "changed"),
        (None, FAIL, "new"),
        (PASS, None, "gone"),
        (PASS, PASS, None),
        (FAIL, FAIL, None),
    ],
)
def test_what_becomes_of_a_verdict(before: Verdict | None, after: Verdict | None, kind: str | None) -> None:
    assert kind_of(before, after) == kind


def test_every_change_is_told_by_scenario_and_by_requirement() -> None:
    made = compared(
        run(s0=PASS, s1=FAIL, s2=FAIL, s3=PASS, s4=PASS),
        run(s0=FAIL, s1=PASS, s2=INCONCLUSIVE, s4=PASS, s5=PASS),
    )
    assert [(c.kind, c.id) for c in made.scenarios.changes] == [
        ("worse", "rcp/a::0"),
        ("better", "rcp/a::1"),
        ("changed", "rcp/a::2"),
        ("new", "rcp/a::5"),
        ("gone", "rcp/a::3"),
    ]
    assert [(c.kind, c.id) for c in made.requirements.changes] == [
        ("worse", "RCP-0"),
        ("better", "RCP-1"),
        ("changed", "RCP-2"),
        ("new", "RCP-5"),
        ("gone", "RCP-3"),
    ]
    assert (made.scenarios.unchanged, made.requirements.unchanged) == (1, 1)
    assert made.scenarios.changes[0].reason == "Why not."


def test_must_comes_before_may_and_fail_before_the_rest() -> None:
    made = compared(run(s1=PASS, s2=PASS, s4=PASS), run(s1=FAIL, s2=INCONCLUSIVE, s4=FAIL))
    assert [change.id for change in made.requirements.of(ChangeKind.WORSE)] == ["RCP-4", "RCP-2", "RCP-1"]


@pytest.mark.parametrize(
    ("base", "new", "code"),
    [
        (run(s1=PASS), run(s1=PASS), 0),
        (run(s1=FAIL), run(s1=PASS), 0),
        (run(s1=FAIL), run(s1=FAIL), 0),
        (run(s1=PASS), run(s1=PASS, s2=FAIL), 0),
        (run(s1=PASS, s2=PASS), run(s1=PASS), 0),
        (run(s1=PASS), run(s1=FAIL), 1),
        (run(s1=PASS), run(s1=NOT_APPLICABLE), 1),
        (run(s1=PASS, s2=FAIL), run(s1=FAIL, s2=PASS), 1),
    ],
)
def test_the_exit_code_is_1_when_something_got_worse(base: Results, new: Results, code: int) -> None:
    assert compared(base, new).exit_code == code


def test_a_run_that_ended_early_proves_nothing() -> None:
    cut = replace(run(s1=PASS), complete=False, stopped="interrupted")
    made = compared(run(s1=PASS, s2=PASS), cut)
    assert (made.exit_code, made.warnings) == (3, ("new.json: the run ended early",))
    assert compared(cut, run(s1=PASS)).exit_code == 0
    assert compared(run(s1=PASS), replace(run(s1=FAIL), complete=False)).exit_code == 1


@pytest.mark.parametrize("which", [0, 1])
def test_a_file_that_was_changed_after_its_run_proves_nothing(which: int) -> None:
    files = [file(run(s1=PASS), "base.json"), file(run(s1=PASS), "new.json")]
    files[which] = replace(files[which], integrity=Integrity.BROKEN)
    made = compare(*files)
    assert made.exit_code == 3
    assert made.warnings == (f"{files[which].path}: hash mismatch: the file was changed after its run",)


def test_what_differs_between_the_runs_is_noted() -> None:
    base = run(s1=PASS)
    new = replace(base, profile=Profile.STRICT, suite=Suite(name="opnc-conformance", version="0.2.0"))
    new = replace(new, target=replace(new.target, version="5"))
    assert compared(base, new).notes == (
        "another target: Alpha pool 4.2.1 before, Alpha pool 5 now",
        "another suite: opnc-conformance 0.1.0 before, opnc-conformance 0.2.0 now",
        "another profile: lenient before, strict now",
    )


def test_the_same_run_twice_is_noted() -> None:
    twice = file(run(s1=PASS), "a.json", Integrity.MISSING)
    assert compare(twice, twice).notes[0] == "both files hold the same run"
    assert "a.json: it carries no hash" in compare(twice, twice).notes[1]


# Documents


@pytest.fixture(scope="module")
def large() -> Comparison:
    base, new = (
        sample_results(seed=n, scenarios=700, catalogue=744, exchanges=0, flawed=0.4) for n in (1, 2)
    )
    return compared(base, new)


def test_json_fits_its_schema(large: Comparison) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    data = json.loads(comparison_documents.to_json(large))
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(data)
    assert {change["kind"] for change in data["scenarios"]["changes"]} == {"worse", "better", "changed"}


def test_text_is_a_line_per_change_with_the_counts_at_the_end() -> None:
    made = compared(run(s0=PASS, s1=FAIL, s4=PASS), run(s0=FAIL, s1=PASS, s4=PASS))
    lines = [" ".join(line.split()) for line in comparison_documents.to_text(made).splitlines()]
    assert lines[0].startswith("worse pass -> fail RCP-0 When an authorised party")
    assert "worse pass -> fail rcp/a::0 Why not." in lines
    assert lines[-2:] == ["scenarios 1 worse, 1 better, 1 as before", "Something got worse"]


def test_without_changes_text_says_so() -> None:
    same = comparison_documents.to_text(compared(run(s1=PASS), run(s1=PASS)))
    assert [" ".join(line.split()) for line in same.splitlines()] == [
        "before Alpha pool 4.2.1: Conformant",
        "now Alpha pool 4.2.1: Conformant",
        "requirements 1 as before",
        "scenarios 1 as before",
        "Nothing got worse",
    ]


def test_a_doubt_comes_first_and_is_repeated_in_the_verdict() -> None:
    cut = replace(run(s1=PASS), complete=False)
    text = comparison_documents.to_text(compared(run(s1=PASS), cut))
    assert text.startswith("doubt: new.json: the run ended early\n")
    assert text.endswith("Nothing got worse as far as can be told\n")


def test_markdown_fits_into_a_comment_and_says_what_it_leaves_out(large: Comparison) -> None:
    markdown = comparison_documents.to_markdown(large)
    assert len(markdown) < 65_000
    assert markdown.endswith("- and more: see the text or JSON of this comparison.\n")
    assert "## Worse: requirements" in markdown


def test_hostile_text_stays_text() -> None:
    attacked = [hostile(sample_results(seed=n, scenarios=40)) for n in (1, 2)]
    made = compare(file(attacked[0], HOSTILE), file(attacked[1], "new.json", Integrity.BROKEN))
    text, markdown = comparison_documents.to_text(made), comparison_documents.to_markdown(made)
    assert "\u202e" not in text + markdown
    assert "<script" not in markdown.replace("\\<", "")
    (text + markdown).encode()


def test_a_scenario_is_followed_when_its_id_changes() -> None:
    base, new = run(s1=PASS, s2=FAIL, s3=PASS), run(s11=FAIL, s22=PASS, s3=PASS)
    table = Renames.of({"rcp/a::1": "rcp/a::11", "rcp/a::2": "rcp/a::22"})
    made = compare(file(base, "base.json"), file(new, "new.json"), renamed=table)
    assert [(each.kind, each.id) for each in made.scenarios.changes] == [
        (ChangeKind.WORSE, "rcp/a::11"),
        (ChangeKind.BETTER, "rcp/a::22"),
    ]
    assert made.scenarios.unchanged == 1


def test_two_runs_from_before_a_renaming_can_still_be_compared() -> None:
    table = Renames.of({"rcp/a::1": "rcp/a::11"})
    made = compare(file(run(s1=PASS), "base.json"), file(run(s1=FAIL), "new.json"), renamed=table)
    assert [(each.kind, each.id) for each in made.scenarios.changes] == [(ChangeKind.WORSE, "rcp/a::11")]
