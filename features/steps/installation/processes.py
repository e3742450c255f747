"""What the parties do in a business process, from the factory to the road."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import when

from features.steps.contracts.contracts_pool import fetch, list_by_emaid, list_by_pcid
from fixtures.answers import contracts as contract_answers
from fixtures.answers import events as event_answers
from fixtures.answers.bodies import body_of
from fixtures.client.polling import poll
from fixtures.judging import Mismatch, expect
from opnc.events import CONTRACT_CREATED, canonical
from opnc.problem import Problem
from opnc.provisioning.namespaces import NAMESPACES
from opnc.provisioning.namespaces import version_of as version_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.vocabulary.things import Subscription
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.server.receiver import ScenarioEndpoints
    from fixtures.target.declaration import Target
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.vehicles import Vehicle

# The OEM


@when("the OEM fetches the contract that it is told of", target_fixture="answer")
def fetches_told(
    parties: Parties,
    scenario_endpoints: ScenarioEndpoints,
    target: Target,
    subscriptions: Sequence[Subscription],
) -> Exchange:
    """Fetch signed contract data with nothing but an event to start from.

    Raises:
        Mismatch: If none has come that tells enough.
    """
    webhooks = [each.webhook for each in subscriptions if each.party == "oem"]
    scenario_endpoints.wait(
        target.delivery_window.total_seconds(), lambda: any(box.deliveries for box in webhooks)
    )
    messages = [delivery.message for box in webhooks for delivery in box.deliveries]
    told = [each for each in messages if canonical(str(each.get("eventType"))) == CONTRACT_CREATED]
    expect(told, "events that the OEM received", expected=CONTRACT_CREATED, seen="none")
    payload = event_answers.payload(told[0])
    emaid, pcid = (str(payload.get(member)) for member in ("emaid", "pcid"))
    return fetch(parties, "oem", emaid, pcid, "xsdMsgDefNamespace", _namespace(told[0]))


def _namespace(message: event_answers.Message) -> str:
    """Return how the services call the edition that an event names (ERR-085)."""
    stated = str(message.get("xsdMsgDefNamespace"))
    try:
        return NAMESPACES[version_named(stated)]
    except Problem as problem:
        raise Mismatch("xsdMsgDefNamespace of an event", expected="an edition", seen=stated) from problem


# What follows in another pool


@when("its eMSP lists that contract until it is gone", target_fixture="reading")
def listed_until_gone(parties: Parties, target: Target, contract: Contract) -> Exchange:
    """Wait until what was done in one pool has reached the other (ERR-051)."""
    query = ("xsdMsgDefNamespace", contract.namespace)
    return poll(
        lambda: list_by_emaid(parties, contract.party, contract.emaid, *query),
        _is_empty,
        within=target.cascade_window,
    )


@when("the OEM lists the contracts of that vehicle until there are none", target_fixture="reading")
def vehicle_listed_until_gone(parties: Parties, target: Target, vehicle: Vehicle) -> Exchange:
    """Wait until what was done in one pool has reached the other (ERR-051)."""
    return poll(lambda: list_by_pcid(parties, "oem", vehicle.pcid), _is_empty, within=target.cascade_window)


def _is_empty(answer: Exchange) -> bool:
    return answer.answer.status == 404 or not contract_answers.entries(body_of(answer))
