"""What the network costs: the suite against `opnc serve` over TLS beside the suite in process.

    python benchmarks/network.py [ROUNDS] [-- OPTIONS of `opnc run`]

The same scenarios in turns (those of the RCP unless told otherwise); the difference of their times, divided by
the requests over the network, those for tokens and for deleting what was created among them. The goal: 6 ms.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import statistics
import tempfile
from contextlib import closing
from pathlib import Path

from fixtures import target_file
from fixtures.management import Management
from opnc_conformance import serving
from opnc_conformance.__main__ import main as opnc


def spent(line: list[str], report: Path) -> tuple[float, int]:
    """Run the suite; return the seconds of its scenarios and the requests they made."""
    with contextlib.redirect_stdout(io.StringIO()):
        opnc(["run", "--report", str(report), *line])
    scenarios = json.loads((report / "results.json").read_text())["scenarios"]
    return sum(each["duration_s"] for each in scenarios), sum(len(each["exchanges"]) for each in scenarios)


def main() -> None:
    """Measure in turns and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", type=int, nargs="?", default=5)
    parser.add_argument("options", nargs="*", help="options of `opnc run`, after --")
    asked = parser.parse_args()
    options = asked.options or ["--service", "rcp"]
    costs: list[float] = []
    with tempfile.TemporaryDirectory() as name, serving.running() as target:
        access = target_file.load(target).management
        assert access is not None
        with closing(Management(access)) as management:
            for _ in range(asked.rounds):
                inside, made = spent(options, Path(name))
                served, recorded = spent([*options, "--target", str(target)], Path(name))
                costs.append((served - inside) / recorded)
                print(f"in process {inside:.2f} s, {made} exchanges; over TLS {served:.2f} s, {recorded} exchanges")
            print(f"the server holds {management.health()['held']}")
    print(f"{statistics.median(costs) * 1000:.2f} ms per request above the run in process")


if __name__ == "__main__":
    main()
