"""Waivers: failures that the user has decided to live with for a while, so that a pipeline stays usable.

A waiver changes the exit code of a run and nothing else: verdicts stay what they are, and every report names
the waiver beside them. It ends by itself, and says so when it is no longer needed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from reports.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from reports.model import Results, Waiver

WAIVABLE = frozenset({Verdict.FAIL, Verdict.INCONCLUSIVE})
"""What can be lived with; a broken harness can not."""


class WaiverOutcome(StrEnum):
    """What a waiver did for a run."""

    HOLDS = "holds"
    EXPIRED = "expired"
    NOT_NEEDED = "not needed"
    NOT_JUDGED = "not judged"


def active(waivers: Iterable[Waiver], day: date) -> frozenset[str]:
    """Return the ids of the requirements that are waived on a day (UTC)."""
    # To the end of that day: a date in a file means the day, not its first second.
    return frozenset(waiver.requirement for waiver in waivers if day <= waiver.until)


def states(results: Results) -> list[tuple[Waiver, WaiverOutcome]]:
    """Return what each waiver did, in the order they were given."""
    verdicts = {requirement.id: requirement.verdict for requirement in results.requirements}
    # Of the run, not of today: a report made anew must say what the run said.
    day = results.started.date()
    return [
        (waiver, _state(waiver, verdicts.get(waiver.requirement, Verdict.NOT_TESTED), day))
        for waiver in results.waivers
    ]


def excused(results: Results) -> frozenset[str]:
    """Return the ids of the requirements that did not pass and are waived."""
    return frozenset(waiver.requirement for waiver, state in states(results) if state is WaiverOutcome.HOLDS)


def _state(waiver: Waiver, verdict: Verdict, day: date) -> WaiverOutcome:
    # First of all: a waiver that has ended excuses nothing, whatever the verdict.
    if day > waiver.until:
        return WaiverOutcome.EXPIRED
    if verdict in WAIVABLE:
        return WaiverOutcome.HOLDS
    return WaiverOutcome.NOT_NEEDED if verdict is Verdict.PASS else WaiverOutcome.NOT_JUDGED
