"""Runs the `opnc` command for tests: in this process, which is quick, or in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jsonschema

import reports
from opnc_conformance import suite
from opnc_conformance.__main__ import main
from tests.support.patience import PATIENCE_S

if TYPE_CHECKING:
    import pytest

SCHEMA = json.loads((Path(reports.__file__).parent / "schemas" / "results.schema.json").read_text())


@dataclass(frozen=True)
class Outcome:
    """What a command left behind: its exit code, what it printed, and the folder of its report."""

    code: int
    out: str
    err: str
    report: Path

    @property
    def text(self) -> str:
        return self.out + self.err

    @property
    def results(self) -> dict[str, Any]:
        """The results, which must fit their schema."""
        results = json.loads((self.report / "results.json").read_text())
        jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(results)
        return cast("dict[str, Any]", results)

    def verdicts(self) -> dict[str, str]:
        return {scenario["id"]: scenario["verdict"] for scenario in self.results["scenarios"]}


def here(capsys: pytest.CaptureFixture[str], report: Path, *line: str | Path) -> Outcome:
    """Run `opnc run` in this process. Steps of a conftest need names that no other test has."""
    capsys.readouterr()
    try:
        code = main(["run", "--report", str(report), *map(str, line)])
    except SystemExit as end:
        code = int(end.code or 0)
    captured = capsys.readouterr()
    return Outcome(code, captured.out, captured.err, report)


def command(*line: str | Path) -> list[str]:
    """Return the arguments that start the command in a process of its own."""
    return [sys.executable, "-m", "opnc_conformance", *map(str, line)]


def environment(path: Path | None = None) -> dict[str, str]:
    """Return an environment in which that process finds this checkout, and nothing of the test's pytest."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "OPNC_"))}
    return {**kept, "PYTHONPATH": os.pathsep.join(map(str, filter(None, (path, suite.ROOT))))}


def apart(folder: Path, *line: str | Path, encoding: str = "utf-8", path: Path | None = None) -> Outcome:
    """Run any command in a process of its own, in a folder, where `report` is the default for reports.

    Args:
        folder: Where it runs.
        line: Its arguments.
        encoding: That of its terminal.
        path: Where it looks for modules first.
    """
    done = subprocess.run(  # noqa: S603 - our own command
        command(*line),
        cwd=folder,
        env={**environment(path), "PYTHONIOENCODING": encoding},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE_S,
    )
    return Outcome(done.returncode, done.stdout, done.stderr, folder / "report")
