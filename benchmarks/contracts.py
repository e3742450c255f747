"""The whole life of a contract, requests of vehicles under load, and pools of contracts of two sizes.

    python benchmarks/contracts.py [COUNT] [LARGE]

COUNT vehicles live through it, 200 unless told: the key is made, its certificate enrolled and published, a
contract ordered, which the operator generates, signs and stores, requested by EXI at a charging station,
verified and installed. In process the processor's time counts, over TLS against `opnc serve` that of the
clock, server and vehicles sharing this machine; of ten turns the one with the lowest median, since other
programs may be busy. The goals are medians below 25 and 60 ms. Then two processes send `opnc serve`
requests of vehicles as fast as they are answered. At last pools of LARGE contracts, 100000 unless told, and
of 100 are asked for the same: at most 1.5 times as long.
"""

from __future__ import annotations

import multiprocessing
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import httpx
import respx
from cryptography.hazmat.primitives.asymmetric import ec

from fixtures.target.file import load
from fixtures.testdata.vehicles import Vehicle
from opnc import contract
from opnc.clock import RunningClock
from opnc.pki import est
from opnc.pki.credentials import Credential
from opnc.pki.issue import Subject
from opnc.pki.reading import read_certificate_text
from opnc.pki.requests import build_request
from opnc.provisioning.namespaces import NAMESPACES
from opnc.roots import instant, stated_types
from opnc_conformance.serving import server_process
from simulators.ccp.store import CONTRACTS
from simulators.ecosystem import Ecosystem
from simulators.kernel.in_process import responder
from simulators.network.outbound import Outbound
from simulators.parties.evcc import Evcc, EvccProvisioning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from opnc.clock import Clock
    from opnc.pki.reading import ReadCertificate

ENROLL, CA_CERTIFICATES, PUBLISH = "simpleEnrollCertV1", "getCaCertsV1", "addProvisioningCertificateV1"
GENERATE, REQUEST = "generateAndSignContractDataV1", "getSignedContractDataByCertificateInstallationReqV1"
BY_EMAID, BY_PCID = "getContractDataByEmaidV1", "getContractDataByPcidV1"
ROOTS = "getRootCertificatesV1"
NAMESPACE = NAMESPACES["ISO15118-2"]
OF_VEHICLES = {"caDomain": "oem"}

SMALL, TURNS, CLIENTS = 100, 10, 2
OF_THEIR_OWN = 50
"""Vehicles in a pool that exist; the others are made up, and nobody asks for them."""

LOAD_S = 5.0
IN_PROCESS_MS, OVER_TLS_MS, RATIO = 25.0, 60.0, 1.5


