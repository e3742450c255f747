"""How fast events reach their receivers: 100 subscribers, 100 changes of roots, HTTPS on this machine.

    python benchmarks/events.py [--database URL] [--receivers N] [--changes N] [--profile]

The courier runs in this process, as `opnc serve` runs it; the receivers are one Granian in another. Each of
the deliveries is counted and its signature checked at the receiver. The goal: 500 deliveries per second.
"""

from __future__ import annotations

import argparse
import cProfile
import multiprocessing
import os
import pstats
import ssl
import tempfile
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from threading import Event as Signal
from threading import Lock, Thread
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from opnc.clock import RunningClock
from opnc.events import ROOT_ADDED, verifies
from simulators.ecosystem import Ecosystem
from simulators.event_courier import Courier
from simulators.event_endpoints import Endpoint
from simulators.kernel.events import Event
from simulators.serve import server

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from multiprocessing.sharedctypes import Synchronized

SECRET = "secret of all receivers"  # noqa: S105 - of a benchmark
PORT = 18443


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for this machine; return its file and that of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receivers")])
    now = RunningClock().now()
    names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "receivers.pem", folder / "receivers.key"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


def receivers(files: tuple[Path, Path], taken: Synchronized[int]) -> None:
    """Serve all receivers until the process is ended."""
    from granian.constants import Interfaces  # noqa: PLC0415 - only the receivers' process needs it
    from granian.server.embed import Server  # noqa: PLC0415 - as above

    async def take(
        scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        body, more = b"", True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        signature = dict(scope["headers"])[b"x-operator-signature"].decode()
        status = 200 if verifies(signature, SECRET, body) else 401
        taken.value += status == 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    import asyncio  # noqa: PLC0415 - as above

    server = Server(
        take,
        "127.0.0.1",
        PORT,
        interface=Interfaces.ASGI,
        ssl_cert=files[0],
        ssl_key=files[1],
        log_enabled=False,
    )
    asyncio.run(server.serve())


def subscribe(ecosystem: Ecosystem, number: int) -> None:
    """Store an endpoint; the way through the service is not what is measured."""
    ecosystem.event.endpoints.add(
        Endpoint(
            id=f"endpoint-{number}",
            owner="oem",
            party="oem",
            wmis=["WDB"],
            provider_ids=[],
            chosen_wmis=[],
            status="enabled",
            url=f"https://127.0.0.1:{PORT}/receiver/{number}",
            secret=SECRET,
            events=[ROOT_ADDED],
            created=0,
            stated={},
        )
    )


def change(number: int) -> Event:
    """Return the event of a root that was added."""
    root_id = f"00000000-0000-4000-8000-{number:012}"
    name = f"CN=Root {number}, O=Benchmark, C=DE"
    payload = {"rootCertificateId": root_id, "distinguishedName": name, "commonName": f"Root {number}"}
    return Event(ROOT_ADDED, {**payload, "rootType": "V2G", "rootSerialNumber": f"{number:x}"})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="sqlite://", metavar="URL")
    parser.add_argument("--receivers", type=int, default=100)
    parser.add_argument("--changes", type=int, default=100)
    parser.add_argument("--profile", action="store_true", help="show where the courier spends its time")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = certificate(Path(folder))
        taken = multiprocessing.Value("i", 0)
        process = multiprocessing.Process(target=receivers, args=(files, taken), daemon=True)
        process.start()
        trust = ssl.create_default_context(cafile=files[0])
        _await_receivers(trust)
        ecosystem = Ecosystem(clock=RunningClock(), database=asked.database)
        ecosystem.reset("1")
        for number in range(asked.receivers):
            subscribe(ecosystem, number)
        turn, due = Lock(), Signal()

        way = server.way_to(trust, {f"127.0.0.1:{PORT}"})
        courier = Courier(ecosystem.event.deliverer, ecosystem.store, way, due.set)
        ecosystem.event.entrust(due.set)
        profile = cProfile.Profile()

        def run() -> None:
            while due.wait():
                due.clear()
                with turn:
                    courier.pump()

        Thread(
            target=profile.runcall if asked.profile else run, args=(run,) * asked.profile, daemon=True
        ).start()
        wanted, before, spent = asked.receivers * asked.changes, perf_counter(), os.times()
        for number in range(asked.changes):
            with turn, ecosystem.store.unit():
                ecosystem.bus.publish(change(number))
            ecosystem.bus.settle()
        while taken.value < wanted and perf_counter() - before < 300:
            sleep(0.01)
        seconds = perf_counter() - before
        busy = os.times().user + os.times().system - spent.user - spent.system
        print(
            f"{taken.value} of {wanted} deliveries in {seconds:.2f} s: {taken.value / seconds:.0f} per second"
        )
        print(f"this process was busy {busy / seconds:.0%} of that time")
        with turn:
            courier.stop()
            ecosystem.close()
        process.terminate()
        if asked.profile:
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def _await_receivers(trust: ssl.SSLContext) -> None:
    with httpx.Client(verify=trust) as http:
        for _ in range(200):
            try:
                http.get(f"https://127.0.0.1:{PORT}/")
            except httpx.HTTPError:
                sleep(0.05)
            else:
                return


if __name__ == "__main__":
    main()
