"""When a run is over early."""

from __future__ import annotations

import pytest

from fixtures.judging import Inconclusive, Mismatch, NotApplicable, SilentReceiver, Unreachable
from opnc_conformance.unresponsive import UnresponsiveTarget

SILENT = Unreachable("no answer")


@pytest.mark.parametrize(
    ("errors", "over"),
    [
        ([SILENT, SILENT], False),
        ([SILENT, SILENT, SILENT], True),
        ([SILENT, SILENT, None, SILENT, SILENT], False),
        ([SILENT, NotApplicable("x"), SILENT, NotApplicable("x"), SILENT], True),
        ([SILENT, SILENT, Inconclusive("refused"), SILENT], False),
        ([SILENT, SILENT, Mismatch("x", expected="a", seen="b", place="body"), SILENT], False),
        ([Inconclusive("refused")] * 9, False),
        ([SilentReceiver("no answer")] * 9, False),
        ([SILENT, SILENT, SilentReceiver("no answer"), SILENT], True),
    ],
)
def test_three_silent_scenarios_in_a_row_end_the_run(
    errors: list[BaseException | None], *, over: bool
) -> None:
    reasons: list[str] = []
    unresponsive = UnresponsiveTarget()
    for error in errors:
        unresponsive.record(error, reasons.append)
    assert bool(reasons) is over
    if over:
        assert reasons == ["3 scenarios in a row got no answer, the last one: no answer"]
