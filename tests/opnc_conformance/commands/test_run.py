from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from features.index import ROOT
from tests.opnc_conformance.commands.made_up import suite
from tests.support.running import Outcome, apart, here

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs scenarios that are made up."""

    def with_scenarios(*scenarios: str, conftest: str = "", line: tuple[str, ...] = ()) -> Outcome:
        features = suite(tmp_path, *scenarios, conftest=conftest)
        return here(capsys, tmp_path / "report", "--features", features, *line)

    return with_scenarios


@pytest.mark.parametrize(
    ("scenarios", "code"),
    [
        (("passes",), 0),
        (("passes", "does not apply"), 0),
        (("passes", "fails"), 1),
        (("passes", "cannot conclude"), 3),
        (("does not apply",), 3),
        (("passes", "breaks"), 4),
        (("passes", "cannot conclude", "breaks"), 4),
        (("passes", "cannot conclude", "breaks", "fails"), 1),
        (("passes", "asks pytest to skip"), 4),
    ],
    ids=lambda value: " and ".join(value) if isinstance(value, tuple) else str(value),
)
def test_the_exit_code_says_what_came_out(run: Run, scenarios: tuple[str, ...], code: int) -> None:
    outcome = run(*scenarios)
    assert outcome.code == code
    assert outcome.results["exit_code"] == code
    assert len(outcome.results["scenarios"]) == len(scenarios)
    assert outcome.results["complete"]
    assert "Traceback" not in outcome.text


def test_the_terminal_shows_what_went_wrong_and_the_verdict_last(run: Run) -> None:
    out = run("passes", "fails", "cannot conclude", "does not apply", "breaks").out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    for line, *told in (
        ("FAIL rcp/a::it-fails [RCP-GET-01]", "colour of the sky", "expected blue", "seen green"),
        ("INCONCLUSIVE rcp/a::it-cannot-conclude [RCP-GET-01]", "the sky is cloudy"),
        ("ERROR rcp/a::it-breaks [RCP-GET-01]", "the harness broke: ValueError: the ladder to the sky"),
        ("scenarios 5: 1 pass, 1 fail, 1 inconclusive, 1 not applicable, 1 error",),
    ):
        place = lines.index(line)
        assert lines[place + 1 : place + 1 + len(told)] == told
    assert lines[-1].startswith("Not conformant: 0 of 1 judged requirements passed; 1 failed; ")


@pytest.mark.parametrize(("profile", "code"), [("lenient", 0), ("strict", 1)])
def test_a_warning_fails_in_the_strict_profile(run: Run, profile: str, code: int) -> None:
    assert run("warns", line=("--profile", profile)).code == code


def test_a_finding_fails_the_scenario_once_its_steps_have_passed(run: Run) -> None:
    outcome = run("finds something, passes")
    (scenario,) = outcome.results["scenarios"]
    assert [step["status"] for step in scenario["steps"]] == ["passed", "passed"]
    assert (scenario["verdict"], scenario["reason"]) == (
        "fail",
        "the sky is green: expected conformance, seen a deviation",
    )


def test_what_comes_after_the_step_that_ends_a_scenario_is_not_run(run: Run) -> None:
    (scenario,) = run("passes, cannot conclude, passes").results["scenarios"]
    assert [step["status"] for step in scenario["steps"]] == ["passed", "stopped", "not run"]


def test_a_scenario_whose_clean_up_breaks_is_no_success(run: Run) -> None:
    outcome = run("breaks when it cleans up", "breaks when it cleans up, fails")
    assert outcome.code == 1
    verdicts = {each["name"]: (each["verdict"], each["reason"]) for each in outcome.results["scenarios"]}
    assert verdicts == {
        "It breaks when it cleans up": (
            "error",
            "the harness broke while cleaning up: ValueError: the ladder is stuck",
        ),
        "It breaks when it cleans up, fails": ("fail", "colour of the sky: expected blue, seen green"),
    }


BROKEN_BENCH = """
    @pytest.fixture
    def bench():
        raise OSError("the bench has fallen over")
"""

BROKEN_PYTEST = """
    def pytest_runtest_logstart(nodeid):
        if "test_001" in nodeid:
            raise OSError("a plugin has fallen over")
