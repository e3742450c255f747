"""What is done with subscriptions to events, and the waiting for what they bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import given, parsers, when

from features.vocabulary.things import Subscription
from fixtures.answers.endpoints import endpoint
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.server.receiver import deliveries_to
from opnc import events

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.server.receiver import Delivery, ScenarioEndpoints
    from fixtures.target.declaration import Target

POST = "postEndpointV1"
ROLES = ("oem", "emsp", "cpo", "cps")


@pytest.fixture
def subscriptions() -> list[Subscription]:
    """The subscriptions of the scenario: none before a step makes one."""
    return []


def of_party(subscriptions: Iterable[Subscription], party: str) -> list[Subscription]:
    """Return the subscriptions of a party.

    Raises:
        LookupError: If there are none: the scenario names a party that it has not subscribed.
    """
    found = [each for each in subscriptions if each.party == party.lower()]
    if not found:
        raise LookupError(f"no subscription of the {party} in this scenario")
    return found


def subscribe(
    party: Party, scenario_endpoints: ScenarioEndpoints, names: Sequence[str], **members: Any
) -> Subscription:
    """Let a party subscribe to events with an address of its own.

    Raises:
        Inconclusive: If the service does not take the subscription.
    """
    webhook = scenario_endpoints.open_webhook()
    answer = request_subscription(party, {"url": webhook.url, **members}, names)
    if answer.answer.status != 201:
        raise Inconclusive(
            f"the precondition, a subscription of the {party.name}, was answered {answer.answer.status}"
        )
    created = endpoint(answer.answer.json())
    return Subscription(party.name, str(created.get("id")), str(created.get("secret", "")), webhook, answer)


def request_subscription(party: Party, members: dict[str, Any], names: Sequence[str]) -> Exchange:
    """Subscribe under all names of the events or, if that is refused, under those of the list (ERR-121)."""
    every = [spelling for name in names for spelling in events.spellings(name)]
    answer = party.ask(POST, body={**members, "enabledEvents": every})
    if answer.answer.status == 400:
        answer = party.ask(POST, body={**members, "enabledEvents": events.subscribable(names)})
    return answer


@dataclass(frozen=True, slots=True)
class SubscriptionDeliveries:
    """What a subscription has brought so far."""

    subscription: Subscription
    deliveries: list[Delivery]


@pytest.fixture
def received(
    scenario_endpoints: ScenarioEndpoints, subscriptions: list[Subscription]
) -> list[SubscriptionDeliveries]:
    """What has arrived, subscription by subscription."""
    return [
        SubscriptionDeliveries(each, deliveries_to(each.webhook, scenario_endpoints.deliveries))
        for each in subscriptions
    ]


def received_by(received: Iterable[SubscriptionDeliveries], party: str) -> list[SubscriptionDeliveries]:
    """Return what the subscriptions of a party have brought.

    Raises:
        LookupError: As `of_party`.
    """
    found = list(received)
    wanted = of_party((each.subscription for each in found), party)
    return [each for each in found if each.subscription in wanted]


def names_in(text: str) -> list[str]:
    """Return the events of a list in a step."""
    return [name.strip() for name in text.split(",")]


@given("parties of every role are subscribed to the events about roots", target_fixture="subscriptions")
def every_role_subscribed(
    parties: Parties, scenario_endpoints: ScenarioEndpoints, target: Target
) -> list[Subscription]:
    """Subscribe one party of each role that the target declares."""
    declared = [role for role in ROLES if role in target.accounts]
    if not declared:
        raise NotApplicable("the target declares no account that could subscribe to events")
    return [subscribe(parties[role], scenario_endpoints, events.ROOT_EVENTS) for role in declared]


@given(parsers.parse('the {party} is subscribed to "{names}"'), target_fixture="subscriptions")
def subscribed(
    parties: Parties,
    scenario_endpoints: ScenarioEndpoints,
    subscriptions: list[Subscription],
    party: str,
    names: str,
) -> list[Subscription]:
    """Subscribe a party, once more if it is subscribed already."""
    return [*subscriptions, subscribe(parties[party], scenario_endpoints, names_in(names))]


@when("the events have had time to arrive")
def wait(scenario_endpoints: ScenarioEndpoints, target: Target) -> None:
    """Wait as long as an event may be on its way."""
    scenario_endpoints.wait(target.delivery_window.total_seconds())


@when("every subscriber has received something")
def wait_for_all(
    scenario_endpoints: ScenarioEndpoints, target: Target, subscriptions: list[Subscription]
) -> None:
    """Wait until every subscriber got an event, yet no longer than an event may be on its way."""

    def complete() -> bool:
        return all(each.webhook.deliveries for each in subscriptions)

    scenario_endpoints.wait(target.delivery_window.total_seconds(), complete)
