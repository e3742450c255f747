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
from collections import Counter
from contextlib import closing
from pathlib import Path

from fixtures import target_file
from fixtures.management import Management
from opnc_conformance import serving
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


def endure(count: int, options: list[str]) -> bool:
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


def main() -> None:
    """Test, print, and exit with 1 if something was not as it should be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("count", type=int, nargs="?", default=100)
    parser.add_argument("options", nargs="*", help="options of `opnc run`, after --")
    asked = parser.parse_args()
    sys.exit(0 if endure(asked.count, asked.options or ["--service", "rcp"]) else 1)


if __name__ == "__main__":
    main()
