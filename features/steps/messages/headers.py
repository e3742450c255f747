"""Steps about the headers that name the parties of a request."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from pytest_bdd import given, parsers, then, when

from fixtures.client.party_headers import addressee, name_of, naming, originator
from fixtures.judgements import headers as judgements
from fixtures.testdata.requests import PreparedRequest, prepare
from opnc import contract

if TYPE_CHECKING:
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.target.declaration import Target
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.request_context import RequestContext


Pair = tuple[PreparedRequest, PreparedRequest]
Answers = tuple["Exchange", "Exchange"]


@given(
    parsers.re(r"two valid requests of (?P<operation>.+) about something of the (?P<caller>.+)"),
    target_fixture="pair",
)
def two_requests(request_context: RequestContext, operation: str, caller: str) -> Pair:
    """Prepare a request twice; what only reads is the same both times."""
    own = replace(request_context, caller=caller)
    first = prepare(operation, own)
    reads = contract.load().operation(first.operation).method == "GET"
    return first, first if reads else prepare(operation, own)


@when(
    parsers.parse("the {party} makes the first without and the second with the party headers"),
    target_fixture="several_answers",
)
def with_and_without(parties: Parties, target: Target, pair: Pair, party: str) -> Answers:
    """Name the caller and the service truly."""
    service = contract.load().operation(pair[1].operation).service
    headers = originator(parties[party].account, target) | addressee(service, target)
    return pair[0].ask(parties[party]), replace(pair[1], headers=headers).ask(parties[party])


@when(
    parsers.parse('the {party} makes them with "{value}" in {name} and in {other_name}'),
    target_fixture="several_answers",
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
def with_value(parties: Parties, prepared: PreparedRequest, party: str, value: str, name: str) -> Exchange:
    """Send one header."""
    return replace(prepared, headers={name: value}).ask(parties[party])


@when(parsers.parse("the {party} makes that request in the name of the {other}"), target_fixture="answer")
def in_the_name_of(
    parties: Parties, target: Target, prepared: PreparedRequest, party: str, other: str
) -> Exchange:
    """Let a party claim to be another."""
    headers = originator(parties[other].account, target)
    return replace(prepared, headers=headers).ask(parties[party])


@when(
    parsers.parse('the {party} makes that request with {name} twice, as "{one}" and "{other}"'),
    target_fixture="answer",
)
def with_two_values(
    parties: Parties, prepared: PreparedRequest, party: str, name: str, one: str, other: str
) -> Exchange:
    """Send one header twice."""
    # Fields whose names differ in letter case are fields of one name, on lines of their own.
    return replace(prepared, headers={name: one, name.lower(): other}).ask(parties[party])


@when(
    parsers.re(
        r"the (?P<party>.+) makes that request (?P<direction>from|for) the (?P<kind>\w+) called (?P<by>by .+)"
    ),
    target_fixture="answer",
)
def with_name(
    parties: Parties,
    target: Target,
    prepared: PreparedRequest,
    party: str,
    direction: str,
    kind: str,
    by: str,
) -> Exchange:
    """Name one of both parties truly."""
    name = name_of(parties[party].account, target, by)
    return replace(prepared, headers=naming(direction, kind, name)).ask(parties[party])


@when(
    parsers.re(
        r"the (?P<party>.+) makes that request (?P<direction>from|for) the (?P<kind>\w+)"
        r' called "(?P<name>.+)"'
    ),
    target_fixture="answer",
)
def with_other_name(
    parties: Parties, prepared: PreparedRequest, party: str, direction: str, kind: str, name: str
) -> Exchange:
    """Call one of both parties by some text."""
    return replace(prepared, headers=naming(direction, kind, name)).ask(parties[party])


@when(parsers.parse("the {party} makes that request for a {kind} that nobody knows"), target_fixture="answer")
def for_somebody_else(
    parties: Parties, data: TestData, prepared: PreparedRequest, party: str, kind: str
) -> Exchange:
    """Address a request to a service below a root that does not exist."""
    unknown = sha256(data.uuid().encode()).hexdigest()
    return replace(prepared, headers=naming("for", kind, unknown)).ask(parties[party])


@then("both are served alike")
def are_served_alike(judge: Judge, several_answers: Answers) -> None:
    """Demand success, and the same."""
    judge.require([*judgements.served(several_answers[0]), *judgements.same_outcome(*several_answers)])


@then("both are answered alike")
def are_answered_alike(judge: Judge, several_answers: Answers) -> None:
    """Demand the same outcome, be it success or not."""
    judge.require(judgements.same_outcome(*several_answers))


@then("the header is refused or ignored")
def is_of_no_use(judge: Judge, answer: Exchange) -> None:
    """Demand 400 or success."""
    judge.require(judgements.meaningless_header(answer))


@then("it is forwarded or refused, or noted as served in its place")
def is_not_taken_for_own(judge: Judge, answer: Exchange) -> None:
    """Look at what becomes of a request that is for somebody else."""
    judge.require(judgements.for_another(answer))
