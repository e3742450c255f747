"""What the parties do in a business process, from the factory to the road."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import parsers, when

from features.steps.contracts.contracts import ask
from features.steps.contracts.contracts_pool import fetch, list_by_emaid, list_by_pcid
from features.steps.installation.installation import send
from features.steps.roots.shared import roots_of
from fixtures.bench.polling import until
from fixtures.judgements import contracts as contract_judgements
from fixtures.judgements import events, installation, provisioning
from fixtures.judgements.installation import body_of
from fixtures.judging import Mismatch, expect, expect_equal
from fixtures.testdata.contracts import ADD, Contract, Maker
from fixtures.testdata.evcc import car
from opnc.events import CONTRACT_CREATED, canonical
from opnc.pki.chains import check_chain
from opnc.problem import Problem
from opnc.provisioning.namespaces import NAMESPACES
from opnc.provisioning.namespaces import version_of as version_named
from opnc.provisioning.requests import Wishes
from opnc.vehicles import version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.vocabulary.things import Subscription
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.server.receiver import Inbox
    from fixtures.target.model import Target
    from fixtures.testdata.data import Data
    from fixtures.testdata.evcc import Car
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


def bring(on_road: Car, version: Version, answer: Exchange, bench: Bench) -> Visit:
    """Let a vehicle install what it can of an answer."""
    found = installation.contracts(body_of(answer), version)
    messages = (str(each.get(installation.MESSAGE)) for each in found)
    outcomes = tuple(on_road.install(message, bench.clock.now(), version) for message in messages)
    return Visit(version, answer, outcomes, on_road.contracts(version))


def plug_in(
    on_road: Car, version: Version, parties: Parties, bench: Bench, first: tuple[str, ...] = ()
) -> Visit:
    """Plug a vehicle in: it asks for contracts, and installs what it gets.

    Args:
        on_road: The vehicle.
        version: The edition of ISO 15118 that the charging station speaks.
        parties: Whose backends are asked.
        bench: The test bench.
        first: The contracts that the vehicle wants first, in ISO 15118-20.
    """
    wishes = Wishes(most=MOST, emaids=first)
    request = on_road.request(version, bench.clock.now(), wishes=wishes)
    return bring(on_road, version, send(parties, request, {}), bench)


@pytest.fixture
def on_road(data: Data, vehicle: Vehicle, v2g_roots: list[ReadCertificate]) -> Car:
    """The vehicle itself, which keeps what it has installed."""
    return car(data, vehicle, v2g_roots)


@when(parsers.re("the vehicle is plugged in(?: again)?"), target_fixture="visit")
def plugged_in(on_road: Car, vehicle: Vehicle, parties: Parties, bench: Bench) -> Visit:
    """Plug the vehicle in at a charging station."""
    return plug_in(on_road, version_of(vehicle.leaf), parties, bench)


@when("the vehicle is plugged in, wanting the second contract first", target_fixture="visit")
def plugged_in_wishing(
    on_road: Car, vehicle: Vehicle, second: Contract, parties: Parties, bench: Bench
) -> Visit:
    """Plug the vehicle in at a charging station, where it says which contract it wants first."""
    return plug_in(on_road, version_of(vehicle.leaf), parties, bench, (second.emaid,))


@when("the vehicle is plugged in for ISO 15118-20 as well", target_fixture="visit_20")
def plugged_in_20(
    data: Data, vehicle_20: Vehicle, v2g_roots: list[ReadCertificate], parties: Parties, bench: Bench
) -> Visit:
    """Plug a vehicle of both editions in at a charging station of the newer one."""
    return plug_in(car(data, vehicle_20, v2g_roots), "ISO15118-20", parties, bench)


@when("the vehicle with its new certificate is plugged in", target_fixture="visit")
def renewed_plugged_in(
    data: Data, renewal: Vehicle, v2g_roots: list[ReadCertificate], parties: Parties, bench: Bench
) -> Visit:
    """Plug the vehicle in after its visit to the workshop, where its contracts were taken out."""
    return plug_in(car(data, renewal, v2g_roots), version_of(renewal.leaf), parties, bench)


@when("the OEM sends the vehicle what it has fetched", target_fixture="visit")
def brought_by_oem(on_road: Car, vehicle: Vehicle, answer: Exchange, bench: Bench) -> Visit:
    """Bring the vehicle contract data by the link to its manufacturer."""
    return bring(on_road, version_of(vehicle.leaf), answer, bench)


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
    chain = provisioning.certificates(provisioning.entry(body_of(answer)) or {})
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
def concludes(parties: Parties, data: Data, vehicle: Vehicle, party: str) -> Contract:
    """Make a contract with nothing but the PCID of the vehicle to start from."""
    assigned = _assigned(parties, party, vehicle.pcid, roots_of(parties, "oem", "v2g"))
    contract = Maker(data, parties[party]).draft(assigned)
    ask(parties, party, contract)
    return contract


@when(parsers.re("the (?P<party>.+) stores what the CPS has returned"), target_fixture="answer")
def stores_returned(parties: Parties, contract: Contract, answer: Exchange, party: str) -> Exchange:
    """Store the signed contract data of an answer."""
    signed: Any = contract_judgements.signed(body_of(answer))
    return ask(parties, party, replace(contract, operation=ADD, request=signed))


# The OEM


@when("the OEM fetches the contract that it is told of", target_fixture="answer")
def fetches_told(
    parties: Parties, inbox: Inbox, target: Target, subscriptions: Sequence[Subscription]
) -> Exchange:
    """Fetch signed contract data with nothing but an event to start from.

    Raises:
        Mismatch: If none has come that tells enough.
    """
    mailboxes = [each.mailbox for each in subscriptions if each.party == "oem"]
    inbox.wait(target.delivery_window.total_seconds(), lambda: any(box.deliveries for box in mailboxes))
    messages = [delivery.message for box in mailboxes for delivery in box.deliveries]
    told = [each for each in messages if canonical(str(each.get("eventType"))) == CONTRACT_CREATED]
    expect(told, "events that the OEM received", expected=CONTRACT_CREATED, seen="none")
    payload = events.payload(told[0])
    emaid, pcid = (str(payload.get(member)) for member in ("emaid", "pcid"))
    return fetch(parties, "oem", emaid, pcid, "xsdMsgDefNamespace", _namespace(told[0]))


def _namespace(message: events.Message) -> str:
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
    return until(
        lambda: list_by_emaid(parties, contract.party, contract.emaid, *query),
        _is_empty,
        target.cascade_window,
    )


@when("the OEM lists the contracts of that vehicle until there are none", target_fixture="reading")
def vehicle_listed_until_gone(parties: Parties, target: Target, vehicle: Vehicle) -> Exchange:
    """Wait until what was done in one pool has reached the other (ERR-051)."""
    return until(lambda: list_by_pcid(parties, "oem", vehicle.pcid), _is_empty, target.cascade_window)


def _is_empty(answer: Exchange) -> bool:
    return answer.answer.status == 404 or not contract_judgements.entries(body_of(answer))
