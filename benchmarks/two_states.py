"""This checkout beside another state of it: has a short run, or a scenario, become slower?

    python benchmarks/two_states.py OTHER [ROUNDS]

OTHER is a checkout of another commit with an environment of its own in `.venv`, as this one has; the packages
in both should be the same. In turns, each state runs `opnc run` for the requirements of the RCP that both
have, and its own `benchmarks/overhead.py`, this one for the scenarios that the other has too. Processor time
of all processes is measured, and the shortest of all rounds counts, since other programs may be busy. A first
round is left out: Python may write bytecode in it. Ends with 1 if a ratio exceeds the goal.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from fixtures.bench.coverage import belongs_to
from opnc import catalogue

ROUNDS = 7
GOAL = 1.0
HERE = Path(__file__).parent.parent

_OVERHEAD = re.compile(r"overhead (\d+\.\d+) ms")


def main() -> int:
    """Measure and print."""
    states = {"other": Path(sys.argv[1]).resolve(), "this": HERE}
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    # By requirement: which scenarios a service has is not the same in every state.
    selection = [part for each in common_requirements(*states.values()) for part in ("--requirement", each)]
    figures: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with TemporaryDirectory() as folder:
        reports = {name: Path(folder, name) for name in states}
        for number in range(rounds + 1):
            for name, checkout in states.items():
                seconds, scenarios = start_to_end(checkout, selection, reports[name])
                if number:
                    figures["s: opnc run, from start to reports"][name].append(seconds)
                    shared = [str(reports["other"] / "results.json")] if name == "this" else []
                    figures["ms: overhead per scenario"][name].append(overhead(checkout, *shared))
                else:
                    print(f"{name}: {scenarios} scenarios at {checkout}")
    slower = False
    for what, of_states in figures.items():
        other, this = (min(of_states[name]) for name in states)
        print(f"{what}: other {other:.2f}, this {this:.2f}, ratio {this / other:.2f} (goal: {GOAL:.2f})")
        slower |= this > GOAL * other
    return int(slower)


def common_requirements(*checkouts: Path) -> list[str]:
    """Return the ids of the requirements of the RCP alone that all states have."""
    program = "from opnc import catalogue; print(*catalogue.load().requirements)"
    known = [set(_python(checkout, "-c", program).split()) for checkout in checkouts]
    ours = catalogue.load().requirements.values()
    return sorted({each.id for each in ours if belongs_to(each, "rcp")}.intersection(*known))


def start_to_end(checkout: Path, selection: list[str], report: Path) -> tuple[float, int]:
    """Run scenarios; return the seconds of processor time from start to reports, and how many have run."""
    before = _processor_time()
    _python(checkout, "-m", "opnc_conformance", "run", *selection, "--report", str(report))
    seconds = _processor_time() - before
    return seconds, len(json.loads((report / "results.json").read_text())["scenarios"])


def overhead(checkout: Path, *shared: str) -> float:
    """Return what `benchmarks/overhead.py` of a state says, in milliseconds."""
    said = _python(checkout, str(checkout / "benchmarks" / "overhead.py"), "3", *shared)
    found = _OVERHEAD.search(said)
    if found is None:
        sys.exit(f"{checkout}: benchmarks/overhead.py has not said its figure:\n{said}")
    return float(found[1])


def _python(checkout: Path, *arguments: str) -> str:
    """Run the Python of a state in its folder; return what it prints."""
    python = checkout / ".venv" / "bin" / "python"
    done = subprocess.run(
        [python, *arguments],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def _processor_time() -> float:
    """Return what the processes took that this one has started, and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
