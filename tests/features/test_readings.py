"""The scenarios about several ecosystems hold for a CCP of either reading of the mark (ERR-080)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fixtures.bench.in_process import InProcessBench
from fixtures.target.declaration import READING
from opnc_conformance import benches
from tests.support.running import here

if TYPE_CHECKING:
    from pathlib import Path

    from opnc.broadcast import Reading

OPTIONS = tuple(
    part for name in ("POOL-CCP-02", "POOL-CCP-03", "POOL-CCP-04") for part in ("--requirement", name)
)


class Reader(InProcessBench):
    """A bench around an ecosystem whose CCP reads the mark in one way and declares so, or otherwise."""

    def __init__(self, reading: Reading, declared: Reading) -> None:
        super().__init__()
        self._simulation.ecosystem.ccp.collaboration.reading = reading
        self.target = replace(self.target, declared={**self.target.declared, READING: declared})


@pytest.mark.parametrize(
    ("reading", "declared", "code"), [("B", "B", 0), ("A", "A", 0), ("A", "B", 1), ("B", "A", 1)]
)
def test_a_ccp_is_held_to_the_reading_that_it_declares(
    reading: Reading,
    declared: Reading,
    code: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(benches, "open_bench", lambda _settings: Reader(reading, declared))
    outcome = here(capsys, tmp_path / "report", *OPTIONS)
    failed = {name for name, verdict in outcome.verdicts().items() if verdict == "fail"}
    assert (outcome.code, bool(failed)) == (code, bool(code))
    assert {"pass", "fail"} >= set(outcome.verdicts().values())
