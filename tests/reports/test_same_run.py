from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reports import results_file
from tests.reports.sample import sample_results

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "same_run.py"
SAMPLE = json.loads(results_file.to_json(sample_results(scenarios=12, catalogue=20, exchanges=3)))


def script(folder: Path, new: dict[str, Any], *options: str) -> tuple[int, str]:
    for name, content in (("old", SAMPLE), ("new", new)):
        (folder / f"{name}.json").write_text(json.dumps(content))
    command = [sys.executable, str(SCRIPT), "old.json", "new.json", "--renamed", "renamed.json", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert not done.stderr
    return done.returncode, done.stdout


def changed() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(SAMPLE))
    return data


def renamed() -> dict[str, Any]:
    data = changed()
    for scenario in data["scenarios"]:
        scenario["id"] = f"elsewhere/{scenario['id']}"
        scenario["started"] = "2026-01-01T00:00:00+00:00"
        scenario["steps"][0]["text"] = "other words"
    return data


def test_other_ids_times_and_words_are_the_same_run_once_the_table_says_so(tmp_path: Path) -> None:
    code, out = script(tmp_path, renamed())
    assert (code, "12 of them by their course only" in out) == (0, True)
    assert script(tmp_path, renamed(), "--rename")[0] == 0
    table = json.loads((tmp_path / "renamed.json").read_text())["scenarios"]
    assert table == {each["id"]: f"elsewhere/{each['id']}" for each in SAMPLE["scenarios"]}
    code, out = script(tmp_path, renamed())
    assert (code, "0 of them by their course only" in out, "12 the same, 0 not" in out) == (0, True, True)


@pytest.mark.parametrize(
    "place",
    [
        ("verdict",),
        ("findings", 0, "message"),
        ("findings", 0, "requirement"),
        ("exchanges", 0, "party"),
        ("exchanges", 0, "request", "url"),
        ("exchanges", 0, "request", "headers", 0, 1),
        ("exchanges", 0, "response", "body", "sha256"),
    ],
)
def test_whatever_else_differs_is_named(tmp_path: Path, place: tuple[str | int, ...]) -> None:
    data = changed()
    number, at = next((n, each) for n, each in enumerate(data["scenarios"]) if each["findings"])
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = "another"
    code, out = script(tmp_path, data)
    assert code == 1
    assert data["scenarios"][number]["id"] in out
    assert 'now "another"' in out


def test_what_is_gone_or_new_is_named(tmp_path: Path) -> None:
    data = changed()
    gone = data["scenarios"].pop(0)
    data["scenarios"].append({**gone, "id": "x::new", "requirements": ["RCP-ELSE"]})
    code, out = script(tmp_path, data)
    assert (code, f"gone: {gone['id']}" in out, "new: x::new" in out) == (1, True, True)
