"""Which bench a run needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fixtures import target_file
from fixtures.bench import Bench, InProcessBench
from fixtures.ledger import folder_of
from fixtures.network_bench import Manner, NetworkBench
from opnc.problem import Problem

if TYPE_CHECKING:
    from fixtures.target import Target
    from opnc_conformance.options import Settings


def open_bench(settings: Settings) -> Bench:
    """Return the bench of a run: around the target its file describes, or around simulators in this process.

    Raises:
        Problem: If the target file is wrong, or something it names cannot be used.
    """
    if settings.target is None:
        return InProcessBench()
    manner = Manner(
        ledger=settings.ledger or folder_of(settings.target),
        read_only=settings.read_only,
        exclusive=settings.prove,
    )
    return NetworkBench(target_file.load(settings.target), manner)


def declared(settings: Settings) -> Target:
    """Return what a run tests.

    Raises:
        Problem: If the target file is wrong.
    """
    if settings.target is not None:
        return target_file.load(settings.target).target
    bench = InProcessBench()
    bench.close()
    return bench.target


def demand_one_process(settings: Settings, workers: int) -> None:
    """Refuse to share the work where the workers would disturb each other.

    Raises:
        Problem: If several processes are to test one target.
    """
    if settings.target is not None and workers:
        raise Problem(
            "scenarios on one target cannot run side by side", hint="leave out -n/--workers with --target"
        )
