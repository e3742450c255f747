"""What events say, and do not say, about the things of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.judgements import identifiers, system
from fixtures.judgements.events import not_told
from fixtures.testdata.spellings import emaid_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from features.vocabulary.references import Register
    from features.vocabulary.things import Received
    from fixtures.answers.events import Message
    from fixtures.judging import Judge
    from fixtures.testdata.requests import PreparedRequest
    from reports.model import Finding

    Naming = Callable[[list[Message], PreparedRequest], Iterable[Finding]]

NAMED: Vocabulary[Naming] = Vocabulary(
    "what events name",
    {
        "the EMAID in normal form": lambda told, call: identifiers.told(told, emaid_of(call).normalised),
        "ISO 15118-20": lambda told, _call: system.names_20(told),
    },
)


@then("every event names {NAMED}", NAMED=NAMED)
def events_name(
    received: list[Received], calls: Register[PreparedRequest], judge: Judge, named: Naming
) -> None:
    """Look at what the events say that have come after that request."""
    told = [delivery.message for each in received for delivery in each.deliveries]
    judge.require(named(told, calls[Ref("call")]))


@then("nobody has been told anything about it")
def nobody_was_told(received: list[Received], calls: Register[PreparedRequest], judge: Judge) -> None:
    """Demand that no event names what that request was about."""
    subject = calls[Ref("call")].subject.encode()
    for each in received:
        told = [delivery.message for delivery in each.deliveries if subject in delivery.content]
        judge.require(not_told(each.subscription.party, told))
