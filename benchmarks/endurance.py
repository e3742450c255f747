"""What a served ecosystem stands: test after test.

    python benchmarks/endurance.py [COUNT] [-- OPTIONS of `opnc run`]

One server is tested COUNT times (100), by the scenarios of the RCP unless told otherwise. The verdicts must
be the same each time, nothing may stay behind (as the management port tells), and memory must stay flat. What
happens when a server is killed: see kills.py.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from fixtures.bench.control import ControlClient
from fixtures.target import file as target_file
from opnc_conformance import serving
from opnc_conformance.__main__ import main as opnc

if TYPE_CHECKING:
    from collections.abc import Iterator

HISTORY = frozenset({"event_deliveries", "issued_certificates"})
"""What is kept on record, of which nothing can be taken back."""

FLAT = 0.05
"""By how much memory may still grow in the second half of the runs."""

Verdicts = dict[str, tuple[str, str | None]]


def resident_kib(pid: int) -> int:
    """Return the memory of a process that is in use."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def verdicts_of(target: Path, report: str, seed: int, options: list[str]) -> Verdicts:
    """Test a server once; return each scenario with its verdict and the reason for it."""
    line = ["run", "--target", str(target), "--report", report, "--seed", str(seed), *options]
    with contextlib.redirect_stdout(io.StringIO()):
        opnc(line)
    results = json.loads((Path(report) / "results.json").read_text(encoding="utf-8"))
    return {each["id"]: (each["verdict"], each["reason"]) for each in results["scenarios"]}


def differences(first: Verdicts, other: Verdicts) -> Iterator[str]:
    """Yield what is otherwise than it was, one sentence each."""
    for scenario in sorted(first.keys() | other.keys()):
        before, now = first.get(scenario, ("not run", "")), other.get(scenario, ("not run", ""))
        if before[0] != now[0]:
            yield f"{scenario}: {before[0]}, then {now[0]}: {now[1]}"


def endure(count: int, options: list[str]) -> bool:
    """Test one server again and again."""
    first: Verdicts = {}
    memory: list[int] = []
    different: list[str] = []
    with serving.server_process() as target, tempfile.TemporaryDirectory() as report:
        access = target_file.load(target).control or sys.exit("the server has no management port")
        with closing(ControlClient(access)) as management:
            begun = management.health()
            for seed in range(count):
                verdicts = verdicts_of(target, report, seed, options)
                first = first or verdicts
                different += (f"run {seed + 1}: {each}" for each in differences(first, verdicts))
                memory.append(resident_kib(begun["pid"]))
            ended = management.health()
    before, after = (
        {name: held for name, held in health["held"].items() if name not in HISTORY}
        for health in (begun, ended)
    )
    print(f"{count} runs of {len(first)} scenarios")
    print(*different or ["the same verdicts each time"], sep="\n")
    print(f"held before {before}, after {after}")
    print(f"memory in KiB after each tenth: {memory[:: max(1, count // 10)]}, at the end {memory[-1]}")
    # By then what is kept on purpose, up to a limit, is full.
    settled = memory[count // 2]
    return not different and before == after and memory[-1] < (1 + FLAT) * settled


def main() -> None:
    """Test, print, and exit with 1 if something was not as it should be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("count", type=int, nargs="?", default=100)
    parser.add_argument("options", nargs="*", help="options of `opnc run`, after --")
    asked = parser.parse_args()
    sys.exit(0 if endure(asked.count, asked.options or ["--service", "rcp"]) else 1)


if __name__ == "__main__":
    main()
