"""What steps get that ask for `request`, and that they run to their end."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.support.running import command, environment

if TYPE_CHECKING:
    from pathlib import Path

FEATURE = """
    Feature: Requests

      @RCP-GET-01
      Scenario: A request
        When a step gets its request
        And a step with a request yields
"""

STEPS = """
    from pathlib import Path

    from pytest_bdd import when

    SEEN = Path(__file__).with_name("seen")

    def see(text):
        with SEEN.open("a") as file:
            print(text, file=file)

    @when("a step gets its request")
    def plain(request, judge):
        see(f"{request.getfixturevalue('judge') is judge} {request.node.name}")

    @when("a step with a request yields")
    def yielding(request):
        see(f"begins {request.node.name}")
        yield
        see("ends")
"""


@pytest.mark.parametrize("way", ["opnc", "pytest"])
def test_a_step_gets_the_request_of_its_scenario_and_runs_to_its_end(way: str, tmp_path: Path) -> None:
    root = tmp_path / "features"
    (root / "rcp").mkdir(parents=True)
    (root / "rcp" / "a.feature").write_text(dedent(FEATURE))
    (root / "conftest.py").write_text(dedent(STEPS))
    line: list[str] = {
        "opnc": command("run", "--features", root),
        "pytest": [
            *(sys.executable, "-m", "pytest", str(root), "-p", "opnc_conformance.plugin"),
            f"--opnc-features={root}",
        ],
    }[way]
    subprocess.run(line, cwd=tmp_path, env=environment(), check=False, capture_output=True)  # noqa: S603 - ours
    assert (root / "seen").read_text() == "True test_000\nbegins test_000\nends\n"
