"""Judges each service as that of a vendor who has no other: how many of its requirements are judged.

    python benchmarks/owners.py              # all of them
    python benchmarks/owners.py cps ccp      # some

What each vendor's page says is done: `opnc serve --only`, `opnc serve --beside`, `opnc run`. Prints a table:
requirements of the service, judged, failed, and the reasons of those that are not judged.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter, defaultdict
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from fixtures.bench.coverage import belongs_to
from opnc import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SERVICES = ("rcp", "pcp", "cps", "ccp", "pki", "event")
GOAL = 0.95
JUDGED = {"pass", "fail"}


@contextmanager
def served(folder: Path, *options: str) -> Iterator[None]:
    """Run a server in the background, from when it is ready."""
    line = [sys.executable, "-m", "opnc_conformance", "serve", *options]
    process = subprocess.Popen(line, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        for said in process.stdout or ():
            if said.startswith("next:"):
                break
        yield
    finally:
        process.terminate()
        process.communicate()


def judge(service: str, folder: Path) -> dict[str, Any]:
    """Return the results of a vendor of one service."""
    target = f"my-{service}.toml"
    with ExitStack() as opened:
        opened.enter_context(served(folder, "--only", service, "--write-target", target))
        opened.enter_context(served(folder, "--beside", target))
        line = [sys.executable, "-m", "opnc_conformance", "run", "--target", target, "--service", service]
        subprocess.run(line, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    results: dict[str, Any] = json.loads((folder / "report" / "results.json").read_text())
    return results


def table(service: str, results: dict[str, Any]) -> str:
    """Lay out what became of the requirements of a service."""
    verdicts = {each["id"]: each["verdict"] for each in results["requirements"]}
    reasons: dict[str, list[str]] = defaultdict(list)
    for scenario in results["scenarios"]:
        for requirement in scenario["requirements"]:
            if scenario["verdict"] != "pass":
                reasons[requirement].append(f"{scenario['verdict']}: {scenario['reason']}")
    known = catalogue.load().requirements.values()
    own = [each.id for each in known if belongs_to(each, service) and each.not_tested is None]
    judged = [each for each in own if verdicts.get(each) in JUDGED]
    failed = [each for each in own if verdicts.get(each) == "fail"]
    share = len(judged) / len(own)
    lines = [f"{service:<6} {len(own):>4} {len(judged):>4} {share:>7.1%} {len(failed):>4}"]
    open_ = Counter(next(iter(reasons[each]), "?") for each in own if verdicts.get(each) != "pass")
    lines += [f"         {number:>3}  {reason[:150]}" for reason, number in open_.most_common()]
    return "\n".join(lines)


def main(services: Sequence[str]) -> int:
    """Print the table; tell by the exit code whether all is judged that has to be, and nothing fails."""
    print("service  own judged  share failed")
    good = True
    for service in services:
        with TemporaryDirectory(prefix="opnc-owner-") as folder:
            text = table(service, judge(service, Path(folder)))
        print(text, flush=True)
        first = text.split()
        good = good and float(first[3].rstrip("%")) >= GOAL * 100 and first[4] == "0"
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or SERVICES))