"""


@pytest.mark.parametrize("conftest", [BROKEN_BENCH, BROKEN_PYTEST], ids=["the bench", "pytest"])
def test_a_run_that_breaks_down_is_no_success(run: Run, conftest: str) -> None:
    outcome = run("passes", "passes, passes", conftest=conftest)
    assert outcome.code == 4
    assert not outcome.results["complete"]
    assert outcome.results["stopped"].startswith("the harness broke: ")
    assert "has fallen over" in outcome.results["stopped"]


def test_scenarios_that_give_no_result_make_a_run_incomplete(run: Run) -> None:
    lost = """
        def pytest_runtest_protocol(item):
            return "test_001" in item.nodeid or None
    """
    outcome = run("passes", "passes, passes", conftest=lost)
    assert (outcome.code, outcome.results["stopped"]) == (3, "1 of 2 scenarios gave no result")


def test_a_worker_that_dies_is_no_success(tmp_path: Path) -> None:
    features = suite(tmp_path, "passes", "kills its process", "cannot conclude")
    outcome = apart(tmp_path, "run", "--features", features, "-n", "2")
    assert outcome.code == 4
    assert sorted(outcome.verdicts().values()) == ["inconclusive", "pass"]
    assert "crashed" in outcome.results["stopped"]


def test_nothing_to_judge_is_inconclusive(run: Run) -> None:
    outcome = run("passes", line=("--requirement", "RCP-ORG-03"))
    assert (outcome.code, outcome.results["scenarios"]) == (3, [])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            ("--requirement", "RCP-GET-1"),
            "there is no requirement 'RCP-GET-1'\n  hint: did you mean RCP-GET-01,",
        ),
        (("--service", "rpc"), "there is no service 'rpc'\n  hint: did you mean rcp, pcp?"),
        (("--level", "mst"), "argument --level: invalid choice: 'mst' (choose from"),
        (("--profile", "harsh"), "argument --profile: invalid choice: 'harsh' (choose from"),
        (("--seed", "x"), "argument --seed: invalid int value: 'x'"),
        (("-n", "-1"), "argument -n/--workers: '-1' is no number of processes"),
        (("--colour",), "unrecognized arguments: --colour"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_command_line_is_refused(
    line: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = here(capsys, tmp_path / "report", *line)
    assert outcome.code == 2
    assert said in outcome.err
    assert not (tmp_path / "report").exists()


def test_a_report_that_cannot_be_written_is_refused_before_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    features = suite(tmp_path, "passes")
    occupied = tmp_path / "occupied"
    occupied.write_text("in the way")
    for line in (
        ("--report", occupied),
        ("--report", occupied / "below"),
        ("--alluredir", occupied),
    ):
        outcome = here(capsys, tmp_path / "report", "--features", features, *line)
        assert outcome.code == 2
        assert outcome.err.startswith(f"opnc run: {line[1]}: cannot be written: ")
        assert outcome.out == ""
    assert occupied.read_text() == "in the way"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a directory nobody can write to")
def test_a_directory_that_takes_no_files_is_refused_before_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = here(capsys, Path("/proc"), "--features", suite(tmp_path, "passes"))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("opnc run: /proc: cannot be written: ")


def test_allure_results_are_written_beside_the_report(run: Run, tmp_path: Path) -> None:
    assert run("passes", "fails", line=("--alluredir", str(tmp_path / "allure"))).code == 1
    found = [json.loads(path.read_text()) for path in (tmp_path / "allure").glob("*-result.json")]
    assert {each["name"]: each["status"] for each in found} == {"It passes": "passed", "It fails": "failed"}


def test_what_a_peer_sends_cannot_break_the_terminal(tmp_path: Path) -> None:
    conftest = r"""
        @step("sees strange characters")
        def strange():
            raise Mismatch("text", expected="\u2026", seen="\x1b[2J \ud800 \u202e \U0001f600", place="body")
    """
    features = suite(tmp_path, "sees strange characters", conftest=conftest)
    outcome = apart(tmp_path, "run", "--features", features, encoding="ascii")
    assert outcome.code == 1
    assert "Traceback" not in outcome.text
    assert "\x1b" not in outcome.out
    assert r"\u001b[2J \ud800 \u202e" in outcome.out


def test_the_users_own_pytest_settings_stay_out(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit(9)\n")
    features = shutil.copytree(ROOT / "rcp", tmp_path / "features" / "rcp").parent
    outcome = apart(tmp_path, "run", "--features", features, "--requirement", "RCP-GET-01")
    assert outcome.code == 0


@pytest.mark.parametrize(
    "module", ["granian", "allure_commons", "fixtures.bench.network", "simulators.faults"]
)
def test_a_run_on_the_simulators_loads_nothing_that_only_other_runs_need(
    loaded: set[str], module: str
) -> None:
    assert "simulators.ecosystem" in loaded
    assert module not in loaded


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Returns the modules that a process has loaded after a run."""
    script = "import sys; from opnc_conformance.__main__ import main; main(sys.argv[1:]); print(*sys.modules)"
    line = ("run", "--requirement", "RCP-GET-01", "--report", str(tmp_path_factory.mktemp("report")))
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script, *line], cwd=ROOT.parent, check=True, capture_output=True, text=True
    )
    return set(done.stdout.splitlines()[-1].split())
