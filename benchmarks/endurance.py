"""What a served ecosystem stands: run after run, and being killed while it is written to.

    python benchmarks/endurance.py runs [COUNT] [-- OPTIONS of `opnc run`]
    python benchmarks/endurance.py kills [COUNT]

`runs` tests one server COUNT times (100): the verdicts must be the same each time, nothing may stay behind (as
the management port tells), and the server's memory must stay flat. `kills` ends a server with a SQLite file by
SIGKILL at COUNT random moments (30) while roots are registered, and starts it again: no acknowledged root may be
lost, and every start must succeed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import signal
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

import httpx

from fixtures import target_file
from fixtures.certificates import OwnPki
from fixtures.data import Data
from fixtures.management import Management
from fixtures.network import trust
from opnc.clock import RunningClock
from opnc_conformance import serving, suite
from opnc_conformance.__main__ import main as opnc

HISTORY = frozenset({"event_deliveries", "issued_certificates"})
"""What is kept on record, of which nothing can be taken back."""


def resident_kib(pid: int) -> int:
    """Return the memory of a process that is in use."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def runs(count: int, options: list[str]) -> bool:
    """Test one server again and again."""
    verdicts: Counter[str] = Counter()
    memory: list[int] = []
    with serving.running() as target, tempfile.TemporaryDirectory() as report:
        access = target_file.load(target).management
        assert access is not None
        with closing(Management(access)) as management:
            first = management.health()
            for number in range(count):
                line = ["run", "--target", str(target), "--report", report, "--seed", str(number), *options]
                with contextlib.redirect_stdout(io.StringIO()):
                    opnc(line)
                results = json.loads((Path(report) / "results.json").read_text())
                verdicts[json.dumps({each["id"]: each["verdict"] for each in results["scenarios"]})] += 1
                memory.append(resident_kib(first["pid"]))
            last = management.health()
    scenarios = len(json.loads(next(iter(verdicts))))
    held = [{name: n for name, n in each["held"].items() if name not in HISTORY} for each in (first, last)]
    quarter = max(1, count // 4)
    print(f"{count} runs of {scenarios} scenarios: {len(verdicts)} different sets of verdicts")
    print(f"held before {held[0]}, after {held[1]}")
    growth = memory[-1] - memory[quarter - 1]
    print(f"memory: {memory[0]} KiB after the first, {memory[quarter - 1]} after run {quarter}, {memory[-1]} at the end")
    return len(verdicts) == 1 and held[0] == held[1] and growth < 0.05 * memory[-1]


def a_root(seed: str) -> dict[str, Any]:
    """Make a root object."""
    clock = RunningClock()
    data = Data(seed, clock, OwnPki.start(seed, clock, (), None))
    return {"caCertificate": b64encode(data.root()).decode(), "rootTypeList": ["V2G"]}


class Writer:
    """Registers roots as long as it is let, and remembers those that were acknowledged."""

    def __init__(self, target: Path) -> None:
        file = target_file.load(target)
        self.acknowledged: list[str] = []
        self._account = file.target.accounts["administrator"]
        self._endpoint = file.target.token_endpoint
        self._url = f"{file.target.services['rcp']}/rootcertificates"
        self._http = httpx.Client(verify=trust(file.trust_anchors), trust_env=False, timeout=5)
        self._ready = [a_root(f"{time.time_ns()} {number}") for number in range(400)]

    def authorization(self) -> dict[str, str]:
        """Return the header of the administrator."""
        answer = self._http.post(
            self._endpoint,
            data={"grant_type": "client_credentials"},
            auth=(self._account.client_id, self._account.client_secret),
        )
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def write(self) -> None:
        """Register until the server is gone."""
        with contextlib.suppress(httpx.HTTPError):
            headers = self.authorization()
            for root in self._ready:
                if self._http.put(self._url, json=root, headers=headers).status_code == 200:
                    self.acknowledged.append(root["caCertificate"])

    def listed(self) -> set[str]:
        """Return the certificates that the pool lists."""
        answer = self._http.get(self._url, headers=self.authorization())
        return {root["caCertificate"] for root in answer.json()["rootCertificateCollection"]}


def start(folder: Path) -> subprocess.Popen[str]:
    """Start a server with a file."""
    line = [sys.executable, "-m", "opnc_conformance", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*line, "--write-target", str(folder / "target.toml"), "--database", f"sqlite:///{folder / 'state.db'}"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(suite.__file__).parents[1])},
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(serving.GREETING)]
    if not all(said):
        sys.exit("the server did not start")
    return process


def kills(count: int) -> bool:
    """Kill a server again and again while it is written to."""
    moments = random.Random(1)  # noqa: S311 - moments, not secrets
    acknowledged: list[str] = []
    longest = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _ in range(count):
            before = time.perf_counter()
            process = start(folder)
            longest = max(longest, time.perf_counter() - before)
            writer = Writer(folder / "target.toml")
            writing = threading.Thread(target=writer.write)
            writing.start()
            time.sleep(moments.uniform(0.05, 1.0))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            writing.join()
            acknowledged += writer.acknowledged
        process = start(folder)
        lost = set(acknowledged) - Writer(folder / "target.toml").listed()
        process.terminate()
        process.communicate()
    print(f"{count} kills, {len(acknowledged)} roots acknowledged, {len(lost)} lost; longest start {longest:.2f} s")
    return not lost


def main() -> None:
    """Do what was asked; exit with 1 if something was not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["runs", "kills"])
    parser.add_argument("count", type=int, nargs="?")
    parser.add_argument("options", nargs="*", help="options of `opnc run`, after --")
    asked = parser.parse_args()
    sound = (
        runs(asked.count or 100, asked.options or ["--service", "rcp"])
        if asked.what == "runs"
        else kills(asked.count or 30)
    )
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
