"""What stands before: who is subscribed to what, which endpoints there are, how receivers answer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from features.steps.contracts.shared import make as make_contract
from features.steps.events import occurrences
from features.steps.events.shared import LIST, listed, subscribe, subscribed, try_to_subscribe
from features.steps.roots.shared import roots_of
from features.steps.vehicles.shared import CHECK_CHARACTER, owner, take
from features.steps.vehicles.shared import make as make_vehicle
from features.vocabulary.steps import given, step
from features.vocabulary.tables import Vocabulary
from features.vocabulary.things import Endpoint, Occurrence
from fixtures.judgements.statuses import expect_status
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.testdata.contracts import ContractFactory
from opnc import events

if TYPE_CHECKING:
    import pytest

    from features.vocabulary.references import Ref
    from features.vocabulary.things import Subscription
    from fixtures.answers.bodies import JsonObject
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties, Party
    from fixtures.server.hosting import FailureMode
    from fixtures.server.receiver import ScenarioEndpoints
    from fixtures.target.declaration import Target
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle

ROLES = ("oem", "emsp", "cpo", "cps")
REFUSED = (400, 401, 403, 404, 422)
"""Statuses that refuse a subscription to what is not for the subscriber (ERR-140, ERR-156)."""

FAILURE_MODE: Vocabulary[FailureMode] = Vocabulary(
    "failure mode of the receiver",
    {
        "takes no connections": "refuses",
        "does not answer in time": "hangs",
        "shows a certificate that nobody trusts": "untrusted",
        "works again": "",
    },
)


@given("parties of every role are subscribed to the events about roots")
def every_role_subscribed(
    parties: Parties,
    scenario_endpoints: ScenarioEndpoints,
    subscriptions: list[Subscription],
    target: Target,
) -> None:
    """Subscribe one party of each role that the target declares."""
    declared = [role for role in ROLES if role in target.accounts]
    if not declared:
        raise NotApplicable("the target declares no account that could subscribe to events")
    subscriptions.extend(
        subscribe(parties[role], scenario_endpoints, events.ROOT_EVENTS) for role in declared
    )


def _wmis(party: Party, target: Target, vehicle: Vehicle, which: str) -> list[str]:
    """Return the WMI of a vehicle, or another that the party may name, or that and then the vehicle's.

    An OEM may name its own, anybody else those of all OEMs (ERR-125).

    Raises:
        NotApplicable: If there is no other.
    """
    own = vehicle.pcid[:3]
    if which == "the WMI":
        return [own]
    known = party.account.wmis or [wmi for each in target.accounts.values() for wmi in each.wmis]
    others = [each for each in known if each != own]
    if not others:
        raise NotApplicable(f"the target declares only one WMI for the {party.name}")
    return [others[0], own] if which == "another WMI and that" else others[:1]


@given("{new_vehicle} that {party} is told of")
def told_of(
    request: pytest.FixtureRequest,
    parties: Parties,
    data: TestData,
    target: Target,
    party: Party,
    new_vehicle: Ref,
) -> Vehicle:
    """Publish a vehicle of which an eMSP is told: by a contract for it, or else by its WMI (ERR-049)."""
    if not occurrences.has_contracts(target):
        occurrences.demand_told_by_wmi(request, party)
    # Events may name a root; a pool of vehicles alone has none to compare with.
    with suppress(NotApplicable, Inconclusive):
        roots_of(parties, "v2g")
    plan = new_vehicle.plan
    vehicle = make_vehicle(plan, request, CHECK_CHARACTER if plan.keys else "")
    take(owner(plan, parties), vehicle)
    if occurrences.has_contracts(target):
        make_contract(parties, ContractFactory(data, party).obtained(vehicle))
    return vehicle


@given("{new_occurrence}")
def occurrence(request: pytest.FixtureRequest) -> Occurrence:
    """Get ready for something that raises an event, by what the accounts of the target allow."""
    return occurrences.choose(request)


@given(
    "{party} is subscribed to"
    " ({names}[ for (which=the WMI|another WMI than that|another WMI and that) of {vehicle}]|"
    "[end_alone=the end of ]{occurrence}[and_end= and its end])"
    "[witness=, as a witness][idle=, disabled at first]"
)
@given(
    "{party} has {new_endpoint}[ for"
    " ({names}[ and (which=the WMI|another WMI than that|another WMI and that) of {vehicle}]|"
    "[end_alone=the end of ]{occurrence}[and_end= and its end])]"
    "[witness=, as a witness][idle=, disabled at first]"
)
def is_subscribed(
    party: Party,
    scenario_endpoints: ScenarioEndpoints,
    subscriptions: list[Subscription],
    names: tuple[str, ...] | None,
    which: str | None,
    vehicle: Vehicle | None,
    occurrence: Occurrence | None,
    *,
    target: Target,
    end_alone: bool,
    and_end: bool,
    witness: bool,
    idle: bool,
) -> Endpoint:
    """Subscribe a party, to the events about roots where no others are named; for WMIs only (ERR-125)."""
    limit = {} if vehicle is None else {"wmi": _wmis(party, target, vehicle, which or "")}
    if occurrence is not None:
        names, limit = occurrence.names(end_alone=end_alone, and_end=and_end), dict(occurrence.limit)
    state = {"status": "disabled"} if idle else {}
    subscription = subscribe(party, scenario_endpoints, names or events.ROOT_EVENTS, **limit, **state)
    subscriptions.append(replace(subscription, witness=witness))
    return subscription.endpoint


@given("{party} has tried to subscribe to {names}[ for the WMI of {vehicle}]")
def has_tried_to_subscribe(
    party: Party,
    scenario_endpoints: ScenarioEndpoints,
    subscriptions: list[Subscription],
    names: tuple[str, ...],
    vehicle: Vehicle | None,
) -> None:
    """Ask for events that are not for the party; that may be refused (ERR-140)."""
    limit = {} if vehicle is None else {"wmi": [vehicle.pcid[:3]]}
    subscription, answer = try_to_subscribe(party, scenario_endpoints, names, **limit)
    expect_status(answer, 201, *REFUSED, of="the subscription")
    subscriptions.append(subscription)


@given("{new_endpoint} that does not exist")
def unknown_endpoint(data: TestData) -> Endpoint:
    """Make up an id that no endpoint has."""
    return Endpoint("", data.uuid())


@given("the endpoints of {party}", target_fixture="endpoints_before")
def endpoints_before(party: Party) -> list[JsonObject]:
    """Read all endpoints of a party before anything is done."""
    return listed(party.ask(LIST))


@given("the receiver of ({party}|the first subscriber) (how=always answers|answers) {n}[ once]")
def receiver_answers(subscriptions: list[Subscription], party: Party | None, how: str, n: int) -> None:
    """Prepare the status that the tester answers events with, once or always."""
    answering = subscriptions[:1] if party is None else subscribed(subscriptions, party)
    for webhook in (each.webhook for each in answering):
        if how == "always answers":
            webhook.always = n
        else:
            webhook.answers.append(n)


@step("the receiver[alone= of the first subscriber] {FAILURE_MODE}", FAILURE_MODE=FAILURE_MODE)
def receiver_fails(
    bench: Bench, subscriptions: list[Subscription], failure_mode: FailureMode, *, alone: bool
) -> None:
    """Take the tester's receiver out of order, as a whole or at one address, or put it back in order."""
    if bench.receiver is None:
        raise Inconclusive("the bench has no receiver")
    bench.receiver.fail(failure_mode, subscriptions[0].webhook if alone else None)
