"""What a served ecosystem stands: run after run, and being killed while it is written to.

    python benchmarks/endurance.py runs [COUNT] [-- OPTIONS of `opnc run`]
    python benchmarks/endurance.py kills [COUNT] [--database URL]

`runs` tests one server COUNT times (100): the verdicts must be the same each time, nothing may stay behind
(as the management port tells), and the server's memory must stay flat. `kills` ends a server with a database
(a SQLite file) by SIGKILL at COUNT random moments (30) while roots are registered, and starts it again: no
acknowledged root may be lost, and every start must succeed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from fixtures import target_file
from fixtures.certificates import OwnPki
from fixtures.data import Data
from fixtures.judging import Inconclusive
from fixtures.management import Management
from fixtures.network_site import outsider
from opnc.clock import RunningClock
from opnc_conformance import serving, suite
from opnc_conformance.__main__ import main as opnc

HISTORY = frozenset({"event_deliveries", "issued_certificates"})
"""What is kept on record, of which nothing can be taken back."""

FLAT = 0.05
"""By how much memory may still grow after the first quarter of the runs."""


def resident_kib(pid: int) -> int:
    """Return the memory of a process that is in use."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def verdicts_of(target: Path, report: str, seed: int, options: list[str]) -> str:
    """Test a server once; return the verdicts of all scenarios."""
    line = ["run", "--target", str(target), "--report", report, "--seed", str(seed), *options]
    with contextlib.redirect_stdout(io.StringIO()):
        opnc(line)
    results = json.loads((Path(report) / "results.json").read_text(encoding="utf-8"))
    return json.dumps({each["id"]: each["verdict"] for each in results["scenarios"]})


def runs(count: int, options: list[str]) -> bool:
    """Test one server again and again."""
    verdicts: Counter[str] = Counter()
    memory: list[int] = []
    with serving.running() as target, tempfile.TemporaryDirectory() as report:
        access = target_file.load(target).management or sys.exit("the server has no management port")
        with closing(Management(access)) as management:
            first = management.health()
            for seed in range(count):
                verdicts[verdicts_of(target, report, seed, options)] += 1
                memory.append(resident_kib(first["pid"]))
            last = management.health()
    scenarios = len(json.loads(next(iter(verdicts))))
    before, after = (
        {name: held for name, held in health["held"].items() if name not in HISTORY}
        for health in (first, last)
    )
    settled = memory[max(1, count // 4) - 1]
    print(f"{count} runs of {scenarios} scenarios: {len(verdicts)} different sets of verdicts")
    print(f"held before {before}, after {after}")
    print(f"memory in KiB: {memory[0]} after one run, {settled} after a quarter, {memory[-1]} at the end")
    return len(verdicts) == 1 and before == after and memory[-1] < (1 + FLAT) * settled


def new_roots(count: int) -> list[dict[str, Any]]:
    """Make root objects that nobody has seen."""
    clock, name = RunningClock(), str(time.time_ns())
    seeds = [f"{name} {number}" for number in range(count)]
    made = (Data(seed, clock, OwnPki.start(seed, clock, (), None)).root() for seed in seeds)
    return [{"caCertificate": b64encode(root).decode(), "rootTypeList": ["V2G"]} for root in made]


class Writer(threading.Thread):
    """Registers roots until the server is gone, and remembers those that were acknowledged."""

    def __init__(self, target: Path) -> None:
        super().__init__()
        self.acknowledged: list[str] = []
        self._file = target_file.load(target)
        self._roots = new_roots(400)

    def run(self) -> None:
        """Write."""
        with outsider(self._file) as parties, contextlib.suppress(Inconclusive):
            for root in self._roots:
                if parties["administrator"].ask("putRootCertificateV1", body=root).answer.status == 200:
                    self.acknowledged.append(root["caCertificate"])


def listed(target: Path) -> set[str]:
    """Return the certificates that the pool lists."""
    with outsider(target_file.load(target)) as parties:
        found = parties["oem"].ask("getRootCertificatesV1").answer.json()
    return {root["caCertificate"] for root in found["rootCertificateCollection"]}


def start(folder: Path, database: str) -> subprocess.Popen[str]:
    """Start a server with a database; wait until it is ready."""
    line = [sys.executable, "-m", "opnc_conformance", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*line, "--database", database],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(suite.ROOT)},
    )
    lines = process.stdout or ()
    if sum(1 for _, _line in zip(range(serving.GREETING), lines, strict=False)) < serving.GREETING:
        sys.exit("the server did not start")
    return process


def kills(count: int, database: str) -> bool:
    """Kill a server again and again while it is written to."""
    moments = random.Random(1)  # noqa: S311 - moments, not secrets
    acknowledged: set[str] = set()
    longest = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        target = folder / ".opnc" / "target.toml"
        for _ in range(count):
            began = time.perf_counter()
            process = start(folder, database)
            longest = max(longest, time.perf_counter() - began)
            writer = Writer(target)
            writer.start()
            time.sleep(moments.uniform(0.05, 1.0))
            process.kill()
            process.communicate()
            writer.join()
            acknowledged |= set(writer.acknowledged)
        process = start(folder, database)
        lost = acknowledged - listed(target)
        process.terminate()
        process.communicate()
    print(f"{count} kills, {len(acknowledged)} roots acknowledged, {len(lost)} lost")
    print(f"longest start {longest:.2f} s")
    return not lost


def main() -> None:
    """Do what was asked; exit with 1 if something was not as it should be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=["runs", "kills"])
    parser.add_argument("count", type=int, nargs="?")
    parser.add_argument("--database", default="sqlite:///state.db", metavar="URL")
    parser.add_argument("options", nargs="*", help="options of `opnc run`, after --")
    asked = parser.parse_args()
    if asked.what == "runs":
        sound = runs(asked.count or 100, asked.options or ["--service", "rcp"])
    else:
        sound = kills(asked.count or 30, asked.database)
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
