"""What the steps about events share: subscribing, and finding what has come of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from features.vocabulary.references import NoSuchThing
from features.vocabulary.things import Endpoint, Occurrence, Registered, Subscription
from fixtures.answers import endpoints as endpoint_answers
from fixtures.answers.bodies import object_in, sent_by
from fixtures.answers.events import names_contract, names_vehicle
from fixtures.answers.statuses import published_status
from fixtures.judgements import deliveries
from fixtures.judgements.statuses import expect_status
from fixtures.judging import Inconclusive
from fixtures.testdata.contracts import Contract
from fixtures.testdata.requests import PreparedRequest
from opnc import events

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from features.vocabulary.sentence import Said
    from features.vocabulary.things import SubscriptionDeliveries
    from fixtures.client.parties import Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.server.receiver import Delivery, ScenarioEndpoints
    from fixtures.testdata.vehicles import Vehicle

    Subject = Registered | Contract | Vehicle | PreparedRequest | Occurrence

LIST, POST = "get-webhook-endpoints", "postEndpointV1"
READ, PUT, DELETE = "getEndpointByIdV1", "updateEndpointByIdV1", "deleteEndpointByIdV1"


# Endpoints


def created_by(party: Party, answer: Exchange) -> Endpoint:
    """Return the endpoint that a party has asked for, be it created or refused."""
    created = object_in(answer.answer)
    return Endpoint(party.name, str(created.get("id")), sent_by(answer) or {}, created)


def listed(answer: Exchange) -> list[endpoint_answers.Endpoint]:
    """Return the endpoints of a list answer; 404 means that there are none (ERR-137)."""
    expect_status(answer, 200, 404, of="the list")
    return endpoint_answers.collection(answer.answer.json()) if answer.answer.status == 200 else []


def request_subscription(party: Party, members: dict[str, Any], names: Sequence[str]) -> Exchange:
    """Subscribe under all names of the events or, if that is refused, under fewer (ERR-121, ERR-123)."""
    first, *others = events.subscriptions(names)
    answer = party.ask(POST, body={**members, "enabledEvents": first})
    for fewer in others:
        if published_status(answer) != 400:
            break
        answer = party.ask(POST, body={**members, "enabledEvents": fewer})
    return answer


def subscribe(
    party: Party, scenario_endpoints: ScenarioEndpoints, names: Sequence[str], **members: Any
) -> Subscription:
    """Let a party subscribe to events with an address of its own.

    Raises:
        Inconclusive: If the service does not take the subscription.
    """
    subscription, answer = try_to_subscribe(party, scenario_endpoints, names, **members)
    if (status := answer.answer.status) != 201:
        raise Inconclusive(f"the precondition, a subscription of the {party.name}, was answered {status}")
    return subscription


def try_to_subscribe(
    party: Party, scenario_endpoints: ScenarioEndpoints, names: Sequence[str], **members: Any
) -> tuple[Subscription, Exchange]:
    """Ask for a subscription that may be refused; return it with the answer."""
    webhook = scenario_endpoints.open_webhook()
    answer = request_subscription(party, {"url": webhook.url, **members}, names)
    return Subscription(with_secret(party, created_by(party, answer)), webhook), answer


def with_secret(party: Party, endpoint: Endpoint) -> Endpoint:
    """Read an endpoint whose secret the answer to its creation does not tell (ERR-136)."""
    if endpoint.secret or "id" not in endpoint.created:
        return endpoint
    read = object_in(party.ask(READ, path={"id": endpoint.id}).answer)
    return replace(endpoint, secret_read=str(read.get("secret", "")))


def withdraw(party: Party, endpoint: Endpoint) -> None:
    """Delete an endpoint that is needed no more; whether that works is judged elsewhere."""
    party.ask(DELETE, path={"id": endpoint.id})


# What has come


def subscribed(subscriptions: Iterable[Subscription], party: Party) -> list[Subscription]:
    """Return the subscriptions of a party.

    Raises:
        NoSuchThing: If there are none.
    """
    found = [each for each in subscriptions if each.party == party.name]
    if not found:
        raise NoSuchThing(f"no subscription of the {party.name} in this scenario")
    return found


def received_by(received: Iterable[SubscriptionDeliveries], party: Party) -> list[SubscriptionDeliveries]:
    """Return what the subscriptions of a party have delivered.

    Raises:
        NoSuchThing: If it is not subscribed.
    """
    found = list(received)
    wanted = subscribed((each.subscription for each in found), party)
    return [each for each in found if each.subscription in wanted]


def about(received: SubscriptionDeliveries, thing: Subject) -> list[Delivery]:
    """Return the events about a root, a contract, a vehicle, or whatever a request was about."""
    return deliveries_about(received.deliveries, thing)


def deliveries_about(found: Iterable[Delivery], thing: Subject) -> list[Delivery]:
    """Return the deliveries about something, in order.

    Raises:
        NoSuchThing: If it has not come about.
    """
    if isinstance(thing, Occurrence):
        if thing.about is None:
            raise NoSuchThing("that occurrence has not come about in this scenario")
        return deliveries_about(found, thing.about)
    if isinstance(thing, Registered):
        return deliveries.about(found, thing.id)
    if isinstance(thing, PreparedRequest):
        subject = thing.subject.encode()
        return [each for each in found if subject in each.content]
    if isinstance(thing, Contract):
        return [each for each in found if names_contract(each.message, thing.emaid)]
    return [each for each in found if names_vehicle(each.message, thing.pcid)]


def every_event(received: Iterable[SubscriptionDeliveries], thing: Registered | Contract) -> list[Delivery]:
    """Return the events about a root or a contract that anybody has received.

    Raises:
        Inconclusive: If there are none.
    """
    found = [event for each in received for event in about(each, thing)]
    if not found:
        kind = "root" if isinstance(thing, Registered) else "contract"
        raise Inconclusive(f"no event about the {kind} arrived that could be judged")
    return found


def called(said: Said) -> str:
    """Return what the sentence calls its party, for findings."""
    return said.phrases["party"].removeprefix("the ")
