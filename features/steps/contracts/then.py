"""What is demanded of contracts: of their making, and of the lists that name them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from features.steps.contracts.shared import LISTS, THAT, listed
from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.answers import contracts as contract_answers
from fixtures.answers.bodies import body_of, place_of
from fixtures.answers.installation import of_emaid
from fixtures.bench.beside import stored_in_vain
from fixtures.judgements import contracts as judgements
from fixtures.judgements import identifiers
from fixtures.judgements.findings import warn
from fixtures.judgements.installation import algorithms
from fixtures.judgements.statuses import expect_status
from fixtures.judging import Inconclusive, NotApplicable, expect, expect_equal
from fixtures.testdata.contract_requests import FETCH, MADE
from fixtures.testdata.spellings import emaid_of
from reports import places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from fixtures.answers.contracts import Entry
    from fixtures.bench.interface import Bench
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.requests import PreparedRequest
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from reports.model import Finding

    Signed = Callable[[Any, Contract, Bench, list[ReadCertificate]], Iterator[Finding]]

LIST = places.pointer(contract_answers.COLLECTION)
"""The place of a list of contracts."""

EDITIONS: dict[str, Version] = {"ISO 15118-2": "ISO15118-2", "ISO 15118-20": "ISO15118-20"}


# Their making


def demand_taken(answer: Exchange) -> None:
    """Demand success; other statuses than 201 are noted with the exchange (ERR-064)."""
    expect_status(answer, *MADE)


@then("the contract is taken")
def is_taken(answers: Answers) -> None:
    """Demand that a contract was made, signed or stored."""
    demand_taken(answers.latest)


@then("{draft_ref} is carried out, or its media type is refused")
def is_carried_out_or_refused(answers: Answers, draft_ref: Contract, judge: Judge) -> None:
    """Demand the contract, unless the media type is not understood (ERR-065)."""
    answer = answers.latest
    expect_status(answer, *MADE, 400, 415, published=True)
    if answer.answer.status in MADE:
        listing = answers.of(*LISTS)
        judge.require(judgements.entry(listed(listing), draft_ref), exchange=listing.number)


SIGNED: Vocabulary[Signed] = Vocabulary(
    "judgement of signed contract data",
    {
        "are complete": lambda item, *_: judgements.complete(item),
        "hold a CertificateInstallationRes": lambda item, contract, *_: judgements.is_message(
            item, contract.version
        ),
        "are signed by a CPS below a V2G root": lambda item, contract, bench, roots: judgements.signature(
            item, contract.version, roots, bench.clock.now()
        ),
        "have keys of their edition only": lambda item, contract, *_: algorithms(
            item or {}, contract.version
        ),
        "hold what was submitted, unchanged": lambda item, contract, *_: judgements.unchanged(item, contract),
        "name the root above the CPS": lambda item, contract, _bench, roots: judgements.names_root(
            item, contract.version, roots
        ),
        "repeat EMAID, PCID and namespace": lambda item, contract, *_: judgements.echo(item, contract),
    },
)


@then("the signed contract data {SIGNED}", SIGNED=SIGNED)
def signed_data_are_right(
    answers: Answers,
    contracts: Register[Contract],
    bench: Bench,
    v2g_roots: list[ReadCertificate],
    judge: Judge,
    signed: Signed,
) -> None:
    """Judge what signing that contract was answered with, or what the CPS has tried in vain to store."""
    answer, contract = answers.latest, contracts[THAT]
    item = contract_answers.signed(body_of(answer))
    if answer.answer.status not in MADE and (tried := stored_in_vain(bench.seen_beside(), contract.emaid)):
        # What is wrong with it says more than that a simulated CCP has refused it. It is in no exchange.
        found = signed(tried, contract, bench, v2g_roots)
        judge.require(
            (replace(each, place=places.within(places.ABSENT, each.place or "")) for each in found),
            exchange=answer.number,
        )
    demand_taken(answer)
    judge.require(signed(item, contract, bench, v2g_roots), exchange=answer.number)


@then("the request is refused with 400, or the contract has moved to the other vehicle")
def is_refused_or_moved(
    answers: Answers, contracts: Register[Contract], vehicles: Register[Vehicle], judge: Judge
) -> None:
    """Demand a refusal; that the contract moves is tolerated (ERR-071)."""
    answer, listing, contract = answers.latest, answers.of(*LISTS), contracts[THAT]
    found = listed(listing)
    if answer.answer.status not in MADE:
        expect_status(answer, 400, published=True)
        judge.require(judgements.entry(found, contract), exchange=listing.number)
        return
    own = contract_answers.of_contract(found, contract.emaid)
    what, expected = "vehicles of the contract", [vehicles[Ref("vehicle", "other")].pcid]
    seen_pcids = [str(each.get("pcid")).upper() for each in own]
    place = place_of(own[0], "pcid") if own else LIST
    expect_equal(what, expected=expected, seen=seen_pcids, place=place, exchange=listing.number)
    seen = str(answer.answer.status)
    judge.record([warn("an EMAID that another vehicle has", expected="400", seen=seen, erratum="ERR-071")])


# Lists


@then("the answer lists {contracts}[ in {edition} alone|(default= alone as the default)]")
def answer_lists(
    answers: Answers,
    judge: Judge,
    contracts: tuple[Contract, ...],
    edition: str | None,
    default: str | None,
) -> None:
    """Demand contracts in the list that was asked for, or that there is nothing on it."""
    if not contracts:
        _demand_empty(answers.latest, judge)
    for each in contracts:
        found = listed(answers.latest)
        if edition is not None:
            judged = judgements.of_edition(found, each, EDITIONS[edition])
        elif default is not None:
            _demand_default_told(found)
            judged = judgements.default(found, each)
        else:
            judged = judgements.entry(found, each)
        judge.require(judged, exchange=answers.latest.number)


@then("the answer lists all of them, each once")
def answer_lists_many(answers: Answers, judge: Judge, many_contracts: list[Contract]) -> None:
    """Demand every contract of those that were made together, and no other."""
    found, number = listed(answers.latest), answers.latest.number
    wanted = len(many_contracts)
    expect_equal("contracts listed", expected=wanted, seen=len(found), place=LIST, exchange=number)
    for each in many_contracts:
        judge.require(judgements.entry(found, each), exchange=number)


@then("the pool (aspect=lists|does not list) {contracts}[(alone= alone)][refused= where it was refused]")
def pool_lists(
    answers: Answers,
    judge: Judge,
    aspect: str,
    contracts: tuple[Contract, ...],
    alone: str | None,
    *,
    refused: bool,
) -> None:
    """Demand contracts in the list read last, no others if they are alone; or that nothing is left on it."""
    if refused and answers.latest.answer.status < 400:
        return
    if aspect == "does not list" or not contracts:
        _demand_empty(answers.of(*LISTS), judge)
        return
    answer = answers.of(*LISTS)
    found = listed(answer)
    for each in contracts:
        judge.require(judgements.entry(found, each), exchange=answer.number)
    if alone is not None:
        what, expected, seen = "contracts listed", len(contracts), len(found)
        expect_equal(what, expected=expected, seen=seen, place=LIST, exchange=answer.number)


def _demand_empty(answer: Exchange, judge: Judge) -> None:
    """Demand a list of nothing: 404; an empty list is tolerated (ERR-087)."""
    found = listed(answer)
    emaids = ", ".join(str(each.get("emaid")) for each in found)
    place, number = place_of(found[0]) if found else LIST, answer.number
    expect(not found, "contracts listed", expected="none", seen=emaids, place=place, exchange=number)
    if answer.answer.status == 200:
        judge.record(
            [warn("a list of no contracts", expected="404", seen="200 and an empty list", erratum="ERR-087")]
        )


@then("the pool lists {contract} (how=unchanged|once, with another certificate)")
def pool_lists_as_before(
    listed_before: list[Entry], answers: Answers, judge: Judge, contract: Contract, how: str
) -> None:
    """Compare the contract's certificate before and after."""
    answer = answers.of(*LISTS)
    found = listed(answer)
    judge.require(judgements.entry(found, contract), exchange=answer.number)
    own = contract_answers.of_contract(found, contract.emaid)
    before, after = (
        [each.get("contractCertificate") for each in which]
        for which in (contract_answers.of_contract(listed_before, contract.emaid), own)
    )
    what, place, number = (
        "contract certificate listed",
        place_of(own[0], "contractCertificate"),
        answer.number,
    )
    if how == "unchanged":
        expect_equal(what, expected=before, seen=after, place=place, exchange=number)
    else:
        differs, expected, seen = before != after, "another one", "the same"
        expect(differs, what, expected=expected, seen=seen, place=place, exchange=number)


