"""Publishing provisioning certificates with all control steps; reading from a small and a large pool.

    python benchmarks/pools.py [COUNT] [LARGE]

COUNT vehicles are published and read, 300 unless told; the large pool holds LARGE of them, or 100000.
All is in process, request and answer included. Processor time is measured, and of ten turns the one with the
lowest median counts, since other programs may be busy. The goals: a median below 4 ms for a publication whose
three certificates are asked for by OCSP, and reading from the large pool at most 1.5 times as long as from
one of 100.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from random import Random
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any

import httpx
import respx

from fixtures.server.in_process import InProcessServer
from fixtures.server.ocsp_crl import TesterStatusService
from fixtures.target.declaration import SuppliedCa
from fixtures.testdata.certificates import TesterPki
from fixtures.testdata.vehicles import Vehicle
from opnc import contract, vehicles
from opnc.pki.testbed import OEM
from simulators.ecosystem import Ecosystem
from simulators.kernel.in_process import Hosts, responder
from simulators.network.outbound import Outbound
from simulators.pcp.store import VEHICLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PUT, READ = "addProvisioningCertificateV1", "getProvisioningCertificateV1"
STATUS_HOST = "status.tester.opnc.test"
SMALL, TURNS = 100, 10
PUBLICATION_MS, RATIO = 4.0, 1.5


class Line:
    """An ecosystem of its own, and a way to call it."""

    def __init__(self, name: str) -> None:
        self.hosts = Hosts()
        router = respx.MockRouter(assert_all_called=False)
        router.route().mock(side_effect=self.hosts.respond)
        self.http = httpx.Client(transport=httpx.MockTransport(router.handler))
        self.ecosystem = Ecosystem(name, outbound=Outbound(self.http))
        self.hosts.add({host: responder(app) for host, app in self.ecosystem.hosts.items()})
        self.ecosystem.reset("benchmark")
        self._headers = {party: self._authorized(party) for party in ("oem", "emsp")}

    def _authorized(self, party: str) -> dict[str, str]:
        account = self.ecosystem.accounts[party]
        token = self.ecosystem.authorization.grant(account.principal.subject, account.secret)
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, party: str, operation_id: str, body: Any = None, **path: str) -> None:
        """Make a request; anything but 200 ends the benchmark."""
        operation = contract.load().operation(operation_id)
        url = operation.url(self.ecosystem.url("pcp"), path)
        content = None if body is None else json.dumps(body)
        answer = self.http.request(operation.method, url, headers=self._headers[party], content=content)
        if answer.status_code != httpx.codes.OK:
            sys.exit(f"{operation_id}: {answer.status_code} {answer.text}")


def median_of_best_turn(times: list[float]) -> float:
    """Return the median of the turn that was disturbed least."""
    size = max(1, len(times) // TURNS)
    return min(median(times[start : start + size]) for start in range(0, len(times) - size + 1, size))


def milliseconds(call: Callable[[], object]) -> float:
    """Return how much of the processor's time a call takes."""
    start = process_time()
    call()
    return (process_time() - start) * 1e3


def known_vehicles(line: Line, count: int) -> Iterator[Vehicle]:
    """Yield vehicles whose certificates the ecosystem's own PKI has issued: it tells their status itself."""
    for number in range(count):
        made = line.ecosystem.trust.pki.vehicle(f"WDB{number:014}")
        line.ecosystem.register.issue(made.certificate, "WDB")
        yield Vehicle.of(made)


def foreign_vehicles(line: Line, count: int) -> Iterator[Vehicle]:
    """Yield vehicles whose status a responder elsewhere tells, over HTTP."""
    server = InProcessServer(line.hosts, STATUS_HOST)
    status_service = TesterStatusService(f"http://{STATUS_HOST}", line.ecosystem.clock, server)
    supplied = (SuppliedCa("oem", line.ecosystem.trust.pki.root(OEM)),)
    pki = TesterPki.start("benchmark", line.ecosystem.clock, supplied, status_service)
    for number in range(count):
        yield Vehicle.of(pki.vehicle(f"WMA{number:014}"))


def fill(line: Line, size: int) -> list[str]:
    """Bring the pool to a size; return the PCIDs in it."""
    model = Vehicle.of(line.ecosystem.trust.pki.vehicle(f"WDB{0:014}"))
    told = vehicles.informative_members(model.leaf, model.credential.certificates[-1])
    pcids = [f"WDB{number:014}" for number in range(size)]
    common = {
        "namespace": vehicles.namespace_of(model.leaf),
        "key": model.leaf.spki.hex(),
        "valid_from": model.leaf.not_before.timestamp(),
        "valid_to": model.leaf.not_after.timestamp(),
        "checked": line.ecosystem.clock.now().timestamp(),
        "body": json.dumps({**model.entry, **told}),
    }
    with line.ecosystem.store.begin() as connection:
        connection.execute(VEHICLES.insert(), [{"pcid": pcid, **common} for pcid in pcids])
    return pcids


def publishing(count: int) -> None:
    """Measure publications and print a line for each kind of responder."""
    line = Line("publishing")
    for made, who in ((known_vehicles, "its own PKI"), (foreign_vehicles, "a responder elsewhere")):
        publications = [partial(line.ask, "oem", PUT, vehicle.entry) for vehicle in made(line, count)]
        taken = median_of_best_turn(list(map(milliseconds, publications)))
        print(f"publication, status told by {who:<22} median {taken:5.2f} ms   goal {PUBLICATION_MS:.0f}")


def reading(count: int, large: int) -> None:
    """Measure reads from both pools in turns and print their ratio."""
    lines = {size: Line(f"pool{size}") for size in (SMALL, large)}
    pcids = {size: fill(line, size) for size, line in lines.items()}
    times: dict[int, list[float]] = {size: [] for size in lines}
    random = Random(1)  # noqa: S311 - which vehicle is read
    for _ in range(count):
        for size, line in lines.items():
            read = partial(line.ask, "emsp", READ, pcid=random.choice(pcids[size]))
            times[size].append(milliseconds(read))
    small, big = median_of_best_turn(times[SMALL]), median_of_best_turn(times[large])
    print(f"read, pool of {SMALL:<8} median {small:5.2f} ms")
    print(f"read, pool of {large:<8} median {big:5.2f} ms   ratio {big / small:.2f}   goal {RATIO}")


def main(count: int = 300, large: int = 100_000) -> None:
    """Measure everything."""
    publishing(count)
    reading(count, large)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
