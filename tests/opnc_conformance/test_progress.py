"""What a run says while it runs: in a log, on a terminal, and of a failure."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from opnc_conformance import failure_text, live, progress
from opnc_conformance.aggregation import attach_result
from reports.model import Finding, FindingLevel, Profile, ScenarioResult, Verdict
from tests.reports.sample import Requirement, scenario
from tests.support.patience import PATIENCE_S


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def result(verdict: Verdict = Verdict.PASS, *findings: Finding, name: str = "rcp/a::b") -> ScenarioResult:
    base = scenario(0, Requirement("RCP-LIST-02"))
    return replace(base, id=name, verdict=verdict, requirements=("RCP-LIST-02",), findings=findings)


def report(of: ScenarioResult, when: str = "call") -> pytest.TestReport:
    made = pytest.TestReport("a.feature::x", ("a", 0, "x"), {}, "passed", None, when)  # type: ignore[arg-type]
    attach_result(made, of)
    return made


def hear(heard: progress.Progress, *reports: pytest.TestReport, total: int = 4) -> None:
    heard.pytest_xdist_node_collection_finished(["x"] * total)
    for each in reports:
        heard.pytest_runtest_logreport(each)
    heard.pytest_unconfigure()


WRONG = Finding(
    level=FindingLevel.FAIL,
    message="roots of type oem",
    requirement="RCP-LIST-02",
    expected="a, b, c",
    seen="a, c, x, y",
    place="/rootCertificateCollection",
)


def test_a_log_is_told_of_each_cause_once(capsys: pytest.CaptureFixture[str]) -> None:
    other = replace(WRONG, message="something else")
    hear(
        progress.Progress(progress.PlainDisplay(), Profile.LENIENT, ["opnc", "run"]),
        report(result(Verdict.FAIL, WRONG)),
        report(result(Verdict.FAIL, WRONG, name="rcp/a::c")),
        report(result(Verdict.FAIL, other, name="rcp/a::d")),
        report(result(), when="teardown"),
    )
    out = capsys.readouterr().out
    assert "4 scenarios" in out
    assert (out.count("roots of type oem"), out.count("something else")) == (1, 1)
    assert "\x1b" not in out


def test_a_proof_wants_failures_and_tells_none(capsys: pytest.CaptureFixture[str]) -> None:
    heard = progress.Progress(progress.PlainDisplay(), Profile.LENIENT, None)
    hear(heard, report(result(Verdict.FAIL, WRONG)))
    assert capsys.readouterr().out == "4 scenarios\n"


def test_a_log_says_how_far_a_run_is_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    display, counts = progress.PlainDisplay(clock), progress.Counts(100, clock)
    for _ in range(50):
        clock.seconds += 1
        counts.count(result(), failures=True)
        display.done(result(), counts)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert lines[0] == "10 of 100 scenarios (10 %), 90 s left"
    counts.count(result(Verdict.FAIL), failures=True)
    assert "1 failed" in str(counts)


def test_a_failure_says_what_is_demanded_what_differs_and_how_to_see_it_again() -> None:
    text = failure_text.text(result(Verdict.FAIL, WRONG), Profile.LENIENT, ["opnc", "run"], width=80)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[0] == "FAIL rcp/a::b"
    assert lines[1].startswith("RCP-LIST-02 (must): ")
    for line in (
        "seen in roots of type oem, at /rootCertificateCollection",
        "expected a, b, c",
        "missing b",
        "too much x, y",
        "again opnc run rcp/a::b",
    ):
        assert line in lines
    assert max(map(len, text.splitlines())) <= 80


def test_what_a_peer_sent_does_nothing_to_the_terminal() -> None:
    hostile = replace(WRONG, seen="\x1b[2J\u202ered\nFAIL made up")
    text = failure_text.text(result(Verdict.FAIL, hostile), Profile.LENIENT, [])
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert not any(line.startswith("FAIL made up") for line in text.splitlines())


@pytest.mark.parametrize(("expected", "seen"), [("a", "b"), ("a, b", "c, d"), ("a sentence", "a, b, c")])
def test_nothing_is_said_to_differ_where_there_are_no_lists(expected: str, seen: str) -> None:
    assert list(failure_text.difference(expected, seen)) == []


def test_a_terminal_shows_a_line_that_moves_and_keeps_the_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    seen = _on_terminal(monkeypatch)
    assert "\x1b[" in seen
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen)
    assert "FAIL  rcp/a::b" in plain
    assert re.search(r"rcp/a +\S+ 1/4 1 failed", plain)


def test_colour_is_left_out_where_nobody_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", _on_terminal(monkeypatch))


def _on_terminal(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what a failing run writes to a terminal."""
    ours, theirs = os.openpty()
    terminal: Any = os.fdopen(theirs, "w", encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", terminal)
    # A terminal holds a few thousand characters; who writes more waits until somebody reads.
    with ThreadPoolExecutor() as reading:
        seen = reading.submit(_all_of, ours)
        hear(
            progress.Progress(live.LiveDisplay(), Profile.LENIENT, ["opnc", "run"]),
            report(result(Verdict.FAIL, WRONG)),
        )
        terminal.close()
        text = seen.result(PATIENCE_S)
    os.close(ours)
    return text


def _all_of(number: int) -> str:
    chunks = []
    # Linux tells the end of what comes from a terminal by an error.
    with contextlib.suppress(OSError):
        while chunk := os.read(number, 65536):
            chunks.append(chunk)
    return b"".join(chunks).decode()
