from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from reports.results_file import without_times
from tests.support.running import Outcome, apart, here

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the scenarios of the RCP."""
    return lambda *line: here(capsys, tmp_path / "report", "--service", "rcp", *line)


def lasting(outcome: Outcome) -> Any:
    """Return the results without what says when, and for how long."""
    assert outcome.code == 0
    return without_times(outcome.results)


def test_the_same_seed_gives_the_same_results_in_any_order_and_with_workers(run: Run, tmp_path: Path) -> None:
    first = lasting(run())
    assert len(first["scenarios"]) > 80
    assert lasting(run("--shuffle", "7")) == first
    assert lasting(apart(tmp_path, "run", "--service", "rcp", "-n", "2")) == first


def registered(outcome: Outcome) -> set[str]:
    """Return the ids of all roots that were seen."""
    return {
        root["rootCertificateId"]
        for scenario in outcome.results["scenarios"]
        for exchange in scenario["exchanges"]
        if (body := exchange["response"]["body"]["text"])
        for root in json.loads(body)["rootCertificateCollection"]
    }


def test_another_seed_gives_other_ids(run: Run) -> None:
    first, again, other = (
        registered(run("--requirement", "RCP-PUT-01", "--seed", seed)) for seed in ("1", "1", "2")
    )
    assert first == again
    assert len(first - other) == len(other - first) > 0
