"""How `opnc serve` ends when it is told to (SIGTERM and SIGINT in turn), under load and idle.

    python benchmarks/stops.py [N]

Each way N times. Under load, clients post endpoints over TLS, and the signal comes at a random moment; after
the next start on the same database, which is then ended idle, nothing that was acknowledged may be missing.
The exit code is 1 if an end is not clean (exit code 0 and nothing on standard error) or an acknowledged
endpoint is lost.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event
from time import perf_counter, sleep
from typing import TYPE_CHECKING

import httpx

from fixtures.target import file as target_file
from opnc.tls import trust

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from fixtures.target.file import TargetFile

WRITERS = 4
GREETING = 3
"""Lines that a server says when it is ready."""
MAX_WAIT_S = 60.0
MOMENTS_S = 0.5
"""Seconds within which the signal comes once all writers are at work."""
RECEIVER = "127.0.0.1:65000"
"""Where the endpoints are said to be; nobody is told anything."""
ENDPOINT = {"url": f"https://{RECEIVER}/", "enabledEvents": ["root.cert.added"]}
SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass
class Ends:
    """What came of the ends of one kind.

    Attributes:
        codes: Exit codes, and how often each came.
        said: Lines on standard error, and how often each came.
        longest_s: Seconds that the slowest end took.
        acknowledged: How many endpoints were acknowledged.
        lost: How many of them a later start did not know.
    """

    codes: Counter[int] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    longest_s: float = 0.0
    acknowledged: int = 0
    lost: int = 0

    @property
    def clean(self) -> bool:
        """Whether nothing is to be complained about."""
        return set(self.codes) <= {0} and not self.said and not self.lost

    def note(self, process: subprocess.Popen[str], how: signal.Signals) -> None:
        """End a server and note how it went."""
        began = perf_counter()
        process.send_signal(how)
        _, err = process.communicate(timeout=MAX_WAIT_S)
        self.longest_s = max(self.longest_s, perf_counter() - began)
        self.codes[process.returncode] += 1
        self.said.update(err.splitlines())

    def __str__(self) -> str:
        codes = ", ".join(f"{count} with {code}" for code, count in sorted(self.codes.items()))
        return (
            f"{self.codes.total()} ends: {codes}; the slowest took {self.longest_s:.2f} s; "
            f"{self.said.total()} lines on standard error; "
            f"{self.acknowledged} writes acknowledged, {self.lost} lost"
        )


class Client:
    """Speaks to a server as one party."""

    def __init__(self, file: TargetFile, context: ssl.SSLContext) -> None:
        self._http = httpx.Client(verify=context, trust_env=False, timeout=MAX_WAIT_S)
        self._url = f"{file.target.services['event']}/endpoints"
        account = file.target.accounts["oem"]
        answer = self._http.post(
            file.target.token_endpoint,
            data={"grant_type": "client_credentials"},
            auth=(account.client_id, account.client_secret),
        )
        self._http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def endpoints(self) -> set[str]:
        """Return the ids of all endpoints there are."""
        answer = self._http.get(self._url)
        return {each["id"] for each in answer.raise_for_status().json()}

    def write(self, busy: Event) -> set[str]:
        """Post endpoints until nobody answers; return the ids of those that were acknowledged."""
        acknowledged: set[str] = set()
        try:
            while True:
                answer = self._http.post(self._url, json=ENDPOINT).raise_for_status()
                acknowledged.add(answer.json()["id"])
                busy.set()
        except httpx.TransportError:
            return acknowledged
        finally:
            busy.set()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()


@contextmanager
def serving(folder: Path, database: str) -> Iterator[tuple[subprocess.Popen[str], TargetFile]]:
    """Run a server until it is ended, on any free ports."""
    target = folder / "target.toml"
    line = [sys.executable, "-m", "opnc_conformance", "serve", "--port", "0", "--allow", RECEIVER]
    process = subprocess.Popen(
        [*line, "--database", database, "--write-target", str(target)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = [process.stdout.readline() for _ in range(GREETING)] if process.stdout else []
        if not all(said):
            raise SystemExit(f"the server did not start: {process.communicate()[1]}")
        yield process, target_file.load(target)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def under_load(folder: Path, database: str, how: signal.Signals, moment_s: float, ends: Ends) -> set[str]:
    """Write, end the server at a moment, note that; return what was acknowledged."""
    with serving(folder, database) as (process, file):
        context = trust(file.trust_anchors)
        clients = [Client(file, context) for _ in range(WRITERS)]
        busy = [Event() for _ in clients]
        with ThreadPoolExecutor(WRITERS) as threads:
            written = [
                threads.submit(client.write, begun) for client, begun in zip(clients, busy, strict=True)
            ]
            for begun in busy:
                begun.wait()
            sleep(moment_s)
            ends.note(process, how)
        for client in clients:
            client.close()
    return set().union(*(each.result() for each in written))


def idle(folder: Path, database: str, how: signal.Signals, ends: Ends) -> set[str]:
    """Ask for what is kept, then nothing, end the server, note that; return what was found."""
    with serving(folder, database) as (process, file):
        client = Client(file, trust(file.trust_anchors))
        found = client.endpoints()
        client.close()
        ends.note(process, how)
    return found


def main() -> None:
    """Start, end, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ends", nargs="?", type=int, default=20, metavar="N", help="of each kind (20)")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    random = Random(asked.seed)  # noqa: S311 - moments, not secrets
    busy, quiet = Ends(), Ends()
    known: set[str] = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(asked.ends):
            # An endpoint is never forgotten: a database for each ten ends keeps their list short.
            database = f"sqlite:///{folder / f'store{number // 10}.sqlite'}"
            known = known if number % 10 else set()
            how = SIGNALS[number % len(SIGNALS)]
            written = under_load(folder, database, how, random.uniform(0, MOMENTS_S), busy)
            busy.acknowledged += len(written)
            known |= written
            found = idle(folder, database, how, quiet)
            busy.lost += len(known - found)
            known &= found
    print(f"under load: {busy}", f"idle: {quiet}", *(busy.said + quiet.said), sep=os.linesep)
    sys.exit(not (busy.clean and quiet.clean))


if __name__ == "__main__":
    main()
