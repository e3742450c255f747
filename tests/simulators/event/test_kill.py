"""An ecosystem that is killed at any moment loses nothing that it has acknowledged."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections import Counter
from random import Random
from time import sleep
from typing import TYPE_CHECKING

import httpx

from simulators.ecosystem import Ecosystem
from simulators.network.outbound import Outbound
from tests.simulators.event.eventing import World, root_event

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KILLS = int(os.environ.get("OPNC_KILLS", "5"))
HOSTS = tuple(f"r{number}.test" for number in range(5))


class Noted:
    """Lines that several processes have written, one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def add(self, line: str) -> None:
        """Write a line; it is there even if the process is killed right behind."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        os.write(descriptor, f"{line}\n".encode())
        os.close(descriptor)

    def lines(self) -> list[str]:
        """Return all lines."""
        return self.path.read_text().splitlines()


def receiving(received: Noted) -> Callable[[httpx.Request], httpx.Response]:
    """Return receivers that take everything, sometimes only when it comes again."""

    def take(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        root_id = body["payload"]["rootCertificateId"]
        received.add(f"{request.url.host} {root_id} {body['eventId']}")
        return httpx.Response(200, stream=httpx.ByteStream(b""))

    return take


def live(database: str, received: Noted, acknowledged: Noted, first: int) -> None:
    """Tell of one root after the other until somebody puts an end to it."""
    http = httpx.Client(transport=httpx.MockTransport(receiving(received)))
    ecosystem = Ecosystem(outbound=Outbound(http), database=database)
    ecosystem.resume()
    ecosystem.tick()
    for number in range(first, first + 10_000):
        with ecosystem.store.transaction():
            ecosystem.bus.publish(root_event(number=number))
        acknowledged.add(str(root_event(number=number).payload["rootCertificateId"]))
        ecosystem.bus.settle()


def test_no_event_is_lost_and_repetitions_keep_their_id(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'store.sqlite'}"
    world = World(database)
    world.ecosystem.reset("1")
    for host in HOSTS:
        world.subscribe("oem", host, "root.cert.added")
    world.close()

    received, acknowledged = Noted(tmp_path / "received"), Noted(tmp_path / "acknowledged")
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__])
    random = Random(1)  # noqa: S311 - moments, not secrets
    for kill in range(KILLS):
        process = processes.Process(target=live, args=(database, received, acknowledged, kill * 10_000))
        process.start()
        wanted = len(received.lines()) + random.randrange(1, 30)
        while len(received.lines()) < wanted:
            assert process.is_alive()
            sleep(0.005)
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()

    http = httpx.Client(transport=httpx.MockTransport(receiving(received)))
    ecosystem = Ecosystem(outbound=Outbound(http), database=database)
    ecosystem.resume()
    ecosystem.tick()
    ecosystem.close()

    deliveries = [tuple(line.split()) for line in received.lines()]
    reached = {(host, root_id) for host, root_id, _ in deliveries}
    assert reached >= {(host, root_id) for host in HOSTS for root_id in acknowledged.lines()}
    ids = Counter(root_id for root_id, _ in {(root_id, event_id) for _, root_id, event_id in deliveries})
    assert set(ids.values()) == {1}
