"""Simulated backends act when their hooks are called as they should be, and say what is wrong otherwise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.backends.use_cases import USE_CASES
from fixtures.bench.simulation import Simulation
from fixtures.target.validation import schema
from opnc import events
from opnc_conformance import suite
from tests.simulators.event.eventing import root_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


@pytest.fixture(scope="module")
def simulation() -> Iterator[Simulation]:
    """An ecosystem with its backends."""
    simulation = Simulation()
    yield simulation
    simulation.close()


@pytest.fixture(autouse=True)
def _fresh(simulation: Simulation) -> None:
    simulation.reset("1")


def call(simulation: Simulation, use_case: str, body: Any = None, **headers: str) -> httpx.Response:
    """Call a hook of the OEM's backend."""
    backend = simulation.ecosystem.backends["oem"]
    url = f"{simulation.ecosystem.backends.url(backend)}/use-cases/{use_case}"
    content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    shown = {"Authorization": f"Bearer {backend.context.secret}", **headers}
    return simulation.http.post(url, content=content, headers=shown)


def asked(simulation: Simulation) -> list[str]:
    return [call.operation for call in simulation.ecosystem.log.calls_of("oem", 0)]


def test_a_hook_is_answered_when_the_backend_has_acted(simulation: Simulation) -> None:
    assert call(simulation, "publish-vehicle").status_code == 200
    assert asked(simulation) == ["addProvisioningCertificateV1"]


def test_a_token_that_has_expired_is_renewed(simulation: Simulation) -> None:
    call(simulation, "publish-vehicle")
    simulation.ecosystem.backends["oem"].context.client._token = "old"
    call(simulation, "publish-vehicle")
    assert asked(simulation) == ["addProvisioningCertificateV1"] * 2
    assert {call.status for call in simulation.ecosystem.log.calls_of("oem", 0)} == {200}


@pytest.mark.parametrize(
    ("use_case", "body", "status", "said"),
    [
        ("fly", {}, 404, "there is no use case fly; there are publish-vehicle"),
        ("renew-vehicle", {}, 400, "pcid is missing"),
        ("renew-vehicle", {"pcid": 7}, 400, "object of strings"),
        ("renew-vehicle", b"[1]", 400, "object of strings"),
        ("renew-vehicle", b"{", 400, "object of strings"),
        ("renew-vehicle", b"\xff", 400, "object of strings"),
        ("renew-vehicle", b" " * 70_000, 400, "object of strings"),
    ],
)
def test_a_wrong_call_is_refused(
    simulation: Simulation, use_case: str, body: Any, status: int, said: str
) -> None:
    answer = call(simulation, use_case, body)
    assert answer.status_code == status
    assert said in answer.text
    assert asked(simulation) == []


def test_nobody_else_can_call_a_hook(simulation: Simulation) -> None:
    assert call(simulation, "publish-vehicle", Authorization="Bearer guessed").status_code == 401
    assert call(simulation, "publish-vehicle", Authorization="").status_code == 401
    assert asked(simulation) == []


def test_a_backend_that_reaches_nobody_says_so(simulation: Simulation) -> None:
    site = simulation.ecosystem.backends["oem"].context
    site.client.http = None
    try:
        answer = call(simulation, "publish-vehicle")
    finally:
        site.client.http = simulation.http
    assert (answer.status_code, answer.json()["title"]) == (502, "this backend is connected with nobody")


def test_an_event_is_taken_though_its_consequence_fails(simulation: Simulation) -> None:
    backend = simulation.ecosystem.backends["cpo"]
    backend.context.client.http = None
    message = {
        "eventId": "11111111-1111-4111-8111-111111111111",
        "eventType": events.ROOT_ADDED,
        "timestamp": "2026-06-01T12:00:00Z",
        "payload": dict(root_event().payload),
    }
    content = json.dumps(message).encode()
    headers = {
        "Content-Type": "application/json",
        events.SIGNATURE_HEADER: events.signature(backend.context.secret, content),
    }
    url = simulation.ecosystem.backends.events_url(backend)
    try:
        assert simulation.http.post(url, content=content, headers=headers).status_code == 200
    finally:
        backend.context.client.http = simulation.http
    assert len(backend.receiver.noted) == 1


def test_use_cases_are_the_same_for_tester_simulators_and_target_files(simulation: Simulation) -> None:
    simulated = {each.party: set(each.use_cases()) for each in simulation.ecosystem.backends}
    assert simulated == {party: set(names) for party, names in USE_CASES.items()}
    declared = schema()["properties"]["backends"]["properties"]
    assert simulated == {
        party: set(table["properties"]["use_cases"]["properties"]) for party, table in declared.items()
    }


def test_the_documentation_names_every_use_case() -> None:
    text = (suite.ROOT / "docs" / "how-to" / "test-a-backend.md").read_text(encoding="utf-8")
    assert [name for names in USE_CASES.values() for name in names if f"`{name}`" not in text] == []
