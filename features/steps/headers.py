"""Steps about the headers that name the parties of a request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_bdd import given, parsers, then, when

from fixtures.judgements import headers as judgements
from fixtures.party_headers import addressee, originator
from fixtures.requests import Prepared, prepare
from opnc import contract

if TYPE_CHECKING:
    from fixtures.evidence import Exchange
    from fixtures.judging import Judge
    from fixtures.parties import Parties
    from fixtures.stage import Stage
    from fixtures.target import Target


Pair = tuple[Prepared, Prepared]
Answers = tuple["Exchange", "Exchange"]


@given(
    parsers.re(r"two valid requests of (?P<operation>.+) about something of the (?P<caller>.+)"),
    target_fixture="pair",
)
def two_requests(stage: Stage, operation: str, caller: str) -> Pair:
    """Prepare a request twice; what only reads is the same both times."""
    own = replace(stage, caller=caller)
    first = prepare(operation, own)
    reads = contract.load().operation(first.operation).method == "GET"
    return first, first if reads else prepare(operation, own)


@when(
    parsers.parse("the {party} makes the first without and the second with the party headers"),
    target_fixture="answers",
)
def with_and_without(parties: Parties, target: Target, pair: Pair, party: str) -> Answers:
    """Name the caller and the service truly."""
    service = contract.load().operation(pair[1].operation).service
    headers = originator(parties[party].account, target) | addressee(service, target)
    return pair[0].ask(parties[party]), replace(pair[1], headers=headers).ask(parties[party])


@when(
    parsers.parse('the {party} makes them with "{value}" in {name} and in {other_name}'),
    target_fixture="answers",
)
def in_two_spellings(
    parties: Parties, pair: Pair, party: str, value: str, name: str, other_name: str
) -> Answers:
    """Send one header under its name in different letter cases."""
    first, second = (
        replace(request, headers={spelling: value})
        for request, spelling in zip(pair, (name, other_name), strict=True)
    )
    return first.ask(parties[party]), second.ask(parties[party])


@when(parsers.parse('the {party} makes that request with "{value}" in {name}'), target_fixture="answer")
def with_value(parties: Parties, prepared: Prepared, party: str, value: str, name: str) -> Exchange:
    """Send one header."""
    return replace(prepared, headers={name: value}).ask(parties[party])


@when(parsers.parse("the {party} makes that request in the name of the {other}"), target_fixture="answer")
def in_the_name_of(parties: Parties, target: Target, prepared: Prepared, party: str, other: str) -> Exchange:
    """Let a party claim to be another."""
    headers = originator(parties[other].account, target)
    return replace(prepared, headers=headers).ask(parties[party])


@then("both are served alike")
def are_served_alike(judge: Judge, answers: Answers) -> None:
    """Demand success, and the same."""
    judge.hold([*judgements.served(answers[0]), *judgements.alike(*answers)])


@then("both are answered alike")
def are_answered_alike(judge: Judge, answers: Answers) -> None:
    """Demand the same outcome, be it success or not."""
    judge.hold(judgements.alike(*answers))


@then("the header is refused or ignored")
def is_of_no_use(judge: Judge, answer: Exchange) -> None:
    """Demand 400 or success."""
    judge.hold(judgements.of_no_use(answer))
