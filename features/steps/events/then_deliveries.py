"""What is demanded of the events that were received: whom they were sent to, what they say, how they came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from features.steps.events.occurrences import ROOT_REMOVALS
from features.steps.events.shared import about, called, deliveries_about, every_event, received_by
from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.answers import roots as root_answers
from fixtures.judgements import contract_events, deliveries, identifiers, system
from fixtures.judgements import events as judgements
from fixtures.judging import Inconclusive, expect
from fixtures.testdata.spellings import emaid_of
from opnc.pki.reading import read_certificate
from reports import places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.steps.events.shared import Subject
    from features.vocabulary.references import Register
    from features.vocabulary.sentence import Said
    from features.vocabulary.things import Occurrence, Registered, SubscriptionDeliveries
    from fixtures.answers.events import Message
    from fixtures.answers.roots import RootsById
    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.recorder import Recorder
    from fixtures.judging import Judge
    from fixtures.server.receiver import Delivery, WebhookEndpoint
    from fixtures.target.declaration import Target
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.requests import PreparedRequest
    from fixtures.testdata.vehicles import Vehicle
    from reports.model import Finding

# Who was told what


@then(
    "(every[others= other] subscriber|{party}) has been told"
    " ({event:text} about {root}|of {occurrence}), once"
)
def was_told_of(
    received: list[SubscriptionDeliveries],
    target: Target,
    judge: Judge,
    party: Party | None,
    event: str | None,
    root: Registered | None,
    occurrence: Occurrence | None,
    *,
    others: bool,
) -> None:
    """Demand an event about a root or what was caused, at all subscribers but the first, or of a party."""
    wanted = (occurrence.begins if occurrence else event) or ""
    for each in received[others:] if party is None else received_by(received, party):
        _demand_told(judge, target, each, (occurrence or root, (wanted,)))


def _demand_told(
    judge: Judge,
    target: Target,
    received: SubscriptionDeliveries,
    wanted: tuple[Subject | None, tuple[str, ...]],
) -> list[Delivery]:
    """Demand one of some events about something at a subscription; return all events about it."""
    thing, names = wanted
    found = about(received, _said(thing))
    within = target.delivery_window
    judge.require(judgements.told_once(received.subscription.party, found, names, within))
    return found


@then("every subscriber has been told [only=only ]of the (removal of {root}|end of {occurrence})[, once]")
def was_told_of_end(
    received: list[SubscriptionDeliveries],
    target: Target,
    judge: Judge,
    root: Registered | None,
    occurrence: Occurrence | None,
    *,
    only: bool,
) -> None:
    """Demand an event about a removal at every subscriber (ERR-017)."""
    ends = occurrence.ends if occurrence else ROOT_REMOVALS
    for each in received:
        found = _demand_told(judge, target, each, (occurrence or root, ends))
        if only:
            others = [event for event in found if event.message.get("eventType") not in ends]
            judge.require(judgements.not_told(each.subscription.party, others))


@then("{party} has been told {names} about {contracts}[in_order=, in this order]")
def was_told(
    received: list[SubscriptionDeliveries],
    target: Target,
    judge: Judge,
    said: Said,
    party: Party,
    names: tuple[str, ...],
    contracts: tuple[Contract, ...],
    *,
    in_order: bool,
) -> None:
    """Demand events about contracts, each once at every subscription of a party (ERR-131, ERR-138)."""
    who = called(said)
    for each in received_by(received, party):
        for contract in contracts:
            found = about(each, contract)
            if in_order:
                judge.require(contract_events.in_order(who, found, names))
                continue
            for name in names:
                judge.require(judgements.told_once(who, found, (name,), target.delivery_window))


@then("each eMSP has been told {event:text} about its own contract alone")
def each_was_told(
    received: list[SubscriptionDeliveries],
    parties: Parties,
    contracts: Register[Contract],
    target: Target,
    judge: Judge,
    event: str,
) -> None:
    """Demand that two eMSPs learn of their own contract, and not of the other's (ERR-049)."""
    both = contracts[Ref("contract")], contracts[Ref("contract", "second")]
    for own, other in (both, both[::-1]):
        for each in received_by(received, parties[own.party]):
            judge.require(judgements.told_once(own.party, about(each, own), (event,), target.delivery_window))
            judge.require(judgements.not_told(own.party, about(each, other)))


