from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

import reports
from opnc.problem import Problem
from reports import results_file
from reports.model import Results, Verdict
from reports.results_file import Integrity
from tests.reports.reading import hostile
from tests.reports.sample import sample_results

SCHEMA = json.loads((Path(reports.__file__).parent / "schemas" / "results.schema.json").read_text())


LATER = {"content_sha256", "counterpart", "fail_on", "place", "selection", "use_case", "waivers"}
"""Keys that files of older suites lack."""


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(results_file.to_json(sample_results())))


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_sample_has_every_verdict() -> None:
    assert {s.verdict for s in sample_results(scenarios=200).scenarios} == set(Verdict) - {Verdict.NOT_TESTED}


def test_what_is_written_fits_the_schema(data: dict[str, Any]) -> None:
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(SCHEMA, format_checker=checker).validate(data)


def test_schema_and_classes_name_the_same_keys_in_the_same_order(data: dict[str, Any]) -> None:
    def check(value: Any, schema: dict[str, Any]) -> None:
        while "$ref" in schema:
            schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
        if isinstance(value, dict) and "required" in schema:
            assert list(value) == list(schema["properties"])
            assert schema["required"] == [key for key in value if key not in LATER]
            for key, item in value.items():
                check(item, schema["properties"][key])
        elif isinstance(value, list) and "items" in schema:
            for item in value:
                check(item, schema["items"] or {})

    check(data, SCHEMA)


def test_what_is_read_is_what_was_written() -> None:
    results = sample_results()
    assert results_file.from_json(results_file.to_json(results)) == results


def test_lone_surrogates_and_control_characters_survive(tmp_path: Path) -> None:
    results = sample_results(scenarios=1)
    odd = "\ud800 \x00 \u2028 </script> ü"
    changed = json.loads(results_file.to_json(results))
    changed["scenarios"][0]["exchanges"][0]["response"]["body"]["text"] = odd
    path = tmp_path / "results.json"
    path.write_text(results_file.to_json(results_file.from_json(json.dumps(changed))), encoding="ascii")
    read = results_file.read(path).results.scenarios[0].exchanges[0].response
    assert read is not None
    assert read.body.text == odd


def test_the_same_seed_gives_the_same_text() -> None:
    assert results_file.to_json(sample_results(seed=3)) == results_file.to_json(sample_results(seed=3))


def test_without_times_nothing_of_the_clock_is_left(data: dict[str, Any]) -> None:
    text = json.dumps(results_file.without_times(data))
    assert not any(f'"{key}"' in text for key in ("started", "finished", "duration_s", "content_sha256"))
    assert json.loads(text)["scenarios"][0]["exchanges"][0]["request"]["method"] == "GET"


def test_each_scenario_stands_on_a_line_of_its_own() -> None:
    results = sample_results(scenarios=5)
    lines = results_file.to_json(results).splitlines()
    starts = tuple(f'{{"id": "{s.id}"' for s in results.scenarios)
    assert sum(line.startswith(starts) for line in lines) == 5


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda d: d.update(schema_version=2), "schema_version is 2"),
        (lambda d: d.pop("schema_version"), "schema_version is None"),
        (lambda d: d.pop("seed"), "the key 'seed' is missing"),
        (lambda d: d.update(sede=1), "the key 'sede' is unknown"),
        (lambda d: d.update(seed="7"), "seed: expected int, found '7'"),
        (lambda d: d.update(complete=1), "complete: expected bool, found 1"),
        (lambda d: d.update(profile="lax"), "profile: 'lax' is not understood"),
        (lambda d: d.update(started="soon"), "started: 'soon' is not understood"),
        (lambda d: d.update(started="2026-03-02T09:30:00"), "it has no offset from UTC"),
        (lambda d: d.update(scenarios={}), "scenarios: expected a list"),
        (lambda d: d["totals"].update(scenarios=[]), "totals.scenarios: expected an object"),
        (lambda d: d["scenarios"][2].update(feature=None), "scenarios.2.feature: expected an object"),
        (lambda d: d["scenarios"].pop(), "names the scenario"),
        (lambda d: d["scenarios"][0].update(verdict="error"), "the totals contradict the verdicts"),
        (lambda d: d["totals"]["requirements"].pop("fail"), "the totals contradict the verdicts"),
        (lambda d: d.update(exit_code=2), "no run has the exit code 2"),
        (lambda d: d["scenarios"][0]["exchanges"][0]["request"]["headers"].append(["a"]), "a list of 2"),
    ],
)
def test_a_damaged_file_is_named_with_the_place(change: Any, complaint: str, tmp_path: Path) -> None:
    data = json.loads(results_file.to_json(sample_results(scenarios=5)))
    change(data)
    path = tmp_path / "results.json"
    path.write_text(json.dumps(data))
    with pytest.raises(Problem) as caught:
        results_file.read(path)
    assert complaint in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "not JSON"),
        (b"{]}", "not JSON"),
        (b"{", "truncated: it ends after 1 characters"),
        (b"[]", "schema_version is None"),
        (b"\xff", "not UTF-8"),
        (b"[" * 10**5, "not JSON"),
    ],
)
def test_a_file_that_holds_no_results_is_refused(content: bytes, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_bytes(content)
    with pytest.raises(Problem, match=complaint):
        results_file.read(path)


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read"):
        results_file.read(tmp_path / "results.json")


def test_a_directory_stands_for_the_file_in_it(tmp_path: Path) -> None:
    written(tmp_path / "results.json")
    assert results_file.read(tmp_path).path == tmp_path / "results.json"


def test_a_file_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results_file, "MAX_FILE_BYTES", 10)
    with pytest.raises(Problem, match=r"bytes, at most 10 are read"):
        results_file.read(written(tmp_path / "a.json"))


