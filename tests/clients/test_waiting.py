"""The tester waits for the requests of a backend as long as is declared, and counts nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.backends import use_case_runs as module
from fixtures.backends.use_case_runs import Backends
from fixtures.bench.in_process import InProcessBench
from fixtures.evidence.recorder import Recorder
from fixtures.judging import Judge, NotApplicable
from fixtures.target.model import DeclaredBackend
from opnc.clock import VirtualClock
from reports.model import Profile
from simulators.kernel.log import Visit

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOTS, CPS, PUBLISH = "getRootCertificatesV1", "getCpsCertificatesV1", "addProvisioningCertificateV1"


class FakeBench:
    """A bench whose services see something new at every look.

    Attributes:
        looks: What they have seen at each look, the latest for ever.
    """

    def __init__(self, *looks: list[Visit], window: float = 5.0) -> None:
        self.looks = list(looks)
        real = InProcessBench()
        backend = DeclaredBackend(
            party="oem",
            account="oem",
            use_cases={"publish-vehicle": "https://oem.test/hook"},
            window=timedelta(seconds=window),
        )
        self.target = replace(real.target, backends=(backend,))
        self.http = real.http
        real.close()

    def visits(self, subject: str, after: int) -> list[Visit]:
        assert subject == "oem"
        seen = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        return [visit for visit in seen if visit.number > after]


def visit(number: int, operation: str = ROOTS, **query: str) -> Visit:
    return Visit(number, operation, "oem", {}, query, {"accept": "*/*"}, b"", 200, "application/json", b"{}")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Time that passes only while somebody sleeps; its last entry is the present."""
    passed = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: passed[-1])
    monkeypatch.setattr(module, "sleep", lambda seconds: passed.append(passed[-1] + seconds))
    return passed


def observe(bench: FakeBench, judge: Judge | None = None, *awaiting: str) -> list[str]:
    judge = judge or Judge()
    fake: Any = bench
    backend = Backends(fake, Recorder(judge, Profile.LENIENT))["OEM"]
    nothing: Mapping[str, str] = {}
    return [seen.operation for seen in backend.observe(lambda: nothing, awaiting=awaiting).seen]


def test_the_wait_ends_with_what_is_awaited(clock: list[float]) -> None:
    bench = FakeBench([], [], [visit(1)], [visit(1), visit(2, CPS)], [])
    assert observe(bench, None, CPS) == [ROOTS, CPS]
    assert 0 < clock[-1] < 1


def test_without_anything_awaited_the_whole_window_passes(clock: list[float]) -> None:
    assert observe(FakeBench([], [visit(1)], [visit(1), visit(2)])) == [ROOTS, ROOTS]
    assert clock[-1] == pytest.approx(5.0)


def test_nothing_is_waited_for_longer_than_the_window(clock: list[float]) -> None:
    assert observe(FakeBench([], window=1.0), None, PUBLISH) == []
    assert clock[-1] == pytest.approx(1.0)


def test_a_window_of_nothing_is_one_look(clock: list[float]) -> None:
    assert observe(FakeBench([], [visit(1)], window=0.0), None, PUBLISH) == [ROOTS]
    assert clock == [0.0]


def test_what_came_before_does_not_count(clock: list[float]) -> None:
    assert observe(FakeBench([visit(7)], [visit(7), visit(8)]), None, ROOTS) == [ROOTS]
    assert clock == [0.0]


def test_requests_are_held_against_the_contract(clock: list[float]) -> None:
    judge = Judge()
    assert observe(FakeBench([], [visit(1, pkiType="foo")]), judge, ROOTS) == [ROOTS]
    assert [(each.requirement, each.level.value) for each in judge.findings] == [("SYS-CLIENT-01", "fail")]
    assert clock == [0.0]


def test_what_is_not_declared_does_not_apply() -> None:
    fake: Any = FakeBench([])
    backends = Backends(fake, Recorder(Judge(), Profile.LENIENT))
    with pytest.raises(NotApplicable, match="no way to have the OEM backend do set-default"):
        backends["oem"].perform("set-default")
    with pytest.raises(NotApplicable, match="no backend of the CPO"):
        backends["cpo"]


def test_a_visit_survives_the_way_over_the_management_port() -> None:
    first = replace(visit(1, pkiType="v2g"), content=b"\xff\x00", answered=b"")
    assert Visit.from_json(first.to_json()) == first


@pytest.mark.parametrize("members", [{}, {"number": 1}, {**visit(1).to_json(), "x": 1}])
def test_what_is_no_visit_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no visit"):
        Visit.from_json(members)


def test_no_credentials_are_kept_of_a_request() -> None:
    bench = InProcessBench()
    bench.prepare("x", "1", None)
    bench._simulation.ecosystem.backends["oem"].site.client.ask(ROOTS)
    (seen,) = bench.visits("oem", 0)
    assert "authorization" not in seen.headers
    assert bench.visits("cpo", 0) == []
    assert bench.visits("oem", seen.number) == []
    bench.close()
    assert isinstance(bench.clock, VirtualClock)
