"""What the backend of an eMSP is made to do, and how it is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from fixtures.backends.event_composer import tell
from fixtures.judgements import clients_emsp as judgements
from fixtures.judging import Inconclusive
from opnc import events

if TYPE_CHECKING:
    from fixtures.backends.client_under_test import Backends, ObservedUseCase
    from fixtures.backends.event_composer import EventComposers
    from fixtures.judging import Judge
    from fixtures.testdata.vehicles import Vehicle


def _concludes(backends: Backends, vehicle: Vehicle) -> ObservedUseCase:
    return backends["emsp"].perform("conclude-contract", {"pcid": vehicle.pcid}, awaiting=judgements.MAKING)


@when("the eMSP backend concludes a contract for that vehicle", target_fixture="done")
def concludes(backends: Backends, vehicle: Vehicle) -> ObservedUseCase:
    """Have a contract made."""
    return _concludes(backends, vehicle)


@when("the eMSP backend concludes a contract for the other vehicle", target_fixture="done_again")
def concludes_another(backends: Backends, other_vehicle: Vehicle) -> ObservedUseCase:
    """Have a second contract made."""
    return _concludes(backends, other_vehicle)


@given("the eMSP backend has concluded a contract for that vehicle", target_fixture="concluded")
def has_concluded(backends: Backends, vehicle: Vehicle) -> str:
    """Have a contract made; return its EMAID, and stop where there is none."""
    done = _concludes(backends, vehicle)
    made = done.of(*judgements.MAKING)
    if not made or not 200 <= made[-1].exchange.answer.status < 300:
        raise Inconclusive("the precondition, a contract of the backend, was not made")
    return judgements.emaids(done)[-1]


@when("the eMSP backend is asked for a contract for that vehicle", target_fixture="done")
def is_asked(backends: Backends, vehicle: Vehicle) -> ObservedUseCase:
    """Have a contract asked for that must not be made, and wait to see that it is not."""
    return backends["emsp"].perform("conclude-contract", {"pcid": vehicle.pcid})


@when("the eMSP backend has contract data for that vehicle signed only", target_fixture="done")
def signs_then_stores(backends: Backends, vehicle: Vehicle) -> ObservedUseCase:
    """Have a contract made with a CPS that only signs."""
    values = {"pcid": vehicle.pcid}
    return backends["emsp"].perform("sign-then-store", values, awaiting=(judgements.STORE,))


@when("the eMSP backend is told that the vehicle was reset", target_fixture="done")
def is_told(
    backends: Backends, event_composers: EventComposers, vehicle: Vehicle, concluded: str
) -> ObservedUseCase:
    """Send the event, and wait to see what comes of it."""
    composer = event_composers.composer(events.FACTORY_RESET)
    event = {**composer.message, "payload": {"pcid": vehicle.pcid, "emaid": concluded}}
    return backends["emsp"].observe(lambda: tell(composer, event))


@then("it had fetched the provisioning certificate before it had anything signed")
def had_fetched(done: ObservedUseCase, vehicle: Vehicle, judge: Judge) -> None:
    """Judge the order of requests."""
    judgements.demand_own_pki(done)
    judge.require(judgements.fetched_first(done, vehicle.pcid))


@then("it has looked at the vehicle and had nothing made or signed")
def has_stopped(done: ObservedUseCase, vehicle: Vehicle, judge: Judge) -> None:
    """Judge that a chain that does not verify is the end."""
    judge.require(judgements.stopped(done, vehicle.pcid))


@then("the bundle is complete, its chain without the root")
def is_complete(done: ObservedUseCase, vehicle: Vehicle, judge: Judge) -> None:
    """Judge the members of the bundle."""
    judgements.demand_own_pki(done)
    judge.require(judgements.complete(done, vehicle))


@then("the vehicle can decrypt the contract key")
def can_decrypt(done: ObservedUseCase, vehicle: Vehicle, judge: Judge) -> None:
    """Decrypt with the key of the vehicle, which the tester has made."""
    judge.require(judgements.decrypts(done, vehicle))


@then("it has stored what was signed, unchanged")
def has_stored(done: ObservedUseCase, judge: Judge) -> None:
    """Judge what is stored."""
    judgements.demand_own_pki(done)
    judge.require(judgements.stored(done))


@then("each contract has an EMAID of its own, with the provider id of the eMSP")
def have_own_emaids(done: ObservedUseCase, done_again: ObservedUseCase, judge: Judge) -> None:
    """Judge the names of two contracts."""
    judge.require(judgements.own_names(done.account.provider_ids, done, done_again))


@then("it has made no contract for that EMAID or that vehicle")
def has_made_none(done: ObservedUseCase, vehicle: Vehicle, concluded: str, judge: Judge) -> None:
    """Judge that nothing happens by itself."""
    judge.require(judgements.nothing_made(done, vehicle.pcid, concluded))
