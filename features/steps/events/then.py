"""What is demanded of the endpoints of the Event Service, and of receivers that are sent events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.events.shared import DELETE, LIST, POST, PUT, READ, listed
from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.answers.bodies import object_in, place_of, sent_by
from fixtures.judgements import endpoints as judgements
from fixtures.judgements import receiving
from fixtures.judgements.statuses import expect_status
from fixtures.judging import Inconclusive, NotApplicable, expect, expect_equal, expect_in
from reports import places

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from features.vocabulary.things import Endpoint
    from fixtures.answers.bodies import JsonObject
    from fixtures.bench.interface import Bench
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.server.receiver import ScenarioEndpoints
    from fixtures.target.declaration import Target

ALL = ("id", "created", "enabledEvents", "url", "status", "secret")
"""Members that tell whether an endpoint is the same as before."""


# One endpoint


def _has_secret(endpoint: Endpoint, answers: Answers, _judge: Judge) -> None:
    found = endpoint.secret or object_in(answers.of(READ).answer).get("secret")
    what, place = "secret of the endpoint", places.pointer("secret")
    expect(found, what, expected="a secret", seen="none", place=place, exchange=answers.of(READ).number)


def _is_as_created(endpoint: Endpoint, answers: Answers, judge: Judge) -> None:
    reading = answers.of(READ)
    expect_status(reading, 200, of="reading the endpoint")
    read = object_in(reading.answer)
    members = [member for member in ALL if member in endpoint.created]
    judge.require(judgements.unchanged(endpoint.created, read, members), exchange=reading.number)
    told = judgements.tells_secret(read, created=bool(endpoint.created.get("secret")))
    judge.require(told, exchange=reading.number)


def _is_as_changed(endpoint: Endpoint, answers: Answers, judge: Judge) -> None:
    change = answers.of(PUT)
    asked = sent_by(change)
    judge.require(judgements.changed_by_list(asked))
    for each in (change, answers.of(READ)):
        kept = object_in(each.answer)
        judge.require(judgements.echo(asked, kept), exchange=each.number)
        unchanged = judgements.unchanged(endpoint.created, kept, ("id", "created"))
        judge.require(unchanged, exchange=each.number)


def _has_same_secret(endpoint: Endpoint, answers: Answers, judge: Judge) -> None:
    if not endpoint.secret:
        raise Inconclusive("the tester was not told the secret of the endpoint")
    told = [(each.number, object_in(each.answer)) for each in map(answers.of, (PUT, READ))]
    if not any("secret" in each for _, each in told):
        raise NotApplicable("a secret that is told once is judged by how events are signed (ERR-136)")
    for number, each in told:
        unchanged = judgements.unchanged({"secret": endpoint.secret}, each, ("secret",))
        judge.require(unchanged, exchange=number)


def _is_gone(_endpoint: Endpoint, answers: Answers, _judge: Judge) -> None:
    for done, operation, expected in (("removing", DELETE, 200), ("reading", READ, 404)):
        expect_status(answers.of(operation), expected, of=f"{done} the endpoint", published=True)


def _states_limit(endpoint: Endpoint, _answers: Answers, judge: Judge) -> None:
    judge.require(judgements.scoped(endpoint.created, "wmi", endpoint.asked["wmi"]))


ENDPOINT: Vocabulary[Callable[[Endpoint, Answers, Judge], None]] = Vocabulary(
    "judgement of an endpoint",
    {
        "has a secret": _has_secret,  # where it is created or read (ERR-136)
        "has the same secret as before": _has_same_secret,
        "is as it was created, with its secret": _is_as_created,
        "is as it was changed to": _is_as_changed,
        "is gone": _is_gone,
        "states the WMI that it is limited to": _states_limit,  # ERR-125
    },
)


@then("{endpoint} {aspect:ENDPOINT}", ENDPOINT=ENDPOINT)
def endpoint_is(
    endpoint: Endpoint, answers: Answers, judge: Judge, aspect: Callable[[Endpoint, Answers, Judge], None]
) -> None:
    """Compare an endpoint with what it was when it was created, and with what was done to it since."""
    aspect(endpoint, answers, judge)


@then("{answer} holds the endpoint that was sent")
def is_echoed(answer: Exchange, bench: Bench, judge: Judge) -> None:
    """Compare the endpoint with the request."""
    kept = object_in(answer.answer)
    judge.require(judgements.echo(sent_by(answer), kept), exchange=answer.number)
    judge.require(judgements.identity(kept, bench.clock.now()), exchange=answer.number)


@then("{answer} states the role {role:text} and its (scope=WMIs|provider ids)")
def states_owner(answer: Exchange, target: Target, judge: Judge, role: str, scope: str) -> None:
    """Compare whose the endpoint is with the account."""
    account, kept = target.accounts[role.lower()], object_in(answer.answer)
    judge.require(judgements.role(kept, account), exchange=answer.number)
    member, own = ("wmi", account.wmis) if scope == "WMIs" else ("providerId", account.provider_ids)
    judge.require(judgements.scoped(kept, member, own), exchange=answer.number)


@then("{answer} does not disclose the secret of {endpoint}")
def is_secretive(answer: Exchange, endpoint: Endpoint) -> None:
    """Look for the secret in the answer."""
    disclosed = bool(endpoint.secret) and endpoint.secret.encode() in answer.answer.content
    what, seen = "the answer", "the secret of the endpoint"
    expect(not disclosed, what, expected="no secret", seen=seen, place=places.BODY, exchange=answer.number)


@then("the ids and secrets of both endpoints differ")
def are_different(endpoints: Register[Endpoint]) -> None:
    """Demand that an endpoint has an id and a secret of its own."""
    one, other = endpoints[Ref("endpoint")], endpoints[Ref("endpoint", "other")]
    for member, differs in (("id", one.id != other.id), ("secret", one.secret != other.secret)):
        what, place = f"{member} of two endpoints", places.pointer(member)
        expect(differs, what, expected="two values", seen="one for both", place=place)


@then("the subscription is accepted")
def is_accepted(answers: Answers, judge: Judge) -> None:
    """Demand that an endpoint was created, and note what had to be left out for it."""
    answer = answers.of(POST)
    expect_status(answer, 201, of="the subscription")
    judge.require(judgements.subscribed(sent_by(answer)), exchange=answer.number)


@then("the request is refused, or nothing arrives there")
def is_not_used(answers: Answers, scenario_endpoints: ScenarioEndpoints) -> None:
    """Demand that events go by HTTPS only (ERR-141)."""
    status, deliveries = answers.of(POST).answer.status, scenario_endpoints.deliveries
    expect(
        400 <= status < 500 or not deliveries,
        "an endpoint without HTTPS",
        expected="4xx, or no event",
        seen=f"{status}, and {len(deliveries)} events",
        place=places.CONNECTION,
        exchange=deliveries[0].exchange.number if deliveries else None,
    )


# Lists of endpoints


@then("the list (aspect=holds|does not hold) {endpoint}")
def holds(answers: Answers, aspect: str, endpoint: Endpoint) -> None:
    """Look for an endpoint in the list."""
    answer = answers.of(LIST)
    found = [each for each in listed(answer) if str(each.get("id")) == endpoint.id]
    expect(
        bool(found) is (aspect == "holds"),
        f"an endpoint of the {endpoint.party}",
        expected="in the list" if aspect == "holds" else "not in the list",
        seen="in the list" if found else "not in the list",
        place=place_of(found[0]) if found else places.BODY,
        exchange=answer.number,
    )


@then("the answer says that there are no endpoints")
def says_none(answers: Answers) -> None:
    """Accept 404 and the empty list (ERR-137)."""
    if listed(answers.of(LIST)):
        raise Inconclusive("the account has endpoints already, so its list is not empty")


@then("the endpoints are the same as before")
def are_unchanged(endpoints_before: list[JsonObject], answers: Answers) -> None:
    """Demand that nothing was left behind."""
    before, after = (
        sorted(str(each.get("id")) for each in group)
        for group in (endpoints_before, listed(answers.of(LIST)))
    )
    what, number = "endpoints of the party", answers.of(LIST).number
    expect_equal(what, expected=before, seen=after, place=places.BODY, exchange=number)


# Receivers that are tested


def _taken(answer: Exchange, _target: Target, judge: Judge) -> None:
    judge.require(receiving.taken(answer.answer.status), exchange=answer.number)


def _taken_with_line_break(answer: Exchange, _target: Target, judge: Judge) -> None:
    judge.require(receiving.line_break(answer.answer.status), exchange=answer.number)


def _malformed(answer: Exchange, _target: Target, _judge: Judge) -> None:
    # 400, or what HTTP has for media type and size.
    what, seen = "answer to a malformed event", answer.answer.status
    expected = (400, 413, 415, 422)
    expect_in(what, expected=expected, seen=seen, place=places.STATUS, exchange=answer.number)


def _not_json(answer: Exchange, _target: Target, judge: Judge) -> None:
    judge.require(receiving.not_json(answer.answer.status), exchange=answer.number)


def _unauthentic(answer: Exchange, target: Target, judge: Judge) -> None:
    target.demand_declared("checks_signatures", default=True)
    judge.require(receiving.refused_for_signature(answer.answer.status), exchange=answer.number)


def _taken_or_refused(answer: Exchange, _target: Target, judge: Judge) -> None:
    judge.require(receiving.taken_or_refused(answer.answer.status), exchange=answer.number)


EVENT_ANSWER: Vocabulary[Callable[[Exchange, Target, Judge], None]] = Vocabulary(
    "answer to an event",
    {
        "taken": _taken,  # ERR-139
        "taken, or noted as refused for its line break": _taken_with_line_break,  # ERR-127
        "refused as malformed": _malformed,
        "refused for its media type, or noted as taken": _not_json,
        "refused for its signature": _unauthentic,  # by a receiver that checks signatures (ERR-139)
        "taken, or refused with 400 or 409": _taken_or_refused,  # a retry is of no use then (ERR-135)
    },
)


@then("the event is {EVENT_ANSWER}", EVENT_ANSWER=EVENT_ANSWER)
def event_is(
    answers: Answers, target: Target, judge: Judge, event_answer: Callable[[Exchange, Target, Judge], None]
) -> None:
    """Judge how the receiver has answered the event that it was sent."""
    event_answer(answers.latest, target, judge)


@then("both forms of the signature are taken")
def both_taken(answers: Answers, target: Target, judge: Judge) -> None:
    """Judge the two forms together (ERR-127)."""
    target.demand_declared("checks_signatures", default=True)
    judge.require(receiving.both_forms(*answers.both))


@then("the repetition does no harm")
def repetition_is_tolerated(answers: Answers, judge: Judge) -> None:
    """Judge how an event is taken that came before (ERR-146)."""
    first, second = answers.both
    judge.require(receiving.taken(first.answer.status), exchange=first.number)
    judge.require(receiving.repetition(second.answer.status), exchange=second.number)
