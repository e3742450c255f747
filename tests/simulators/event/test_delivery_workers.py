"""The workers of a served ecosystem: it holds up nobody, loses nothing, and keeps the order."""

from __future__ import annotations

import json
from contextlib import contextmanager
from threading import Event as Signal
from typing import TYPE_CHECKING

import httpx
import pytest

from simulators.event.delivery_workers import MAX_PROMPT_ENDPOINTS, DeliveryWorkers
from simulators.kernel.ecosystem_lock import EcosystemLock
from simulators.network.outbound import Outbound
from tests.simulators.event.eventing import BASE, HOUR, OTHER_PCID, PCID, World, root_event
from tests.support.patience import PATIENCE_S, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulators.event.delivery import OutgoingRequest


class Served:
    """A world whose events are delivered by a workers."""

    def __init__(self) -> None:
        self.world = World()
        self.world.ecosystem.reset("1")
        self.turn = EcosystemLock()
        self.turn.__enter__()
        self.hanging: set[str] = set()
        self.released = Signal()
        self.woken = Signal()
        http = httpx.Client(transport=httpx.MockTransport(self._answer))
        self.outbound = Outbound(http)
        event = self.world.ecosystem.event
        self.workers = DeliveryWorkers(event.deliverer, self.world.ecosystem.store, self._way, self._wake)
        event.use_delivery(self.workers.dispatch_due)

    @contextmanager
    def _way(self) -> Iterator[Callable[[OutgoingRequest], int | None]]:
        yield lambda request: self.outbound.post(request.url, request.content, request.headers)

    def _wake(self) -> None:
        self.woken.set()

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host in self.hanging:
            self.released.wait(PATIENCE_S)
        return self.world.receivers(request)

    def close(self) -> None:
        self.released.set()
        self.workers.stop()
        self.world.close()


@pytest.fixture
def served() -> Iterator[Served]:
    made = Served()
    yield made
    made.close()


def test_events_reach_every_endpoint_in_order(served: Served) -> None:
    for number in range(20):
        served.world.subscribe("oem", f"r{number}.test", "root.cert.added")
    for number in range(50):
        served.world.publish(root_event(number=number))
    served.workers.drain(served.turn)
    for host in (f"r{number}.test" for number in range(20)):
        got = [body["payload"]["rootCertificateId"] for body in served.world.receivers.bodies(host)]
        assert got == sorted(got)
        assert len(set(got)) == len(got) == 50


def test_a_late_answer_of_a_deleted_endpoint_ends_no_other_delivery(served: Served) -> None:
    served.hanging.add("slow.test")
    gone = served.world.subscribe("oem", "slow.test", "root.cert.added")
    served.world.publish(root_event(number=1))
    assert served.world.ask("oem", "DELETE", f"{BASE}/{gone}").status_code == 200
    served.world.subscribe("emsp", "quick.test", "root.cert.added")
    served.world.ecosystem.bus.publish(root_event(number=2))
    served.released.set()
    assert served.woken.wait(PATIENCE_S)
    served.workers.drain(served.turn)
    assert len(served.world.receivers.told("quick.test")) == 1


def test_receivers_that_hang_hold_up_neither_callers_nor_other_receivers(served: Served) -> None:
    for number in range(3 * MAX_PROMPT_ENDPOINTS):
        served.hanging.add(f"slow{number}.test")
        served.world.subscribe("oem", f"slow{number}.test", "root.cert.added")
    served.world.subscribe("emsp", "quick.test", "root.cert.added")
    for number in range(5):
        served.world.publish(root_event(number=number))
    while len(served.world.receivers.told("quick.test")) < 5:
        assert served.woken.wait(PATIENCE_S)
        served.woken.clear()
        served.workers.dispatch_due()
    assert served.world.ask("oem", "GET").status_code == 200
    assert served.world.receivers.told("slow0.test") == []


def test_a_turn_ends_where_a_receiver_keeps_us_waiting_and_nothing_is_sent_twice(served: Served) -> None:
    served.hanging.add("slow.test")
    served.world.subscribe("oem", "slow.test", "root.cert.added")
    for number in range(3):
        served.world.publish(root_event(number=number))
    served.released.wait(0.4)
    served.released.set()
    served.workers.drain(served.turn)
    sent = [json.loads(request.content)["eventId"] for request in served.world.receivers.requests]
    assert len(sent) == len(set(sent)) == 3


