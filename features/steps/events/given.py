"""What stands before: who is subscribed to what, which endpoints there are, how receivers answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.events import occurrences
from features.steps.events.shared import LIST, listed, subscribe, subscribed, try_to_subscribe
from features.vocabulary.steps import given, step
from features.vocabulary.tables import Vocabulary
from features.vocabulary.things import Endpoint, Occurrence
from fixtures.judgements.statuses import expect_status
from fixtures.judging import Inconclusive, NotApplicable
from opnc import events

if TYPE_CHECKING:
    import pytest

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


def _wmi(party: Party, vehicle: Vehicle, which: str) -> str:
    """Return the WMI of a vehicle, or another that its OEM has.

    Raises:
        NotApplicable: If the OEM has no other.
    """
    if which == "the WMI":
        return vehicle.pcid[:3]
    others = [each for each in party.account.wmis if each != vehicle.pcid[:3]]
    if not others:
        raise NotApplicable(f"the target declares only one WMI for the {party.name}")
    return others[0]


@given("{new_occurrence}")
def occurrence(request: pytest.FixtureRequest) -> Occurrence:
    """Get ready for something that raises an event, by what the accounts of the target allow."""
    return occurrences.choose(request)


@given(
    "{party} is subscribed to"
    " ({names}[ for (which=the WMI|another WMI than that) of {vehicle}]|"
    "[end_alone=the end of ]{occurrence}[and_end= and its end])"
)
@given(
    "{party} has {new_endpoint}[ for"
    " ({names}[ and (which=the WMI|another WMI than that) of {vehicle}]|"
    "[end_alone=the end of ]{occurrence}[and_end= and its end])]"
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
    end_alone: bool,
    and_end: bool,
) -> Endpoint:
    """Subscribe a party, to the events about roots where no others are named; for a WMI only (ERR-125)."""
    limit = {} if vehicle is None else {"wmi": [_wmi(party, vehicle, which or "")]}
    if occurrence is not None:
        names, limit = occurrence.names(end_alone=end_alone, and_end=and_end), dict(occurrence.limit)
    subscription = subscribe(party, scenario_endpoints, names or events.ROOT_EVENTS, **limit)
    subscriptions.append(subscription)
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


@step("the receiver {FAILURE_MODE}", FAILURE_MODE=FAILURE_MODE)
def receiver_fails(bench: Bench, failure_mode: FailureMode) -> None:
    """Take the tester's receiver out of order, or put it back in order."""
    if bench.receiver is None:
        raise Inconclusive("the bench has no receiver")
    bench.receiver.fail(failure_mode)
