"""Steps about who may call which operation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, parsers, then, when

from fixtures.judgements.events import not_told
from fixtures.judgements.ownership import withheld
from fixtures.judging import expect, expect_equal
from fixtures.testdata.requests import Prepared, observe, prepare

if TYPE_CHECKING:
    from features.steps.events.events import Received
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.testdata.request_context import Stage

ORDINALS = {"first": 0, "second": 1}


@given(parsers.re(r"a valid request of (?P<operation>\S+(?: for \S+)?)"), target_fixture="prepared")
def valid_request(stage: Stage, operation: str) -> Prepared:
    """Prepare a request that only who makes it can spoil."""
    return prepare(operation, stage)


@given(
    parsers.re(
        r"a valid request of (?P<operation>\S+(?: for \S+)?)"
        r" about something of the (?P<caller>(?:(?! under its ).)+)"
        r"(?: under its (?P<which>first|second) id)?"
    ),
    target_fixture="prepared",
)
def valid_request_of(stage: Stage, operation: str, caller: str, which: str | None) -> Prepared:
    """Prepare a request about an object that belongs to a party, by one of its ids."""
    return prepare(operation, replace(stage, caller=caller, under=ORDINALS.get(which or "first", 0)))


@given("the state of its service", target_fixture="state")
def state_before(stage: Stage, prepared: Prepared) -> Any:
    """Look at the service before the request."""
    return observe(prepared, stage)


@when(parsers.parse("the {party} makes that request"), target_fixture="answer")
def make_request(parties: Parties, prepared: Prepared, party: str) -> Exchange:
    """Let a party call."""
    return prepared.ask(parties[party])


@when("somebody without credentials makes that request", target_fixture="answer")
def make_anonymous_request(parties: Parties, prepared: Prepared) -> Exchange:
    """Call without an access token."""
    return prepared.ask_with(parties.anybody(), None)


@when("the service is looked at again", target_fixture="state_afterwards")
def look_again(stage: Stage, prepared: Prepared) -> Any:
    """Look at the service after the request."""
    return observe(prepared, stage)


@then("the request is served")
def is_served(answer: Exchange) -> None:
    """Demand success."""
    status = answer.answer.status
    expect(200 <= status < 300, f"status of {answer.operation.id}", expected="2xx", seen=status)


@then("its state is unchanged")
def is_unchanged(state: Any, state_afterwards: Any) -> None:
    """Compare what was seen of the service before and after."""
    expect_equal("state of the service", expected=state, seen=state_afterwards)


@then("it is withheld")
def is_withheld(judge: Judge, answer: Exchange) -> None:
    """Demand that something foreign is neither handed out nor touched."""
    judge.hold(withheld(answer))


@then("nobody has been told anything about it")
def nobody_was_told(received: list[Received], prepared: Prepared, judge: Judge) -> None:
    """Demand that no event names what the request was about."""
    for each in received:
        told = [
            delivery.message for delivery in each.deliveries if prepared.about.encode() in delivery.content
        ]
        judge.hold(not_told(each.subscription.party, told))
