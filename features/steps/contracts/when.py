"""What is done with contracts: having them made, signed and stored, listed, fetched, deleted, chosen."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from features.steps.contracts.shared import (
    SIGNERS,
    ReadBelowRoot,
    SignedBelowRoot,
    ask,
    fetch,
    fingerprints_for,
    make,
    query_of,
    signed_below,
)
from features.vocabulary.steps import when
from features.vocabulary.tables import Vocabulary
from fixtures.answers import contracts as contract_answers
from fixtures.answers import signers as signer_answers
from fixtures.answers.bodies import body_of
from fixtures.client.parties import CannotNow
from fixtures.client.polling import poll
from fixtures.client.together import together
from fixtures.judging import Inconclusive
from fixtures.testdata.contract_requests import BY_EMAID, BY_PCID, DEFAULT, DELETE, MADE
from fixtures.testdata.contracts import ROOT, ContractFactory
from fixtures.testdata.spellings import EMAID_SPELLINGS, emaid_of, stated
from opnc.broadcast import HEADER
from opnc.contract.xml import MEDIA_TYPE, write_members

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pytest

    from features.vocabulary.sentence import Said
    from fixtures.answers.contracts import Entry
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.target.declaration import Target
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.requests import PreparedRequest
    from fixtures.testdata.vehicles import Vehicle
    from opnc.identifiers import Emaid
    from opnc.pki.reading import ReadCertificate

MO_ROOT = "moRootCertificateFingerprint"

# Having them made, signed, stored


@when("{party} orders {new_contract} for {vehicle}")
def orders(data: TestData, parties: Parties, party: Party, vehicle: Vehicle) -> Contract:
    """Have a contract made and stored; a precondition of what is judged, so it must be taken."""
    return make(parties, ContractFactory(data, party).obtained(vehicle))


@when(
    "{party} (stores {draft_ref}|places {draft_ref}|has {draft_ref} signed)"
    "[ again| and {other:draft_ref} {n} times at once]"
)
def has_made(
    target: Target, party: Party, draft_ref: Contract, other: Contract | None, n: int | None
) -> Exchange:
    """Send what was prepared: data to be signed, an order, or signed data to be stored; or two at once."""
    if other is None:
        return ask(party, draft_ref)
    asks = [partial(ask, party, each) for each in (draft_ref, other)]
    return together(target, asks * (n or 1))[-1]


@when("{party} places {draft_ref}( in (xml=XML)|, with broadcast {mark:text})")
def places_otherwise(party: Party, draft_ref: Contract, xml: str | None, mark: str | None) -> Exchange:
    """Order in the media type that has no names (ERR-065), or with a mark that orders do not have."""
    if xml is None:
        return party.ask(draft_ref.operation, headers={HEADER: mark or ""}, body=draft_ref.request)
    content = write_members("generateAndSignContractDataReq", draft_ref.request)
    return party.ask(draft_ref.operation, headers={"Content-Type": MEDIA_TYPE}, body=content)


@when("{party} places {draft_ref} while {service} is out of operation")
def places_in_vain(bench: Bench, party: Party, draft_ref: Contract, service: str) -> Exchange:
    """Order while a service beside the target does not answer; it stays so until the scenario is over."""
    bench.take_down(service)
    try:
        return ask(party, draft_ref)
    except CannotNow as answered:
        return answered.exchange


# Listing, fetching


@when(
    "{party} lists {contract}"
    "[(own= in its edition)| with {word} {text}][ afterwards|(gone= until it is gone)]"
)
def lists(
    target: Target,
    party: Party,
    contract: Contract,
    own: str | None,
    word: str | None,
    text: str | None,
    gone: str | None,
) -> Exchange:
    """Ask what is stored for a contract, once or until what was done has reached the pool (ERR-051)."""
    query = query_of("xsdMsgDefNamespace", contract.namespace) if gone or own else query_of(word, text)
    path = {"emaid": contract.emaid}
    return _until_empty(lambda: party.ask(BY_EMAID, path=path, query=query), target if gone else None)


@when(
    "{party} lists the contracts of {vehicle}[ with {word} {text}][ afterwards|(gone= until there are none)]"
)
def lists_vehicle(
    target: Target, party: Party, vehicle: Vehicle, word: str | None, text: str | None, gone: str | None
) -> Exchange:
    """Ask which contracts a vehicle has, once or until what was done has reached the pool (ERR-051)."""
    query, path = query_of(word, text), {"pcid": vehicle.pcid}
    return _until_empty(lambda: party.ask(BY_PCID, path=path, query=query), target if gone else None)


def _until_empty(read: Callable[[], Exchange], target: Target | None) -> Exchange:
    """Read a list once, or until nothing is on it or the time that a target is given has passed."""
    return read() if target is None else poll(read, _is_empty, within=target.cascade_window)


def _is_empty(answer: Exchange) -> bool:
    return answer.answer.status == 404 or not contract_answers.entries(body_of(answer))


@when(
    "{party} fetches {contract}[ (of|for) {vehicle}][(own= in its edition)| with {word} {text}][ afterwards]"
)
def fetches(
    party: Party,
    contract: Contract,
    vehicle: Vehicle | None,
    own: str | None,
    word: str | None,
    text: str | None,
) -> Exchange:
    """Ask for signed contract data as the OEM of a vehicle does."""
    query = query_of("xsdMsgDefNamespace", contract.namespace) if own else query_of(word, text)
    pcid = contract.pcid if vehicle is None else vehicle.pcid
    return fetch(party, contract.emaid, pcid, query)


WRITTEN: Vocabulary[Callable[[Emaid], str]] = Vocabulary("spelling of an EMAID", EMAID_SPELLINGS)


@when(
    "{party} (act=lists|fetches) the contract of {call} under its EMAID {WRITTEN} afterwards", WRITTEN=WRITTEN
)
def looks_for_contract(
    party: Party, call: PreparedRequest, act: str, written: Callable[[Emaid], str]
) -> Exchange:
    """Let the eMSP list, or the OEM of the vehicle fetch, what a request has made."""
    emaid = written(emaid_of(call))
    if act == "lists":
        return party.ask(BY_EMAID, path={"emaid": emaid})
    return fetch(party, emaid, stated(call, "pcid"))


# Deleting, choosing the default


@when("{party} deletes {contract}[ with X-Skip-Revocation {text}]")
def deletes(party: Party, contract: Contract, text: str | None) -> Exchange:
    """Withdraw a contract, or try to."""
    headers = {} if text is None else {"X-Skip-Revocation": text}
    return party.ask(DELETE, path={"emaid": contract.emaid}, headers=headers)


@when("{party} makes {contract} the default[ of {vehicle}][ again]")
def makes_default(party: Party, contract: Contract, vehicle: Vehicle | None) -> Exchange:
    """Choose the default of a vehicle: of that of the contract, unless another is named."""
    pcid = contract.pcid if vehicle is None else vehicle.pcid
    return party.ask(DEFAULT, path={"emaid": contract.emaid, "pcid": pcid})


# The certificates that the CPS signs with, and contracts below each V2G root


@when("{party} lists the certificates that the CPS signs with")
def lists_signers(request: pytest.FixtureRequest, party: Party, said: Said) -> Exchange:
    """Ask what the CPS signs with; whoever may know reads the V2G roots first, to judge the list by."""
    if said.phrases["party"] != "somebody without credentials":
        request.getfixturevalue("v2g_roots")
    return party.ask(SIGNERS)


@when("all of these certificates have expired")
def all_expired(bench: Bench, offered: Sequence[Entry]) -> None:
    """Let so much time pass that nothing the CPS signs with is valid any more."""
    ends = [leaf.not_after for each in offered for leaf in signer_answers.chain(each)[:1]]
    bench.advance(max(ends) - bench.clock.now() + timedelta(days=1))


def _on_offer(request: pytest.FixtureRequest, vehicle: Vehicle) -> tuple[str, list[str]]:
    return ROOT, fingerprints_for(vehicle, request.getfixturevalue("offered"))


def _listed_before(request: pytest.FixtureRequest, _vehicle: Vehicle) -> tuple[str, list[str]]:
    roots: list[ReadCertificate] = request.getfixturevalue("trusted_roots")
    return MO_ROOT, [root.fingerprint for root in roots]


ROOTS: Vocabulary[Callable[[pytest.FixtureRequest, Vehicle], tuple[str, list[str]]]] = Vocabulary(
    "set of roots that contracts may stand below",
    {"V2G root on offer": _on_offer, "of those roots": _listed_before},
)


@when("{party} has a contract made for {vehicle} below each {ROOTS}", ROOTS=ROOTS, target_fixture="signings")
def made_below_each(
    request: pytest.FixtureRequest,
    data: TestData,
    parties: Parties,
    party: Party,
    vehicle: Vehicle,
    roots: Callable[[pytest.FixtureRequest, Vehicle], tuple[str, list[str]]],
) -> list[SignedBelowRoot]:
    """Have one contract made for each root: above the CPS that offers it, or above the contract itself."""
    factory = ContractFactory(data, party)
    member, fingerprints = roots(request, vehicle)
    return [signed_below(parties, factory.contract(vehicle), member, each) for each in fingerprints]


def _fetched(party: Party, signing: SignedBelowRoot, query: dict[str, str]) -> Exchange:
    contract = signing.contract
    if contract.version != "ISO15118-2":
        query["xsdMsgDefNamespace"] = contract.namespace
    return fetch(party, contract.emaid, contract.pcid, query)


READ_EACH: Vocabulary[Callable[[Party, SignedBelowRoot], Exchange]] = Vocabulary(
    "way to read contracts that stand below several roots",
    {
        "fetches each of them": lambda party, signing: _fetched(party, signing, {}),
        "fetches it below each of these roots": lambda party, signing: _fetched(
            party, signing, {ROOT: signing.fingerprint}
        ),
        "lists it below each of these roots": lambda party, signing: party.ask(
            BY_EMAID, path={"emaid": signing.contract.emaid}, query={ROOT: signing.fingerprint}
        ),
    },
)


@when("{party} {READ_EACH}", READ_EACH=READ_EACH, target_fixture="readings")
def reads_each(
    signings: Sequence[SignedBelowRoot],
    party: Party,
    read_each: Callable[[Party, SignedBelowRoot], Exchange],
) -> list[ReadBelowRoot]:
    """Read the contracts that were made, one after the other.

    Raises:
        Inconclusive: If none was.
    """
    made = [each for each in signings if each.answer.answer.status in MADE]
    if not made:
        raise Inconclusive("no contract was made below any of the roots")
    return [ReadBelowRoot(each, read_each(party, each)) for each in made]
