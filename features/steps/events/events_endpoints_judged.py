"""What steps demand of the endpoints of the Event Service."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pytest_bdd import parsers, then

from features.steps.events.events_endpoints import listed
from fixtures.answers import endpoints as endpoint_answers
from fixtures.judgements import endpoints as judgements
from fixtures.judging import Inconclusive, expect, expect_equal

if TYPE_CHECKING:
    from features.vocabulary.things import Subscription
    from fixtures.answers.endpoints import Endpoint
    from fixtures.bench.interface import Bench
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.server.receiver import ScenarioEndpoints
    from fixtures.target.declaration import Target

ALL = ("id", "created", "enabledEvents", "url", "status", "secret")
"""Members that tell whether an endpoint is the same as before."""


def _sent(exchange: Exchange) -> dict[str, Any]:
    sent: dict[str, Any] = json.loads(exchange.request.content)
    return sent


def _kept(exchange: Exchange) -> Endpoint:
    try:
        return endpoint_answers.endpoint(exchange.answer.json())
    except ValueError:
        return {}


@then("the answer holds the endpoint that was sent")
def is_echoed(answer: Exchange, bench: Bench, judge: Judge) -> None:
    """Compare the endpoint with the request."""
    judge.require(judgements.echo(_sent(answer), _kept(answer)))
    judge.require(judgements.identity(_kept(answer), bench.clock.now()))


@then("the endpoint has a secret")
def has_secret(subscriptions: list[Subscription], reading: Exchange) -> None:
    """Demand a secret where the endpoint is created or read (ERR-136)."""
    found = _kept(subscriptions[-1].created).get("secret") or _kept(reading).get("secret")
    expect(found, "secret of the endpoint", expected="a secret", seen="none")


@then("their ids and secrets differ")
def are_different(answer: Exchange, other_answer: Exchange) -> None:
    """Demand that an endpoint has an id and a secret of its own."""
    for member in ("id", "secret"):
        differs = _kept(answer).get(member) != _kept(other_answer).get(member)
        expect(differs, f"{member} of two endpoints", expected="two values", seen="one for both")


@then("the subscription is accepted")
def is_accepted(answer: Exchange, judge: Judge) -> None:
    """Demand that an endpoint was created, and note what had to be left out for it."""
    expect_equal("status of the subscription", expected=201, seen=answer.answer.status)
    judge.require(judgements.subscribed(_sent(answer)))


@then(parsers.re(r'the answer states the role "(?P<role>.+)" and its (?P<scope>WMIs|provider ids)'))
def states_owner(answer: Exchange, target: Target, judge: Judge, role: str, scope: str) -> None:
    """Compare whose the endpoint is with the account."""
    account = target.accounts[role.lower()]
    judge.require(judgements.role(_kept(answer), account))
    member, own = ("wmi", account.wmis) if scope == "WMIs" else ("providerId", account.provider_ids)
    judge.require(judgements.scoped(_kept(answer), member, own))


@then("the endpoints are the same as before")
def are_unchanged(before: list[Endpoint], afterwards: list[Endpoint]) -> None:
    """Demand that nothing was left behind."""
    seen, expected = ([str(each.get("id")) for each in group] for group in (afterwards, before))
    expect_equal("endpoints of the party", expected=sorted(expected), seen=sorted(seen))


@then("the request is refused, or nothing arrives there")
def is_not_used(answer: Exchange, scenario_endpoints: ScenarioEndpoints) -> None:
    """Demand that events go by HTTPS only (ERR-141)."""
    refused, deliveries = 400 <= answer.answer.status < 500, scenario_endpoints.deliveries
    expect(
        refused or not deliveries,
        "an endpoint without HTTPS",
        expected="4xx, or no event",
        seen=f"{answer.answer.status}, and {len(deliveries)} events",
    )


@then(parsers.re(r"the list (?P<verb>holds|does not hold) these endpoints"))
def holds(answer: Exchange, subscriptions: list[Subscription], verb: str) -> None:
    """Look for the endpoints that were created."""
    ids = {str(each.get("id")) for each in listed(answer)}
    for subscription in subscriptions:
        found = subscription.id in ids
        expect(
            found is (verb == "holds"),
            f"an endpoint of the {subscription.party}",
            expected="in the list" if verb == "holds" else "not in the list",
            seen="in the list" if found else "not in the list",
        )


@then("the answer says that there are no endpoints")
def says_none(answer: Exchange) -> None:
    """Accept 404 and the empty list (ERR-137)."""
    if listed(answer):
        raise Inconclusive("the account has endpoints already, so its list is not empty")


@then("the endpoint read is the one created, with its secret")
def is_the_same(subscriptions: list[Subscription], reading: Exchange, judge: Judge) -> None:
    """Compare the endpoint with what it was when it was created."""
    expect_equal("status of reading the endpoint", expected=200, seen=reading.answer.status)
    created = _kept(subscriptions[-1].created)
    members = [member for member in ALL if member in created]
    judge.require(judgements.unchanged(created, _kept(reading), members))
    expect(_kept(reading).get("secret"), "secret of the endpoint", expected="a secret", seen="none")


@then("the answer does not disclose the secret")
def is_secretive(answer: Exchange, subscriptions: list[Subscription]) -> None:
    """Look for the secret in the answer."""
    secret = subscriptions[-1].secret
    disclosed = bool(secret) and secret.encode() in answer.answer.content
    expect(not disclosed, "the answer", expected="no secret", seen="the secret of the endpoint")


@then("the endpoint is as it was changed to")
def is_changed(answer: Exchange, reading: Exchange, subscriptions: list[Subscription], judge: Judge) -> None:
    """Compare the answer and the endpoint read with the request, and what must stay with the creation."""
    judge.require(judgements.changed_by_list(_sent(answer)))
    for kept in (_kept(answer), _kept(reading)):
        judge.require(judgements.echo(_sent(answer), kept))
        judge.require(judgements.unchanged(_kept(subscriptions[-1].created), kept, ("id", "created")))


@then("the secret is the same as before")
def secret_stays(subscriptions: list[Subscription], reading: Exchange, judge: Judge) -> None:
    """Compare the secret with that of the creation."""
    if not subscriptions[-1].secret:
        raise Inconclusive("the endpoint was created without a secret")
    judge.require(judgements.unchanged(_kept(subscriptions[-1].created), _kept(reading), ("secret",)))


@then("the endpoint is gone")
def is_gone(answer: Exchange, reading: Exchange) -> None:
    """Demand that the endpoint was removed and can no longer be read."""
    expect_equal("status of removing the endpoint", expected=200, seen=answer.answer.status)
    expect_equal("status of reading the endpoint", expected=404, seen=reading.answer.status)
