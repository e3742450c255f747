"""Events about contracts and vehicles: who is subscribed to whose, who was told, and what the events say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_bdd import given, parsers, then, when

from features.steps.events.events import (
    Received,
    names_in,
    received_by,
    request_subscription,
    subscribe,
)
from features.vocabulary.references import Ref
from features.vocabulary.things import Subscription
from fixtures.answers import endpoints as endpoint_answers
from fixtures.answers import events as event_answers
from fixtures.answers.events import names_contract
from fixtures.judgements import contract_events as judgements
from fixtures.judgements import endpoints
from fixtures.judgements.events import not_told, told_once
from fixtures.judging import Inconclusive, NotApplicable, expect_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from features.vocabulary.references import Register
    from fixtures.answers.events import Message
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties, Party
    from fixtures.judging import Judge
    from fixtures.server.receiver import ScenarioEndpoints
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.reading import ReadCertificate
    from reports.model import Finding

REFUSED = (400, 403)
"""Statuses by which a service may refuse a subscription to what is not for the subscriber."""


def _other_wmi(party: Party, vehicle: Vehicle) -> str:
    others = [each for each in party.account.wmis if each != vehicle.pcid[:3]]
    if not others:
        raise NotApplicable(f"the target declares only one WMI for the {party.name}")
    return others[0]


@given(
    parsers.re(
        r'the (?P<party>.+) is subscribed to "(?P<names>[^"]+)" for '
        r"(?P<which>the WMI of that vehicle|another of its WMIs)"
    ),
    target_fixture="subscriptions",
)
def subscribed_for_wmi(
    parties: Parties,
    scenario_endpoints: ScenarioEndpoints,
    vehicle: Vehicle,
    party: str,
    names: str,
    which: str,
) -> list[Subscription]:
    """Subscribe a party for one of its WMIs only (ERR-125)."""
    of_vehicle = which == "the WMI of that vehicle"
    wmi = vehicle.pcid[:3] if of_vehicle else _other_wmi(parties[party], vehicle)
    return [subscribe(parties[party], scenario_endpoints, names_in(names), wmi=[wmi])]


def _try_to_subscribe(
    party: Party, scenario_endpoints: ScenarioEndpoints, names: str, **members: object
) -> list[Subscription]:
    """Ask for a subscription that may be refused; refused, there is none."""
    webhook = scenario_endpoints.open_webhook()
    answer = request_subscription(party, {"url": webhook.url, **members}, names_in(names))
    expect_in("status of the subscription", expected=(201, *REFUSED), seen=answer.answer.status)
    if answer.answer.status != 201:
        return [Subscription(party.name, "", "", webhook, answer)]
    created = endpoint_answers.endpoint(answer.answer.json())
    return [Subscription(party.name, str(created.get("id")), str(created.get("secret", "")), webhook, answer)]


@given(
    parsers.re(r'the (?P<party>.+) has tried to subscribe to "(?P<names>[^"]+)"'),
    target_fixture="subscriptions",
)
def tried_to_subscribe(
    parties: Parties,
    scenario_endpoints: ScenarioEndpoints,
    subscriptions: list[Subscription],
    party: str,
    names: str,
) -> list[Subscription]:
    """Ask for events that are not for the party."""
    return [*subscriptions, *_try_to_subscribe(parties[party], scenario_endpoints, names)]


@given(
    parsers.re(r'the (?P<party>.+) has tried to subscribe to "(?P<names>[^"]+)" for the WMI of that vehicle'),
    target_fixture="subscriptions",
)
def tried_to_subscribe_for_wmi(
    parties: Parties, scenario_endpoints: ScenarioEndpoints, vehicle: Vehicle, party: str, names: str
) -> list[Subscription]:
    """Ask for events about vehicles that are not the party's (ERR-140)."""
    return _try_to_subscribe(parties[party], scenario_endpoints, names, wmi=[vehicle.pcid[:3]])


def _about(received: Received, contract: Contract) -> list[Message]:
    messages = (delivery.message for delivery in received.deliveries)
    return [message for message in messages if names_contract(message, contract.emaid)]


@then(parsers.re('the (?P<party>.+) has been told "(?P<event>.+)" about that contract'))
def was_told(received: list[Received], contract: Contract, judge: Judge, party: str, event: str) -> None:
    """Demand an event about the contract, once, at every subscription of a party."""
    for each in received_by(received, party):
        judge.require(told_once(party, _about(each, contract), (event,)))


