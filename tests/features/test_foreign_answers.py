"""A target that answers otherwise than the simulators, and as the errata allow, is not failed for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fixtures.bench.in_process import InProcessBench
from opnc.contract import expected_response
from opnc_conformance import benches
from simulators.faults.tampering import everywhere
from simulators.kernel.fault_injection import Fault
from simulators.kernel.messages import Answer
from tests.support.running import here

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Call


class Otherwise(InProcessBench):
    """A bench around an ecosystem whose services change every answer on its way out."""

    def __init__(self, tamper: Tamper) -> None:
        super().__init__()
        self._answers = Fault("test.otherwise", "rcp", (), "Answers otherwise.", tamper=everywhere(tamper))

    def prepare(self, scenario: str, seed: str, fault: str | None) -> None:
        super().prepare(scenario, seed, fault)
        self._simulation.ecosystem.inject_faults((self._answers,))


class Run:
    """Runs the scenarios of requirements against ecosystems that answer otherwise."""

    def __init__(
        self, report: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._report, self._capsys, self._monkeypatch = report, capsys, monkeypatch

    def __call__(self, tamper: Tamper, requirements: Iterable[str], *line: str) -> Counter[str]:
        """Return how many scenarios have which verdict."""
        self._monkeypatch.setattr(benches, "open_bench", lambda _settings: Otherwise(tamper))
        chosen = (part for name in requirements for part in ("--requirement", name))
        return Counter(here(self._capsys, self._report, *chosen, *line).verdicts().values())


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(tmp_path / "report", capsys, monkeypatch)


# Error bodies (ERR-170)


def _has_schema(call: Call, answer: Answer) -> bool:
    published = expected_response(call.operation, answer.status)
    return answer.status >= 400 and published is not None and bool(published.bodies)


def of_a_framework(call: Call, answer: Answer) -> Answer:
    """Answer errors as Spring does; error.v1 requires no member and forbids none."""
    body = {"timestamp": "2026-01-01T00:00:00Z", "status": answer.status, "error": "-", "path": "/"}
    return Answer.json(answer.status, body) if _has_schema(call, answer) else answer


def without_body(call: Call, answer: Answer) -> Answer:
    return Answer(answer.status, media_type="") if _has_schema(call, answer) else answer


def malformed(call: Call, answer: Answer) -> Answer:
    return Answer.json(answer.status, {"errorMessages": "no"}) if _has_schema(call, answer) else answer


SAYING_WHAT_IS_WRONG = (
    *("RCP-GET-03", "RCP-LIST-07", "CCP-DEL-03", "CCP-SCD-07", "CPS-CERTS-08"),
    *("PCP-GET-05", "PCP-LOOKUP-02", "PCP-DEL-02"),
)


@pytest.mark.parametrize("tamper", [of_a_framework, without_body])
def test_an_error_body_that_is_missing_or_incomplete_is_a_warning(tamper: Tamper, run: Run) -> None:
    assert set(run(tamper, SAYING_WHAT_IS_WRONG)) == {"pass"}
    assert "fail" in run(tamper, ["RCP-GET-03"], "--profile", "strict")


def test_an_error_body_that_is_malformed_fails(run: Run) -> None:
    assert set(run(malformed, SAYING_WHAT_IS_WRONG)) == {"fail"}


# Statuses that nobody lists (ERR-174)


def content_refused_by_422(call: Call, answer: Answer) -> Answer:
    """Answer 422 instead of 400, with the same body."""
    bad = answer.status == 400 and call.operation.service in {"pcp", "cps", "event"}
    return replace(answer, status=422) if bad else answer


def deleted_by_204(call: Call, answer: Answer) -> Answer:
    """Answer a deletion 204, which has no body."""
    done = call.operation.method == "DELETE" and answer.status == 200
    return Answer(204, media_type="") if done else answer


IN_PLACE_OF_400 = (
    *("CPS-GEN-10", "CPS-GEN-19", "CPS-SIGN-11", "CPS-SIGN-20", "EVT-POST-06", "EVT-POST-09"),
    *("EVT-PUT-05", "PCP-ACC-02", "PCP-DEL-03", "PCP-GET-04", "PCP-LOOKUP-03", "PCP-PUT-07", "PCP-PUT-08"),
)


def test_422_in_place_of_400_is_a_warning(run: Run) -> None:
    assert set(run(content_refused_by_422, IN_PLACE_OF_400)) == {"pass"}
    assert "fail" in run(content_refused_by_422, ["PCP-GET-04"], "--profile", "strict")


def test_204_to_a_deletion_is_a_warning(run: Run) -> None:
    deleting = ("RCP-DEL-01", "PCP-DEL-01", "CCP-DEL-01", "EVT-DEL-01", "PCP-GET-07", "RCP-DEL-06")
    assert set(run(deleted_by_204, deleting)) == {"pass"}
    assert "fail" in run(deleted_by_204, ["PCP-DEL-01"], "--profile", "strict")
