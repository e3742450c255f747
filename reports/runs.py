"""What one has to know of a run to set it beside others: who was tested, when, and by what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports import overview
from reports.serializer import stored_as

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from reports.model import Profile, Results, TargetKind
    from reports.results_file import Integrity, ResultsFile

COMPARABLE_FIELDS = ("suite", "specification", "catalogue", "profile", "selection")
"""The fields in which two runs must agree for their counts to mean the same."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Implementation:
    """Who asked or answered; another version makes another, the vendor's name does not."""

    name: str
    version: str
    # The same implementation, however its vendor is spelt.
    vendor: str = field(compare=False)

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The circumstances of a run.

    Attributes:
        file: Path of its `results.json` as it was given.
        suite: Name and version.
        specification: The commit.
        catalogue: Its hash.
        selection: What alone it was about, or empty.
        conclusion: The words at the head of its report.
        exit_code: See `conclusions.exit_code`.
        integrity: Whether the file is as the run wrote it.
    """

    file: str
    target: Implementation
    kind: TargetKind
    counterpart: Implementation | None
    suite: str
    specification: str
    catalogue: str
    profile: Profile
    selection: str
    seed: int
    started: datetime
    duration_s: float
    complete: bool
    conclusion: str
    exit_code: int
    integrity: Integrity = field(metadata=stored_as("seal"))


def run_of(file: ResultsFile) -> Run:
    """Return the circumstances of the run that a file holds."""
    results = file.results
    return Run(
        file=str(file.path),
        target=target_of(results),
        kind=results.target.kind,
        counterpart=counterpart_of(results),
        suite=str(suite_of(results)),
        specification=results.specification.commit,
        catalogue=results.catalogue.sha256,
        profile=results.profile,
        selection=str(results.selection or ""),
        seed=results.seed,
        started=results.started,
        duration_s=results.duration_s,
        complete=results.complete,
        conclusion=overview.headline(results)[1],
        exit_code=results.exit_code,
        integrity=file.integrity,
    )


def target_of(results: Results) -> Implementation:
    """Return the implementation under test."""
    target = results.target
    return Implementation(name=target.name, version=target.version, vendor=target.vendor)


def counterpart_of(results: Results) -> Implementation | None:
    """Return whose the second ecosystem was; None where there was none or the suite played it."""
    other = results.target.counterpart
    if other is None:
        return None
    return Implementation(name=other.name, version=other.version, vendor=other.vendor)


def suite_of(results: Results) -> Implementation:
    """Return the suite as an implementation: it plays whatever is missing."""
    return Implementation(name=results.suite.name, version=results.suite.version, vendor="")


def differences(runs: Sequence[Run]) -> list[tuple[str, ...]]:
    """Return for each run in which of the comparable fields it differs from most runs.

    In a tie it is held against the newest.
    """
    # `most_common` keeps the order of first sight among equals, so the newest wins a tie.
    newest_first = sorted(runs, key=lambda run: run.started, reverse=True)
    usual = {
        name: Counter(getattr(run, name) for run in newest_first).most_common(1) for name in COMPARABLE_FIELDS
    }
    return [
        tuple(name for name, ((value, _),) in usual.items() if getattr(run, name) != value) for run in runs
    ]
