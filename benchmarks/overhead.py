"""What the suite costs per scenario beside plain pytest tests that make the same requests in process.

    python benchmarks/overhead.py [ROUNDS [RESULTS]]

The scenarios of the RCP run once to learn what they do. Then, in turns, the suite runs them, and as many
plain pytest tests make the same requests and let the same time pass: same client, same simulators, same reset
of the ecosystem before each. Start, collection and reports are left out on both sides. Processor time is
measured, and of each test the shortest of all rounds counts, since other programs may be busy. The goal is at
most 3 ms per scenario. With RESULTS, a `results.json` perhaps of another state, the average is that of the
scenarios in it, by the names they have today.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from functools import partial
from itertools import compress
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest

from features.index import ROOT
from fixtures.bench.coverage import belongs_to
from fixtures.bench.in_process import InProcessBench
from opnc import catalogue
from opnc_conformance.benches import BENCH
from opnc_conformance.options import DEFAULT_SEED, Settings
from opnc_conformance.session import command_line
from reports import renames
from reports.model import Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from datetime import timedelta

    import httpx

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
def test_doings(scenario, doings, bench):
    bench.prepare(*scenario, None)
    for do in doings:
        do()
"""


class SharedBench(InProcessBench):
    """A bench that outlives the sessions and learns in the first what each scenario does.

    Attributes:
        doings: Of each scenario its id, its seed, and what it did.
    """

    def __init__(self) -> None:
        super().__init__()
        self._learning = True
        self.doings: list[tuple[tuple[str, str], list[Callable[[], object]]]] = []
        self._send = self.http.send
        vars(self.http)["send"] = self._learning_send

    def prepare(self, scenario: str, seed: str, fault: str | None) -> None:
        """Bring the ecosystem to its first state."""
        super().prepare(scenario, seed, fault)
        if self._learning:
            self.doings.append(((scenario, seed), []))

    def stop_learning(self) -> None:
        """Do from now on what any bench does."""
        self._learning = False
        del vars(self.http)["send"]

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        with self._learned(partial(self.advance, by)):
            super().advance(by)

    def _learning_send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        again = partial(
            self.http.request,
            request.method,
            str(request.url),
            headers=request.headers.multi_items(),
            content=request.content,
        )
        with self._learned(again):
            return self._send(request, **options)

    @contextmanager
    def _learned(self, again: Callable[[], object]) -> Iterator[None]:
        """Learn how to do something again; what the simulators do meanwhile follows by itself."""
        outermost, self._learning = self._learning, False
        if outermost:
            self.doings[-1][1].append(again)
        try:
            yield
        finally:
            self._learning = outermost


class Session:
    """A session of pytest, and a plugin in it that times the tests, without start and collection.

    Attributes:
        seconds: What each test took, in their order.
    """

    def __init__(self, bench: SharedBench, *arguments: str) -> None:
        self.seconds: list[float] = []
        self._bench = bench
        # A test that failed would make the figures mean nothing.
        if code := pytest.main([*arguments], plugins=[self]):
            sys.exit(f"pytest ended with {code!r}")

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let the scenarios run on this bench."""
        config.stash[BENCH] = self._bench

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Give the plain test the doings of each scenario."""
        if "doings" in metafunc.fixturenames:
            cases = [(scenario, doings, self._bench) for scenario, doings in self._bench.doings]
            metafunc.parametrize(("scenario", "doings", "bench"), cases)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """Time a test, with its set-up, tear-down and report."""
        began = process_time()
        result = yield
        self.seconds.append(process_time() - began)
        return result


def shortest(sessions: Iterable[Session], counted: Sequence[bool]) -> float:
    """Return what the tests that count take on average, in milliseconds; noise only ever adds."""
    times = [min(each) for each in zip(*(session.seconds for session in sessions), strict=True)]
    return 1000 * fmean(compress(times, counted))


def names_in(file: Path) -> set[str]:
    """Return the ids of the scenarios in a results.json, as they are called today."""
    known = renames.load()
    return {known.current_of(each["id"]) for each in json.loads(file.read_text())["scenarios"]}


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    bench = SharedBench()
    settings = Settings(
        seed=DEFAULT_SEED,
        profile=Profile.LENIENT,
        report=None,
        services=(),
        # Not the service, which also takes what all services share and so would give another figure.
        requirements=tuple(
            each.id for each in catalogue.load().requirements.values() if belongs_to(each, "rcp")
        ),
        levels=(),
        prove=(),
        features=ROOT,
        shuffle=None,
    )
    ours = command_line(settings, workers=0)
    Session(bench, *ours)
    bench.stop_learning()
    with TemporaryDirectory() as folder:
        module = Path(folder, "test_plain.py")
        module.write_text(PLAIN)
        theirs = (f"--rootdir={folder}", str(module), *PLAIN_OPTIONS)
        pairs = [(Session(bench, *ours), Session(bench, *theirs)) for _ in range(rounds)]
    wanted = names_in(Path(sys.argv[2])) if len(sys.argv) > 2 else None
    counted = [wanted is None or name in wanted for (name, _seed), _doings in bench.doings]
    suite, plain = (shortest(each, counted) for each in zip(*pairs, strict=True))
    print(f"{sum(counted)} scenarios: suite {suite:.2f} ms, plain {plain:.2f} ms per scenario")
    print(f"overhead {suite - plain:.2f} ms per scenario (goal: {GOAL} ms)")


if __name__ == "__main__":
    main()
