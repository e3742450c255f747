"""What is demanded of the events that were received: whom they were sent to, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from features.steps.events.occurrences import ROOT_REMOVALS, UNTOLD, has_contracts
from features.steps.events.shared import about, called, deliveries_about, every_event, received_by
from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.answers import roots as root_answers
from fixtures.answers.events import payload
from fixtures.judgements import contract_events, identifiers
from fixtures.judgements import events as judgements
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.testdata.spellings import emaid_of
from opnc.pki.reading import read_certificate
from opnc.vehicles import version_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.steps.events.occurrences import ToldByWmi
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


@then(
    "{party} has been told {names} about ({contracts}[in_order=, in this order]|{vehicle}, and nothing else)"
)
def was_told(
    received: list[SubscriptionDeliveries],
    target: Target,
    judge: Judge,
    said: Said,
    party: Party,
    names: tuple[str, ...],
    contracts: tuple[Contract, ...] | None,
    *,
    vehicle: Vehicle | None,
    told_by_wmi: ToldByWmi,
    in_order: bool,
) -> None:
    """Demand events about contracts, each once at every subscription of a party (ERR-131, ERR-138).

    About a vehicle there may be one for each contract, and one beside them (ERR-049): their type counts.

    Raises:
        NotApplicable: If an eMSP without a contract is not told of what has become of the vehicle.
    """
    who = called(said)
    if vehicle is not None and not (has_contracts(target) or set(names) <= (told_by_wmi.known or set())):
        raise NotApplicable(UNTOLD)
    for each in received_by(received, party):
        if vehicle is not None:
            found = about(each, vehicle)
            judge.require(judgements.told_alone(who, found, names, target.delivery_window))
        for contract in contracts or ():
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
    """Demand silence about a root, a contract, a vehicle, what a request was about, or what was caused.

    Raises:
        Inconclusive: If nothing came to a witness of it either.
    """
    thing = _said(root, contract, vehicle, call, occurrence)
    _demand_witnessed(received, thing)
    judged = [each for each in received if not each.subscription.witness]
    for each in judged if party is None else received_by(judged, party):
        who = each.subscription.party if party is None else called(said)
        judge.require(judgements.not_told(who, about(each, thing)))


def _demand_witnessed(received: list[SubscriptionDeliveries], thing: Subject) -> None:
    """Make sure that something was sent at all: where nothing is, every filter seems to work."""
    for each in received:
        if each.subscription.witness and not about(each, thing):
            raise Inconclusive(
                f"no event about it came to the {each.subscription.party}, who is entitled to one: that none"
                " came elsewhere shows nothing"
            )


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
            message, emaid=contract.emaid, pcid=contract.pcid
        ),
        "holds the certificate of that contract, if it holds any": (
            lambda message, contract, _: contract_events.certificate(message, contract.emaid)
        ),
        "names a V2G root by its fingerprint, if it names any": (
            lambda message, _, roots: contract_events.fingerprint(message, roots)
        ),
        "names a V2G root by its common name, if it names any": (
            lambda message, _, roots: contract_events.common_name(message, list(roots.values()))
        ),
    },
)


AboutVehicle = Callable[["Message", "Vehicle", "RootsById"], "Iterator[Finding]"]


def _demand_roots(message: Message, member: str, roots: RootsById) -> None:
    if member in payload(message) and not roots:
        raise Inconclusive("nobody has told the tester which V2G roots there are")


def _fingerprint(message: Message, _vehicle: Vehicle, roots: RootsById) -> Iterator[Finding]:
    _demand_roots(message, "cpsSignerRootFingerprint", roots)
    return contract_events.fingerprint(message, roots)


def _common_name(message: Message, _vehicle: Vehicle, roots: RootsById) -> Iterator[Finding]:
    _demand_roots(message, "cpsSignerRootCommonName", roots)
    return contract_events.common_name(message, list(roots.values()))


ABOUT_VEHICLE: Vocabulary[AboutVehicle] = Vocabulary(
    "judgement of an event about a vehicle",
    {
        "names its PCID in normal form": lambda message, vehicle, _: contract_events.ids(
            message, pcid=vehicle.pcid
        ),
        "names an edition of ISO 15118": lambda message, vehicle, _: contract_events.edition_of_vehicle(
            message, version_of(vehicle.leaf)
        ),
        "holds the certificate of the contract that it names, if it holds any": (
            lambda message, _vehicle, _roots: contract_events.certificate(message)
        ),
        "names a V2G root by its fingerprint, if it names any": _fingerprint,
        "names a V2G root by its common name, if it names any": _common_name,
    },
)


@then(
    "every event about ({contract} {aspect:ABOUT_CONTRACT}|{vehicle} {told:ABOUT_VEHICLE})",
    ABOUT_CONTRACT=ABOUT_CONTRACT,
    ABOUT_VEHICLE=ABOUT_VEHICLE,
)
def every_event_about_contract(
    received: list[SubscriptionDeliveries],
    recorder: Recorder,
    judge: Judge,
    contract: Contract | None,
    aspect: AboutContract | None,
    vehicle: Vehicle | None,
    *,
    told: AboutVehicle | None,
) -> None:
    """Judge what the events say about a contract or a vehicle, by the V2G roots that the pool has told of."""
    roots = root_answers.told(recorder.exchanges, "v2g")
    if contract is not None and aspect is not None:
        for event in every_event(received, contract):
            judge.require(aspect(event.message, contract, roots), exchange=event.exchange.number)
    if vehicle is not None and told is not None:
        for event in every_event(received, vehicle):
            judge.require(told(event.message, vehicle, roots), exchange=event.exchange.number)


@then("every event about {vehicle} names no contract but the subscriber's own")
def names_own_contracts(
    received: list[SubscriptionDeliveries], target: Target, judge: Judge, vehicle: Vehicle
) -> None:
    """Demand that nobody learns of the contracts of others by having subscribed for a WMI (ERR-049)."""
    every_event(received, vehicle)
    for each in received:
        own = target.accounts[each.subscription.party].provider_ids
        for event in about(each, vehicle):
            found = contract_events.no_foreign_contract(event.message, own)
            judge.require(found, exchange=event.exchange.number)


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
