"""What steps demand of the events that were received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import parsers, then

from features.steps.events.events import received_by
from fixtures.judgements import deliveries as delivering
from fixtures.judgements import events as judgements
from fixtures.judging import Inconclusive
from opnc import events
from opnc.pki.reading import read_certificate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from features.steps.events.events import SubscriptionDeliveries
    from features.vocabulary.things import Registered
    from fixtures.answers.events import Message
    from fixtures.judging import Judge
    from fixtures.server.receiver import Delivery, WebhookEndpoint
    from fixtures.target.declaration import Target
    from reports.model import Finding

REMOVALS = (events.ROOT_REVOKED, events.ROOT_EXPIRED, "root.cert.deleted")
"""The events that may tell of a root that was deleted (ERR-017)."""


def _about(received: SubscriptionDeliveries, root: Registered) -> list[Message]:
    return [each.message for each in delivering.about(received.deliveries, root.id)]


def _every(received: list[SubscriptionDeliveries]) -> list[Delivery]:
    """Return everything that arrived, where there is anything."""
    found = [delivery for each in received for delivery in each.deliveries]
    if not found:
        raise Inconclusive("no event arrived that could be judged")
    return found


# Who was told what


@then(
    parsers.re(r'(?:the (?P<party>.+)|every subscriber) has been told "(?P<event>.+)" about that root, once')
)
def was_told(
    received: list[SubscriptionDeliveries], root: Registered, judge: Judge, party: str | None, event: str
) -> None:
    """Demand an event, at every subscriber or at those of one party."""
    for each in received if party is None else received_by(received, party):
        _told_once(each, root, judge, (event,))


@then(parsers.re(r"every subscriber has been told (?P<only>only )?that this root was removed(?:, once)?"))
def was_told_of_removal(
    received: list[SubscriptionDeliveries], root: Registered, judge: Judge, only: str | None
) -> None:
    """Demand an event about the removal at every subscriber (ERR-017)."""
    for each in received:
        _told_once(each, root, judge, REMOVALS)
        if only:
            others = [m for m in _about(each, root) if m.get("eventType") not in REMOVALS]
            judge.require(judgements.not_told(each.subscription.party, others))


def _told_once(
    received: SubscriptionDeliveries, root: Registered, judge: Judge, wanted: Collection[str]
) -> None:
    judge.require(judgements.told_once(received.subscription.party, _about(received, root), wanted))


@then("nobody has been told anything about that root")
def nobody_was_told(received: list[SubscriptionDeliveries], root: Registered, judge: Judge) -> None:
    """Demand silence."""
    for each in received:
        judge.require(judgements.not_told(each.subscription.party, _about(each, root)))


@then("the event about that root has arrived at the new address only")
def arrived_at_new(
    received: list[SubscriptionDeliveries], new_webhook: WebhookEndpoint, root: Registered, judge: Judge
) -> None:
    """Demand the event at the new address and silence at the old one."""
    party = received[-1].subscription.party
    judge.require(judgements.not_told(f"old address of the {party}", _about(received[-1], root)))
    found = [each.message for each in delivering.about(new_webhook.deliveries, root.id)]
    judge.require(judgements.told_once(f"new address of the {party}", found, (events.ROOT_ADDED,)))


# What an event says and how it came

EVERY_DELIVERY: dict[str, Callable[[Delivery], Iterator[Finding]]] = {
    "event came as an HTTPS POST of JSON": delivering.posted,
    "event has an id, a type, a time and a payload": lambda each: judgements.members(each.message),
    "event carries a signature": delivering.signed,
    "signature is written as the documentation says": delivering.form,
}


@then(parsers.re(rf"every (?P<what>{'|'.join(EVERY_DELIVERY)})"))
def every_event(received: list[SubscriptionDeliveries], target: Target, judge: Judge, what: str) -> None:
    """Judge each event on its own."""
    if "signature" in what:
        target.demand_declared("signs_events", default=True)
    for delivery in _every(received):
        judge.require(EVERY_DELIVERY[what](delivery))


@then("the events have different ids")
def ids_differ(received: list[SubscriptionDeliveries], judge: Judge) -> None:
    """Demand that each event has an id of its own."""
    found = _every(received)
    if len(found) == 1:
        raise Inconclusive("only one event arrived, so there is nothing to compare")
    judge.require(judgements.different_ids(delivery.message for delivery in found))


@then("every event names that root as the pool and its certificate do")
def root_is_named(received: list[SubscriptionDeliveries], root: Registered, judge: Judge) -> None:
    """Compare the payload with the root that was registered."""
    for message in _messages(received, root):
        judge.require(judgements.names_root(message, root.id, read_certificate(root.certificate)))


@then(parsers.parse('every event states the root type "{wanted}"'))
def root_type_is_stated(
    received: list[SubscriptionDeliveries], root: Registered, judge: Judge, wanted: str
) -> None:
    """Compare the stated type with that under which the root was registered."""
    for message in _messages(received, root):
        judge.require(judgements.root_type(message, wanted))


@then("the serial number in every event, where stated, is that of the root")
def serial_number_is_stated(received: list[SubscriptionDeliveries], root: Registered, judge: Judge) -> None:
    """Compare the stated serial number with the certificate."""
    for message in _messages(received, root):
        judge.require(judgements.serial_number(message, read_certificate(root.certificate)))


def _messages(received: list[SubscriptionDeliveries], root: Registered) -> list[Message]:
    found = [message for each in received for message in _about(each, root)]
    if not found:
        raise Inconclusive("no event about the root arrived that could be judged")
    return found


@then("every signature is that of the endpoint over the body")
def signatures_verify(received: list[SubscriptionDeliveries], target: Target, judge: Judge) -> None:
    """Compute every signature anew."""
    target.demand_declared("signs_events", default=True)
    _every(received)
    for each in received:
        for delivery in each.deliveries:
            judge.require(delivering.verified(delivery, each.subscription.secret))


@then("no signature is that of another endpoint")
def signatures_differ(received: list[SubscriptionDeliveries], judge: Judge) -> None:
    """Demand that nobody's secret fits what was sent to somebody else."""
    for each in received:
        for other in received:
            if other is not each:
                for delivery in each.deliveries:
                    judge.require(delivering.not_signed_with(delivery, other.subscription.secret))
