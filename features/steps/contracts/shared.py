"""What the steps about contracts share: making them, reading lists, contracts that need no entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.vocabulary.references import Ref
from features.vocabulary.resolving import facet, literal
from fixtures.answers import contracts as contract_answers
from fixtures.answers import events as event_answers
from fixtures.answers import signers as signer_answers
from fixtures.answers.bodies import body_of
from fixtures.judgements.statuses import expect_status
from fixtures.judging import Inconclusive, Mismatch, expect
from fixtures.testdata.contract_requests import BY_EMAID, BY_PCID, FETCH, MADE
from fixtures.testdata.contracts import ROOT, Contract
from opnc.events import CONTRACT_CREATED, canonical
from opnc.problem import Problem
from opnc.provisioning.namespaces import NAMESPACES
from opnc.provisioning.namespaces import version_of as version_named
from opnc.vehicles import version_of
from reports import places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pytest

    from features.vocabulary.things import Subscription
    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.server.receiver import Delivery, ScenarioEndpoints
    from fixtures.target.declaration import Target
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.profiles import Version

SIGNERS = "getCpsCertificatesV1"
"""The operation that lists the certificates that the CPS signs with."""
LISTS = (BY_EMAID, BY_PCID)
"""The operations that list contracts."""
THAT = Ref("contract")
"""Reads that contract from the register, where a sentence does not name it."""


@dataclass(frozen=True, slots=True)
class SignedBelowRoot:
    """A contract that was asked for below a root.

    Attributes:
        fingerprint: Of the root asked for.
        contract: The contract.
        answer: What came of it.
    """

    fingerprint: str
    contract: Contract
    answer: Exchange


@dataclass(frozen=True, slots=True)
class ReadBelowRoot:
    """What was read about a contract below a root."""

    signing: SignedBelowRoot
    answer: Exchange


def make(parties: Parties, contract: Contract) -> Contract:
    """Have a contract made and stored.

    Raises:
        Inconclusive: If that does not work.
    """
    answer = ask(parties[contract.party], contract)
    if answer.answer.status not in MADE:
        raise Inconclusive(f"the precondition, a contract, was answered {answer.answer.status}")
    return contract


def ask(party: Party, contract: Contract) -> Exchange:
    """Ask for a contract, in the way it is to be made."""
    return party.ask(contract.operation, body=contract.request)


def signed_below(parties: Parties, contract: Contract, member: str, fingerprint: str) -> SignedBelowRoot:
    """Ask for a contract below a root.

    Args:
        parties: Who may ask.
        contract: What is asked for.
        member: The member of the request that names the root.
        fingerprint: Of the root.
    """
    asked = contract.with_members(**{member: fingerprint})
    return SignedBelowRoot(fingerprint, asked, ask(parties[asked.party], asked))


def fingerprints_for(vehicle: Vehicle, offered: Sequence[contract_answers.Entry]) -> list[str]:
    """Return the V2G roots on offer for the edition of a vehicle, by their fingerprints.

    Raises:
        Inconclusive: If there is none.
    """
    edition = version_of(vehicle.leaf)
    found = [str(each.get(ROOT)) for each in offered if signer_answers.signs_for(each) == edition]
    if not found:
        raise Inconclusive(f"the CPS offers no certificate to sign with for {edition}")
    return list(dict.fromkeys(found))


def fetch(party: Party, emaid: str, pcid: str, query: Mapping[str, str] | None = None) -> Exchange:
    """Fetch signed contract data as the OEM of a vehicle does."""
    return party.ask(FETCH, path={"emaid": emaid, "pcid": pcid}, query=query or {})


def listed(answer: Exchange) -> list[contract_answers.Entry]:
    """Return the objects of a list; 404 means that there are none (ERR-087)."""
    expect_status(answer, 200, 404, of="the list")
    return contract_answers.entries(body_of(answer)) if answer.answer.status == 200 else []


def query_of(name: str | None, value: str | None) -> dict[str, str]:
    """Return the query that a sentence asks with, if with any."""
    return {name: value or ""} if name else {}


# Contracts that need no entry in the register


def _named(emaid: str, pcid: str = "", version: Version = "ISO15118-2") -> Contract:
    """Return a contract of which no more is known than what it is called."""
    return Contract(party="", emaid=emaid, pcid=pcid, version=version, operation="", request=None)


@literal("contract")
def _by_emaid(_request: pytest.FixtureRequest, emaid: str) -> Contract:
    return _named(emaid)


@facet("contract", "told of")
def _told_of(request: pytest.FixtureRequest, _that: Contract | None) -> Contract:
    """Return the contract that the OEM learns of by an event.

    Raises:
        Mismatch: If none has come that tells enough.
    """
    target: Target = request.getfixturevalue("target")
    endpoints: ScenarioEndpoints = request.getfixturevalue("scenario_endpoints")
    subscriptions: list[Subscription] = request.getfixturevalue("subscriptions")
    webhooks = [each.webhook for each in subscriptions if each.party == "oem"]
    endpoints.wait(target.delivery_window.total_seconds(), lambda: any(box.deliveries for box in webhooks))
    came = [delivery for box in webhooks for delivery in box.deliveries]
    told = [each for each in came if canonical(str(each.message.get("eventType"))) == CONTRACT_CREATED]
    what = "events that the OEM received"
    expect(told, what, expected=CONTRACT_CREATED, seen="none", place=places.ABSENT)
    payload = event_answers.payload(told[0].message)
    emaid, pcid = (str(payload.get(member)) for member in ("emaid", "pcid"))
    return _named(emaid, pcid, _version(told[0]))


def _version(told: Delivery) -> Version:
    """Return the edition that an event names (ERR-085); that it names none is noted as it comes (ERR-130)."""
    named = str(told.message.get("xsdMsgDefNamespace", NAMESPACES["ISO15118-2"]))
    try:
        return version_named(named)
    except Problem as problem:
        what, place = "xsdMsgDefNamespace of an event", places.pointer("xsdMsgDefNamespace")
        number = told.exchange.number
        raise Mismatch(what, expected="an edition", seen=named, place=place, exchange=number) from problem
