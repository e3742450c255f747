"""What stands before: what backends have made already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.backends.shared import conclude, contract_made, publish, vehicle_published
from features.steps.contracts.shared import make
from features.vocabulary.references import THAT, Ref
from features.vocabulary.steps import given
from fixtures.judgements.clients_emsp import MAKING
from fixtures.judging import Inconclusive
from fixtures.testdata.contracts import ContractFactory

if TYPE_CHECKING:
    from features.vocabulary.references import Register
    from fixtures.backends.client_under_test import Backends
    from fixtures.client.parties import Parties, Party
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle


@given("the eMSP backend has concluded {new_contract} for {vehicle}")
def has_concluded(backends: Backends, vehicle: Vehicle) -> Contract:
    """Have a contract made, and stop where there is none."""
    done = conclude(backends, vehicle)
    contract = contract_made(done, vehicle)
    if contract is None or not 200 <= done.of(*MAKING)[-1].exchange.answer.status < 300:
        raise Inconclusive("the precondition, a contract of the backend, was not made")
    return contract


@given("the OEM backend has published a vehicle", introduces=[Ref("vehicle", new=True)])
def has_published(backends: Backends, data: TestData, vehicles: Register[Vehicle]) -> None:
    """Have a vehicle made and published, and stop where that does not work; it cannot be plugged in."""
    vehicle = vehicle_published(publish(backends), data)
    if vehicle is None:
        raise Inconclusive("the precondition, a vehicle of the backend, was not published")
    vehicles.keep(THAT, vehicle)


@given(
    "two contracts of {party} for {vehicle}",
    introduces=[Ref("contract", new=True), Ref("contract", "second", new=True)],
)
def two_contracts(
    data: TestData, parties: Parties, contracts: Register[Contract], party: Party, vehicle: Vehicle
) -> None:
    """Have two contracts made by the operator: that contract and the second contract."""
    factory = ContractFactory(data, party)
    for name in (THAT, "second"):
        contracts.keep(name, make(parties, factory.to_generate(vehicle)))
