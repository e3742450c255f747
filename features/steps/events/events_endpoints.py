"""What is done with the endpoints of the Event Service as such: created, read, changed, removed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import given, parsers, when

from features.steps.events.events import POST, names_in, request_subscription, subscribe
from fixtures.answers import endpoints as endpoint_answers
from fixtures.judging import Inconclusive, expect_in
from opnc import events

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.vocabulary.things import Subscription
    from fixtures.answers.endpoints import Endpoint
    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.server.receiver import ScenarioEndpoints, WebhookEndpoint
    from fixtures.testdata.generator import TestData

LIST, READ = "get-webhook-endpoints", "getEndpointByIdV1"
PUT, DELETE = "updateEndpointByIdV1", "deleteEndpointByIdV1"
OPERATIONS = {"reads": READ, "deletes": DELETE}

SUBJECTS = {
    "roots": events.ROOT_EVENTS,
    "the OEM's fleet": events.OEM_EVENTS,
    "eMSP contracts": events.EMSP_EVENTS,
}

Members = dict[str, Any]

OPTIONAL: Members = {
    "apiVersion": "1.0",
    "description": "OPNC conformance test",
    "metadata": {"purpose": "test"},
    "status": "enabled",
}

FORMS: dict[str, Callable[[Members], Members]] = {
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
}
"""How an endpoint may be asked for."""


@pytest.fixture
def endpoint_id(subscriptions: list[Subscription]) -> str:
    """The id of the endpoint that a scenario is about."""
    return subscriptions[-1].id


def listed(answer: Exchange) -> list[Endpoint]:
    """Return the endpoints of a list answer; 404 means that there are none (ERR-137)."""
    expect_in("status of the list", expected=(200, 404), seen=answer.answer.status)
    return endpoint_answers.collection(answer.answer.json()) if answer.answer.status == 200 else []


@given(parsers.re(r"the (?P<party>.+) has (?:an|another) endpoint"), target_fixture="subscriptions")
def has_endpoint(
    parties: Parties, scenario_endpoints: ScenarioEndpoints, subscriptions: list[Subscription], party: str
) -> list[Subscription]:
    """Create an endpoint for events about roots."""
    return [*subscriptions, subscribe(parties[party], scenario_endpoints, events.ROOT_EVENTS)]


@given("an id that no endpoint has", target_fixture="endpoint_id")
def unknown_id(data: TestData) -> str:
    """Make up an id."""
    return data.uuid()


@given(parsers.parse("the endpoints of the {party}"), target_fixture="before")
@when(parsers.parse("the endpoints of the {party} are read again"), target_fixture="afterwards")
def all_endpoints(parties: Parties, party: str) -> list[Endpoint]:
    """Read all endpoints of a party."""
    return listed(parties[party].ask(LIST))


@when(parsers.parse("the {party} lists its endpoints"), target_fixture="answer")
def list_endpoints(parties: Parties, party: str) -> Exchange:
    """Ask for all endpoints of a party."""
    return parties[party].ask(LIST)


@when(
    parsers.re(r"the (?P<party>.+) creates an endpoint(?P<form>| with .+| without .+| at .+)"),
    target_fixture="answer",
)
@when(parsers.re(r"the (?P<party>.+) creates (?P<form>)another endpoint"), target_fixture="other_answer")
def create(parties: Parties, scenario_endpoints: ScenarioEndpoints, party: str, form: str) -> Exchange:
    """Ask for an endpoint, in a way that is right or wrong."""
    members = {"url": scenario_endpoints.open_webhook().url, "enabledEvents": list(events.ROOT_EVENTS[:1])}
    return parties[party].ask(POST, body=FORMS[form](members))


@when(parsers.parse("the {party} subscribes to the events about {subject}"), target_fixture="answer")
def subscribe_to(
    parties: Parties, scenario_endpoints: ScenarioEndpoints, party: str, subject: str
) -> Exchange:
    """Subscribe to events under all their names or, if that is refused, those of the published list."""
    return request_subscription(
        parties[party], {"url": scenario_endpoints.open_webhook().url}, SUBJECTS[subject]
    )


@when(
    parsers.re(rf"the (?P<party>.+) (?P<verb>{'|'.join(OPERATIONS)}) that endpoint"), target_fixture="answer"
)
def ask_by_id(parties: Parties, endpoint_id: str, party: str, verb: str) -> Exchange:
    """Read or remove an endpoint."""
    return parties[party].ask(OPERATIONS[verb], path={"id": endpoint_id})


@when(parsers.parse("that endpoint is read by the {party}"), target_fixture="reading")
def read_again(parties: Parties, endpoint_id: str, party: str) -> Exchange:
    """Read the endpoint of the scenario after something was done to it."""
    return parties[party].ask(READ, path={"id": endpoint_id})


@when(
    parsers.parse("the {party} changes address, events and state of that endpoint"), target_fixture="answer"
)
def change(parties: Parties, scenario_endpoints: ScenarioEndpoints, endpoint_id: str, party: str) -> Exchange:
    """Change everything that can be changed."""
    members = {
        **OPTIONAL,
        "url": scenario_endpoints.open_webhook().url,
        "enabledEvents": [events.ROOT_EXPIRED],
        "status": "disabled",
    }
    return update(parties[party], endpoint_id, members)


@when(parsers.parse("the {party} changes that endpoint without an address"), target_fixture="answer")
def change_without_url(parties: Parties, endpoint_id: str, party: str) -> Exchange:
    """Change an endpoint with a request that lacks what is required."""
    return parties[party].ask(PUT, path={"id": endpoint_id}, body={"status": "disabled"})


def update(party: Party, endpoint_id: str, members: Members) -> Exchange:
    """Change an endpoint; where a list of events is refused, with a single one (ERR-124)."""
    answer = party.ask(PUT, path={"id": endpoint_id}, body=members)
    if answer.answer.status == 400 and len(members["enabledEvents"]) == 1:
        single = {**members, "enabledEvents": members["enabledEvents"][0]}
        answer = party.ask(PUT, path={"id": endpoint_id}, body=single)
    return answer


def alter(party: Party, subscription: Subscription, **changes: Any) -> Exchange:
    """Change some members of an endpoint and send all others as they were (ERR-148).

    Raises:
        Inconclusive: If the service does not take the change.
    """
    before = json.loads(subscription.created.request.content)
    answer = update(party, subscription.id, {**before, **changes})
    if answer.answer.status != 200:
        raise Inconclusive(f"the change of the endpoint was answered {answer.answer.status}")
    return answer


@when(parsers.parse("the {party} moves that endpoint to another address"), target_fixture="new_webhook")
def move(
    parties: Parties, scenario_endpoints: ScenarioEndpoints, subscriptions: list[Subscription], party: str
) -> WebhookEndpoint:
    """Have the events sent elsewhere."""
    webhook = scenario_endpoints.open_webhook()
    alter(parties[party], subscriptions[-1], url=webhook.url)
    return webhook


@when(parsers.re(r"the (?P<party>.+) (?P<verb>disables|enables) that endpoint"))
def switch(parties: Parties, subscriptions: list[Subscription], party: str, verb: str) -> None:
    """Change the state of an endpoint."""
    alter(parties[party], subscriptions[-1], status=f"{verb[:-1]}d")


@when(parsers.parse('the {party} limits that endpoint to "{names}"'))
def limit(parties: Parties, subscriptions: list[Subscription], party: str, names: str) -> None:
    """Change the events of an endpoint."""
    alter(parties[party], subscriptions[-1], enabledEvents=names_in(names))