@then(parsers.re('each eMSP has been told "(?P<event>.+)" about its own contract alone'))
def each_was_told(
    received: list[Received], contract: Contract, second: Contract, judge: Judge, event: str
) -> None:
    """Demand that two eMSPs learn of their own contract, and not of the other's (ERR-049)."""
    for own, other in ((contract, second), (second, contract)):
        for each in received_by(received, own.party):
            judge.require(told_once(own.party, _about(each, own), (event,)))
            judge.require(not_told(own.party, _about(each, other)))


@then(parsers.re('the (?P<party>.+) has been told "(?P<event>.+)" about either contract'))
def was_told_of_both(
    received: list[Received], contract: Contract, second: Contract, judge: Judge, event: str
) -> None:
    """Demand an event for each of two contracts of one eMSP (ERR-131)."""
    for each in received_by(received, contract.party):
        for of in (contract, second):
            judge.require(told_once(of.party, _about(each, of), (event,)))


@then(parsers.re("the (?P<party>.+) has not been told anything about that contract"))
def was_not_told(received: list[Received], contract: Contract, judge: Judge, party: str) -> None:
    """Demand silence about a contract."""
    for each in received_by(received, party):
        judge.require(not_told(party, _about(each, contract)))


@then(parsers.re("the (?P<party>.+) has not been told anything about (?P<which>that|the other) vehicle"))
def was_not_told_of_vehicle(
    received: list[Received], vehicles: Register[Vehicle], judge: Judge, party: str, which: str
) -> None:
    """Demand silence about a vehicle."""
    vehicle = vehicles[Ref("vehicle", which.removeprefix("the "))]
    for each in received_by(received, party):
        messages = (delivery.message for delivery in each.deliveries)
        about = [message for message in messages if event_answers.names_vehicle(message, vehicle.pcid)]
        judge.require(not_told(party, about))


@then("the endpoint states the WMI that it is limited to")
def states_limit(subscriptions: list[Subscription], judge: Judge) -> None:
    """Compare the WMIs of the endpoint with those asked for (ERR-125)."""
    created = subscriptions[-1].created
    kept, wanted = (
        endpoint_answers.endpoint(created.answer.json()),
        json.loads(created.request.content)["wmi"],
    )
    judge.require(endpoints.scoped(kept, "wmi", wanted))


WHAT: dict[str, Callable[[Message, Contract, list[ReadCertificate]], Iterator[Finding]]] = {
    "names its edition of ISO 15118": lambda message, contract, _: judgements.edition(message, contract),
    "names its EMAID and PCID in normal form": lambda message, contract, _: judgements.ids(message, contract),
    "holds the certificate of that contract, if it holds any": (
        lambda message, contract, _: judgements.certificate(message, contract)
    ),
    "names a V2G root by its fingerprint, if it names any": (
        lambda message, _, roots: judgements.fingerprint(message, roots)
    ),
    "names a V2G root by its common name, if it names any": (
        lambda message, _, roots: judgements.common_name(message, roots)
    ),
}
"""What may be said of events."""


@then(parsers.re(rf"every event about that contract (?P<what>{'|'.join(WHAT)})"))
def every_event(
    received: list[Received],
    contract: Contract,
    v2g_roots: list[ReadCertificate],
    judge: Judge,
    what: str,
) -> None:
    """Judge what the events say about a contract."""
    messages = [message for each in received for message in _about(each, contract)]
    if not messages:
        raise Inconclusive("no event about the contract arrived that could be judged")
    for message in messages:
        judge.require(WHAT[what](message, contract, v2g_roots))


@when("that vehicle is reset to its factory state")
def is_reset(bench: Bench, vehicle: Vehicle) -> None:
    """Have all contracts of the vehicle deleted in the operator's own way (ERR-122)."""
    bench.factory_reset(vehicle.pcid)


@then(parsers.re('the (?P<party>.+) has been told "(?P<names>.+)" in this order'))
def was_told_in_order(
    received: list[Received], contract: Contract, judge: Judge, party: str, names: str
) -> None:
    """Demand several events about the contract, one after the other (ERR-138)."""
    for each in received_by(received, party):
        judge.require(judgements.in_order(party, _about(each, contract), names_in(names)))
