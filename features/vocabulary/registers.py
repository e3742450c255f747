"""The registers of a scenario as pytest fixtures: one per kind of thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from features.vocabulary.answers import Answers
from features.vocabulary.references import Register
from features.vocabulary.things import SubscriptionDeliveries
from fixtures.server.receiver import deliveries_to

if TYPE_CHECKING:
    from features.vocabulary.things import Endpoint, Occurrence, Registered, Subscription
    from fixtures.server.receiver import ScenarioEndpoints
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.csr import CertificationRequest, IssuedCertificate
    from fixtures.testdata.requests import PreparedRequest
    from fixtures.testdata.vehicles import Vehicle


@pytest.fixture
def answers() -> Answers:
    """The answers that the sentences of the scenario speak of."""
    return Answers()


@pytest.fixture
def vehicles() -> Register[Vehicle]:
    """The vehicles of the scenario."""
    return Register("vehicle")


@pytest.fixture
def contracts() -> Register[Contract]:
    """The contracts of the scenario, also those that are prepared only."""
    return Register("contract")


@pytest.fixture
def roots() -> Register[Registered]:
    """The roots that the scenario has registered, or tried to."""
    return Register("root")


@pytest.fixture
def certificates() -> Register[IssuedCertificate]:
    """The certificates that the scenario has got from the PKI."""
    return Register("certificate")


@pytest.fixture
def endpoints() -> Register[Endpoint]:
    """The endpoints of the Event Service that the scenario speaks of."""
    return Register("endpoint")


@pytest.fixture
def occurrences() -> Register[Occurrence]:
    """What the scenario causes so that somebody is told."""
    return Register("occurrence")


@pytest.fixture
def subscriptions() -> list[Subscription]:
    """Who is subscribed to events in the scenario, in order: steps add to it."""
    return []


@pytest.fixture
def received(
    scenario_endpoints: ScenarioEndpoints, subscriptions: list[Subscription]
) -> list[SubscriptionDeliveries]:
    """What has come of each subscription when that is first asked, which is after all that is done."""
    return [
        SubscriptionDeliveries(each, deliveries_to(each.webhook, scenario_endpoints.deliveries))
        for each in subscriptions
    ]


@pytest.fixture
def calls() -> Register[PreparedRequest]:
    """The requests that the scenario has prepared."""
    return Register("call")


@pytest.fixture
def csrs() -> Register[CertificationRequest]:
    """The certification requests that the scenario has prepared."""
    return Register("csr")


@pytest.fixture
def tokens() -> Register[str]:
    """The access tokens of the scenario."""
    return Register("token")