def test_order_per_vehicle_is_kept_where_the_first_event_fails(served: Served) -> None:
    served.world.subscribe("oem", "r.test", "oem.contract.created", "oem.contract.deleted")
    served.world.receivers.answers["r.test"] = [503]
    served.world.publish(served.world.contract("oem.contract.created"))
    served.world.publish(served.world.contract("oem.contract.deleted"))
    served.world.publish(served.world.contract("oem.contract.created", OTHER_PCID))
    served.workers.drain(served.turn)
    assert [body["payload"]["pcid"] for body in served.world.receivers.bodies("r.test")] == [PCID, OTHER_PCID]


def test_what_follows_from_an_answer_is_delivered_too(served: Served) -> None:
    served.world.subscribe("oem", "oem.test", "oem.contract.created")
    served.world.subscribe("emsp", "emsp.test", "mo.contract.created.sent.to.oem")
    served.world.publish(served.world.contract("oem.contract.created"))
    served.workers.drain(served.turn)
    assert served.world.receivers.told("emsp.test") == ["mo.contract.created.sent.to.oem"]


def test_a_change_of_an_endpoint_takes_effect_for_what_waits(served: Served) -> None:
    served.hanging.add("old.test")
    endpoint = served.world.subscribe("oem", "old.test", "root.cert.added")
    served.world.publish(root_event(number=1))
    served.world.publish(root_event(number=2))
    url = f"https://event.alpha.opnc.test/opnc/v1/event/endpoints/{endpoint}"
    served.world.ask("oem", "PUT", url, {"url": "https://new.test/"})
    served.released.set()
    served.workers.drain(served.turn)
    assert (len(served.world.receivers.told("old.test")), len(served.world.receivers.told("new.test"))) == (
        1,
        1,
    )


def test_an_endpoint_disabled_while_it_is_tried_gets_no_retry(served: Served) -> None:
    served.hanging.add("r.test")
    endpoint = served.world.subscribe("oem", "r.test", "root.cert.added")
    served.world.receivers.answers["r.test"] = [503]
    served.world.publish(root_event())
    url = f"https://event.alpha.opnc.test/opnc/v1/event/endpoints/{endpoint}"
    served.world.ask("oem", "PUT", url, {"url": "https://r.test/hook", "status": "disabled"})
    served.released.set()
    served.workers.drain(served.turn)
    served.world.ecosystem.advance(5 * HOUR)
    served.workers.drain(served.turn)
    assert len(served.world.receivers.requests) == 1
    served.world.ask("oem", "PUT", url, {"url": "https://r.test/hook", "status": "enabled"})
    served.workers.drain(served.turn)
    assert len(served.world.receivers.requests) == 2


def test_what_could_not_be_noted_is_sent_again_with_its_id(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliverer = served.world.ecosystem.event.deliverer
    conclude, failures = deliverer.apply_outcome, [OSError("the disk is full")]

    def concluding(*arguments: object) -> None:
        if failures:
            raise failures.pop()
        conclude(*arguments)  # type: ignore[arg-type] # as they came

    monkeypatch.setattr(deliverer, "apply_outcome", concluding)
    served.world.subscribe("oem", "r.test", "root.cert.added")
    served.world.publish(root_event())
    with pytest.raises(OSError, match="disk is full"):
        served.workers.drain(served.turn)
    served.workers.drain(served.turn)
    sent = {json.loads(request.content)["eventId"] for request in served.world.receivers.requests}
    assert len(served.world.receivers.requests) == 2
    assert len(sent) == 1


def test_an_answer_that_comes_after_the_store_was_emptied_ends_nothing_that_came_again(
    served: Served,
) -> None:
    def happen() -> str:
        served.world.ecosystem.reset("1")
        served.workers.forget()
        endpoint = served.world.subscribe("oem", "slow.test", "root.cert.added")
        served.world.publish(root_event())
        return endpoint

    served.hanging.add("slow.test")
    assert happen() == happen()  # with the same seed the ids are the same
    served.released.set()
    served.workers.drain(served.turn)
    assert eventually(lambda: len(served.world.receivers.told("slow.test")) == 2)


def test_while_it_pauses_it_begins_nothing(served: Served) -> None:
    served.world.subscribe("oem", "r.test", "root.cert.added")
    with served.workers.paused():
        served.world.publish(root_event())
        served.workers.drain(served.turn)
        assert served.world.receivers.requests == []
    served.workers.drain(served.turn)
    assert len(served.world.receivers.requests) == 1


def test_what_is_not_begun_when_the_server_stops_stays_in_the_store(served: Served) -> None:
    served.hanging.add("slow.test")
    served.world.subscribe("oem", "slow.test", "root.cert.added")
    for number in range(3):
        served.world.publish(root_event(number=number))
    served.released.set()
    served.workers.stop()
    served.workers.stop()
    waiting = served.world.ecosystem.event.queue.due(float("inf"), 10)
    assert len(waiting) + len(served.world.receivers.requests) == 3
