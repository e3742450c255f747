"""What is demanded of the events that were received: whom they were sent to, what they say, how they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.events.shared import about, called, every_message, received_by
from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.judgements import contract_events, deliveries, identifiers, system
from fixtures.judgements import events as judgements
from fixtures.judging import Inconclusive, expect
from fixtures.testdata.spellings import emaid_of
from opnc import events
from opnc.pki.reading import read_certificate
from reports.model import Finding, FindingLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from features.steps.events.shared import Subject
    from features.vocabulary.references import Register
    from features.vocabulary.sentence import Said
    from features.vocabulary.things import Registered, SubscriptionDeliveries
    from fixtures.answers.events import Message
    from fixtures.client.parties import Parties, Party
    from fixtures.judging import Judge
    from fixtures.server.receiver import Delivery, WebhookEndpoint
    from fixtures.target.declaration import Target
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.requests import PreparedRequest
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.reading import ReadCertificate

PROVISIONING = {events.PROVISIONING_UPDATED, events.PROVISIONING_DELETED}
"""The events that a Provisioning Certificate Pool causes."""

REMOVALS = (events.ROOT_REVOKED, events.ROOT_EXPIRED, "root.cert.deleted")
"""The events that may tell of a root that was deleted (ERR-017)."""


# Who was told what


def _require_told(judge: Judge, target: Target, service: str, findings: Iterable[Finding]) -> None:
    """Demand an event; that there is none tells nothing where none could have come (`demand_events_of`)."""
    found = tuple(findings)
    if any(each.level is FindingLevel.FAIL for each in found):
        target.demand_events_of(service)
    judge.require(found)


@then("(every subscriber|{party}) has been told {event:text} about {root}, once")
def was_told_of_root(
    received: list[SubscriptionDeliveries],
    judge: Judge,
    target: Target,
    party: Party | None,
    event: str,
    root: Registered,
) -> None:
    """Demand an event about a root, at every subscriber or at those of one party."""
    for each in received if party is None else received_by(received, party):
        _require_told(
            judge, target, "rcp", judgements.told_once(each.subscription.party, about(each, root), (event,))
        )


@then("every subscriber has been told [only=only ]of the removal of {root}[, once]")
def was_told_of_removal(
    received: list[SubscriptionDeliveries], judge: Judge, target: Target, root: Registered, *, only: bool
) -> None:
    """Demand an event about the removal at every subscriber (ERR-017)."""
    for each in received:
        party, found = each.subscription.party, about(each, root)
        _require_told(judge, target, "rcp", judgements.told_once(party, found, REMOVALS))
        if only:
            others = [message for message in found if message.get("eventType") not in REMOVALS]
            judge.require(judgements.not_told(party, others))


@then("{party} has been told {names} about {contracts}[in_order=, in this order]")
def was_told(
    received: list[SubscriptionDeliveries],
    judge: Judge,
    said: Said,
    target: Target,
    party: Party,
    names: tuple[str, ...],
    contracts: tuple[Contract, ...],
    *,
    in_order: bool,
) -> None:
    """Demand events about contracts, each once at every subscription of a party (ERR-131, ERR-138)."""
    who, service = called(said), "pcp" if set(names) <= PROVISIONING else "ccp"
    for each in received_by(received, party):
        for contract in contracts:
            found = about(each, contract)
            if in_order:
                _require_told(judge, target, service, contract_events.in_order(who, found, names))
                continue
            for name in names:
                _require_told(judge, target, service, judgements.told_once(who, found, (name,)))


@then("each eMSP has been told {event:text} about its own contract alone")
def each_was_told(
    received: list[SubscriptionDeliveries],
    parties: Parties,
    contracts: Register[Contract],
    judge: Judge,
    target: Target,
    event: str,
) -> None:
    """Demand that two eMSPs learn of their own contract, and not of the other's (ERR-049)."""
    service = "pcp" if event in PROVISIONING else "ccp"
    both = contracts[Ref("contract")], contracts[Ref("contract", "second")]
    for own, other in (both, both[::-1]):
        for each in received_by(received, parties[own.party]):
            told = judgements.told_once(own.party, about(each, own), (event,))
            _require_told(judge, target, service, told)
            judge.require(judgements.not_told(own.party, about(each, other)))