@then("the answer agrees with the signed data")
def agrees_with_signed_data(
    answers: Answers, contracts: Register[Contract], v2g_roots: list[ReadCertificate], judge: Judge
) -> None:
    """Compare the list with what is delivered of that contract.

    Raises:
        Inconclusive: If the contract is missing in either.
    """
    contract = contracts[THAT]
    item = of_emaid(body_of(answers.of(FETCH)), contract.version, contract.emaid)
    own = contract_answers.of_contract(listed(answers.latest), contract.emaid)
    if item is None or not own:
        raise Inconclusive("the contract, in the list and as it is delivered, could not be had")
    what, number = f"objects about {contract.emaid}", answers.latest.number
    expect_equal(what, expected=1, seen=len(own), place=LIST, exchange=number)
    found = judgements.informative(own[0], item, contract.version, v2g_roots)
    judge.require(found, exchange=answers.latest.number)


@then("the contract certificate listed is valid within the time ordered")
def is_within_time(answers: Answers, contracts: Register[Contract], judge: Judge) -> None:
    """Compare the validity of the certificate with that of the contract.

    Raises:
        Inconclusive: If the contract is not listed.
    """
    contract, answer = contracts[THAT], answers.of(*LISTS)
    own = contract_answers.of_contract(listed(answer), contract.emaid)
    if not own:
        raise Inconclusive("the contract is not listed")
    ordered = (contract.request[name] for name in ("contractBegins", "contractEnds"))
    begins, ends = map(datetime.fromisoformat, ordered)
    judge.require(judgements.within(own[0], begins, ends), exchange=answer.number)


