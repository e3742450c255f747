from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.opnc_conformance.commands.made_up import suite
from tests.support.patience import PATIENCE_S, eventually
from tests.support.running import Outcome, command, environment

if TYPE_CHECKING:
    from pathlib import Path


def stopped(folder: Path, number: signal.Signals, *scenarios: str) -> Outcome:
    """Run scenarios, one of which falls asleep, and send a signal when it does."""
    features = suite(folder, *scenarios)
    line = command("run", "--features", features)
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - our own command
        line, cwd=folder, env=environment(), stdout=pipe, stderr=pipe, encoding="utf-8"
    ) as process:
        asleep = features / "asleep"
        assert eventually(lambda: asleep.exists() or process.poll() is not None)
        assert process.poll() is None, process.stderr and process.stderr.read()
        os.kill(process.pid, number)
        out, err = process.communicate(timeout=PATIENCE_S)
    return Outcome(process.returncode, out, err, folder / "report")


@pytest.mark.parametrize(
    ("number", "reason"),
    [(signal.SIGINT, "interrupted by the user"), (signal.SIGTERM, "terminated by a signal")],
)
def test_a_run_that_is_stopped_reports_what_was_done(
    number: signal.Signals, reason: str, tmp_path: Path
) -> None:
    # A finding that fails the scenario must not get in the way of the signal.
    outcome = stopped(tmp_path, number, "passes", "finds something, sleeps", "passes, passes")
    assert outcome.code == 3
    results = outcome.results
    assert (results["complete"], results["stopped"], results["exit_code"]) == (False, reason, 3)
    assert outcome.verdicts() == {"rcp/a::it-passes": "pass"}
    assert f"stopped {reason}; the report holds what was done" in " ".join(outcome.out.split())
    assert "Traceback" not in outcome.text
    assert outcome.err == ""
    for name in ("index.html", "junit.xml", "summary.md"):
        assert (outcome.report / name).exists()


def test_a_failure_before_the_signal_is_still_a_failure(tmp_path: Path) -> None:
    outcome = stopped(tmp_path, signal.SIGTERM, "fails", "sleeps")
    assert (outcome.code, outcome.results["complete"]) == (1, False)


def test_a_run_nobody_reads_any_more_still_reports(tmp_path: Path) -> None:
    features = suite(tmp_path, "passes", "fails")
    line = command("run", "--features", features)
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - our own command
        line, cwd=tmp_path, env=environment(), stdout=pipe, stderr=pipe, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        # As `| head -0` does; whatever is written from now on has no reader.
        process.stdout.close()
        code = process.wait(timeout=PATIENCE_S)
        assert process.stderr is not None
        err = process.stderr.read()
    assert (code, err) == (1, "")
    assert (tmp_path / "report" / "index.html").exists()


def test_a_listing_nobody_reads_to_its_end_is_no_error(tmp_path: Path) -> None:
    line = command("requirements")
    with subprocess.Popen(  # noqa: S603 - our own command
        line, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        code = process.wait(timeout=PATIENCE_S)
        assert process.stderr is not None
        err = process.stderr.read()
    assert (code, err) == (0, b"")
