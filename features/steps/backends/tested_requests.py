"""What is demanded of the requests of every backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import then

from fixtures.evidence.recorder import OF_CLIENTS
from fixtures.judging import Inconclusive, expect
from reports.model import FindingLevel

if TYPE_CHECKING:
    from fixtures.backends.client_under_test import ObservedUseCase
    from fixtures.judging import Judge


@then("its requests are as the operations describe them")
def are_as_described(done: ObservedUseCase, judge: Judge) -> None:
    """Demand that nothing was noted against the requests when they were seen."""
    if not done.seen:
        raise Inconclusive("the backend has asked for nothing")
    noted = [each for each in judge.findings if each.requirement == OF_CLIENTS]
    failing = [each.message for each in noted if each.level is FindingLevel.FAIL]
    expect(not failing, "requests of the backend", expected="no deviation", seen="; ".join(failing))
