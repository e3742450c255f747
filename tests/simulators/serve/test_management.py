"""The management of a served ecosystem: who may use it, and what it does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from fixtures.bench.counterpart_watch import CounterpartWatch
from simulators.faults import FAULTS
from tests.simulators.serve.roots import put_root
from tests.support.patience import PATIENCE_S

if TYPE_CHECKING:
    from tests.support.servers import Served

ROOTS = "/opnc/v1/rcp/rootcertificates"


def test_nobody_manages_without_the_token(served: Served) -> None:
    with httpx.Client(base_url=served.server.management_url, timeout=PATIENCE_S, trust_env=False) as stranger:
        for headers in ({}, {"Authorization": "Bearer guess"}, {"Authorization": "Bearer"}):
            assert stranger.get("/health", headers=headers).status_code == 401
        assert stranger.get("/nothing").status_code == 401


def test_health_tells_what_is_held(served: Served) -> None:
    health = served.manage.get("/health").json()
    assert health["status"] == "ok"
    assert health["held"]["roots"] == served.declared
    assert put_root(served, "one more") == 200
    assert served.manage.get("/health").json()["held"]["roots"] == served.declared + 1


def test_a_tester_sees_what_a_counterpart_has_refused_since_a_scenario_began(served: Served) -> None:
    url = f"{served.server.url}{ROOTS}"
    served.http.put(url, json={"before": 1}, headers=served.authorization("administrator"))
    watch = CounterpartWatch(served.control)
    watch.begin()
    served.http.put(url, json={"after": 1}, headers=served.authorization("administrator"))
    served.server.ecosystem.outbound.not_allowed["ocsp.example:9000"] += 1
    seen = watch.seen()
    watch.close()
    assert [(call.operation, call.status, call.content) for call in seen.calls] == [
        ("putRootCertificateV1", 400, b'{"after":1}')
    ]
    assert seen.not_allowed == ("ocsp.example:9000",)


def test_a_reset_brings_back_the_first_state(served: Served) -> None:
    before = served.roots()
    assert put_root(served, "one more") == 200
    served.manage.post("/clock", json={"advance_s": 7200})
    health = served.manage.post("/reset", json={"seed": "1", "faults": ["rcp.filter-ignored"]}).json()
    assert served.roots() == before
    assert abs(datetime.fromisoformat(health["now"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert served.manage.get("/faults").json()["active"] == ["rcp.filter-ignored"]


def test_the_clock_can_be_put_forward_and_back(served: Served) -> None:
    moved = served.manage.post("/clock", json={"advance_s": 3600}).json()["now"]
    assert datetime.fromisoformat(moved) - datetime.now(UTC) > timedelta(minutes=59)
    back = served.manage.post("/clock", json={"reset": True}).json()["now"]
    assert datetime.fromisoformat(back) - datetime.now(UTC) < timedelta(minutes=1)


def test_faults_can_be_switched_on_and_off(served: Served) -> None:
    known = served.manage.get("/faults").json()["known"]
    assert [each["id"] for each in known] == [fault.id for fault in FAULTS]
    served.manage.put("/faults", json={"active": ["rcp.root-missing"]})
    assert len(served.roots()) == served.declared - 1
    served.manage.put("/faults", json={"active": []})
    assert len(served.roots()) == served.declared


def test_the_history_tells_who_asked_for_what(served: Served) -> None:
    served.roots()
    entries = served.manage.get("/history", params={"last": 1}).json()
    assert [(each["subject"], each["operation"], each["status"]) for each in entries] == [
        ("oem", "getRootCertificatesV1", 200)
    ]
    assert served.manage.get("/history", params={"last": 0}).json() == []


def test_roots_and_ca_are_handed_out(served: Served) -> None:
    assert len(served.manage.get("/roots").json()) == served.declared
    assert served.manage.get("/ca").text == served.server.identity.ca.read_text()


@pytest.mark.parametrize(
    ("method", "path", "order"),
    [
        ("POST", "/reset", {"faults": ["no.such-fault"]}),
        ("POST", "/reset", {"faults": "all"}),
        ("POST", "/reset", ["seed"]),
        ("POST", "/clock", {"advance_s": -1}),
        ("POST", "/clock", {"advance_s": "1"}),
        ("POST", "/clock", {"advance_s": True}),
        ("POST", "/clock", {"advance_s": 1e12}),
        ("POST", "/clock", {}),
        ("PUT", "/faults", {"active": [1]}),
        ("GET", "/history?last=-1", None),
        ("POST", "/vehicles/WDB00000000000001/factory-reset", {}),
        ("POST", "/vehicles/WDB/factory-reset", {}),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(served: Served, method: str, path: str, order: Any) -> None:
    answer = served.manage.request(method, path, json=order)
    assert answer.status_code == 400
    assert answer.json()["title"]


def test_an_order_that_is_no_json_is_refused(served: Served) -> None:
    headers = {"Content-Type": "application/json"}
    assert served.manage.post("/reset", content=b"{", headers=headers).status_code == 400


# What stays
