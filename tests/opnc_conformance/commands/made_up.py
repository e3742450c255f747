"""Feature files and steps made up for a test: each step ends in the way its text says."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

STEPS = """
    from __future__ import annotations

    import os
    import signal
    import time
    from pathlib import Path

    import pytest
    from pytest_bdd import when

    from fixtures.judging import Inconclusive, Mismatch, NotApplicable
    from reports.model import Finding, FindingLevel

    HERE = Path(__file__).parent
    # A job in a shell's background inherits that Ctrl-C is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def step(text):
        # Definitions of earlier tests may still be known to this process.
        return when(f"{HERE.parent.name} {text}")

    @step("passes")
    def passes():
        pass

    @step("fails")
    def fails():
        raise Mismatch("colour of the sky", expected="blue", seen="green", place="body")

    @step("cannot conclude")
    def cannot_conclude():
        raise Inconclusive("the sky is cloudy")

    @step("does not apply")
    def does_not_apply():
        raise NotApplicable("the target has no sky")

    @step("breaks")
    def breaks():
        raise ValueError("the ladder to the sky")

    @step("warns")
    def warns(judge):
        pale = Finding(level=FindingLevel.WARN, message="the sky is pale", expected="blue", seen="grey")
        judge.record([pale])

    @step("finds something")
    def finds(judge):
        judge.record([Finding(level=FindingLevel.FAIL, message="the sky is green")])

    @step("breaks when it cleans up")
    def breaks_late():
        yield
        raise ValueError("the ladder is stuck")

    @step("asks pytest to skip")
    def skips():
        pytest.skip("no time")

    @step("kills its process")
    def kills():
        os._exit(3)

    @step("sleeps")
    def sleeps():
        (HERE / "asleep").touch()
        time.sleep(60)
"""


def suite(folder: Path, *scenarios: str, conftest: str = "", requirement: str = "RCP-GET-01") -> Path:
    """Make a folder of feature files, with a scenario for each argument: its steps, separated by commas.

    Returns:
        The folder, for `--features`.
    """
    root = folder / "features"
    (root / "rcp").mkdir(parents=True)
    (root / "conftest.py").write_text(dedent(STEPS) + dedent(conftest))
    lines = ["Feature: Made up", ""]
    for name in scenarios:
        lines += [f"  @{requirement}", f"  Scenario: It {name}"]
        lines += [f"    When {folder.name} {step.strip()}" for step in name.split(",")]
        lines += [""]
    (root / "rcp" / "a.feature").write_text("\n".join(lines))
    return root
