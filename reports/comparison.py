"""Two runs compared: what got better, worse, new, gone.

Better is what passes now and did not. Worse is what passed and does not any more, or fails now and did not;
so a pass that became inconclusive or not applicable is worse. Any other change, such as from fail to
inconclusive, is only named: nothing was shown by it. What was judged in one of the runs only is new or gone.
Scenarios are followed when their id changes (`renames`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from reports import renames
from reports.conclusions import WORST_FIRST
from reports.model import Level, Results, Verdict
from reports.results_file import MODIFIED_NOTICE, Integrity, ResultsFile
from reports.runs import COMPARABLE_FIELDS, Run, run_of
from reports.serializer import stored_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.renames import Renames

SCHEMA_VERSION = 1

NOTHING_WORSE, WORSE, INCONCLUSIVE = 0, 1, 3
"""Inconclusive: nothing got worse, but a file was changed after its run, or the new run ended early."""

UNSEALED = "it carries no hash, so whether it was changed cannot be told"

_LEVELS = tuple(Level)


class ChangeKind(StrEnum):
    """What became of a verdict."""

    WORSE = "worse"
    BETTER = "better"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


_ORDER = tuple(ChangeKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One verdict that is not what it was.

    Attributes:
        name: Of the scenario, or the text of the requirement.
        before: Null where it was not judged.
        after: Null where it is not judged any more.
        reason: Why the scenario does not pass now, or null.
    """

    kind: ChangeKind
    id: str
    name: str
    before: Verdict | None
    after: Verdict | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that changed among scenarios or requirements, worse first, and how many stayed as they were."""

    changes: tuple[Change, ...]
    unchanged: int

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(change for change in self.changes if change.kind is kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs compared.

    Attributes:
        warnings: Why nothing can be concluded even where nothing got worse.
        notes: In what the circumstances of the runs differ.
    """

    schema_version: int = SCHEMA_VERSION
    base: Run
    new: Run
    exit_code: int
    warnings: tuple[str, ...] = field(metadata=stored_as("doubts"))
    notes: tuple[str, ...]
    requirements: Changes
    scenarios: Changes


def compare(base: ResultsFile, new: ResultsFile, *, renamed: Renames | None = None) -> Comparison:
    """Compare two runs; their evidence is not needed.

    Args:
        base: The run before.
        new: The run to be judged.
        renamed: Which scenario has which id today; None: the table of the suite.
    """
    renamed = renamed or renames.load()
    before, after = run_of(base), run_of(new)
    warnings = _warnings(before, after)
    requirements = _changes(_requirements(base.results), _requirements(new.results))
    scenarios = _changes(_scenarios(base.results, renamed), _scenarios(new.results, renamed))
    worse = requirements.of(ChangeKind.WORSE) or scenarios.of(ChangeKind.WORSE)
    return Comparison(
        base=before,
        new=after,
        # Doubts come second: what is seen to be worse is so, even in half a run.
        exit_code=WORSE if worse else INCONCLUSIVE if warnings else NOTHING_WORSE,
        warnings=warnings,
        notes=_notes(base, new, before, after),
        requirements=requirements,
        scenarios=scenarios,
    )


def kind_of(before: Verdict | None, after: Verdict | None) -> ChangeKind | None:
    """Return what became of a verdict, None where it stayed; None as a verdict: not judged."""
    # Members of an enumeration are the same object when they are equal.
    if before is after:
        return None
    if before is None:
        return ChangeKind.NEW
    if after is None:
        return ChangeKind.GONE
    if after is Verdict.PASS:
        return ChangeKind.BETTER
    # From inconclusive to fail is worse, too: a doubt has become a proof.
    return ChangeKind.WORSE if Verdict.PASS is before or after is Verdict.FAIL else ChangeKind.CHANGED


def _warnings(before: Run, after: Run) -> tuple[str, ...]:
    changed = [
        f"{run.file}: {MODIFIED_NOTICE}" for run in (before, after) if run.integrity is Integrity.BROKEN
    ]
    return tuple(changed) if after.complete else (*changed, f"{after.file}: the run ended early")


def _notes(base: ResultsFile, new: ResultsFile, before: Run, after: Run) -> tuple[str, ...]:
    # By digest, not by path: two copies of one file are one run.
    said = ["both files hold the same run"] if base.sha256 == new.sha256 else []
    if not before.complete:
        said.append(f"{before.file}: the run ended early")
    said += [f"{run.file}: {UNSEALED}" for run in (before, after) if run.integrity is Integrity.MISSING]
    for name in ("target", *COMPARABLE_FIELDS):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            said.append(f"another {name}: {was} before, {now} now")
    return tuple(said)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A scenario or requirement of one run; what is heavier than another comes later."""

    name: str
    verdict: Verdict
    weight: int = 0
    reason: str | None = None

    @property
    def place(self) -> tuple[int, int]:
        return self.weight, WORST_FIRST.index(self.verdict)


def _scenarios(results: Results, renamed: Renames) -> dict[str, _Judged]:
    """Return the scenarios of a run by the id that each has today."""
    # Of both runs: the newer one may be older than the suite that compares them.
    return {
        renamed.current_of(each.id): _Judged(each.name, each.verdict, 0, each.reason)
        for each in results.scenarios
    }


def _requirements(results: Results) -> dict[str, _Judged]:
    """Return what was judged: must before should before may."""
    return {
        each.id: _Judged(each.text, each.verdict, _LEVELS.index(each.level))
        for each in results.requirements
        if each.verdict is not Verdict.NOT_TESTED
    }


def _changes(before: Mapping[str, _Judged], after: Mapping[str, _Judged]) -> Changes:
    # The newer name and level, where both have one.
    known = {**before, **after}
    kinds = {name: kind_of(_verdict(before, name), _verdict(after, name)) for name in known}
    changed = sorted(
        ((kind, name) for name, kind in kinds.items() if kind is not None),
        key=lambda pair: (_ORDER.index(pair[0]), *known[pair[1]].place, pair[1]),
    )
    changes = tuple(
        Change(
            kind=kind,
            id=name,
            name=known[name].name,
            before=_verdict(before, name),
            after=_verdict(after, name),
            # Of the new run only: why it failed before helps nobody now.
            reason=after[name].reason if name in after else None,
        )
        for kind, name in changed
    )
    return Changes(changes=changes, unchanged=len(known) - len(changes))


def _verdict(judged: Mapping[str, _Judged], name: str) -> Verdict | None:
    return judged[name].verdict if name in judged else None
