"""Steps that see whether the target is there at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import then, when

from fixtures.doctor import safe_reads
from fixtures.judging import NotApplicable, expect

if TYPE_CHECKING:
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.target.declaration import Target


@when("every service of the target is asked for something harmless", target_fixture="several_answers")
def ask_all(parties: Parties, target: Target) -> list[Exchange]:
    """Read something of every service that some party may read."""
    answers = []
    refusals = []
    for service in target.services:
        try:
            answers.append(safe_reads.ask(service, target, parties))
        except NotApplicable as reason:
            refusals.append(reason)
    if not answers:
        raise refusals[0]
    return answers


@then("every service has answered at its address")
def all_answered(several_answers: list[Exchange]) -> None:
    """Demand success, or the answer of an operation that there is nothing of the kind."""
    for answer in several_answers:
        status = answer.answer.status
        nothing = status == 404 and "json" in (answer.answer.header("Content-Type") or "")
        expect(
            200 <= status < 300 or nothing,
            f"status of {answer.operation.id} at {answer.request.url}",
            expected="2xx, or 404 with an error body",
            seen=status,
        )
