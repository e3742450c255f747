"""Events about contracts and vehicles: who was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import parsers, then

from features.steps.events import names_in, received_by
from fixtures.judgements.contracts import is_about
from fixtures.judgements.events import not_told, subject, told_in_order, told_once

if TYPE_CHECKING:
    from features.steps.events import Received
    from fixtures.contracts import Contract
    from fixtures.judgements.events import Message
    from fixtures.judging import Judge
    from fixtures.vehicles import Vehicle


def _about(received: Received, contract: Contract) -> list[Message]:
    messages = (delivery.message for delivery in received.deliveries)
    return [message for message in messages if is_about(message, contract)]


@then(parsers.re('the (?P<party>.+) has been told "(?P<event>.+)" about that contract'))
def was_told(received: list[Received], contract: Contract, judge: Judge, party: str, event: str) -> None:
    """Demand an event about the contract, once, at every subscription of a party."""
    for each in received_by(received, party):
        judge.hold(told_once(party, _about(each, contract), (event,)))


@then(parsers.re('each eMSP has been told "(?P<event>.+)" about its own contract alone'))
def each_was_told(
    received: list[Received], contract: Contract, second: Contract, judge: Judge, event: str
) -> None:
    """Demand that two eMSPs learn of their own contract, and not of the other's (ERR-049)."""
    for own, other in ((contract, second), (second, contract)):
        for each in received_by(received, own.party):
            judge.hold(told_once(own.party, _about(each, own), (event,)))
            judge.hold(not_told(own.party, _about(each, other)))


@then(parsers.re('the (?P<party>.+) has been told about that contract, in this order: "(?P<names>.+)"'))
def was_told_in_order(
    received: list[Received], contract: Contract, judge: Judge, party: str, names: str
) -> None:
    """Demand each event once; another order is noted (ERR-138)."""
    for each in received_by(received, party):
        judge.hold(told_in_order(party, _about(each, contract), names_in(names)))


@then(parsers.re("the (?P<party>.+) has not been told anything about that vehicle"))
def was_not_told_of_vehicle(received: list[Received], vehicle: Vehicle, judge: Judge, party: str) -> None:
    """Demand silence about a vehicle."""
    for each in received_by(received, party):
        messages = (delivery.message for delivery in each.deliveries)
        judge.hold(not_told(party, (each for each in messages if subject(each) == vehicle.pcid.lower())))
