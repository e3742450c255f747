"""What stands before: contracts that are prepared, made or stored, and what is known of the pool."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from features.steps.contracts.shared import (
    SIGNERS,
    THAT,
    SignedBelowRoot,
    fingerprints_for,
    listed,
    make,
    signed_below,
)
from features.steps.vehicles.shared import RENEWED, in_edition
from features.vocabulary.references import NoSuchThing, Ref
from features.vocabulary.steps import given
from features.vocabulary.tables import Vocabulary
from fixtures.answers import signers as signer_answers
from fixtures.answers.contracts import entries
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.target.declaration import SEVERAL_ROOTS
from fixtures.testdata.contract_flaws import GENERATE_FLAWS, SIGN_FLAWS, STORE_FLAWS
from fixtures.testdata.contract_requests import BY_EMAID, DEFAULT, MADE
from fixtures.testdata.contracts import GENERATE, ROOT, ContractFactory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pytest

    from features.vocabulary.plans import Form
    from features.vocabulary.references import Register
    from fixtures.answers.contracts import Entry
    from fixtures.client.parties import Parties, Party
    from fixtures.neighbours.ecosystems import Neighbours
    from fixtures.target.declaration import Target
    from fixtures.testdata.contract_flaws import ContractFlaw
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle

# Contracts that are about to be made

PREPARED: Mapping[Form, Callable[[ContractFactory, Vehicle, str | None], Contract]] = {
    "contract data": ContractFactory.to_sign,
    "order": ContractFactory.to_generate,
    "signed contract data": ContractFactory.to_store,
}
"""Form of a contract on its way into the pool -> how it is made."""

USUAL: Mapping[Form, str] = {
    "contract data": "emsp with own pki",
    "order": "emsp",
    "signed contract data": "emsp with own pki",
}
"""Form of a contract on its way into the pool -> the eMSP that sends it where a sentence names none."""


@given("{draft}[ of {party}] for {vehicle}[(same_emaid= with the same EMAID)]")
def prepared(
    data: TestData,
    parties: Parties,
    contracts: Register[Contract],
    draft: Ref,
    party: Party | None,
    vehicle: Vehicle,
    same_emaid: str | None,
) -> Contract:
    """Prepare a contract, on request under the EMAID that that contract has; nothing is sent yet."""
    form: Form = draft.plan.form
    emaid = contracts[THAT].emaid if same_emaid else None
    return PREPARED[form](ContractFactory(data, party or parties[USUAL[form]]), vehicle, emaid)


_FLAWS: Mapping[Form, Mapping[str, ContractFlaw]] = {
    "contract data": SIGN_FLAWS,
    "order": GENERATE_FLAWS,
    "signed contract data": STORE_FLAWS,
}

DRAFT_FLAW: Vocabulary[Mapping[Form, ContractFlaw]] = Vocabulary(
    "flaw of a contract that is prepared",
    {
        phrase: {form: flaws[phrase] for form, flaws in _FLAWS.items() if phrase in flaws}
        for known in _FLAWS.values()
        for phrase in known
    },
)


@given("{draft} for {vehicle} {DRAFT_FLAW}", DRAFT_FLAW=DRAFT_FLAW)
def flawed(
    data: TestData,
    parties: Parties,
    draft: Ref,
    vehicle: Vehicle,
    draft_flaw: Mapping[Form, ContractFlaw],
) -> Contract:
    """Prepare a contract with something wrong, or something special.

    Raises:
        NoSuchThing: If the flaw is one of another form.
    """
    form: Form = draft.plan.form
    if form not in draft_flaw:
        raise NoSuchThing(f"that is no flaw of {form}, but of {' and of '.join(draft_flaw)}")
    return draft_flaw[form](ContractFactory(data, parties[USUAL[form]]), vehicle)


@given(
    "{draft} for {vehicle},"
    " below (root=an eMSP root|a V2G root|the tester's own eMSP root"
    "|the eMSP root of {ecosystem}|the V2G root of {ecosystem})"
)
def below(
    request: pytest.FixtureRequest,
    data: TestData,
    parties: Parties,
    draft: Ref,
    vehicle: Vehicle,
    root: str,
    ecosystem: str | None,
) -> Contract:
    """Prepare contract data whose certificate stands below a root of some type, of whatever ecosystem.

    Raises:
        NoSuchThing: If it is an order or signed contract data that shall be prepared so.
    """
    if draft.plan.form != "contract data":
        raise NoSuchThing(f"only contract data are prepared below a root of some type, not {draft.plan.form}")
    if ecosystem is not None:
        neighbours: Neighbours = request.getfixturevalue("neighbours")
        data = copy(data)
        data.pki = replace(data.pki, supplied=neighbours.supplied(ecosystem))
    factory = ContractFactory(data, parties[USUAL["contract data"]])
    spec = replace(factory.chain_spec(vehicle), root="emsp" if "eMSP" in root else "v2g")
    return factory.to_sign(vehicle, spec=replace(spec, trust="unknown") if "own" in root else spec)


@given(
    "({draft} for {contract}[ and {vehicle}]|{party} has had {draft} for {contract}[ and {vehicle}] signed)"
)
def renewed(
    data: TestData,
    parties: Parties,
    vehicles: Register[Vehicle],
    draft: Ref,
    contract: Contract,
    vehicle: Vehicle | None,
    party: Party | None,
) -> Contract:
    """Prepare new data of a contract that is there, with another certificate; or have them signed already.

    They are for that vehicle, unless the sentence names another or its new certificate.
    """
    vehicle = vehicle or vehicles[Ref("vehicle")]
    factory = ContractFactory(data, party or parties[contract.party])
    if draft.plan.form == "signed contract data" or (party is not None and factory.stores_itself):
        new = factory.to_store(vehicle, contract.emaid, leaf=RENEWED)
    else:
        new = factory.to_sign(vehicle, contract.emaid, factory.chain_spec(vehicle, RENEWED))
    return new if party is None else make(parties, new)


# Contracts that are there already


@given(
    "{new_contract} of {party} for {vehicle}[ in {edition}]"
    "[(stored=, stored by itself|, whose EMAID begins like that)| that ends in {n} days]"
)
def made(
    data: TestData,
    parties: Parties,
    party: Party,
    vehicle: Vehicle,
    contracts: Register[Contract],
    edition: str | None,
    stored: str | None,
    n: int | None,
) -> Contract:
    """Have a contract made, as the eMSP may, or store one that a CPS of the tester has signed."""
    factory, vehicle = ContractFactory(data, party), in_edition(vehicle, edition, data)
    if stored:
        # With two characters more it has no check digit, but an instance that ISO 15118-20 alone carries.
        emaid = f"{contracts[THAT].emaid}99" if "begins" in stored else None
        return make(parties, factory.to_store(vehicle, emaid))
    if n is None:
        return make(parties, factory.obtained(vehicle))
    contract = factory.obtained(vehicle, leaf=data.pki.ending_in(timedelta(days=n)))
    if contract.operation == GENERATE:
        contract = contract.with_members(**factory.ending_in(n))
    return make(parties, contract)


@given("{n} contracts of {party} for {vehicle}", target_fixture="many_contracts")
def many_made(data: TestData, parties: Parties, n: int, party: Party, vehicle: Vehicle) -> list[Contract]:
    """Have so many contracts made that a list of them may have more than one page."""
    factory = ContractFactory(data, party)
    return [make(parties, factory.obtained(vehicle)) for _ in range(n)]


@given("{contract} in {edition} as well")
def made_as_well(
    data: TestData, parties: Parties, vehicles: Register[Vehicle], contract: Contract, edition: str
) -> None:
    """Have a contract that is there made in the other edition of ISO 15118 too, under the same EMAID."""
    vehicle = in_edition(vehicles[Ref("vehicle")], edition, data)
    make(parties, ContractFactory(data, parties[contract.party]).obtained(vehicle, contract.emaid))


@given("a contract of {party} for {vehicle}, signed below each V2G root on offer", target_fixture="signings")
def signed_below_each(
    parties: Parties,
    data: TestData,
    target: Target,
    offered: Sequence[Entry],
    party: Party,
    vehicle: Vehicle,
) -> list[SignedBelowRoot]:
    """Have one and the same contract signed below several roots.

    Raises:
        NotApplicable: If the target does not keep them side by side, or has one root only.
        Inconclusive: If one of them is refused.
    """
    target.demand_declared(SEVERAL_ROOTS, default=False)
    fingerprints = fingerprints_for(vehicle, offered)
    if len(fingerprints) < 2:
        raise NotApplicable("the CPS offers only one V2G root")
    contract = ContractFactory(data, party).to_sign(vehicle)
    signings = [signed_below(parties, contract, ROOT, each) for each in fingerprints]
    if any(each.answer.answer.status not in MADE for each in signings):
        raise Inconclusive("the precondition, a contract signed below several roots, was refused")
    return signings


# What is known of the pool


@given("what the pool lists of {contract}", target_fixture="listed_before")
def listed_before(parties: Parties, contract: Contract) -> list[Entry]:
    """Read the list of a contract before something is done."""
    return listed(parties[contract.party].ask(BY_EMAID, path={"emaid": contract.emaid}))


@given("{party} has made {contract} the default")
def has_chosen(party: Party, contract: Contract) -> None:
    """Choose the default of a vehicle, and stop where that does not work.

    Raises:
        Inconclusive: If the pool does not take it.
    """
    answer = party.ask(DEFAULT, path={"emaid": contract.emaid, "pcid": contract.pcid})
    if answer.answer.status != 200:
        raise Inconclusive(f"the precondition, a default contract, was answered {answer.answer.status}")


@given("the certificates that the CPS signs with", target_fixture="offered")
def offered(parties: Parties) -> list[Entry]:
    """Read with which certificates the CPS signs, and below which V2G roots they stand.

    Raises:
        Inconclusive: If there is no list.
    """
    answer = parties.any_party().ask(SIGNERS)
    if answer.answer.status != 200:
        raise Inconclusive(f"the list of certificates to sign with was answered {answer.answer.status}")
    return entries(answer.answer.json(), signer_answers.COLLECTION)
