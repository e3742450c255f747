"""What is done with endpoints, and what makes events come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.steps.events.shared import (
    DELETE,
    LIST,
    POST,
    PUT,
    READ,
    created_by,
    request_subscription,
    with_secret,
)
from features.vocabulary.steps import when
from features.vocabulary.tables import Vocabulary
from fixtures.answers.statuses import published_status
from fixtures.backends.event_forms import FORMS
from fixtures.backends.event_sender import SignedEvent
from fixtures.judgements import receiving
from fixtures.judging import Inconclusive
from fixtures.target.declaration import CLOCK
from opnc import events
from opnc.http_headers import Headers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from features.vocabulary.answers import Answers
    from features.vocabulary.things import Endpoint, Occurrence, Subscription
    from fixtures.answers.bodies import JsonObject
    from fixtures.backends.event_composer import EventComposer, EventComposers
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.server.receiver import ScenarioEndpoints, WebhookEndpoint
    from fixtures.target.declaration import Target
    from fixtures.testdata.vehicles import Vehicle

MARGIN = 1.05
"""How much longer than the interval is waited, so that a timer may be a little late (ERR-134 allows 10 %)."""

MOST_INTERVALS = 8
"""How many intervals are waited out in real time: a service that never gives up has shown it by then."""

OPTIONAL: JsonObject = {
    "apiVersion": "1.0",
    "description": "OPNC conformance test",
    "metadata": {"purpose": "test"},
    "status": "enabled",
}


# Waiting


@when("the events have had time to arrive")
def wait(scenario_endpoints: ScenarioEndpoints, target: Target) -> None:
    """Wait as long as an event may be on its way."""
    scenario_endpoints.wait(target.delivery_window.total_seconds())


@when("every subscriber has received something")
def wait_for_all(
    scenario_endpoints: ScenarioEndpoints, target: Target, subscriptions: list[Subscription]
) -> None:
    """Wait until every subscriber got an event, yet no longer than an event may be on its way."""

    def complete() -> bool:
        return all(each.webhook.deliveries for each in subscriptions)

    scenario_endpoints.wait(target.delivery_window.total_seconds(), complete)


@when("the retry interval has passed (once|{n} times)")
def intervals_pass(
    bench: Bench,
    target: Target,
    scenario_endpoints: ScenarioEndpoints,
    subscriptions: list[Subscription],
    n: int | None,
) -> None:
    """Let time pass, interval by interval: by the target's clock, or in real time where they are short."""
    intervals = n or 1
    if CLOCK in target.meets:
        for _ in range(intervals):
            # Whatever becomes due has been sent when this comes back.
            bench.advance(target.retry_interval * MARGIN)
        return
    for _ in range(min(intervals, MOST_INTERVALS)):
        bench.wait(target.retry_interval * MARGIN)
    # An interval counts from an attempt, and each attempt takes its time to come: what is still owed by now
    # may be on its way.
    scenario_endpoints.wait(
        target.delivery_window.total_seconds(),
        lambda: not any(is_owed(each.webhook, intervals) for each in subscriptions),
    )


def is_owed(webhook: WebhookEndpoint, intervals: int) -> bool:
    """Tell whether an attempt has still to come after so many intervals: none did, or the last one failed."""
    if not webhook.deliveries:
        return True
    last = webhook.deliveries[-1].exchange.answer.status
    return last >= 500 and len(webhook.deliveries) <= min(intervals, events.RETRIES)


# Endpoints


@when("{party} lists its endpoints[ afterwards]")
def lists(party: Party) -> Exchange:
    """Ask for all endpoints of a party."""
    return party.ask(LIST)


ENDPOINT_FORM: Vocabulary[Callable[[JsonObject], JsonObject]] = Vocabulary(
    "way to ask for an endpoint",
    {
        "": lambda members: members,
        " with all optional members": lambda members: {**members, **OPTIONAL},
        " without an address": lambda members: {"enabledEvents": members["enabledEvents"]},
        " without events": lambda members: {"url": members["url"]},
        " with an event that does not exist": lambda members: {**members, "enabledEvents": ["foo"]},
        " at an address that is no URL": lambda members: {**members, "url": "foo"},
        " at an address without HTTPS": lambda members: {
            **members,
            "url": members["url"].replace("https://", "http://"),
        },
    },
)


@when("{party} creates {new_endpoint}{ENDPOINT_FORM}[, for {occurrence}]", ENDPOINT_FORM=ENDPOINT_FORM)
def creates(
    party: Party,
    scenario_endpoints: ScenarioEndpoints,
    answers: Answers,
    endpoint_form: Callable[[JsonObject], JsonObject],
    occurrence: Occurrence | None,
) -> Endpoint:
    """Ask for an endpoint, in a way that is right or wrong."""
    names, limit = (
        (events.ROOT_EVENTS[:1], {}) if occurrence is None else (occurrence.names(), occurrence.limit)
    )
    members = {"url": scenario_endpoints.open_webhook().url, "enabledEvents": list(names), **limit}
    answer = party.ask(POST, body=endpoint_form(members))
    endpoint = with_secret(party, created_by(party, answer))
    answers.file(answer, thing=endpoint)
    return endpoint


EVENTS: Vocabulary[Sequence[str]] = Vocabulary(
    "group of events",
    {
        "roots": events.ROOT_EVENTS,
        "the OEM's fleet": events.OEM_EVENTS,
        "eMSP contracts": events.EMSP_EVENTS,
    },
)


