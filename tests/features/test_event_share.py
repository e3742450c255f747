"""How much of an Event Service is judged without an administrator, a clock and OCSP answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixtures.target.declaration import (
    BACKEND,
    CLOCK,
    FACTORY_RESET,
    OCSP,
    REVOCABLE_CA,
    SECOND_ECOSYSTEM,
    WEBHOOK,
)
from opnc_conformance import benches
from simulators.faults import by_id as fault
from simulators.variants import by_id as variant
from tests.support.benches import WithoutAdministrator
from tests.support.running import here

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from simulators.kernel.fault_injection import Behaviour
    from tests.support.running import Outcome

    Run = Callable[..., Outcome]

NOT_OFFERED = (CLOCK, OCSP, WEBHOOK, BACKEND, FACTORY_RESET, SECOND_ECOSYSTEM, REVOCABLE_CA)
LEAST = 0.85
TOLD = variant("event.vehicles-without-contracts")
POOLS_AND_EVENTS = ("rcp", "pcp", "event")


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs scenarios on a target with accounts of OEMs, eMSPs, CPOs and a CPS alone."""

    def start(services: Collection[str] | None, *behaviours: Behaviour, selected: Collection[str]) -> Outcome:
        bench = WithoutAdministrator(services, *behaviours, lacking=NOT_OFFERED)
        monkeypatch.setattr(benches, "open_bench", lambda _settings: bench)
        return here(capsys, tmp_path / "report", *selected)

    return start


@pytest.mark.parametrize(
    ("services", "behaviours"),
    [(None, ()), (POOLS_AND_EVENTS, (TOLD,)), (("pcp", "event"), (TOLD,))],
    ids=["all", "rcp, pcp, event", "pcp, event"],
)
def test_most_is_judged_and_rightly(
    run: Run, services: Collection[str] | None, behaviours: Collection[Behaviour]
) -> None:
    outcome = run(services, *behaviours, selected=("--service", "event"))
    verdicts = {each["id"]: each["verdict"] for each in outcome.results["requirements"]}
    assert set(verdicts.values()) <= {"pass", "not applicable"}, outcome.text
    passed = [name for name, verdict in verdicts.items() if verdict == "pass"]
    missing = sorted(verdicts.keys() - passed)
    assert len(passed) / len(verdicts) >= LEAST, f"{len(passed)} of {len(verdicts)}, without {missing}"


@pytest.mark.parametrize(
    ("requirement", "broken"),
    [
        ("EVT-POST-04", "event.limit-ignored"),
        ("EVT-POST-04", "event.first-wmi-alone"),
        ("EVT-TYPE-05", "event.new-key-told-as-withdrawal"),
        ("EVT-TYPE-04", "event.withdrawal-told-as-new-key"),
        ("EVT-HOOK-12", "event.everything-sent"),
        ("EVT-HOOK-15", "event.every-role-told"),
        ("EVT-PUT-03", "event.disabled-served"),
        ("EVT-RETRY-01", "event.no-retry"),
        ("EVT-RETRY-05", "event.retry-signed-otherwise"),
        ("EVT-RETRY-07", "event.one-lane"),
    ],
)
def test_a_pool_of_vehicles_and_an_event_service_alone_can_fail(
    run: Run, requirement: str, broken: str
) -> None:
    outcome = run(("pcp", "event"), TOLD, fault(broken), selected=("--requirement", requirement))
    verdicts = {each["id"]: each["verdict"] for each in outcome.results["requirements"]}
    assert verdicts[requirement] == "fail", outcome.text
