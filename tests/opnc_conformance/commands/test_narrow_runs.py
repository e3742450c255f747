"""`opnc run` for a part of what there is: by id, by pattern, what failed last, until enough has failed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.opnc_conformance.commands.made_up import suite
from tests.support.running import Outcome, here

if TYPE_CHECKING:
    from pathlib import Path


class Runs:
    """Runs the same made-up scenarios again and again."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self._folder = folder
        self.features = suite(folder, "passes", "fails", "cannot conclude", "does not apply")

    def __call__(self, *line: str) -> Outcome:
        return here(self._capsys, self._folder / "report", "--features", self.features, *line)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runs:
    return Runs(tmp_path, capsys)


@pytest.mark.parametrize(
    ("asked", "ran"),
    [
        (["rcp/a::it-passes"], {"rcp/a::it-passes"}),
        (["rcp/a::*s"], {"rcp/a::it-passes", "rcp/a::it-fails"}),
        (["rcp/a::it-passes", "*-fails"], {"rcp/a::it-passes", "rcp/a::it-fails"}),
        (["rcp", "--level", "must"], None),
    ],
)
def test_scenarios_are_asked_for_by_id_pattern_or_folder(
    run: Runs, asked: list[str], ran: set[str] | None
) -> None:
    verdicts = run(*asked).verdicts()
    assert len(verdicts) == 4 if ran is None else set(verdicts) == ran


def test_an_id_that_nothing_has_is_told_with_those_that_come_close(run: Runs) -> None:
    run("rcp/a::it-passes")
    outcome = run("rcp/a::it-pases")
    assert outcome.code == 2
    assert "did you mean rcp/a::it-passes" in outcome.err
    # The report of the run before is still there.
    assert outcome.verdicts() == {"rcp/a::it-passes": "pass"}


def test_what_contradicts_itself_is_refused_and_leaves_the_last_report_alone(run: Runs) -> None:
    run()
    outcome = run("--service", "rcp", "--requirement", "PCP-GET-01")
    assert (outcome.code, len(outcome.verdicts())) == (2, 4)
    assert "nothing was run" in outcome.err


def test_requirements_are_asked_for_by_pattern(run: Runs) -> None:
    assert len(run("--requirement", "RCP-GET-*").verdicts()) == 4
    assert run("--requirement", "RCP-GOT-*").code == 2


def test_what_did_not_pass_is_run_again(run: Runs) -> None:
    run()
    again = run("--last-failed")
    assert again.verdicts() == {"rcp/a::it-fails": "fail", "rcp/a::it-cannot-conclude": "inconclusive"}
    assert set(again.results["selection"]["scenarios"]) == set(again.verdicts())


def test_where_nothing_failed_nothing_is_run_again(run: Runs) -> None:
    run("rcp/a::it-passes")
    outcome = run("--last-failed")
    assert outcome.code == 2
    assert "every scenario of the last run passed" in outcome.err


def test_without_a_last_run_nothing_failed_in_it(run: Runs) -> None:
    outcome = run("--last-failed")
    assert outcome.code == 2
    assert "results.json" in outcome.err


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_ends_when_enough_has_failed(run: Runs, workers: str) -> None:
    outcome = run("--max-failures", "1", "-n", workers)
    assert outcome.code == 1
    assert "rcp/a::it-fails" in outcome.verdicts()
    assert outcome.results["stopped"] == "after 1 scenario that failed (--max-failures)"
    # Workers may have gone on with what they had been given already.
    if workers == "0":
        assert set(outcome.verdicts()) == {"rcp/a::it-passes", "rcp/a::it-fails"}


def test_a_folder_of_somebody_else_is_left_alone(run: Runs, tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "holiday.jpg").touch()
    outcome = run()
    assert outcome.code == 2
    assert "something else than a report" in outcome.err
    assert [each.name for each in (tmp_path / "report").iterdir()] == ["holiday.jpg"]


def test_a_run_with_a_fault_is_red_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ("--fault", "rcp.filter-ignored", "--requirement", "RCP-LIST-02")
    outcome = here(capsys, tmp_path / "report", *line)
    assert outcome.code == 1
    assert "simulators that behave as rcp.filter-ignored says" in outcome.out
    assert outcome.results["selection"]["behaviour"] == "rcp.filter-ignored"


def test_a_fault_that_does_not_exist_is_told(run: Runs) -> None:
    outcome = run("--fault", "rcp.filter-ignore")
    assert outcome.code == 2
    assert "did you mean rcp.filter-ignored" in outcome.err


def test_a_fault_is_for_simulators_alone(run: Runs, tmp_path: Path) -> None:
    outcome = run("--fault", "rcp.filter-ignored", "--target", str(tmp_path / "t.toml"))
    assert outcome.code == 2
    assert "use --served" in outcome.err


def test_a_list_says_what_would_run_and_writes_nothing(run: Runs, tmp_path: Path) -> None:
    outcome = run("--list", "*-fails")
    assert outcome.out == "  rcp/a::it-fails  [RCP-GET-01]\n1 scenario, 0 of them not applicable\n"
    assert not (tmp_path / "report").exists()
    assert run("--list", "*-falls").code == 2


def test_a_list_says_what_would_not_apply_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ("--list", "--json", "--requirement", "AUTH-TLS-*")
    planned = json.loads(here(capsys, tmp_path / "report", *line).out)
    reasons = {each["not_applicable"] for each in planned}
    assert any("network" in reason for reason in reasons if reason)
    assert all(each["requirements"] and each["id"] for each in planned)
