"""Receivers in trouble, and what an Event Service makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, parsers, then, when

from features.steps.events.events import of_party
from features.vocabulary.things import Subscription
from fixtures.judgements import deliveries as judgements
from fixtures.judging import Inconclusive, expect

if TYPE_CHECKING:
    from features.steps.events.events import SubscriptionDeliveries
    from features.vocabulary.things import Registered, Subscription
    from fixtures.bench.interface import Bench
    from fixtures.judging import Judge
    from fixtures.server.hosting import FailureMode
    from fixtures.server.receiver import Delivery
    from fixtures.target.declaration import Target

FAILURE_MODES: dict[str, FailureMode] = {
    "takes no connections": "refuses",
    "does not answer in time": "hangs",
    "shows a certificate that nobody trusts": "untrusted",
    "works again": "",
}

MARGIN = 1.05
"""How much longer than the interval is waited, so that a timer may be a little late (ERR-134 allows 10 %)."""


@given(
    parsers.re(
        r"the receiver of the (?P<party>.+?) (?P<how>always answers|answers) (?P<status>\d+)(?: once)?"
    ),
    converters={"status": int},
)
def answers(subscriptions: list[Subscription], party: str, how: str, status: int) -> None:
    """Prepare the answers that the tester gives to events."""
    for webhook in (each.webhook for each in of_party(subscriptions, party)):
        if how == "always answers":
            webhook.always = status
        else:
            webhook.answers.append(status)


@given(parsers.re(rf"the receiver (?P<trouble>{'|'.join(FAILURE_MODES)})"))
@when(parsers.re(rf"the receiver (?P<trouble>{'|'.join(FAILURE_MODES)})"))
def trouble(bench: Bench, trouble: str) -> None:
    """Take the tester's receiver out of order, or put it back in order."""
    if bench.receiver is None:
        raise Inconclusive("the bench has no receiver")
    bench.receiver.fail(FAILURE_MODES[trouble])


@when(parsers.re(r"the retry interval has passed (?:once|(?P<times>\d+) times)"))
def intervals_pass(bench: Bench, target: Target, times: str | None) -> None:
    """Let time pass, interval by interval."""
    for _ in range(int(times or 1)):
        # Whatever becomes due has been sent when this comes back.
        bench.advance(target.retry_interval * MARGIN)


def _attempts(received: list[SubscriptionDeliveries], root: Registered) -> list[Delivery]:
    found = [each for one in received for each in judgements.about(one.deliveries, root.id)]
    if not found:
        raise Inconclusive("the event was not sent even once, so there is nothing to repeat")
    return found


@then(parsers.re(r"the event about that root was sent (?P<times>\d+) times?"), converters={"times": int})
def was_sent(received: list[SubscriptionDeliveries], root: Registered, times: int) -> None:
    """Count the attempts."""
    seen = len(_attempts(received, root))
    expect(seen == times, "attempts", expected=times, seen=seen)


@then(parsers.parse("the event about that root was sent at most {times:d} times"))
def was_sent_at_most(received: list[SubscriptionDeliveries], root: Registered, times: int) -> None:
    """Count the attempts."""
    seen = len(_attempts(received, root))
    expect(seen <= times, "attempts", expected=f"at most {times}", seen=seen)


@then("there were three retries, one interval apart")
def retries_fit(
    received: list[SubscriptionDeliveries], root: Registered, target: Target, judge: Judge
) -> None:
    """Judge number and spacing of the attempts."""
    judge.require(judgements.retries([each.at for each in _attempts(received, root)], target.retry_interval))


@then("every attempt has the same id and body")
def attempts_are_equal(received: list[SubscriptionDeliveries], root: Registered, judge: Judge) -> None:
    """Compare the attempts."""
    attempts = _attempts(received, root)
    if len(attempts) == 1:
        raise Inconclusive("there was no retry that could be compared")
    judge.require(judgements.repeated(attempts))


@then("a retry of the event about that root is noted")
def retry_is_noted(received: list[SubscriptionDeliveries], root: Registered, judge: Judge) -> None:
    """Note whether an answer on which the texts disagree was followed by a retry (ERR-135)."""
    judge.require(judgements.disputed_retry(len(_attempts(received, root))))
