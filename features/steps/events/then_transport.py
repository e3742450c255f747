"""What is demanded of how events came: by which request, with which signature, in how many attempts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from features.steps.events.shared import deliveries_about
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.judgements import deliveries, system
from fixtures.judgements import events as judgements
from fixtures.judging import Inconclusive, expect
from reports import places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from features.vocabulary.sentence import Said
    from features.vocabulary.things import Occurrence, SubscriptionDeliveries
    from fixtures.judging import Judge
    from fixtures.server.receiver import Delivery
    from fixtures.target.declaration import Target
    from reports.model import Finding

# How events came


def _all(received: list[SubscriptionDeliveries]) -> list[Delivery]:
    """Return everything that arrived, where there is anything."""
    found = [delivery for each in received for delivery in each.deliveries]
    if not found:
        raise Inconclusive("no event arrived that could be judged")
    return found


def _each(
    judgement: Callable[[Delivery], Iterator[Finding]],
) -> Callable[[list[SubscriptionDeliveries]], Iterator[Finding]]:
    """Judge each event on its own."""
    return lambda received: (
        replace(found, exchange=delivery.exchange.number)
        for delivery in _all(received)
        for found in judgement(delivery)
    )


def _own_ids(received: list[SubscriptionDeliveries]) -> Iterator[Finding]:
    found = _all(received)
    if len(found) == 1:
        raise Inconclusive("only one event arrived, so there is nothing to compare")
    return judgements.different_ids(found)


def _signed_with_own_secret(received: list[SubscriptionDeliveries]) -> Iterator[Finding]:
    _all(received)
    for each in received:
        for delivery in each.deliveries:
            yield from deliveries.verified(delivery, each.subscription.endpoint.secret)


def _signed_with_no_other_secret(received: list[SubscriptionDeliveries]) -> Iterator[Finding]:
    for each in received:
        for other in received:
            if other is not each:
                for delivery in each.deliveries:
                    yield from deliveries.not_signed_with(delivery, other.subscription.endpoint.secret)


DELIVERY: Vocabulary[Callable[[list[SubscriptionDeliveries]], Iterator[Finding]]] = Vocabulary(
    "judgement of the events that arrived",
    {
        "event came as an HTTPS POST of JSON": _each(deliveries.posted),
        "event has an id, a type, a time and a payload": _each(
            lambda delivery: judgements.members(delivery.message)
        ),
        "event has an id of its own": _own_ids,
        "event names ISO 15118-20": _each(lambda delivery: system.names_20(delivery.message)),
        "event carries a signature": _each(deliveries.signed),
        "signature is written as the documentation says": _each(deliveries.form),
        "signature is that of the endpoint over the body": _signed_with_own_secret,
        "signature is that of its own endpoint alone": _signed_with_no_other_secret,
    },
)


@then("every {DELIVERY}", DELIVERY=DELIVERY)
def every_delivery(
    received: list[SubscriptionDeliveries],
    target: Target,
    judge: Judge,
    said: Said,
    delivery: Callable[[list[SubscriptionDeliveries]], Iterator[Finding]],
) -> None:
    """Judge how the events have come, whatever they are about."""
    if "signature" in said.phrases["delivery"]:
        target.demand_declared("signs_events", default=True)
    judge.require(delivery(received))


# Attempts


def _attempts(received: list[SubscriptionDeliveries], occurrence: Occurrence) -> list[Delivery]:
    found = [each for one in received for each in deliveries_about(one.deliveries, occurrence)]
    if not found:
        raise Inconclusive("the event was not sent even once, so there is nothing to repeat")
    return found


@then("the event about {occurrence} was sent [at_most=at most ]{n} (time|times)")
def was_sent(
    received: list[SubscriptionDeliveries], occurrence: Occurrence, n: int, *, at_most: bool
) -> None:
    """Count the attempts."""
    found = _attempts(received, occurrence)
    seen = len(found)
    # The last is one too many, or there should be another after it.
    number, place = found[-1].exchange.number, places.BODY if seen > n else places.ABSENT
    if at_most:
        expect(seen <= n, "attempts", expected=f"at most {n}", seen=seen, place=place, exchange=number)
    else:
        expect(seen == n, "attempts", expected=n, seen=seen, place=place, exchange=number)


def _three_retries(attempts: list[Delivery], target: Target) -> Iterator[Finding]:
    return deliveries.retries(attempts, target.retry_interval)


def _repeated(attempts: list[Delivery], _target: Target) -> Iterator[Finding]:
    if len(attempts) == 1:
        raise Inconclusive("there was no retry that could be compared")
    return deliveries.repeated(attempts)


ATTEMPTS: Vocabulary[Callable[[list[Delivery], Target], Iterator[Finding]]] = Vocabulary(
    "judgement of the attempts to send an event",
    {
        "was sent again three times, one interval apart": _three_retries,
        "has the same id and body at every attempt": _repeated,
    },
)


@then("the event about {occurrence} {ATTEMPTS}", ATTEMPTS=ATTEMPTS)
def attempts_are(
    received: list[SubscriptionDeliveries],
    target: Target,
    judge: Judge,
    occurrence: Occurrence,
    attempts: Callable[[list[Delivery], Target], Iterator[Finding]],
) -> None:
    """Judge how an event was sent again."""
    judge.require(attempts(_attempts(received, occurrence), target))


@then("it is noted whether the event about {occurrence} was sent again")
def retry_is_noted(received: list[SubscriptionDeliveries], occurrence: Occurrence, judge: Judge) -> None:
    """Note whether an answer on which the texts disagree was followed by a retry (ERR-135)."""
    judge.require(deliveries.disputed_retry(len(_attempts(received, occurrence))))
