"""What the network costs: the suite against `opnc serve` over TLS beside the suite in process.

    python benchmarks/network.py [ROUNDS] [-- OPTIONS of `opnc run`]

The same scenarios in turns, those of the RCP unless told otherwise. Of each scenario that passed in both, the
difference of the times is divided by its requests. What runs over the network besides is shown apart:
writing the ledger, deleting what was created, and the proof that it is gone. The processor time of both
processes together (Linux) tells more where other programs are busy. The goal: 6 ms.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from fixtures.bench.control import ControlClient
from fixtures.target import file as target_file
from opnc_conformance import serving
from opnc_conformance.__main__ import main as opnc

Scenarios = dict[str, dict[str, Any]]


def passed(line: list[str], report: Path) -> Scenarios:
    """Run the suite; return the scenarios that passed."""
    with contextlib.redirect_stdout(io.StringIO()):
        opnc(["run", "--report", str(report), *line])
    scenarios = json.loads((report / "results.json").read_text(encoding="utf-8"))["scenarios"]
    return {each["id"]: each for each in scenarios if each["verdict"] == "pass"}


def worked(server: int) -> float:
    """Return the seconds that this process and the server have worked."""
    fields = Path(f"/proc/{server}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def spent(scenarios: Scenarios, chosen: set[str]) -> tuple[float, float, int]:
    """Return the seconds of scenarios, those of their steps alone, and their requests."""
    found = [scenarios[each] for each in chosen]
    steps = sum(step["duration_s"] for each in found for step in each["steps"])
    return sum(each["duration_s"] for each in found), steps, sum(len(each["exchanges"]) for each in found)


def _shown(where: str, measured: tuple[float, float, int]) -> str:
    whole, steps, requests = measured
    return f"{where} {whole:.2f} s (steps {steps:.2f} s), {requests} requests"


def server_of(target: Path) -> int:
    """Return the id of the process that serves."""
    access = target_file.load(target).control or sys.exit("the server has no management port")
    with closing(ControlClient(access)) as management:
        return int(management.health()["pid"])


def main() -> None:
    """Measure in turns and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("rounds", type=int, nargs="?", default=5)
    parser.add_argument("options", nargs="*", help="options of `opnc run`, after --")
    asked = parser.parse_args()
    options = asked.options or ["--service", "rcp"]
    whole: list[float] = []
    steps: list[float] = []
    work: list[float] = []
    with tempfile.TemporaryDirectory() as name, serving.server_process() as target:
        server = server_of(target)
        for _ in range(asked.rounds):
            begun = worked(server)
            inside = passed(options, Path(name))
            between = worked(server)
            served = passed([*options, "--target", str(target)], Path(name))
            more = (worked(server) - between) - (between - begun)
            chosen = inside.keys() & served.keys()
            here, there = spent(inside, chosen), spent(served, chosen)
            whole.append((there[0] - here[0]) / there[2] * 1000)
            steps.append((there[1] - here[1]) / there[2] * 1000)
            work.append(more / there[2] * 1000)
            print(f"{len(chosen)} scenarios: {_shown('in process', here)}; {_shown('over TLS', there)}")
    print(f"{statistics.median(steps):.2f} ms per request above the run in process in the steps")
    print(f"{statistics.median(whole):.2f} ms with ledger and clean-up")
    print(f"{statistics.median(work):.2f} ms of processor time, ledger, clean-up and server included")


if __name__ == "__main__":
    main()