def written(path: Path, results: Results | None = None) -> Path:
    path.write_text(results_file.to_json(results or sample_results(scenarios=5)), encoding="ascii")
    return path


def test_the_seal_is_what_common_tools_compute(tmp_path: Path) -> None:
    lines = written(tmp_path / "a.json").read_bytes().splitlines(keepends=True)
    digest = sha256(b"".join(lines[:-2])).hexdigest()
    assert lines[-2:] == [f'"content_sha256": "{digest}"\n'.encode(), b"}\n"]


def test_a_file_of_a_run_is_told_from_one_that_was_changed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json")
    assert results_file.read(path).integrity is Integrity.INTACT
    path.write_text(path.read_text().replace('"seed": 7', '"seed": 8'))
    assert results_file.read(path).integrity is Integrity.BROKEN


def test_other_ends_of_lines_break_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert results_file.read(path, evidence=False).integrity is Integrity.INTACT


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + "\n",
        lambda text: text[:-1],
        lambda text: json.dumps(json.loads(text)),
        lambda text: text.replace('"content_sha256": "', '"content_sha256": "0'),
    ],
    ids=["appended", "cut", "reformatted", "other digest"],
)
def test_whatever_is_changed_breaks_the_seal(change: Any, tmp_path: Path) -> None:
    path = written(tmp_path / "a.json")
    path.write_text(change(path.read_text()))
    assert results_file.read(path).integrity is Integrity.BROKEN


def test_a_file_of_an_older_suite_has_no_seal_and_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json")
    data = json.loads(path.read_text())
    del data["content_sha256"], data["target"]["counterpart"]
    for requirement in data["requirements"]:
        del requirement["use_case"]
    path.write_text(json.dumps(data))
    read = results_file.read(path)
    assert read.integrity is Integrity.MISSING
    assert (read.results.target.counterpart, read.results.requirements[0].use_case) == (None, ())


def test_without_evidence_everything_else_is_the_same(tmp_path: Path) -> None:
    whole = results_file.from_json(results_file.to_json(hostile(sample_results())))
    lean = results_file.read(written(tmp_path / "a.json", whole), evidence=False).results
    assert lean == replace(
        whole, scenarios=tuple(replace(s, steps=(), exchanges=()) for s in whole.scenarios)
    )
    assert any(s.exchanges for s in whole.scenarios)


def test_a_file_that_is_no_use_does_not_spoil_the_others(tmp_path: Path) -> None:
    good = written(tmp_path / "good.json")
    other = written(tmp_path / "other.json", sample_results(seed=8))
    texts = {
        "truncated": good.read_text()[:5000],
        "edited": good.read_text().replace('"seed": 7', '"seed": 8'),
        "doubled": good.read_text(),
        "newer": good.read_text().replace('"schema_version": 1', '"schema_version": 2'),
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.json").write_text(text)
    bad = [tmp_path / f"{name}.json" for name in (*texts, "absent")]
    files, problems = results_file.read_originals([good, *bad, other])
    assert [file.path for file in files] == [good, other]
    assert [(problem.where, problem.what) for problem in problems] == [
        (str(bad[0]), "truncated: it ends after 5000 characters"),
        (str(bad[1]), "hash mismatch: the file was changed after its run"),
        (str(bad[2]), f"holds the same run as {good}"),
        (str(bad[3]), "not a results file of this version: schema_version is 2"),
        (str(bad[4]), "cannot be read: No such file or directory"),
    ]
