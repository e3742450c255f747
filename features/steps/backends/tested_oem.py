"""What the backend of an OEM is made to do, and how it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_bdd import given, parsers, then, when

from features.steps.contracts.shared import make
from fixtures.judgements import clients as judgements
from fixtures.judging import Inconclusive
from fixtures.testdata.contracts import ContractFactory

if TYPE_CHECKING:
    from fixtures.backends.client_under_test import Backends, ObservedUseCase
    from fixtures.client.parties import Parties
    from fixtures.judging import Judge
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.generator import TestData
    from opnc.pki.reading import ReadCertificate


@dataclass(frozen=True, slots=True)
class Made:
    """A vehicle that the backend has made; only its OEM has its key."""

    leaf: ReadCertificate

    @property
    def pcid(self) -> str:
        """Its PCID."""
        return self.leaf.common_name or ""


@when("the OEM backend publishes a vehicle", target_fixture="done")
@when("the OEM backend publishes another vehicle", target_fixture="done_again")
def publishes(backends: Backends) -> ObservedUseCase:
    """Have a vehicle made and published."""
    return backends["oem"].perform("publish-vehicle", awaiting=(judgements.PUBLISH,))


@given("the OEM backend has published a vehicle", target_fixture="made")
def has_published(backends: Backends) -> Made:
    """Have a vehicle made and published, and stop where that does not work."""
    requests = publishes(backends).of(judgements.PUBLISH)
    leaf = judgements.leaf(requests[-1]) if requests else None
    if leaf is None or requests[-1].exchange.answer.status != 200:
        raise Inconclusive("the precondition, a vehicle of the backend, was not published")
    return Made(leaf)


@given("two contracts of the eMSP for the vehicle of that backend", target_fixture="two_contracts")
def two_contracts(data: TestData, parties: Parties, made: Made) -> list[Contract]:
    """Have contracts made for a vehicle of the backend."""
    factory = ContractFactory(data, parties["emsp"])
    return [make(parties, factory.to_generate(made)) for _ in range(2)]


@when(parsers.parse("the OEM backend renews that vehicle"), target_fixture="done")
def renews(backends: Backends, made: Made) -> ObservedUseCase:
    """Have a vehicle get a new certificate."""
    return backends["oem"].perform("renew-vehicle", {"pcid": made.pcid}, awaiting=(judgements.PUBLISH,))


@when("the OEM backend removes that vehicle", target_fixture="done")
def removes(backends: Backends, made: Made) -> ObservedUseCase:
    """Have a vehicle removed."""
    return backends["oem"].perform("remove-vehicle", {"pcid": made.pcid}, awaiting=(judgements.REMOVE,))


@when("the OEM backend updates the trust stores of its vehicles", target_fixture="done")
def updates_trust_stores(backends: Backends) -> ObservedUseCase:
    """Have the roots read."""
    return backends["oem"].perform("update-trust-stores", awaiting=(judgements.ROOTS,))


@when("the OEM backend makes the second of them the default", target_fixture="done")
def chooses(backends: Backends, made: Made, two_contracts: list[Contract]) -> ObservedUseCase:
    """Have a default chosen."""
    values = {"pcid": made.pcid, "emaid": two_contracts[1].emaid}
    return backends["oem"].perform("set-default", values, awaiting=(judgements.SET_DEFAULT,))


@then("both came with a chain that leads to one of these roots")
def came_with_chains(
    done: ObservedUseCase, done_again: ObservedUseCase, trusted_roots: list[ReadCertificate], judge: Judge
) -> None:
    """Judge the chains of two vehicles."""
    for each in (done, done_again):
        judge.require(judgements.published(each, trusted_roots))


@then("each has a PCID of its own")
def have_own_pcids(done: ObservedUseCase, done_again: ObservedUseCase, judge: Judge) -> None:
    """Judge the names of two vehicles."""
    judge.require(judgements.own_names(done, done_again))


@then("it has read the V2G roots")
def has_read_v2g(done: ObservedUseCase, judge: Judge) -> None:
    """Judge which roots were read."""
    judge.require(judgements.roots_read(done, "v2g"))


@then("another certificate was published for the same PCID")
def is_renewed(done: ObservedUseCase, made: Made, judge: Judge) -> None:
    """Judge a renewal."""
    judge.require(judgements.renewed(done, made.leaf))


@then("it has deleted that vehicle and no other")
def is_removed(done: ObservedUseCase, made: Made, judge: Judge) -> None:
    """Judge a removal."""
    judge.require(judgements.removed(done, made.pcid))


@then("it has made the second of them the default of that vehicle")
def is_chosen(done: ObservedUseCase, made: Made, two_contracts: list[Contract], judge: Judge) -> None:
    """Judge a choice."""
    judge.require(judgements.chosen(done, made.pcid, two_contracts[1].emaid))
