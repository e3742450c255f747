"""What `opnc serve` still knows after it was killed (SIGKILL) at random moments while it delivered events.

    python benchmarks/kills.py [--kills N] [--seed N] [--database URL]

A writer subscribes endpoints, has contracts made and registers roots, and notes what was acknowledged. After
the last start nothing of that may be missing: each endpoint with its secret, each contract, and at each
endpoint every event that it was subscribed to, at least once and always with the same id. The exit code is 1
if anything is.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event as Signal
from threading import Thread
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any

import receivers

from fixtures.bench.network_access import outsider
from fixtures.judging import Inconclusive
from fixtures.target.file import load
from fixtures.testdata.certificates import TesterPki
from fixtures.testdata.contracts import ContractFactory
from fixtures.testdata.generator import TestData
from fixtures.testdata.vehicles import Vehicle, publish, wmi
from opnc.clock import RunningClock
from opnc.events import CONTRACT_CREATED, CONTRACT_SENT, ROOT_ADDED
from opnc.pki.reading import read_certificate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fixtures.client.parties import Parties
    from fixtures.target.file import TargetFile

ENDPOINTS = 30
PORTS, GREETING = 10, 3
"""Of a server: how many ports it takes in a row, and how many lines it says when it is ready."""
QUIET_S, MAX_WAIT_S = 3.0, 120.0
TOLD = {"oem": CONTRACT_CREATED, "emsp": CONTRACT_SENT[CONTRACT_CREATED]}
"""What each role is told of a new contract."""

Due = set[tuple[str, str, str]]
"""Endpoint, event and what it is about."""

Delivery = tuple[str, str, str, str]
"""The same, and the id of the event."""


@dataclass
class Acknowledged:
    """What the server has confirmed.

    Attributes:
        endpoints: By id: the party and the endpoint as it was handed out.
        contracts: By EMAID: the vehicle.
        due: The events that must have arrived in the end.
    """

    endpoints: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    contracts: dict[str, str] = field(default_factory=dict)
    due: Due = field(default_factory=set)

    def owe(self, about: str, *events: str) -> None:
        """Note that everybody who is subscribed by now must be told of something."""
        for _, endpoint in self.endpoints.values():
            wanted = set(events) & set(endpoint["enabledEvents"])
            self.due |= {(endpoint["url"].rpartition("/")[2], event, about) for event in wanted}


class Writer:
    """Keeps a server busy until it is gone."""

    def __init__(self, file: TargetFile, data: TestData, acknowledged: Acknowledged) -> None:
        self._file = file
        self._data = data
        self._known = acknowledged
        self.began = Signal()

    def work(self) -> None:
        """Make one change after the other until there is no answer."""
        with outsider(self._file) as parties:
            try:
                while True:
                    if len(self._known.endpoints) < ENDPOINTS:
                        self._subscribe(parties)
                    self._register(parties)
                    self._order(parties)
                    self.began.set()
            except Inconclusive:
                self.began.set()

    def _subscribe(self, parties: Parties) -> None:
        number = len(self._known.endpoints)
        party = ("oem", "emsp")[number % 2]
        place = self._file.receiver.url if self._file.receiver else ""
        url = f"{place}/{self._data.uuid()}"
        answer = parties[party].ask(
            "postEndpointV1", body={"url": url, "enabledEvents": [ROOT_ADDED, TOLD[party]]}
        )
        endpoint = answer.answer.json()
        self._known.endpoints[endpoint["id"]] = party, endpoint

    def _register(self, parties: Parties) -> None:
        root = self._data.root()
        members = {"caCertificate": b64encode(root).decode(), "rootTypeList": ["V2G"]}
        _demand(parties["administrator"].ask("putRootCertificateV1", body=members).answer.status)
        self._known.owe(read_certificate(root).common_name or "", ROOT_ADDED)

    def _order(self, parties: Parties) -> None:
        oem, emsp = parties["oem"], parties["emsp"]
        vehicle = Vehicle.of(self._data.pki.vehicle(self._data.pcid(wmi(oem))))
        _demand(publish(oem, vehicle).answer.status)
        contract = ContractFactory(self._data, emsp).to_generate(vehicle)
        _demand(emsp.ask(contract.operation, body=contract.request).answer.status)
        self._known.contracts[contract.emaid] = contract.pcid
        self._known.owe(contract.emaid, *TOLD.values())


def _demand(status: int) -> None:
    if status not in {200, 201}:
        raise SystemExit(f"a change was answered {status}")


class Server:
    """`opnc serve` at the same place again and again."""

    def __init__(self, folder: Path, database: str | None) -> None:
        self.target = folder / "target.toml"
        port = _row_of_ports(PORTS)
        self._line = [sys.executable, "-m", "opnc_conformance", "serve", "--port", str(port)]
        self._line += [
            "--database",
            database or f"sqlite:///{folder / 'store.sqlite'}",
            "--write-target",
            str(self.target),
        ]
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self._process = subprocess.Popen(self._line, stdout=subprocess.PIPE, text=True)
        said = [self._process.stdout.readline() for _ in range(GREETING)] if self._process.stdout else []
        if not all(said):
            raise SystemExit("the server did not start")

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Put an end to it."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.communicate()
            self._process = None


def _row_of_ports(count: int) -> int:
    """Return a port that is free, as are those behind it."""
    for first in range(21000, 30000, count):
        with ExitStack() as opened:
            try:
                for port in range(first, first + count):
                    opened.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise SystemExit("no free ports")


def noting(path: Path) -> receivers.Take:
    """Return what takes every event and notes it, so that it stays noted whatever happens."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def take(place: str, _headers: dict[bytes, bytes], body: bytes) -> int:
        event = json.loads(body)
        payload = event["payload"]
        about = payload.get("emaid") or payload.get("commonName")
        line = [place.rpartition("/")[2], event["eventType"], about, event["eventId"]]
        os.write(descriptor, f"{json.dumps(line)}\n".encode())
        return 200

    return take