@then("(nobody has|{party} has not) been told anything about ({root}|{contract}|{vehicle}|{call})")
def was_not_told(
    received: list[SubscriptionDeliveries],
    judge: Judge,
    said: Said,
    party: Party | None,
    root: Registered | None,
    contract: Contract | None,
    vehicle: Vehicle | None,
    call: PreparedRequest | None,
) -> None:
    """Demand silence about a root, a contract, a vehicle, or what a request was about."""
    named: tuple[Subject | None, ...] = (root, contract, vehicle, call)
    thing = next(each for each in named if each is not None)
    for each in received if party is None else received_by(received, party):
        who = each.subscription.party if party is None else called(said)
        judge.require(judgements.not_told(who, about(each, thing)))


@then("the event about {root} has arrived at the new address only")
def arrived_at_new(
    received: list[SubscriptionDeliveries], new_webhook: WebhookEndpoint, judge: Judge, root: Registered
) -> None:
    """Demand the event at the new address and silence at the old one."""
    party = received[-1].subscription.party
    judge.require(judgements.not_told(f"old address of the {party}", about(received[-1], root)))
    found = [each.message for each in deliveries.about(new_webhook.deliveries, root.id)]
    judge.require(judgements.told_once(f"new address of the {party}", found, (events.ROOT_ADDED,)))


# What events say

ABOUT_CONTRACT: Vocabulary[Callable[[Message, Contract, list[ReadCertificate]], Iterator[Finding]]] = (
    Vocabulary(
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
                lambda message, _, roots: contract_events.common_name(message, roots)
            ),
        },
    )
)


@then("every event about {contract} {aspect:ABOUT_CONTRACT}", ABOUT_CONTRACT=ABOUT_CONTRACT)
def every_event_about_contract(
    received: list[SubscriptionDeliveries],
    v2g_roots: list[ReadCertificate],
    judge: Judge,
    contract: Contract,
    aspect: Callable[[Message, Contract, list[ReadCertificate]], Iterator[Finding]],
) -> None:
    """Judge what the events say about a contract."""
    for message in every_message(received, contract):
        judge.require(aspect(message, contract, v2g_roots))


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
    for message in every_message(received, root):
        judge.require(aspect(message, root))


@then("every event names the EMAID of {call} in normal form")
def every_event_names_emaid(
    received: list[SubscriptionDeliveries], judge: Judge, call: PreparedRequest
) -> None:
    """Look for the id of the contract that a request has made."""
    judge.require(identifiers.told(_messages(received), emaid_of(call).normalised))


# How events came


def _messages(received: list[SubscriptionDeliveries]) -> list[Message]:
    return [delivery.message for each in received for delivery in each.deliveries]


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
    return lambda received: (found for delivery in _all(received) for found in judgement(delivery))


def _own_ids(received: list[SubscriptionDeliveries]) -> Iterator[Finding]:
    found = _all(received)
    if len(found) == 1:
        raise Inconclusive("only one event arrived, so there is nothing to compare")
    return judgements.different_ids(delivery.message for delivery in found)


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
        "event names ISO 15118-20": lambda received: system.names_20(_messages(received)),
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


def _attempts(received: list[SubscriptionDeliveries], root: Registered) -> list[Delivery]:
    found = [each for one in received for each in deliveries.about(one.deliveries, root.id)]
    if not found:
        raise Inconclusive("the event was not sent even once, so there is nothing to repeat")
    return found


@then("the event about {root} was sent [at_most=at most ]{n} (time|times)")
def was_sent(received: list[SubscriptionDeliveries], root: Registered, n: int, *, at_most: bool) -> None:
    """Count the attempts."""
    seen = len(_attempts(received, root))
    if at_most:
        expect(seen <= n, "attempts", expected=f"at most {n}", seen=seen)
    else:
        expect(seen == n, "attempts", expected=n, seen=seen)


def _three_retries(attempts: list[Delivery], target: Target) -> Iterator[Finding]:
    return deliveries.retries([each.at for each in attempts], target.retry_interval)


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


@then("the event about {root} {ATTEMPTS}", ATTEMPTS=ATTEMPTS)
def attempts_are(
    received: list[SubscriptionDeliveries],
    target: Target,
    judge: Judge,
    root: Registered,
    attempts: Callable[[list[Delivery], Target], Iterator[Finding]],
) -> None:
    """Judge how an event was sent again."""
    judge.require(attempts(_attempts(received, root), target))


@then("it is noted whether the event about {root} was sent again")
def retry_is_noted(received: list[SubscriptionDeliveries], root: Registered, judge: Judge) -> None:
    """Note whether an answer on which the texts disagree was followed by a retry (ERR-135)."""
    judge.require(deliveries.disputed_retry(len(_attempts(received, root))))
