"""What the suite costs per scenario beside plain pytest tests that make the same requests in process.

    python benchmarks/overhead.py [ROUNDS]

The scenarios of the RCP run once to learn their requests. Then, in turns, the suite runs them, and as many
plain pytest tests make the same requests: same client, same simulators, same reset of the ecosystem before
each. Start, collection and reports are left out on both sides, and processor time is measured, since other
programs may be busy. The goal is at most 3 ms per scenario.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING

import pytest

from features.index import ROOT
from fixtures.bench import InProcessBench
from opnc_conformance.benches import BENCH
from opnc_conformance.options import DEFAULT_SEED, Settings
from opnc_conformance.session import command_line
from reports.model import Profile

if TYPE_CHECKING:
    from collections.abc import Generator

    import httpx

Request = tuple[str, str, list[tuple[str, str]], bytes]

ROUNDS = 7
GOAL = 3.0
PLAIN_OPTIONS = (
    "-q",
    "--no-header",
    "--no-summary",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:unraisableexception",
)

PLAIN = """
def test_requests(name, requests, bench):
    bench.prepare(*name, None)
    for method, url, headers, content in requests:
        bench.http.request(method, url, headers=headers, content=content)
"""


class SharedBench(InProcessBench):
    """A bench that outlives the sessions and learns the requests of each scenario in the first."""

    def __init__(self) -> None:
        super().__init__()
        self.learning = True
        self.requests: list[tuple[tuple[str, str], list[Request]]] = []
        self.http.event_hooks = {"request": [self._learn], "response": []}

    def prepare(self, scenario: str, seed: str, fault: str | None) -> None:
        """Bring the ecosystem to its first state."""
        super().prepare(scenario, seed, fault)
        if self.learning:
            self.requests.append(((scenario, seed), []))

    def _learn(self, request: httpx.Request) -> None:
        # What the simulators send to the tester follows by itself.
        if self.learning and request.url.host.endswith(".alpha.opnc.test"):
            headers = request.headers.multi_items()
            self.requests[-1][1].append((request.method, str(request.url), headers, request.content))


class Session:
    """A session of pytest, and a plugin in it that times the tests, without start and collection.

    Attributes:
        seconds: What all tests took together.
        tests: How many there were.
    """

    def __init__(self, bench: SharedBench, *arguments: str) -> None:
        self.seconds, self.tests = 0.0, 0
        self._bench = bench
        # A test that failed would make the figures mean nothing.
        if code := pytest.main([*arguments], plugins=[self]):
            sys.exit(f"pytest ended with {code!r}")

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let the scenarios run on this bench."""
        config.stash[BENCH] = self._bench

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Give the plain test the requests of each scenario."""
        if "requests" in metafunc.fixturenames:
            cases = [(name, requests, self._bench) for name, requests in self._bench.requests]
            metafunc.parametrize(("name", "requests", "bench"), cases)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Time the loop over the tests."""
        began = process_time()
        result = yield
        self.seconds, self.tests = process_time() - began, len(session.items)
        return result


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    bench = SharedBench()
    settings = Settings(
        seed=DEFAULT_SEED,
        profile=Profile.LENIENT,
        report=None,
        services=("rcp",),
        requirements=(),
        levels=(),
        prove=False,
        features=ROOT,
        shuffle=None,
    )
    ours = command_line(settings, workers=0)
    Session(bench, *ours)
    bench.learning = False
    with TemporaryDirectory() as folder:
        plain = Path(folder, "test_plain.py")
        plain.write_text(PLAIN)
        theirs = (f"--rootdir={folder}", str(plain), *PLAIN_OPTIONS)
        pairs = [(Session(bench, *ours), Session(bench, *theirs)) for _ in range(rounds)]
    for name, times in zip(("suite", "plain"), zip(*pairs, strict=True), strict=True):
        shown = (f"{1000 * each.seconds / each.tests:.2f}" for each in times)
        print(f"{name}: {' '.join(shown)} ms per scenario")
    # Noise only ever adds.
    suite, replay = (min(each.seconds for each in times) for times in zip(*pairs, strict=True))
    overhead = 1000 * (suite - replay) / pairs[0][0].tests
    print(f"{pairs[0][0].tests} scenarios: overhead {overhead:.2f} ms per scenario (goal: {GOAL} ms)")


if __name__ == "__main__":
    main()
