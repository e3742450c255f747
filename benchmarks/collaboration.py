"""Five ecosystems in a full mesh over TLS on this machine: a vehicle that only the last of them holds.

    python benchmarks/collaboration.py [COUNT]

COUNT look-ups, 50 unless told, of a vehicle that the asked pool holds itself, of one that only the last of
the others holds, and of that where all the others take a quarter of a second for their answers. The goals: a
look-up elsewhere costs four requests between pools, and the waits for the others are not added up.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from fixtures.bench.network_access import NetworkAccess
from fixtures.client.access import NoGuard
from fixtures.client.parties import Parties
from fixtures.evidence.recorder import Recorder
from fixtures.evidence.redaction import Redactor
from fixtures.judging import Judge
from fixtures.neighbours.interceptor import PeerBehaviour
from fixtures.neighbours.on_sockets import listening_neighbours
from fixtures.target import file as target_file
from fixtures.testdata.certificates import TesterPki
from fixtures.testdata.vehicles import Vehicle, publish
from opnc.clock import RunningClock
from opnc_conformance import serving
from reports.model import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fixtures.neighbours.ecosystems import Neighbours
    from fixtures.target.file import TargetFile

READ = "getProvisioningCertificateV1"
SLOW_S = 0.25


@contextmanager
def meeting(file: TargetFile) -> Iterator[Neighbours]:
    """Play the four other ecosystems."""
    if file.peers is None:
        raise SystemExit("the target file names no peers")
    neighbours = listening_neighbours(file.target, RunningClock(), file.peers, file.trust_anchors)
    try:
        neighbours.open("benchmark", Recorder(Judge(), Profile.LENIENT), file.target)
        yield neighbours
    finally:
        neighbours.close()
        neighbours.stop()


def timed(count: int, do: Callable[[], int]) -> float:
    """Return the median time of something that must succeed, in milliseconds."""
    took = []
    for _ in range(count):
        begun = perf_counter()
        status = do()
        took.append(1000 * (perf_counter() - begun))
        if status != 200:
            raise SystemExit(f"answered {status}")
    return median(took)


def run(count: int, path: Path) -> None:
    """Measure."""
    file = target_file.load(path)
    site = NetworkAccess(file, RunningClock())
    with meeting(file) as neighbours:
        line = site.silent_parties(NoGuard())
        abroad = Parties(
            neighbours.access("epsilon", file.target, Redactor()), Recorder(Judge(), Profile.LENIENT)
        )
        pki = TesterPki.start("benchmark", RunningClock(), file.target.supplied, None)
        here, there = (Vehicle.of(pki.vehicle(f"WDB0000000000000{number}")) for number in (1, 2))
        publish(line["oem"], here)
        publish(abroad["oem of epsilon"], there)

        requests: list[int] = []

        def read(vehicle: Vehicle) -> int:
            status = line["emsp"].ask(READ, path={"pcid": vehicle.pcid}).answer.status
            requests.append(len(neighbours.from_target))
            for interceptor in neighbours.interceptors.values():
                interceptor.requests.clear()
            return status

        print(f"held here          {timed(count, lambda: read(here)):7.1f} ms")
        requests.clear()
        elsewhere = timed(count, lambda: read(there))
        neighbours.settle()
        between = (sum(requests) + len(neighbours.from_target)) / count
        print(f"held by the last   {elsewhere:7.1f} ms, {between:.1f} requests between pools")
        for interceptor in neighbours.interceptors.values():
            interceptor.behaviour = PeerBehaviour(delay_s=SLOW_S)
        slow = timed(max(3, count // 10), lambda: read(there))
        print(f"all of them slow   {slow:7.1f} ms, {1000 * SLOW_S:.0f} of them for one pool")
    site.close()


if __name__ == "__main__":
    with serving.server_process() as target:
        run(int(sys.argv[1]) if len(sys.argv) > 1 else 50, target)
