"""Which bench a run needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixtures.bench.in_process import InProcessBench
from fixtures.bench.interface import Bench
from fixtures.ledger import ledger
from fixtures.ledger.ledger import folder_of
from opnc.problem import Problem
from opnc_conformance.options import SOUND

if TYPE_CHECKING:
    from pathlib import Path

    from opnc_conformance.options import Settings

BENCH = pytest.StashKey[Bench]()
"""Where a session finds the bench that was opened for it; one without opens its own."""


def open_bench(settings: Settings) -> Bench:
    """Return the bench of a run: around the target its file describes, or around simulators in this process.

    Raises:
        Problem: If the target file is wrong, or something it names cannot be used.
    """
    if settings.target is None:
        return InProcessBench(watched=SOUND in settings.prove)
    # Sockets and servers take longer to load than a run in this process should wait for.
    from fixtures.bench.network import NetworkBench, RunPolicy
    from fixtures.target import file as target_file

    policy = RunPolicy(
        ledger=settings.ledger or folder_of(settings.target),
        read_only=settings.read_only,
        # Who wants faults has a server of its own, which can begin every scenario afresh.
        exclusive=bool(settings.prove) or settings.behaviour is not None,
    )
    return NetworkBench(target_file.load(settings.target), policy)


def ledgers_of(settings: Settings) -> Path | None:
    """Return the folder of a run's ledgers; None where nothing is recorded."""
    return settings.target and (settings.ledger or folder_of(settings.target))


def count_left_behind(settings: Settings) -> int:
    """Return how many things this run or an earlier one may have left on the target."""
    folder = ledgers_of(settings)
    return sum(len(each.open) for each in ledger.left_over(folder)) if folder else 0


def demand_one_process(settings: Settings, workers: int) -> None:
    """Refuse to share the work where the workers would disturb each other.

    Raises:
        Problem: If several processes are to test one target.
    """
    # One target has one state: roots, vehicles and contracts of all scenarios, and often one clock.
    if settings.target is not None and workers:
        raise Problem(
            "scenarios on one target cannot run side by side", hint="leave out -n/--workers with a target"
        )