# The default


@then("at most one of the contracts listed is the default")
def at_most_one_default(answers: Answers, judge: Judge) -> None:
    """Judge the default in the list that was asked for."""
    found = judgements.default(listed(answers.latest), None)
    judge.require(found, exchange=answers.latest.number)


@then("{contract} (aspect=alone is|is not) the default")
def is_default(answers: Answers, judge: Judge, contract: Contract, aspect: str) -> None:
    """Judge the default in the list read last: this contract and no other, or another one or none."""
    answer = answers.of(*LISTS)
    found = listed(answer)
    _demand_default_told(found)
    if aspect == "alone is":
        judge.require(judgements.default(found, contract), exchange=answer.number)
        return
    own = contract_answers.of_contract(found, contract.emaid)
    marked = [each for each in own if each.get("defaultContract") is True]
    what, expected, seen = "the default contract", f"not {contract.emaid}", contract.emaid
    place = place_of(marked[0], "defaultContract") if marked else LIST
    expect(not marked, what, expected=expected, seen=seen, place=place, exchange=answer.number)


def _demand_default_told(found: Sequence[Entry]) -> None:
    # The member may be left out of lists (ERR-172), which is said where lists are judged. Which contract is
    # the default then shows in deliveries alone, and those have requirements of their own.
    if found and not any("defaultContract" in each for each in found):
        raise NotApplicable("the lists of the CCP do not say which contract is the default")


# Their names


NORMAL: Vocabulary[Callable[[Exchange, str], Iterator[Finding]]] = Vocabulary(
    "use of an EMAID in normal form",
    {
        "it is listed under its": identifiers.listed,
        "it should be listed under its": lambda reading, _emaid: identifiers.listed_without_check_digit(
            reading
        ),
        "the message to the vehicle carries the": identifiers.carried,
        "the contract certificate is issued to the": identifiers.issued_to_emaid,
    },
)


@then("{NORMAL} EMAID in normal form", NORMAL=NORMAL)
def is_in_normal_form(
    answers: Answers,
    calls: Register[PreparedRequest],
    judge: Judge,
    normal: Callable[[Exchange, str], Iterator[Finding]],
) -> None:
    """Look for the EMAID of that request, however it was written, in what was read afterwards."""
    found = normal(answers.reading, emaid_of(calls[Ref("call")]).normalised)
    judge.require(found, exchange=answers.reading.number)


@then("the request is refused with 400, or the contract is found in either way")
def is_refused_or_found(answers: Answers, judge: Judge) -> None:
    """Demand that the services agree on whether the text is an EMAID."""
    found = identifiers.one_hyphen(answers.latest, answers.reading)
    judge.require(found, exchange=answers.latest.number)
