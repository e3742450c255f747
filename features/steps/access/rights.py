"""Steps about who may call which operation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, parsers, then, when

from fixtures.judgements.events import not_told
from fixtures.judgements.ownership import withheld
from fixtures.judging import expect, expect_equal
from fixtures.testdata.requests import PreparedRequest, prepare, state_of

if TYPE_CHECKING:
    from features.vocabulary.things import Received
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.testdata.request_context import RequestContext

ORDINALS = {"first": 0, "second": 1}


@given(parsers.re(r"a valid request of (?P<operation>\S+(?: for \S+)?)"), target_fixture="prepared")
def valid_request(request_context: RequestContext, operation: str) -> PreparedRequest:
    """Prepare a request that only who makes it can spoil."""
    return prepare(operation, request_context)


@given(
    parsers.re(
        r"a valid request of (?P<operation>\S+(?: for \S+)?)"
        r" about something of the (?P<caller>(?:(?! under its ).)+)"
        r"(?: under its (?P<which>first|second) id)?"
    ),
    target_fixture="prepared",
)
def valid_request_of(
    request_context: RequestContext, operation: str, caller: str, which: str | None
) -> PreparedRequest:
    """Prepare a request about an object that belongs to a party, by one of its ids."""
    return prepare(
        operation, replace(request_context, caller=caller, id_index=ORDINALS.get(which or "first", 0))
    )


@given("the state of its service", target_fixture="state")
def state_before(request_context: RequestContext, prepared: PreparedRequest) -> Any:
    """Look at the service before the request."""
    return state_of(prepared, request_context)


@when(parsers.parse("the {party} makes that request"), target_fixture="answer")
def make_request(parties: Parties, prepared: PreparedRequest, party: str) -> Exchange:
    """Let a party call."""
    return prepared.ask(parties[party])


@when("somebody without credentials makes that request", target_fixture="answer")
def make_anonymous_request(parties: Parties, prepared: PreparedRequest) -> Exchange:
    """Call without an access token."""
    return prepared.ask_with(parties.any_party(), None)


@when("the service is looked at again", target_fixture="state_afterwards")
def look_again(request_context: RequestContext, prepared: PreparedRequest) -> Any:
    """Look at the service after the request."""
    return state_of(prepared, request_context)


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
    judge.require(withheld(answer))


@then("nobody has been told anything about it")
def nobody_was_told(received: list[Received], prepared: PreparedRequest, judge: Judge) -> None:
    """Demand that no event names what the request was about."""
    for each in received:
        told = [
            delivery.message for delivery in each.deliveries if prepared.subject.encode() in delivery.content
        ]
        judge.require(not_told(each.subscription.party, told))
