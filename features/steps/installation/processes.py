"""What the parties do in a business process, from the factory to the road."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import parsers, when

from features.steps.contracts.shared import ask
from features.steps.installation.installation import send
from features.steps.roots.shared import roots_of
from fixtures.answers import contracts as contract_answers
from fixtures.answers import installation as installation_answers
from fixtures.answers import provisioning as provisioning_answers
from fixtures.answers.bodies import body_of
from fixtures.judging import Mismatch, expect, expect_equal
from fixtures.testdata.contracts import ADD, Contract, ContractFactory
from fixtures.testdata.evcc import evcc_of
from opnc.pki.chains import check_chain
from opnc.provisioning.requests import Wishes
from opnc.vehicles import version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.testdata.evcc import Evcc
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.installation import Contract as Installed
    from opnc.provisioning.installation import Outcome

READ = "getProvisioningCertificateV1"

MOST = 8
"""Contracts that a vehicle has room for, which it says in ISO 15118-20."""


# The vehicle


@dataclass(frozen=True, slots=True)
class Visit:
    """What became of a vehicle that was brought something.

    Attributes:
        version: The generation of ISO 15118.
        brought: The answer that was brought.
        outcomes: What the vehicle found, message by message.
        held: Its contracts from now on.
    """

    version: Version
    brought: Exchange
    outcomes: tuple[Outcome, ...]
    held: tuple[Installed, ...]


def bring(evcc: Evcc, version: Version, answer: Exchange, bench: Bench) -> Visit:
    """Let a vehicle install what it can of an answer."""
    found = installation_answers.delivered(body_of(answer), version)
    messages = (str(each.get(installation_answers.MESSAGE)) for each in found)
    outcomes = tuple(evcc.install(message, bench.clock.now(), version) for message in messages)
    return Visit(version, answer, outcomes, evcc.contracts(version))


def plug_in(
    evcc: Evcc, version: Version, parties: Parties, bench: Bench, first: tuple[str, ...] = ()
) -> Visit:
    """Plug a vehicle in: it asks for contracts, and installs what it gets.

    Args:
        evcc: The vehicle.
        version: The edition of ISO 15118 that the charging station speaks.
        parties: Whose backends are asked.
        bench: The test bench.
        first: The contracts that the vehicle wants first, in ISO 15118-20.
    """
    wishes = Wishes(most=MOST, emaids=first)
    request = evcc.request(version, bench.clock.now(), wishes=wishes)
    return bring(evcc, version, send(parties, request, {}), bench)


@pytest.fixture
def evcc(data: TestData, vehicle: Vehicle, v2g_roots: list[ReadCertificate]) -> Evcc:
    """The vehicle itself, which keeps what it has installed."""
    return evcc_of(data, vehicle, v2g_roots)


@when(parsers.re("the vehicle is plugged in(?: again)?"), target_fixture="installation_round")
def plugged_in(evcc: Evcc, vehicle: Vehicle, parties: Parties, bench: Bench) -> Visit:
    """Plug the vehicle in at a charging station."""
    return plug_in(evcc, version_of(vehicle.leaf), parties, bench)


@when("the vehicle is plugged in, wanting the second contract first", target_fixture="installation_round")
def plugged_in_wishing(
    evcc: Evcc, vehicle: Vehicle, second: Contract, parties: Parties, bench: Bench
) -> Visit:
    """Plug the vehicle in at a charging station, where it says which contract it wants first."""
    return plug_in(evcc, version_of(vehicle.leaf), parties, bench, (second.emaid,))


@when("the vehicle is plugged in for ISO 15118-20 as well", target_fixture="installation_round_20")
def plugged_in_20(
    data: TestData, vehicle_20: Vehicle, v2g_roots: list[ReadCertificate], parties: Parties, bench: Bench
) -> Visit:
    """Plug a vehicle of both editions in at a charging station of the newer one."""
    return plug_in(evcc_of(data, vehicle_20, v2g_roots), "ISO15118-20", parties, bench)


@when("the vehicle with its new certificate is plugged in", target_fixture="installation_round")
def renewed_plugged_in(
    data: TestData, renewal: Vehicle, v2g_roots: list[ReadCertificate], parties: Parties, bench: Bench
) -> Visit:
    """Plug the vehicle in after its visit to the workshop, where its contracts were taken out."""
    return plug_in(evcc_of(data, renewal, v2g_roots), version_of(renewal.leaf), parties, bench)


@when("the OEM sends the vehicle what it has fetched", target_fixture="installation_round")
def brought_by_oem(evcc: Evcc, vehicle: Vehicle, answer: Exchange, bench: Bench) -> Visit:
    """Bring the vehicle contract data by the link to its manufacturer."""
    return bring(evcc, version_of(vehicle.leaf), answer, bench)


# The eMSP


@dataclass(frozen=True, slots=True)
class Assigned:
    """A vehicle as an eMSP learns of it.

    Attributes:
        pcid: Its PCID, which the customer has told.
        leaf: Its provisioning certificate, from the pool.
    """

    pcid: str
    leaf: ReadCertificate


def _assigned(parties: Parties, party: str, pcid: str, roots: Sequence[ReadCertificate]) -> Assigned:
    """Read and verify the provisioning certificate of a vehicle.

    Raises:
        Mismatch: If there is none that could be relied on.
    """
    answer = parties[party].ask(READ, path={"pcid": pcid})
    expect_equal(f"status of {READ}", expected=200, seen=answer.answer.status)
    chain = provisioning_answers.certificates(provisioning_answers.entry(body_of(answer)) or {})
    leaf = chain.pop("certificate", None)
    if leaf is None:
        raise Mismatch("provisioning certificate", expected="one that can be read", seen="none")
    anchor = check_chain(leaf, list(chain.values()), roots, None).anchor
    expect(anchor, "chain of the provisioning certificate", expected="up to a root of the pool", seen="none")
    return Assigned(pcid, leaf)


@when(
    parsers.re("the (?P<party>.+) concludes a contract for that vehicle and has it signed"),
    target_fixture="contract",
)
def concludes(parties: Parties, data: TestData, vehicle: Vehicle, party: str) -> Contract:
    """Make a contract with nothing but the PCID of the vehicle to start from."""
    assigned = _assigned(parties, party, vehicle.pcid, roots_of(parties, "oem", "v2g"))
    contract = ContractFactory(data, parties[party]).to_sign(assigned)
    ask(parties[party], contract)
    return contract


@when(parsers.re("the (?P<party>.+) stores what the CPS has returned"), target_fixture="answer")
def stores_returned(parties: Parties, contract: Contract, answer: Exchange, party: str) -> Exchange:
    """Store the signed contract data of an answer."""
    signed: Any = contract_answers.signed(body_of(answer))
    return ask(parties[party], replace(contract, operation=ADD, request=signed))
