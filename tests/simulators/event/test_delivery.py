"""Delivery as the services of an ecosystem cause it: who is told, and what follows from the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from opnc import contract, events
from simulators.kernel.events import Event
from tests.simulators.event.eventing import (
    BASE,
    EMAID,
    HOUR,
    OTHER_PCID,
    PCID,
    World,
    ids,
    root_event,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

OEM_EVENTS = events.OEM_EVENTS


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    made.ecosystem.reset("1")
    yield made
    made.close()


def test_a_contract_event_goes_to_the_oem_of_the_vehicle_and_to_nobody_else(world: World) -> None:
    for party, host in (("oem", "a"), ("other oem", "b"), ("cpo", "c"), ("cps", "d"), ("emsp", "e")):
        world.subscribe(party, f"{host}.test", *OEM_EVENTS)
    world.publish(world.contract("oem.contract.created"))
    assert [request.url.host for request in world.receivers.requests] == ["a.test"]


@pytest.mark.parametrize("name", events.EMSP_EVENTS)
def test_an_emsp_event_goes_to_the_emsp_of_the_contract_and_to_nobody_else(world: World, name: str) -> None:
    for party, host in (("oem", "a"), ("other emsp", "b"), ("emsp", "c"), ("cpo", "d")):
        world.subscribe(party, f"{host}.test", name)
    world.publish(world.contract(name))
    assert [request.url.host for request in world.receivers.requests] == ["c.test"]


def test_a_subscription_under_the_other_spelling_brings_the_event(world: World) -> None:
    world.subscribe("emsp", "e.test", "emsp.prov.cert.deleted")
    world.publish(world.contract("mo.prov.cert.deleted"))
    assert world.receivers.told("e.test") == ["mo.prov.cert.deleted"]


def test_an_endpoint_limited_to_one_wmi_gets_no_events_of_another(world: World) -> None:
    world.subscribe("oem", "a.test", *OEM_EVENTS, wmi=["WMA"])
    world.publish(
        world.contract("oem.contract.created", PCID), world.contract("oem.contract.created", OTHER_PCID)
    )
    assert [body["payload"]["pcid"] for body in world.receivers.bodies("a.test")] == [OTHER_PCID]


def test_a_limit_to_a_wmi_keeps_no_event_about_roots_away(world: World) -> None:
    world.subscribe("oem", "a.test", "root.cert.added", wmi=["WMA"])
    world.publish(root_event())
    assert world.receivers.told("a.test") == ["root.cert.added"]


@pytest.mark.parametrize("name", events.EVENTS)
def test_every_event_fits_the_strict_contract(world: World, name: str) -> None:
    for party in ("oem", "emsp"):
        world.subscribe(party, f"{party}.test", *events.EVENTS)
    world.publish(root_event(name) if name in events.ROOT_EVENTS else world.contract(name))
    operation = "post-users-userId" if name in events.ROOT_EVENTS else "post-root-users-userId"
    for request in world.receivers.requests:
        headers = dict(request.headers)
        checked = contract.load().operation(operation)
        assert contract.check_request_body(checked, headers, request.content, "strict") == ()
        assert contract.check_parameters(checked, path={}, query={}, headers=headers, profile="strict") == ()
    assert world.receivers.requests


@pytest.mark.parametrize("name", OEM_EVENTS)
def test_the_emsp_is_told_once_the_oem_has_taken_the_event(world: World, name: str) -> None:
    world.subscribe("oem", "oem.test", *OEM_EVENTS)
    world.subscribe("oem", "oem2.test", *OEM_EVENTS)
    world.subscribe("emsp", "emsp.test", *events.EMSP_EVENTS)
    world.publish(world.contract(name))
    assert [request.url.host for request in world.receivers.requests][-1] == "emsp.test"
    assert world.receivers.told("emsp.test") == [events.CONTRACT_SENT[name]]
    told = world.receivers.bodies("emsp.test")[0]
    assert told["payload"] == {"pcid": PCID, "emaid": EMAID}
    assert told["xsdMsgDefNamespace"] == "urn:iso:15118:2:2013:MsgDef"
    assert told["eventId"] != world.receivers.bodies("oem.test")[0]["eventId"]


def test_a_foreign_emsp_is_not_told_how_the_oem_took_the_event(world: World) -> None:
    world.subscribe("oem", "oem.test", *OEM_EVENTS)
    world.subscribe("other emsp", "other.test", *events.EMSP_EVENTS)
    world.publish(world.contract("oem.contract.created"))
    assert world.receivers.told("other.test") == []


@pytest.mark.parametrize("status", [400, 409])
def test_a_refusal_by_the_oem_is_final_and_told_the_emsp(world: World, status: int) -> None:
    world.subscribe("oem", "oem.test", *OEM_EVENTS)
    world.subscribe("emsp", "emsp.test", *events.EMSP_EVENTS)
    world.receivers.answers["oem.test"] = [status]
    world.publish(world.contract("oem.contract.created"))
    world.ecosystem.advance(6 * HOUR)
    assert world.receivers.told("oem.test") == ["oem.contract.created"]
    assert world.receivers.told("emsp.test") == ["mo.contract.rejected.by.oem"]


@pytest.mark.parametrize(
    "trouble", [500, 503, 302, httpx.ConnectError, httpx.ReadTimeout, httpx.ProtocolError]
)
def test_trouble_at_the_oem_queues_the_event_and_tells_the_emsp_once(
    world: World, trouble: int | type[httpx.HTTPError]
) -> None:
    world.subscribe("oem", "oem.test", *OEM_EVENTS)
    world.subscribe("emsp", "emsp.test", *events.EMSP_EVENTS)
    world.receivers.answers["oem.test"] = [trouble, trouble]
    world.publish(world.contract("oem.contract.created"))
    assert world.receivers.told("emsp.test") == ["mo.contract.queued.to.oem"]
    world.ecosystem.advance(2 * HOUR)
    assert world.receivers.told("oem.test") == ["oem.contract.created"] * 3
    assert world.receivers.told("emsp.test") == [
        "mo.contract.queued.to.oem",
        "mo.contract.created.sent.to.oem",
    ]


def test_an_event_is_given_up_after_the_third_retry_and_kept_as_failed(world: World) -> None:
    world.subscribe("oem", "oem.test", *OEM_EVENTS)
    world.receivers.answers["oem.test"] = [503] * 9
    world.publish(world.contract("oem.contract.created"))
    world.ecosystem.advance(48 * HOUR)
    assert len(set(ids(world.receivers.bodies("oem.test")))) == 1
    assert world.receivers.told("oem.test") == ["oem.contract.created"] * 4
    (failed,) = world.ecosystem.event.queue.failed()
    assert failed.attempts == 4
    assert failed.event_id in failed.body


def test_events_about_one_vehicle_stay_in_order_while_others_pass(world: World) -> None:
    world.subscribe("oem", "oem.test", *OEM_EVENTS)
    world.receivers.answers["oem.test"] = [503]
    world.publish(world.contract("oem.contract.created"))
    world.publish(world.contract("oem.contract.deleted"), world.contract("oem.contract.created", OTHER_PCID))
    assert [body["payload"]["pcid"] for body in world.receivers.bodies("oem.test")] == [PCID, OTHER_PCID]
    world.ecosystem.advance(HOUR)
    of_vehicle = [b["eventType"] for b in world.receivers.bodies("oem.test") if b["payload"]["pcid"] == PCID]
    assert of_vehicle == ["oem.contract.created", "oem.contract.created", "oem.contract.deleted"]


def test_what_waits_for_a_disabled_endpoint_goes_on_when_it_is_enabled(world: World) -> None:
    url = f"{BASE}/{world.subscribe('oem', 'o.test', *OEM_EVENTS)}"
    world.receivers.answers["o.test"] = [503]
    world.publish(world.contract("oem.contract.created"))
    world.ask("oem", "PUT", url, {"url": "https://o.test/hook", "status": "disabled"})
    world.ecosystem.advance(5 * HOUR)
    assert len(world.receivers.requests) == 1
    world.ask("oem", "PUT", url, {"url": "https://new.test/hook", "status": "enabled"})
    assert world.receivers.told("new.test") == ["oem.contract.created"]


def test_what_waits_is_dropped_with_its_endpoint_or_its_subscription(world: World) -> None:
    kept = world.subscribe("oem", "kept.test", *OEM_EVENTS)
    gone = world.subscribe("oem", "gone.test", *OEM_EVENTS)
    world.receivers.answers.update({"kept.test": [503], "gone.test": [503]})
    world.publish(world.contract("oem.contract.created"))
    world.ask("oem", "DELETE", f"{BASE}/{gone}")
    body = {"url": "https://kept.test/hook", "enabledEvents": ["oem.contract.deleted"]}
    assert world.ask("oem", "PUT", f"{BASE}/{kept}", body).status_code == 200
    world.ecosystem.advance(5 * HOUR)
    assert len(world.receivers.requests) == 2


def test_the_change_is_there_before_anybody_is_told_of_it(world: World) -> None:
    seen: list[int] = []
    world.subscribe("cpo", "c.test", "root.cert.revoked")
    root_id = _first_root(world)
    pool = httpx.Client(transport=httpx.WSGITransport(app=world.ecosystem.rcp.app))
    account = world.ecosystem.accounts["administrator"]
    token = world.ecosystem.authorization.grant(account.principal.subject, account.secret)
    headers = {"Authorization": f"Bearer {token}"}
    url = f"https://rcp.alpha.opnc.test/opnc/v1/rcp/rootcertificates/{root_id}"
    world.receivers.before_answer = lambda: seen.append(pool.get(url, headers=headers).status_code)
    assert pool.delete(url, headers=headers).status_code == 200
    assert seen == [404]
    pool.close()


def _first_root(world: World) -> str:
    account = world.ecosystem.accounts["oem"]
    token = world.ecosystem.authorization.grant(account.principal.subject, account.secret)
    with httpx.Client(transport=httpx.WSGITransport(app=world.ecosystem.rcp.app)) as pool:
        answer = pool.get(
            "https://rcp.alpha.opnc.test/opnc/v1/rcp/rootcertificates",
            headers={"Authorization": f"Bearer {token}"},
        )
    return str(answer.json()["rootCertificateCollection"][0]["rootCertificateId"])


def test_an_event_that_nobody_wants_leaves_nothing_behind(world: World) -> None:
    world.publish(Event("root.cert.added", {"rootCertificateId": "x"}))
    assert world.ecosystem.event.next_due() is None
