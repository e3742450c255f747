from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

import reports
from opnc.problem import Problem
from reports import results_file
from reports.model import Verdict
from tests.reports.sample import sample_results

SCHEMA = json.loads((Path(reports.__file__).parent / "schemas" / "results.schema.json").read_text())


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
            assert list(value) == list(schema["properties"]) == schema["required"]
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
    read = results_file.read(path).scenarios[0].exchanges[0].response
    assert read is not None
    assert read.body.text == odd


def test_the_same_seed_gives_the_same_text() -> None:
    assert results_file.to_json(sample_results(seed=3)) == results_file.to_json(sample_results(seed=3))


def test_without_times_nothing_of_the_clock_is_left(data: dict[str, Any]) -> None:
    text = json.dumps(results_file.without_times(data))
    assert not any(f'"{key}"' in text for key in ("started", "finished", "duration_s"))
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
        (b"{", "not JSON"),
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