def arrived(path: Path) -> list[Delivery]:
    """Return endpoint, event, what it is about and its id, for each delivery."""
    return [tuple(json.loads(line)) for line in path.read_text().splitlines()]


def await_quiet(path: Path, due: Due) -> None:
    """Wait until all that is due has arrived and nothing more does."""
    end, size, since = perf_counter() + MAX_WAIT_S, -1, perf_counter()
    while perf_counter() < end:
        grown = path.stat().st_size
        if grown != size:
            size, since = grown, perf_counter()
        elif perf_counter() - since > QUIET_S and due <= {each[:3] for each in arrived(path)}:
            return
        sleep(0.1)


def losses(parties: Parties, known: Acknowledged, deliveries: list[Delivery]) -> Iterator[str]:
    """Yield what is missing or wrong, one sentence each."""
    for name, (party, endpoint) in known.endpoints.items():
        answer = parties[party].ask("getEndpointByIdV1", path={"id": name}).answer
        if answer.status != 200 or answer.json()["secret"] != endpoint["secret"]:
            yield f"the endpoint {name} is lost or has another secret"
    for emaid, pcid in known.contracts.items():
        answer = parties["emsp"].ask("getContractDataByEmaidV1", path={"emaid": emaid}).answer
        if answer.status != 200 or pcid.encode() not in answer.content:
            yield f"the contract {emaid} is lost"
    for endpoint_name, event, about in sorted(known.due - {each[:3] for each in deliveries}):
        yield f"{endpoint_name} was never told {event} about {about}"
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, event, about, event_id in deliveries:
        ids[event, about].add(event_id)
    for (event, about), found in ids.items():
        if len(found) > 1:
            yield f"{event} about {about} came with {len(found)} ids"


def main() -> None:
    """Kill, look, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", metavar="URL", help="an empty one on a server (a SQLite file)")
    asked = parser.parse_args()
    random, known = Random(asked.seed), Acknowledged()  # noqa: S311 - moments, not secrets
    with tempfile.TemporaryDirectory() as name, ExitStack() as opened:
        server, notes = Server(Path(name), asked.database), Path(name) / "notes"
        server.start()
        opened.callback(server.end)
        file = load(server.target)
        if file.receiver is None:
            raise SystemExit("opnc serve has written a target file without receiver")
        opened.enter_context(receivers.listening(file.receiver, noting(notes)))
        clock = RunningClock()
        data = TestData(
            f"kills {asked.seed}", clock, TesterPki.start("kills", clock, file.target.supplied, None)
        )
        for _ in range(asked.kills):
            writer = Writer(file, data, known)
            thread = Thread(target=writer.work)
            thread.start()
            writer.began.wait()
            sleep(random.uniform(0, 2))
            server.end()
            thread.join()
            server.start()
        await_quiet(notes, known.due)
        deliveries = arrived(notes)
        with outsider(file) as parties:
            found = list(losses(parties, known, deliveries))
        print(
            f"{asked.kills} kills: {len(known.endpoints)} endpoints and {len(known.contracts)} contracts "
            f"acknowledged, {len(known.due)} deliveries due; {len(deliveries)} made, "
            f"{len(deliveries) - len(set(deliveries))} of them repetitions"
        )
        print(*found or ["nothing lost, every repetition with the same id"], sep="\n")
        server.end(signal.SIGTERM)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
