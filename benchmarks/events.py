"""How fast `opnc serve` tells its subscribers: 100 receivers, 100 changes of roots, HTTPS on this machine.

    python benchmarks/events.py [--database URL] [--receivers N] [--changes N]

Server, receivers and the administrator who registers the roots are processes of their own. Each delivery is
counted where it is received, if its signature is that of the endpoint. The goal: 500 deliveries per second.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from base64 import b64encode
from pathlib import Path
from time import perf_counter, sleep
from typing import TYPE_CHECKING

import receivers

from fixtures.bench.control import ControlClient
from fixtures.bench.network_access import outsider
from fixtures.target.file import load
from fixtures.testdata.certificates import TesterPki
from fixtures.testdata.generator import TestData
from opnc.clock import RunningClock
from opnc.events import ROOT_ADDED, SIGNATURE_HEADER, verifies
from opnc_conformance import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.sharedctypes import Synchronized

    from fixtures.client.parties import Parties
    from fixtures.target.file import TargetFile

POST, PUT = "postEndpointV1", "putRootCertificateV1"
SUBSCRIBERS = ("oem", "emsp", "cpo", "cps")
MAX_WAIT_S = 300.0
SIGNED = SIGNATURE_HEADER.lower().encode()


def subscribe(parties: Parties, url: str, count: int) -> list[str]:
    """Create endpoints, in turns for every role; return their secrets."""
    secrets = []
    for number in range(count):
        party = parties[SUBSCRIBERS[number % len(SUBSCRIBERS)]]
        answer = party.ask(POST, body={"url": f"{url}/{number}", "enabledEvents": [ROOT_ADDED]})
        secrets.append(answer.answer.json()["secret"])
    return secrets


def counting(taken: Synchronized[int], secrets: list[str]) -> receivers.Take:
    """Return what takes an event if its signature is right, and counts it."""

    def take(path: str, headers: dict[bytes, bytes], body: bytes) -> int:
        right = verifies(headers[SIGNED].decode(), secrets[int(path.rpartition("/")[2])], body)
        taken.value += right
        return 200 if right else 401

    return take


def register(parties: Parties, roots: list[bytes]) -> None:
    """Put roots into the pool."""
    for root in roots:
        members = {"caCertificate": b64encode(root).decode(), "rootTypeList": ["V2G"]}
        status = parties["administrator"].ask(PUT, body=members).answer.status
        if status != 200:
            raise SystemExit(f"a root was answered {status}")


def seconds_at_work(process: int) -> float:
    """Return how long a process has had a processor so far (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(file: TargetFile, count: int, changes: int) -> None:
    """Let roots be registered, wait until all subscribers know of all, and print how long that took."""
    if not file.receiver or not file.control:
        raise SystemExit("opnc serve has written a target file without receiver or management port")
    management = ControlClient(file.control)
    clock, wanted = RunningClock(), count * changes
    data = TestData("benchmark", clock, TesterPki.start("benchmark", clock, (), None))
    roots = [data.root() for _ in range(changes)]
    taken = multiprocessing.Value("i", 0)
    with outsider(file) as parties:
        secrets = subscribe(parties, file.receiver.url, count)
        with receivers.listening(file.receiver, counting(taken, secrets)) as receiving:
            processes = {
                "server": management.health()["pid"],
                "receivers": receiving,
                "administrator": os.getpid(),
            }
            before, spent = perf_counter(), {name: seconds_at_work(each) for name, each in processes.items()}
            register(parties, roots)
            registered = perf_counter() - before
            await_all(lambda: taken.value >= wanted)
            seconds = perf_counter() - before
            shares = [
                f"{name} {(seconds_at_work(each) - spent[name]) / seconds:.0%}"
                for name, each in processes.items()
            ]
    management.close()
    print(f"{taken.value} of {wanted} deliveries in {seconds:.2f} s: {taken.value / seconds:.0f} per second")
    print(f"the roots were registered after {registered:.2f} s; of one processor: {', '.join(shares)}")


def await_all(arrived: Callable[[], bool]) -> None:
    """Wait until everything has arrived, or for as long as it is worth it."""
    end = perf_counter() + MAX_WAIT_S
    while not arrived() and perf_counter() < end:
        sleep(0.01)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="sqlite://", metavar="URL")
    parser.add_argument("--receivers", type=int, default=100)
    parser.add_argument("--changes", type=int, default=100)
    asked = parser.parse_args()
    with serving.server_process("--database", asked.database) as target:
        measure(load(target), asked.receivers, asked.changes)


if __name__ == "__main__":
    main()
