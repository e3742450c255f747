from __future__ import annotations

import argparse
import json
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from opnc.catalogue import load
from opnc.problem import Problem
from opnc_conformance.commands import requirements


@pytest.fixture(autouse=True)
def small_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    """One scenario and one fault, in place of the suite's own."""
    index: Any = ModuleType("features.index")
    index.scenarios = lambda: {
        "RCP-GET-01": ["rcp/read::one"],
        "RCP-GET-04": ["rcp/read::one", "rcp/read::two"],
    }
    faults: Any = ModuleType("simulators.faults")
    faults.FAULTS = [SimpleNamespace(id="rcp.empty", requirements=("RCP-GET-01",))]
    monkeypatch.setitem(sys.modules, "features.index", index)
    monkeypatch.setitem(sys.modules, "simulators.faults", faults)


def run(*line: str) -> int:
    parser = argparse.ArgumentParser()
    requirements.configure(parser)
    return requirements.run(parser.parse_args(line))


def test_json_lists_every_requirement_with_what_stands_behind_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in found] == list(load().requirements)
    first = next(each for each in found if each["id"] == "RCP-GET-01")
    assert first.keys() == {"id", "group", "level", "scenarios", "faults", "not_tested"}
    assert (first["group"], first["level"]) == ("rcp", "must")
    assert (first["scenarios"], first["faults"]) == (["rcp/read::one"], ["rcp.empty"])


def test_service_and_level_narrow_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", "--service", "rcp", "--level", "should") == 0
    found = json.loads(capsys.readouterr().out)
    assert found
    assert {entry["level"] for entry in found} == {"should"}
    assert {entry["group"] for entry in found} == {"rcp", "hdr"}


def test_the_table_ends_with_totals(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--service", "rcp") == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.split() == ["RCP-GET-01", "must", "1", "scenario,", "1", "fault"] for line in lines)
    assert any(line.split() == ["RCP-GET-04", "should", "2", "scenarios,", "0", "faults"] for line in lines)
    assert any(
        line.startswith("RCP-ORG-03") and "not tested: An organisational measure" in line for line in lines
    )
    levels = [line.split()[1] for line in lines[: lines.index("")]]
    assert len(levels) >= 72
    totals = [" ".join(line.split()) for line in lines[-4:]]
    assert totals[0] == f"total {len(levels)} requirements, 2 tested, 1 with a fault"
    assert totals[2] == f"should {levels.count('should')} requirements, 1 tested, 0 with a fault"


def test_nothing_found_is_a_table_of_zeros(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--service", "cpo", "--level", "may") == 0
    assert "total      0 requirements" in capsys.readouterr().out


def test_an_unknown_service_is_refused() -> None:
    with pytest.raises(Problem, match="no such service: 'rpc'"):
        run("--service", "rpc")