@when("{party} subscribes to the events about {group:EVENTS}", EVENTS=EVENTS)
def subscribes(party: Party, scenario_endpoints: ScenarioEndpoints, group: Sequence[str]) -> Exchange:
    """Subscribe to events under all their names or, if that is refused, those of the published list."""
    return request_subscription(party, {"url": scenario_endpoints.open_webhook().url}, group)


@when("{party} reads {endpoint}[ afterwards]")
def reads(party: Party, endpoint: Endpoint) -> Exchange:
    """Ask for one endpoint by its id."""
    return party.ask(READ, path={"id": endpoint.id})


@when("{party} deletes {endpoint}")
def deletes(party: Party, endpoint: Endpoint) -> Exchange:
    """Remove an endpoint, or try to."""
    return party.ask(DELETE, path={"id": endpoint.id})


@when("{party} changes {endpoint} (how=in address, events and state|without an address)")
def changes(party: Party, scenario_endpoints: ScenarioEndpoints, endpoint: Endpoint, how: str) -> Exchange:
    """Change everything that can be changed, or send a change that lacks what is required."""
    if how == "without an address":
        return _update(party, endpoint, {"status": "disabled"})
    members = {
        **OPTIONAL,
        "url": scenario_endpoints.open_webhook().url,
        "enabledEvents": [events.ROOT_EXPIRED],
        "status": "disabled",
    }
    return _update(party, endpoint, members)


def _update(party: Party, endpoint: Endpoint, members: JsonObject) -> Exchange:
    """Change an endpoint; where a list of events is refused, with a single one (ERR-123, ERR-124)."""
    answer = party.ask(PUT, path={"id": endpoint.id}, body=members)
    names = members.get("enabledEvents", ())
    # Not every service knows every event: one of several that is refused says nothing about the others.
    for chosen in (form for name in names for form in (name, [name])):
        if published_status(answer) == 400:
            answer = party.ask(PUT, path={"id": endpoint.id}, body={**members, "enabledEvents": chosen})
    return answer


def _alter(party: Party, endpoint: Endpoint, **changes: Any) -> None:
    """Change some members of an endpoint and send all others as they were (ERR-148).

    Raises:
        Inconclusive: If the service does not take the change.
    """
    answer = _update(party, endpoint, {**endpoint.asked, **changes})
    if published_status(answer) == 400 and "enabledEvents" not in changes:
        # A service that takes a single event alone cannot be told of several: they stay as they are.
        others = {name: value for name, value in endpoint.asked.items() if name != "enabledEvents"}
        answer = party.ask(PUT, path={"id": endpoint.id}, body={**others, **changes})
    if answer.answer.status != 200:
        raise Inconclusive(f"the change of the endpoint was answered {answer.answer.status}")


@when("{party} moves {endpoint} to another address", target_fixture="new_webhook")
def moves(party: Party, scenario_endpoints: ScenarioEndpoints, endpoint: Endpoint) -> WebhookEndpoint:
    """Have the events sent elsewhere."""
    webhook = scenario_endpoints.open_webhook()
    _alter(party, endpoint, url=webhook.url)
    return webhook


@when("{party} (does=disables|enables) {endpoint}")
def switches(party: Party, endpoint: Endpoint, does: str) -> None:
    """Change the state of an endpoint."""
    _alter(party, endpoint, status=f"{does[:-1]}d")


@when("{party} limits {endpoint} to the end of {occurrence}")
def limits(party: Party, endpoint: Endpoint, occurrence: Occurrence) -> None:
    """Change the events of an endpoint."""
    _alter(party, endpoint, enabledEvents=list(occurrence.subscribable_ends))


# What events tell of


@when("{occurrence} (what=comes about|ends)")
def happens(occurrence: Occurrence, what: str) -> None:
    """Bring about what somebody is to be told of, or its end; a precondition, so it must be possible."""
    if what == "comes about":
        occurrence.about = occurrence.bring_about()
    else:
        occurrence.bring_to_end(occurrence.about)


@when("{vehicle} is reset to its factory state")
def is_reset(bench: Bench, vehicle: Vehicle) -> None:
    """Have all contracts of the vehicle deleted in the operator's own way (ERR-122)."""
    bench.factory_reset(vehicle.pcid)


# Events that the tester sends

EVENT_FORM: Vocabulary[Callable[[EventComposer], SignedEvent]] = Vocabulary("way to write an event", FORMS)


@when(
    "the event service sends a (valid {event:text}|{event:text} {EVENT_FORM})",
    EVENT_FORM=EVENT_FORM,
)
def sends(
    event_composers: EventComposers,
    judge: Judge,
    event: str,
    event_form: Callable[[EventComposer], SignedEvent] | None,
) -> Exchange:
    """Send an event that is as it should be, or one that is written otherwise, well or badly.

    A receiver that takes the other form of signatures alone is judged by that, and warned of (ERR-127).
    """
    composer = event_composers.composer(event)
    sender = composer.sender
    written = event_form(composer) if event_form else sender.write(composer.message)
    answer, refused = sender.send_in_either_form(written)
    if refused is not None:
        judge.require(receiving.bare_form_alone(refused.answer.status, refused.number))
    return answer


@when("the event service sends that event again")
def sends_again(event_composers: EventComposers, answers: Answers) -> Exchange:
    """Send the very same event."""
    sender, request = event_composers.composer(events.ROOT_ADDED).sender, answers.latest.request
    signature = Headers(request.headers).first(events.SIGNATURE_HEADER)
    return sender.send(SignedEvent(request.content, signature))
