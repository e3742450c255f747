"""Events that the tester sends to a receiver under test, and how it takes them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import parsers, then, when

from fixtures.backends.event_sender import Sender, SignedEvent, message
from fixtures.judgements import receiving as judgements
from fixtures.judging import Inconclusive, NotApplicable, expect_in
from opnc import events

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fixtures.bench.interface import Bench
    from fixtures.evidence.exchange import Exchange
    from fixtures.evidence.recorder import Recorder
    from fixtures.evidence.redaction import Redactor
    from fixtures.judging import Judge
    from fixtures.target.declaration import Target
    from fixtures.testdata.generator import TestData
    from opnc.rights import Party

Message = dict[str, Any]

LARGE = 2 * 1024 * 1024
"""Bytes of filling in an event that is too long for its content."""


@dataclass(frozen=True, slots=True)
class EventComposer:
    """Where events to one receiver are written."""

    sender: Sender
    data: TestData
    message: Message
    """A valid event."""


class EventComposers:
    """Has a desk for every receiver that is tested."""

    def __init__(self, bench: Bench, recorder: Recorder, data: TestData) -> None:
        self._bench = bench
        self._recorder = recorder
        self._data = data

    def composer(self, event: str, party: Party | None = None) -> EventComposer:
        """Return where an event is written.

        Args:
            event: Its name.
            party: Whose receiver it is for; that of anybody whom the event concerns when absent.

        Raises:
            NotApplicable: If no such receiver is tested.
        """
        wanted = events.parties_for(event) if party is None else {party}
        for webhook in self._bench.target.webhooks:
            if webhook.party in wanted:
                sender = Sender(webhook, self._bench.http, self._recorder)
                return EventComposer(
                    sender, self._data, message(event, webhook, self._data, self._bench.clock)
                )
        of = f" of the {party}" if party else ""
        raise NotApplicable(f"the target declares no webhook endpoint{of} that {event} is for")


def send_event(composer: EventComposer, event: Message) -> Mapping[str, str]:
    """Send an event that is the beginning of something, and hand nothing back.

    Raises:
        Inconclusive: If it is not taken.
    """
    status = composer.sender.send(composer.sender.write(event)).answer.status
    if not 200 <= status < 300:
        raise Inconclusive(f"the precondition, an event that is taken, was answered {status}")
    return {}


@pytest.fixture
def event_composers(bench: Bench, redactor: Redactor, recorder: Recorder, data: TestData) -> EventComposers:
    """Where the tester writes events for the receivers under test."""
    for webhook in bench.target.webhooks:
        redactor.learn(webhook.secret)
    return EventComposers(bench, recorder, data)


def _without(member: str) -> Callable[[EventComposer], SignedEvent]:
    return lambda composer: composer.sender.write(
        {name: value for name, value in composer.message.items() if name != member}
    )


def _written(write: Callable[[Message], str]) -> Callable[[EventComposer], SignedEvent]:
    """Write the JSON in some way and sign what came of it."""
    return lambda composer: SignedEvent(write(composer.message).encode(), None).signed(
        composer.sender.webhook.secret
    )


def _with(**members: Any) -> Callable[[EventComposer], SignedEvent]:
    return lambda composer: composer.sender.write({**composer.message, **members})


def _other(composer: EventComposer) -> SignedEvent:
    return composer.sender.write({**composer.message, "eventId": composer.data.uuid()})


def _cut_off(composer: EventComposer) -> SignedEvent:
    whole = composer.sender.write(composer.message)
    return replace(whole, content=whole.content[:-20]).signed(composer.sender.webhook.secret)


def _about_unknown(composer: EventComposer) -> SignedEvent:
    unknown = composer.data.pcid(composer.sender.webhook.pcid[:3])
    return composer.sender.write(
        {**composer.message, "payload": {**composer.message["payload"], "pcid": unknown}}
    )


def _changed(
    change: Callable[[SignedEvent, EventComposer], SignedEvent],
) -> Callable[[EventComposer], SignedEvent]:
    """Change an event after it was signed."""
    return lambda composer: change(composer.sender.write(composer.message), composer)


FORMS: dict[str, Callable[[EventComposer], SignedEvent]] = {
    "with indented JSON": _written(lambda event: json.dumps(event, indent=2)),
    "with a line break at the end": _written(lambda event: json.dumps(event, separators=(",", ":")) + "\n"),
    "with blanks between its tokens": _written(lambda event: json.dumps(event, separators=(" , ", " : "))),
    "with unknown members": _with(x={"y": [1]}),
    "with an unknown type": _with(eventType="x.y"),
    "that is no JSON": _written(lambda _event: "no JSON"),
    "cut off": _cut_off,
    "without eventId": _without("eventId"),
    "without eventType": _without("eventType"),
    "without payload": _without("payload"),
    "as plain text": _changed(lambda letter, _desk: replace(letter, media_type="text/plain")),
    "of two megabytes": _with(x="x" * LARGE),
    "signed with another secret": _changed(lambda letter, _desk: letter.signed("another secret")),
    "altered after it was signed": _changed(
        lambda letter, composer: replace(letter, content=_other(composer).content)
    ),
    "with the signature of another event": _changed(
        lambda letter, composer: replace(letter, signature=_other(composer).signature)
    ),
    "whose signature is no signature": _changed(
        lambda letter, _desk: replace(letter, signature="sha256=none")
    ),
    "without a signature": _changed(lambda letter, _desk: replace(letter, signature=None)),
    "about an unknown vehicle": _about_unknown,
}
"""How an event may be written otherwise than usual."""


@when(parsers.parse('the event service sends a valid "{event}"'), target_fixture="answer")
def send_valid(event_composers: EventComposers, event: str) -> Exchange:
    """Send an event that is as it should be."""
    composer = event_composers.composer(event)
    return composer.sender.send(composer.sender.write(composer.message))


@when(parsers.re(r'the event service sends a "(?P<event>[^"]+)" (?P<form>.+)'), target_fixture="answer")
def send_otherwise(event_composers: EventComposers, event: str, form: str) -> Exchange:
    """Send an event that is written otherwise, well or badly."""
    composer = event_composers.composer(event)
    return composer.sender.send(FORMS[form](composer))


@when("the event service sends that event again", target_fixture="second")
def send_again(event_composers: EventComposers, answer: Exchange) -> Exchange:
    """Send the very same event."""
    sender = event_composers.composer(events.ROOT_ADDED).sender
    return sender.send(SignedEvent(answer.request.content, None).signed(sender.webhook.secret))


@when("the event service sends another whose signature lacks the prefix", target_fixture="second")
def send_bare(event_composers: EventComposers) -> Exchange:
    """Send an event whose signature is hex digits only (ERR-126)."""
    composer = event_composers.composer(events.ROOT_ADDED)
    letter = composer.sender.write(composer.message)
    return composer.sender.send(replace(letter, signature=str(letter.signature).removeprefix("sha256=")))


@then("the event is taken")
def is_taken(answer: Exchange, judge: Judge) -> None:
    """Demand a positive answer (ERR-139)."""
    judge.require(judgements.taken(answer.answer.status))


@then("both forms of the signature are taken")
def both_taken(answer: Exchange, second: Exchange, target: Target, judge: Judge) -> None:
    """Judge the two forms together (ERR-127)."""
    target.demand_declared("checks_signatures", default=True)
    judge.require(judgements.both_forms(answer.answer.status, second.answer.status))


@then("the repetition does no harm")
def repetition_is_tolerated(answer: Exchange, second: Exchange, judge: Judge) -> None:
    """Judge how an event is taken that came before (ERR-146)."""
    judge.require(judgements.taken(answer.answer.status))
    judge.require(judgements.repetition(second.answer.status))


@then("the event is refused as malformed")
def is_malformed(answer: Exchange) -> None:
    """Demand 400, or what HTTP has for media type and size."""
    expect_in("answer to a malformed event", expected=(400, 413, 415), seen=answer.answer.status)


@then("the event is refused for its signature")
def is_unauthentic(answer: Exchange, target: Target, judge: Judge) -> None:
    """Demand a refusal from a receiver that checks signatures (ERR-139)."""
    target.demand_declared("checks_signatures", default=True)
    judge.require(judgements.refused_for_signature(answer.answer.status))


@then("the event is taken, or refused with 400 or 409")
def is_taken_or_refused(answer: Exchange, judge: Judge) -> None:
    """Demand that a refusal says that a retry is of no use (ERR-135)."""
    judge.require(judgements.taken_or_refused(answer.answer.status))
