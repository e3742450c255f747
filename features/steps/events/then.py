"""What is demanded of the endpoints of the Event Service, and of receivers that are sent events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.events.shared import DELETE, LIST, POST, PUT, READ, listed
from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.answers.bodies import object_in, sent_by
from fixtures.answers.statuses import published_status
from fixtures.judgements import endpoints as judgements
from fixtures.judgements import receiving
from fixtures.judging import Inconclusive, NotApplicable, expect, expect_equal, expect_in

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
    expect(found, "secret of the endpoint", expected="a secret", seen="none")


def _is_as_created(endpoint: Endpoint, answers: Answers, judge: Judge) -> None:
    reading = answers.of(READ)
    expect_equal("status of reading the endpoint", expected=200, seen=reading.answer.status)
    read = object_in(reading.answer)
    members = [member for member in ALL if member in endpoint.created]
    judge.require(judgements.unchanged(endpoint.created, read, members))
    judge.require(judgements.tells_secret(read, created=bool(endpoint.created.get("secret"))))


def _is_as_changed(endpoint: Endpoint, answers: Answers, judge: Judge) -> None:
    change = answers.of(PUT)
    asked = sent_by(change)
    judge.require(judgements.changed_by_list(asked))
    for kept in (object_in(change.answer), object_in(answers.of(READ).answer)):
        judge.require(judgements.echo(asked, kept))
        judge.require(judgements.unchanged(endpoint.created, kept, ("id", "created")))


def _has_same_secret(endpoint: Endpoint, answers: Answers, judge: Judge) -> None:
    if not endpoint.secret:
        raise Inconclusive("the tester was not told the secret of the endpoint")
    told = [object_in(answers.of(operation).answer) for operation in (PUT, READ)]
    if not any("secret" in each for each in told):
        raise NotApplicable("a secret that is told once is judged by how events are signed (ERR-136)")
    for each in told:
        judge.require(judgements.unchanged({"secret": endpoint.secret}, each, ("secret",)))


def _is_gone(_endpoint: Endpoint, answers: Answers, _judge: Judge) -> None:
    for done, operation, expected in (("removing", DELETE, 200), ("reading", READ, 404)):
        seen = published_status(answers.of(operation))
        expect_equal(f"status of {done} the endpoint", expected=expected, seen=seen)


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
    judge.require(judgements.echo(sent_by(answer), kept))
    judge.require(judgements.identity(kept, bench.clock.now()))


@then("{answer} states the role {role:text} and its (scope=WMIs|provider ids)")
def states_owner(answer: Exchange, target: Target, judge: Judge, role: str, scope: str) -> None:
    """Compare whose the endpoint is with the account."""
    account, kept = target.accounts[role.lower()], object_in(answer.answer)
    judge.require(judgements.role(kept, account))
    member, own = ("wmi", account.wmis) if scope == "WMIs" else ("providerId", account.provider_ids)
    judge.require(judgements.scoped(kept, member, own))


@then("{answer} does not disclose the secret of {endpoint}")
def is_secretive(answer: Exchange, endpoint: Endpoint) -> None:
    """Look for the secret in the answer."""
    disclosed = bool(endpoint.secret) and endpoint.secret.encode() in answer.answer.content
    expect(not disclosed, "the answer", expected="no secret", seen="the secret of the endpoint")


@then("the ids and secrets of both endpoints differ")
def are_different(endpoints: Register[Endpoint]) -> None:
    """Demand that an endpoint has an id and a secret of its own."""
    one, other = endpoints[Ref("endpoint")], endpoints[Ref("endpoint", "other")]
    for member, differs in (("id", one.id != other.id), ("secret", one.secret != other.secret)):
        expect(differs, f"{member} of two endpoints", expected="two values", seen="one for both")


@then("the subscription is accepted")
def is_accepted(answers: Answers, judge: Judge) -> None:
    """Demand that an endpoint was created, and note what had to be left out for it."""
    answer = answers.of(POST)
    expect_equal("status of the subscription", expected=201, seen=answer.answer.status)
    judge.require(judgements.subscribed(sent_by(answer)))


@then("the request is refused, or nothing arrives there")
def is_not_used(answers: Answers, scenario_endpoints: ScenarioEndpoints) -> None:
    """Demand that events go by HTTPS only (ERR-141)."""
    status, deliveries = answers.of(POST).answer.status, scenario_endpoints.deliveries
    expect(
        400 <= status < 500 or not deliveries,
        "an endpoint without HTTPS",
        expected="4xx, or no event",
        seen=f"{status}, and {len(deliveries)} events",
    )


# Lists of endpoints


@then("the list (aspect=holds|does not hold) {endpoint}")
def holds(answers: Answers, aspect: str, endpoint: Endpoint) -> None:
    """Look for an endpoint in the list."""
    found = endpoint.id in {str(each.get("id")) for each in listed(answers.of(LIST))}
    expect(
        found is (aspect == "holds"),
        f"an endpoint of the {endpoint.party}",
        expected="in the list" if aspect == "holds" else "not in the list",
        seen="in the list" if found else "not in the list",
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
    expect_equal("endpoints of the party", expected=before, seen=after)


# Receivers that are tested


def _taken(status: int, _target: Target, judge: Judge) -> None:
    judge.require(receiving.taken(status))


def _taken_with_line_break(status: int, _target: Target, judge: Judge) -> None:
    judge.require(receiving.line_break(status))


def _malformed(status: int, _target: Target, _judge: Judge) -> None:
    # 400, or what HTTP has for media type and size.
    expect_in("answer to a malformed event", expected=(400, 413, 415, 422), seen=status)


def _not_json(status: int, _target: Target, judge: Judge) -> None:
    judge.require(receiving.not_json(status))


def _unauthentic(status: int, target: Target, judge: Judge) -> None:
    target.demand_declared("checks_signatures", default=True)
    judge.require(receiving.refused_for_signature(status))


def _taken_or_refused(status: int, _target: Target, judge: Judge) -> None:
    judge.require(receiving.taken_or_refused(status))


EVENT_ANSWER: Vocabulary[Callable[[int, Target, Judge], None]] = Vocabulary(
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
    answers: Answers, target: Target, judge: Judge, event_answer: Callable[[int, Target, Judge], None]
) -> None:
    """Judge how the receiver has answered the event that it was sent."""
    event_answer(answers.latest.answer.status, target, judge)


@then("both forms of the signature are taken")
def both_taken(answers: Answers, target: Target, judge: Judge) -> None:
    """Judge the two forms together (ERR-127)."""
    target.demand_declared("checks_signatures", default=True)
    judge.require(receiving.both_forms(*(each.answer.status for each in answers.both)))


@then("the repetition does no harm")
def repetition_is_tolerated(answers: Answers, judge: Judge) -> None:
    """Judge how an event is taken that came before (ERR-146)."""
    first, second = answers.both
    judge.require(receiving.taken(first.answer.status))
    judge.require(receiving.repetition(second.answer.status))
