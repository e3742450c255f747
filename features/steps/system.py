"""Steps about requests as such, whatever they are about: flawed, malformed, to the wrong place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import parsers, then, when

from fixtures.flawed import flawed
from fixtures.judgements import system as judgements
from opnc import negatives

if TYPE_CHECKING:
    from fixtures.evidence import Exchange
    from fixtures.judging import Judge
    from fixtures.parties import Parties
    from fixtures.requests import Prepared


@when(parsers.parse("the {party} makes that request, but {place} is {flaw}"), target_fixture="answer")
def request_with_flaw(parties: Parties, prepared: Prepared, party: str, place: str, flaw: str) -> Exchange:
    """Spoil one thing."""
    return flawed(prepared, negatives.case(prepared.operation, place, flaw)).ask(parties[party])


@then("the request should be refused with 400")
def should_be_refused(judge: Judge, answer: Exchange) -> None:
    """Note where a flaw is let pass."""
    judge.hold(judgements.refused_for_content(answer))
