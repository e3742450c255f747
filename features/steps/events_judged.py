"""What steps demand of the events that were received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import parsers, then

from fixtures.judgements import events as judgements
from fixtures.receiver import to
from opnc import events

if TYPE_CHECKING:
    from collections.abc import Collection

    from features.steps.events import Subscription
    from features.steps.roots import Registered
    from fixtures.judging import Judge
    from fixtures.receiver import Delivery

REMOVALS = (events.ROOT_REVOKED, events.ROOT_EXPIRED, "root.cert.deleted")
"""The events that may tell of a root that was deleted (ERR-017)."""


@then(parsers.parse('every subscriber has been told "{event}" about that root, once'))
def all_told(
    subscriptions: list[Subscription],
    deliveries: list[Delivery],
    root: Registered,
    judge: Judge,
    event: str,
) -> None:
    """Demand the event at every subscriber."""
    _told(subscriptions, deliveries, root, judge, (event,))


@then("every subscriber has been told that this root was removed, once")
def all_told_of_removal(
    subscriptions: list[Subscription], deliveries: list[Delivery], root: Registered, judge: Judge
) -> None:
    """Demand an event about the removal at every subscriber (ERR-017)."""
    _told(subscriptions, deliveries, root, judge, REMOVALS)


def _told(
    subscriptions: list[Subscription],
    deliveries: list[Delivery],
    root: Registered,
    judge: Judge,
    wanted: Collection[str],
) -> None:
    for each in subscriptions:
        found = judgements.messages(to(each.mailbox, deliveries), root.id)
        judge.hold(judgements.told_once(each.party, found, wanted))
