"""What is done with subscriptions to events, and the waiting for what they bring."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, when

from fixtures.judging import Inconclusive, NotApplicable
from fixtures.receiver import to
from opnc import events

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fixtures.evidence import Exchange
    from fixtures.parties import Parties, Party
    from fixtures.receiver import Delivery, Inbox, Mailbox
    from fixtures.target import Target

POST = "postEndpointV1"
ROLES = ("oem", "emsp", "cpo", "cps")


@dataclass(frozen=True, slots=True)
class Subscription:
    """An endpoint that the Event Service keeps for a party."""

    party: str
    id: str
    secret: str = field(repr=False)
    mailbox: Mailbox


def subscribe(party: Party, inbox: Inbox, names: Sequence[str], **members: Any) -> Subscription:
    """Let a party subscribe to events with an address of its own.

    Raises:
        Inconclusive: If the service does not take the subscription.
    """
    mailbox = inbox.mailbox()
    answer = _request(party, {"url": mailbox.url, **members}, names)
    if answer.answer.status != 201:
        raise Inconclusive(
            f"the precondition, a subscription of the {party.name}, was answered {answer.answer.status}"
        )
    created = answer.answer.json()
    return Subscription(party.name, str(created.get("id")), str(created.get("secret", "")), mailbox)


def _request(party: Party, members: dict[str, Any], names: Sequence[str]) -> Exchange:
    """Subscribe under all names of the events or, if that is refused, under those of the list (ERR-121)."""
    every = [spelling for name in names for spelling in events.spellings(name)]
    answer = party.ask(POST, body={**members, "enabledEvents": every})
    if answer.answer.status == 400:
        answer = party.ask(POST, body={**members, "enabledEvents": events.subscribable(names)})
    return answer


@given("parties of every role are subscribed to the events about roots", target_fixture="subscriptions")
def every_role_subscribed(parties: Parties, inbox: Inbox, target: Target) -> list[Subscription]:
    """Subscribe one party of each role that the target declares."""
    declared = [role for role in ROLES if role in target.accounts]
    if not declared:
        raise NotApplicable("the target declares no account that could subscribe to events")
    return [subscribe(parties[role], inbox, events.ROOT_EVENTS) for role in declared]


@when("the events have had time to arrive", target_fixture="deliveries")
def wait(inbox: Inbox, target: Target) -> list[Delivery]:
    """Wait as long as an event may be on its way."""
    inbox.wait(target.delivery_window.total_seconds())
    return inbox.deliveries


@when("every subscriber has received something", target_fixture="deliveries")
def wait_for_all(inbox: Inbox, target: Target, subscriptions: list[Subscription]) -> list[Delivery]:
    """Wait until every subscriber got an event, yet no longer than an event may be on its way."""

    def complete() -> bool:
        return all(to(each.mailbox, inbox.deliveries) for each in subscriptions)

    inbox.wait(target.delivery_window.total_seconds(), complete)
    return inbox.deliveries