@then(
    "(nobody has|{party} has not) been told anything about ({root}|{contract}|{vehicle}|{call}|{occurrence})"
)
def was_not_told(
    received: list[SubscriptionDeliveries],
    judge: Judge,
    said: Said,
    party: Party | None,
    root: Registered | None,
    contract: Contract | None,
    vehicle: Vehicle | None,
    call: PreparedRequest | None,
    *,
    occurrence: Occurrence | None,
) -> None:
    """Demand silence about a root, a contract, a vehicle, what a request was about, or what was caused."""
    thing = _said(root, contract, vehicle, call, occurrence)
    for each in received if party is None else received_by(received, party):
        who = each.subscription.party if party is None else called(said)
        judge.require(judgements.not_told(who, about(each, thing)))


def _said(*things: Subject | None) -> Subject:
    """Return the one of several things that the sentence speaks of."""
    return next(each for each in things if each is not None)


@then("the event about {occurrence} has arrived at the new address only")
def arrived_at_new(
    received: list[SubscriptionDeliveries],
    new_webhook: WebhookEndpoint,
    target: Target,
    judge: Judge,
    occurrence: Occurrence,
) -> None:
    """Demand the event at the new address and silence at the old one."""
    party = received[-1].subscription.party
    judge.require(judgements.not_told(f"old address of the {party}", about(received[-1], occurrence)))
    found = deliveries_about(new_webhook.deliveries, occurrence)
    who, within = f"new address of the {party}", target.delivery_window
    judge.require(judgements.told_once(who, found, (occurrence.begins,), within))


# What events say

AboutContract = Callable[["Message", "Contract", "RootsById"], "Iterator[Finding]"]

ABOUT_CONTRACT: Vocabulary[AboutContract] = Vocabulary(
    "judgement of an event about a contract",
    {
        "names its edition of ISO 15118": lambda message, contract, _: contract_events.edition(
            message, contract
        ),
        "names its EMAID and PCID in normal form": lambda message, contract, _: contract_events.ids(
            message, contract
        ),
        "holds the certificate of that contract, if it holds any": (
            lambda message, contract, _: contract_events.certificate(message, contract)
        ),
        "names a V2G root by its fingerprint, if it names any": (
            lambda message, _, roots: contract_events.fingerprint(message, roots)
        ),
        "names a V2G root by its common name, if it names any": (
            lambda message, _, roots: contract_events.common_name(message, list(roots.values()))
        ),
    },
)


@then("every event about {contract} {aspect:ABOUT_CONTRACT}", ABOUT_CONTRACT=ABOUT_CONTRACT)
def every_event_about_contract(
    received: list[SubscriptionDeliveries],
    recorder: Recorder,
    judge: Judge,
    contract: Contract,
    aspect: AboutContract,
) -> None:
    """Judge what the events say about a contract, by the V2G roots that the pool has told of."""
    roots = root_answers.told(recorder.exchanges, "v2g")
    for event in every_event(received, contract):
        judge.require(aspect(event.message, contract, roots), exchange=event.exchange.number)


ABOUT_ROOT: Vocabulary[Callable[[Message, Registered], Iterator[Finding]]] = Vocabulary(
    "judgement of an event about a root",
    {
        "names it as the pool and its certificate do": lambda message, root: judgements.names_root(
            message, root.id, read_certificate(root.certificate)
        ),
        "states its type": lambda message, root: judgements.root_type(message, root.types[0]),
        "states its serial number, if it states any": lambda message, root: judgements.serial_number(
            message, read_certificate(root.certificate)
        ),
    },
)


@then("every event about {root} {aspect:ABOUT_ROOT}", ABOUT_ROOT=ABOUT_ROOT)
def every_event_about_root(
    received: list[SubscriptionDeliveries],
    judge: Judge,
    root: Registered,
    aspect: Callable[[Message, Registered], Iterator[Finding]],
) -> None:
    """Compare what the events say about a root with the one that was registered."""
    for event in every_event(received, root):
        judge.require(aspect(event.message, root), exchange=event.exchange.number)


@then("every event names the EMAID of {call} in normal form")
def every_event_names_emaid(
    received: list[SubscriptionDeliveries], judge: Judge, call: PreparedRequest
) -> None:
    """Look for the id of the contract that a request has made."""
    for event in (delivery for each in received for delivery in each.deliveries):
        found = identifiers.told(event.message, emaid_of(call).normalised)
        judge.require(found, exchange=event.exchange.number)


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
