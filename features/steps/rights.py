"""Steps about who may call which operation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, parsers, then, when

from fixtures.judging import expect, expect_equal
from fixtures.requests import Prepared, observe, prepare

if TYPE_CHECKING:
    from fixtures.evidence import Exchange
    from fixtures.parties import Parties
    from fixtures.requests import Stage


@given(parsers.re(r"a valid request of (?P<operation>\S+)"), target_fixture="prepared")
def valid_request(stage: Stage, operation: str) -> Prepared:
    """Prepare a request that only who makes it can spoil."""
    return prepare(operation, stage)


@given(
    parsers.re(r"a valid request of (?P<operation>\S+) about something of the (?P<caller>.+)"),
    target_fixture="prepared",
)
def valid_request_of(stage: Stage, operation: str, caller: str) -> Prepared:
    """Prepare a request about an object that belongs to a party."""
    return prepare(operation, replace(stage, caller=caller))


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