@dataclass(frozen=True, slots=True)
class Line:
    """A way to an ecosystem.

    Attributes:
        http: What carries the requests.
        services: The base URL of each service.
        tokens: An access token by account.
        clock: The present of the ecosystem.
    """

    http: httpx.Client
    services: Mapping[str, str]
    tokens: Mapping[str, str]
    clock: Clock

    def ask(
        self,
        party: str,
        operation_id: str,
        body: Any = None,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Make a request; a refusal ends the benchmark."""
        operation = contract.load().operation(operation_id)
        url = operation.url(self.services[operation.service], path or {}, query or {})
        headers = {"Authorization": f"Bearer {self.tokens[party]}"}
        if isinstance(body, bytes):
            headers["Content-Type"] = est.REQUEST_TYPE
            answer = self.http.request(operation.method, url, headers=headers, content=body)
        else:
            answer = self.http.request(operation.method, url, headers=headers, json=body)
        if not answer.is_success:
            sys.exit(f"{operation_id}: {answer.status_code} {answer.text}")
        return answer


@contextmanager
def in_process(name: str) -> Iterator[tuple[Line, Ecosystem]]:
    """Yield an ecosystem in this process, and the line to it."""
    router = respx.MockRouter(assert_all_called=False)
    with httpx.Client(transport=httpx.MockTransport(router.handler)) as http:
        ecosystem = Ecosystem(name, outbound=Outbound(http))
        for host, app in ecosystem.hosts.items():
            router.route(host=host).mock(side_effect=responder(app))
        ecosystem.reset("benchmark")
        grant = ecosystem.authorization.grant
        accounts = ecosystem.accounts.items()
        tokens = {each: str(grant(account.principal.subject, account.secret)) for each, account in accounts}
        services = {each.name: ecosystem.url(each.name) for each in ecosystem.services}
        yield Line(http, services, tokens, ecosystem.clock), ecosystem


@contextmanager
def over_tls(target: Path) -> Iterator[Line]:
    """Yield the line to a server in another process."""
    file = load(target)
    with httpx.Client(verify=str(file.trust_anchors[0])) as http:
        tokens = {
            name: http.post(
                str(file.target.token_endpoint),
                data={"grant_type": "client_credentials"},
                auth=(account.client_id, account.client_secret),
            ).json()["access_token"]
            for name, account in file.target.accounts.items()
        }
        yield Line(http, file.target.services, tokens, RunningClock())


# The life of a contract


@dataclass(frozen=True, slots=True)
class World:
    """What everybody knows before the first vehicle is made.

    Attributes:
        line: The way to the ecosystem.
        above: The CA certificates above those of vehicles, the lowest first, the root last.
        trusted: The V2G roots.
    """

    line: Line
    above: tuple[ReadCertificate, ...]
    trusted: tuple[ReadCertificate, ...]

    @classmethod
    def of(cls, line: Line) -> World:
        """Read the CA certificates of vehicles and the V2G roots."""
        above = est.read_certificates(line.ask("oem", CA_CERTIFICATES, query=OF_VEHICLES).content)
        roots = line.ask("oem", ROOTS).json()["rootCertificateCollection"]
        of_v2g = (each["caCertificate"] for each in roots if "v2g" in stated_types(each))
        return cls(line, above.certificates, tuple(map(read_certificate_text, of_v2g)))

    def produced(self, pcid: str) -> Vehicle:
        """Return a vehicle that leaves the factory: with a key of its own, certified and published."""
        key = ec.generate_private_key(ec.SECP256R1())
        body = est.encode_body(build_request(Subject(pcid, "Benchmark"), key))
        leaf = est.read_certificates(self.line.ask("oem", ENROLL, body, query=OF_VEHICLES).content)
        chain = (leaf.certificates[0].der, *(each.der for each in self.above))
        vehicle = Vehicle.of(Credential(chain, key))
        self.line.ask("oem", PUBLISH, vehicle.entry)
        return vehicle

    def ordered(self, pcid: str, emaid: str) -> None:
        """Order a contract."""
        begins = self.line.clock.now() - timedelta(hours=1)
        times = {"contractBegins": instant(begins), "contractEnds": instant(begins + timedelta(days=365))}
        body = {"emaid": emaid, "pcid": pcid, "xsdMsgDefNamespace": NAMESPACE, **times}
        self.line.ask("emsp", GENERATE, body)

    def evcc(self, vehicle: Vehicle) -> Evcc:
        """Return the vehicle itself."""
        return Evcc(EvccProvisioning(vehicle.pcid, {"ISO15118-2": vehicle.credential}, self.trusted))

    def asking(self, evcc: Evcc) -> dict[str, str]:
        """Return the request of a vehicle as its charging station hands it on."""
        request = evcc.request("ISO15118-2", self.line.clock.now())
        return {"certificateInstallationReq": request.text, "xsdMsgDefNamespace": NAMESPACE}

    def life(self, number: int) -> None:
        """Bring one vehicle from the factory to its contract; one that does not hold ends the benchmark."""
        emaid = f"DEABC{number:09}"
        vehicle = self.produced(f"WDB{number:014}")
        self.ordered(vehicle.pcid, emaid)
        evcc = self.evcc(vehicle)
        item = self.line.ask("cpo", REQUEST, self.asking(evcc)).json()["signedContractDataCollection"][0]
        outcome = evcc.install(item["certificateInstallationRes"], self.line.clock.now())
        if outcome.contract is None or outcome.contract.emaid != emaid:
            sys.exit(f"the contract cannot be installed: {outcome.findings}")


def milliseconds(now: Callable[[], float], call: Callable[[], object]) -> float:
    """Return how long a call takes on some clock."""
    start = now()
    call()
    return (now() - start) * 1e3


def median_of_best_turn(times: list[float]) -> float:
    """Return the median of the turn that was disturbed least."""
    size = max(1, len(times) // TURNS)
    return min(median(times[start : start + size]) for start in range(0, len(times) - size + 1, size))


def living(line: Line, count: int, now: Callable[[], float], where: str, goal: float) -> None:
    """Measure lives and print a line."""
    world = World.of(line)
    times = [milliseconds(now, partial(world.life, number)) for number in range(count)]
    taken = median_of_best_turn(times)
    print(f"life of a contract, {where:<24} median {taken:6.2f} ms   goal {goal:.0f}")


# Under load


def client(target: Path, ready: Any, counter: Any, bodies: list[dict[str, str]]) -> None:
    """Send requests of vehicles, one after the other, until the time is over."""
    with over_tls(target) as line:
        line.ask("cpo", REQUEST, bodies[0])
        ready.wait()
        ends, answered = perf_counter() + LOAD_S, 0
        while perf_counter() < ends:
            line.ask("cpo", REQUEST, bodies[answered % len(bodies)])
            answered += 1
        counter.put(answered)


def load_on(target: Path, vehicles: int = 20) -> None:
    """Measure how many requests a server answers that two processes send, and print a line."""
    with over_tls(target) as line:
        world = World.of(line)
        bodies = []
        for number in range(vehicles):
            vehicle = world.produced(f"WMA{number:014}")
            world.ordered(vehicle.pcid, f"FRABC{number:09}")
            bodies.append(world.asking(world.evcc(vehicle)))
    context = multiprocessing.get_context("spawn")
    ready, counter = context.Barrier(CLIENTS), context.Queue()
    processes = [
        context.Process(target=client, args=(target, ready, counter, bodies)) for _ in range(CLIENTS)
    ]
    for process in processes:
        process.start()
    answered = sum(counter.get() for _ in processes)
    for process in processes:
        process.join()
    print(f"requests of vehicles, {CLIENTS} client processes   {answered / LOAD_S:6.0f} per second")


# Pools of two sizes


def filled(world: World, ecosystem: Ecosystem, size: int) -> dict[str, list[Callable[[], object]]]:
    """Bring a pool to a size; return calls about some of the contracts in it, by what they ask for."""
    calls: dict[str, list[Callable[[], object]]] = {}
    ask = world.line.ask
    for number in range(OF_THEIR_OWN):
        pcid, emaid = f"WDB{number:014}", f"DEABC{number:09}"
        vehicle = world.produced(pcid)
        world.ordered(pcid, emaid)
        asking = world.asking(world.evcc(vehicle))
        calls.setdefault("request of a vehicle", []).append(partial(ask, "cpo", REQUEST, asking))
        calls.setdefault("list by EMAID", []).append(partial(ask, "emsp", BY_EMAID, path={"emaid": emaid}))
        calls.setdefault("list by PCID", []).append(partial(ask, "oem", BY_PCID, path={"pcid": pcid}))
    with ecosystem.store.begin() as connection:
        model = dict(connection.execute(CONTRACTS.select().limit(1)).mappings().one())
        del model["id"]
        others = range(OF_THEIR_OWN, size)
        rows = [{**model, "emaid": f"DEABC{each:09}", "pcid": f"WDB{each:014}"} for each in others]
        connection.execute(CONTRACTS.insert(), rows)
    return calls


def sizes(count: int, large: int) -> None:
    """Measure the same calls to both pools in turns and print their ratios."""
    with in_process("small") as (small, ecosystem), in_process("large") as (big, other):
        calls = {
            SMALL: filled(World.of(small), ecosystem, SMALL),
            large: filled(World.of(big), other, large),
        }
        for what in calls[SMALL]:
            times: dict[int, list[float]] = {SMALL: [], large: []}
            for number in range(count):
                for size, taken in times.items():
                    call = calls[size][what][number % len(calls[size][what])]
                    taken.append(milliseconds(process_time, call))
            few, many = (median_of_best_turn(taken) for taken in times.values())
            shown = f"{few:.2f} ms in a pool of {SMALL}, {many:.2f} in one of {large}"
            print(f"{what:<21} {shown}   ratio {many / few:.2f}   goal {RATIO}")


def main(count: int = 200, large: int = 100_000) -> None:
    """Measure everything."""
    with in_process("life") as (line, _):
        living(line, count, process_time, "in process", IN_PROCESS_MS)
    with server_process() as target:
        with over_tls(target) as line:
            living(line, count, perf_counter, "over TLS", OVER_TLS_MS)
        load_on(target)
    sizes(count, large)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
