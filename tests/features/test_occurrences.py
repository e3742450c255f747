"""Events are judged by what the accounts of a target can cause, with an administrator or without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc_conformance import benches
from simulators.variants import by_id
from tests.support.benches import WithoutAdministrator
from tests.support.running import here

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import pytest

    from simulators.variants.making import Variant
    from tests.support.running import Outcome

BY_ANY_EVENT = (
    *("EVT-HOOK-01", "EVT-HOOK-02", "EVT-HOOK-03", "EVT-HOOK-12", "EVT-HOOK-16"),
    *("EVT-SIG-01", "EVT-SIG-02", "EVT-SIG-03", "EVT-SIG-04", "EVT-SIG-05"),
    *(f"EVT-RETRY-0{number}" for number in range(1, 9)),
    *("EVT-PUT-02", "EVT-PUT-03", "EVT-PUT-04", "EVT-DEL-01"),
)
"""Requirements that hold of every event, whatever has caused it."""


def run(
    report: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    services: Collection[str] | None = None,
    behaviour: Variant | None = None,
) -> Outcome:
    bench = WithoutAdministrator(services, *filter(None, [behaviour]))
    monkeypatch.setattr(benches, "open_bench", lambda _settings: bench)
    return here(capsys, report, *(part for name in BY_ANY_EVENT for part in ("--requirement", name)))


def verdicts(outcome: Outcome) -> dict[str, str]:
    return {each["id"]: each["verdict"] for each in outcome.results["requirements"]}


def subscribed(outcome: Outcome) -> set[str]:
    """Return the prefixes of the events that were subscribed where any event is caused."""
    bodies = [
        exchange["request"]["body"]["text"]
        for scenario in outcome.results["scenarios"]
        # Where endpoints are looked at as such, nothing has to come to them.
        if not scenario["id"].startswith("event/endpoints::")
        for exchange in scenario["exchanges"]
        if exchange["operation"] == "postEndpointV1"
    ]
    return {
        prefix for prefix in ("root.", "oem.contract.", "mo.prov.") for body in bodies if f'"{prefix}' in body
    }


def test_without_an_administrator_contracts_are_what_events_are_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = run(tmp_path / "report", capsys, monkeypatch)
    assert outcome.code == 0, outcome.text
    found = verdicts(outcome)
    assert {name: found[name] for name in BY_ANY_EVENT} == dict.fromkeys(BY_ANY_EVENT, "pass")
    assert subscribed(outcome) == {"oem.contract."}


def test_with_the_pool_of_vehicles_alone_a_new_key_is_what_events_are_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = by_id("event.vehicles-without-contracts")
    outcome = run(tmp_path / "report", capsys, monkeypatch, ("pcp", "event"), told)
    found = verdicts(outcome)
    assert {name: found[name] for name in BY_ANY_EVENT} == dict.fromkeys(BY_ANY_EVENT, "pass"), outcome.text
    assert "mo.prov." in subscribed(outcome)


def test_where_nobody_is_told_of_vehicles_without_contracts_nothing_can_be_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = run(tmp_path / "report", capsys, monkeypatch, ("pcp", "event"))
    reasons = {
        each["reason"]
        for each in outcome.results["scenarios"]
        if "retries" in each["id"] and each["verdict"] == "not applicable"
    }
    assert len(reasons) == 1
    assert "eMSPs are not told of vehicles without contracts (ERR-049, ERR-131)" in reasons.pop()
