"""The simulated backend takes note of each event once, and of no bad one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from opnc import events
from simulators.ecosystem import VEHICLES, Ecosystem
from tests.simulators.event.eventing import EMAID, root_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.parties.receiver import EventReceiver

EVENT_ID = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def backend() -> Iterator[EventReceiver]:
    ecosystem = Ecosystem()
    yield ecosystem.backends["oem"].receiver
    ecosystem.close()


def message(**changes: Any) -> dict[str, Any]:
    head = {"eventId": EVENT_ID, "eventType": "root.cert.added", "timestamp": "2026-06-01T12:00:00Z"}
    return {**head, "payload": dict(root_event().payload), **changes}


def contract(pcid: str) -> dict[str, Any]:
    namespace = "urn:iso:15118:2:2013:MsgDef"
    payload = {"pcid": pcid, "emaid": EMAID}
    return message(eventType="oem.contract.created", xsdMsgDefNamespace=namespace, payload=payload)


def send(backend: EventReceiver, body: Any, header: str = events.SIGNATURE_HEADER) -> int:
    content = json.dumps(body).encode()
    headers = {"Content-Type": "application/json", header: events.signature(backend.secret, content)}
    with httpx.Client(transport=httpx.WSGITransport(app=backend.app)) as http:
        return http.post(f"https://backend.test{backend.path}", content=content, headers=headers).status_code


@pytest.mark.parametrize("header", events.SIGNATURE_HEADERS)
def test_a_good_event_is_noted(backend: EventReceiver, header: str) -> None:
    assert send(backend, message(), header) == 200
    assert backend.noted == [EVENT_ID]


def test_an_event_that_comes_twice_is_noted_once(backend: EventReceiver) -> None:
    assert [send(backend, message()), send(backend, message())] == [200, 200]
    assert backend.noted == [EVENT_ID]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (message(eventId="x"), 400),
        (message(eventType=7), 400),
        (message(payload=[]), 400),
        ([], 400),
        (contract("VF100000000000009"), 409),
    ],
)
def test_a_bad_event_is_not_noted(backend: EventReceiver, body: Any, status: int) -> None:
    assert send(backend, body) == status
    assert backend.noted == []


def test_an_event_about_a_known_vehicle_is_noted(backend: EventReceiver) -> None:
    assert send(backend, contract(VEHICLES[0])) == 200
    assert backend.noted == [EVENT_ID]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_posts_are_answered(backend: EventReceiver, method: str) -> None:
    with httpx.Client(transport=httpx.WSGITransport(app=backend.app)) as http:
        assert http.request(method, f"https://backend.test{backend.path}").status_code == 405
