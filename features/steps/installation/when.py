"""How a vehicle asks for its contracts and installs them, and what others do so that it gets them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from features.steps.installation.shared import install_from, send
from features.steps.roots.shared import roots_of
from features.steps.vehicles.shared import READ, in_edition
from features.vocabulary.references import Ref
from features.vocabulary.steps import when
from features.vocabulary.tables import Vocabulary
from fixtures.answers import contracts as contract_answers
from fixtures.answers import provisioning as provisioning_answers
from fixtures.answers.bodies import body_of, place_of
from fixtures.judgements.statuses import expect_status
from fixtures.judging import Mismatch, expect
from fixtures.testdata.contract_requests import FETCH, REQUEST
from fixtures.testdata.contracts import ADD, SIGN, Contract, ContractFactory
from fixtures.testdata.installation_flaws import INSTALLATION_REQUEST_FLAWS
from opnc.broadcast import reaching_all, reaching_one
from opnc.pki.chains import check_chain
from opnc.provisioning.requests import Wishes
from opnc.vehicles import CHAIN, version_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features.steps.contracts.shared import SignedBelowRoot
    from features.steps.installation.shared import Evccs, InstallationRound
    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.target.declaration import Target
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.installation_flaws import Flaw
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.reading import ReadCertificate

EXI = "alwaysReturnEXI"

HOW: Vocabulary[Mapping[str, str]] = Vocabulary(
    "wish about what tells of a failure",
    {
        "wanting a message even if it fails": {EXI: "true"},
        "wanting no message if it fails": {EXI: "false"},
        'with alwaysReturnEXI "maybe"': {EXI: "maybe"},
    },
)

MAX_CONTRACTS = 8
"""Contracts that a vehicle has room for, which it says in ISO 15118-20."""


# Asking


@when(
    "{vehicle} asks [(reach=all pools|this pool alone) ]for contracts[ at a charging station]"
    "[ by way of {party}][ in {edition}[ as well]][, {HOW}][ afterwards]",
    HOW=HOW,
)
def asks(
    bench: Bench,
    data: TestData,
    parties: Parties,
    target: Target,
    evccs: Evccs,
    *,
    vehicle: Vehicle,
    reach: str | None,
    party: Party | None,
    edition: str | None,
    how: Mapping[str, str] | None,
) -> Exchange:
    """Let a vehicle ask at a charging station, on request with the mark that says how far it reaches."""
    reaches = {"all pools": reaching_all, "this pool alone": reaching_one}
    mark = {} if reach is None else reaches[reach](target.reading)
    asking = in_edition(vehicle, edition, data)
    request = evccs.anew(asking).request(version_of(asking.leaf), bench.clock.now())
    return send(party or parties["cpo"], request, {**mark, **(how or {})})


@when("{vehicle} asks for contracts, wanting {contract} first")
def asks_with_wish(
    bench: Bench, parties: Parties, evccs: Evccs, vehicle: Vehicle, contract: Contract
) -> Exchange:
    """Let a vehicle say which contract it wants first, of two."""
    wishes = Wishes(most=2, emaids=(contract.emaid,))
    request = evccs.anew(vehicle).request(version_of(vehicle.leaf), bench.clock.now(), wishes=wishes)
    return send(parties["cpo"], request)


@when("{vehicle} asks for contracts, trusting the last of these roots alone")
def asks_trusting_one(
    bench: Bench, parties: Parties, evccs: Evccs, vehicle: Vehicle, signings: Sequence[SignedBelowRoot]
) -> Exchange:
    """Let a vehicle ask that trusts one root only."""
    fingerprint = signings[-1].fingerprint.lower()
    trusted = [root for root in evccs.trusted if root.fingerprint == fingerprint]
    request = evccs.anew(vehicle, trusted).request(version_of(vehicle.leaf), bench.clock.now())
    return send(parties["cpo"], request)


INSTALL_FLAW: Vocabulary[Flaw] = Vocabulary(
    "flaw of the request of a vehicle for contracts", INSTALLATION_REQUEST_FLAWS
)


@when("{vehicle} sends a request {INSTALL_FLAW}[, {HOW}]", INSTALL_FLAW=INSTALL_FLAW, HOW=HOW)
def sends_flawed(
    data: TestData,
    parties: Parties,
    v2g_roots: list[ReadCertificate],
    vehicle: Vehicle,
    install_flaw: Flaw,
    how: Mapping[str, str] | None,
) -> Exchange:
    """Let a vehicle send something else than it should."""
    return parties["cpo"].ask(REQUEST, headers=how, body=install_flaw(data, vehicle, v2g_roots))


# Installing


@when("{vehicle} is plugged in[ for {edition}[ as well]][, wanting {contract} first][ again]")
def plugged_in(
    bench: Bench,
    data: TestData,
    parties: Parties,
    evccs: Evccs,
    installation_rounds: list[InstallationRound],
    vehicle: Vehicle,
    edition: str | None,
    contract: Contract | None,
) -> None:
    """Plug a vehicle in at a charging station: it asks for contracts, and installs what it gets."""
    coming = in_edition(vehicle, edition, data)
    evcc, version = evccs[coming], version_of(coming.leaf)
    wishes = Wishes(most=MAX_CONTRACTS, emaids=() if contract is None else (contract.emaid,))
    answer = send(parties["cpo"], evcc.request(version, bench.clock.now(), wishes=wishes))
    installation_rounds.append(install_from(evcc, version, answer, bench.clock.now()))


@when("the OEM sends {vehicle} what it has fetched")
def sent_by_oem(
    bench: Bench,
    evccs: Evccs,
    installation_rounds: list[InstallationRound],
    answers: Answers,
    vehicle: Vehicle,
) -> None:
    """Send a vehicle contract data by the link to its manufacturer; it installs what it can."""
    fetched = answers.of(FETCH)
    installation_rounds.append(
        install_from(evccs[vehicle], version_of(vehicle.leaf), fetched, bench.clock.now())
    )


# What the eMSP does


@dataclass(frozen=True, slots=True)
class VerifiedVehicle:
    """A vehicle as an eMSP learns of it.

    Attributes:
        pcid: Its PCID, which the customer has told.
        leaf: Its provisioning certificate, from the pool.
    """

    pcid: str
    leaf: ReadCertificate


def _verified(party: Party, pcid: str, roots: Sequence[ReadCertificate]) -> VerifiedVehicle:
    """Read and verify the provisioning certificate of a vehicle.

    Raises:
        Mismatch: If there is none that could be relied on.
    """
    answer = party.ask(READ, path={"pcid": pcid})
    expect_status(answer, 200)
    entry, number = provisioning_answers.entry(body_of(answer)) or {}, answer.number
    chain, place = provisioning_answers.certificates(entry), place_of(entry, CHAIN)
    leaf = chain.pop("certificate", None)
    if leaf is None:
        what, expected = "provisioning certificate", "one that can be read"
        raise Mismatch(what, expected=expected, seen="none", place=place, exchange=number)
    anchor = check_chain(leaf, list(chain.values()), roots, None).anchor
    what, expected = "chain of the provisioning certificate", "up to a root of the pool"
    expect(anchor, what, expected=expected, seen="none", place=place, exchange=number)
    return VerifiedVehicle(pcid, leaf)


@when("{party} concludes {new_contract} for {vehicle} and has it signed")
def concludes(parties: Parties, data: TestData, answers: Answers, party: Party, vehicle: Vehicle) -> Contract:
    """Make a contract with nothing but the PCID of the vehicle to start from."""
    verified = _verified(party, vehicle.pcid, roots_of(parties, "oem", "v2g"))
    contract = ContractFactory(data, party).to_sign(verified)
    answers.file(party.ask(contract.operation, body=contract.request), thing=contract)
    return contract


@when("{party} stores what the CPS has returned")
def stores_returned(contracts: Register[Contract], answers: Answers, party: Party) -> Exchange:
    """Store the signed contract data of an answer."""
    signed: Any = contract_answers.signed(body_of(answers.of(SIGN)))
    stored = replace(contracts[Ref("contract")], operation=ADD, request=signed)
    return party.ask(stored.operation, body=stored.request)
