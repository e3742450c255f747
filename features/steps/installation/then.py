"""What is demanded of what reaches a vehicle, and of the contracts that it holds in the end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from features.steps.installation.shared import EDITIONS, delivery, last_round
from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.answers import contracts as contract_answers
from fixtures.answers import installation as installation_answers
from fixtures.answers.bodies import body_of, place_of, sent_by
from fixtures.judgements import contracts as contract_judgements
from fixtures.judgements import holding
from fixtures.judgements import installation as judgements
from fixtures.judgements.findings import warn
from fixtures.judgements.statuses import expect_status
from fixtures.judgements.system import REFUSALS_FOR_CONTENT
from fixtures.judging import Inconclusive, expect, expect_equal
from opnc.pki.reading import read_certificate
from opnc.vehicles import version_of
from reports import places
from reports.model import FindingLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from features.steps.contracts.shared import SignedBelowRoot
    from features.steps.installation.shared import Evccs, InstallationRound
    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from features.vocabulary.sentence import Said
    from fixtures.bench.interface import Bench
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate

NOT_PUBLIC = "the contract key cannot be unwrapped by what is public of ISO 15118-20"


@then("{vehicle} can install {contract}, if it is delivered")
def can_install_if_delivered(
    bench: Bench, evccs: Evccs, answers: Answers, judge: Judge, vehicle: Vehicle, contract: Contract
) -> None:
    """Judge a contract as the vehicle does, unless the request for it was refused for its content.

    Raises:
        Inconclusive: If the rule by which the key was wrapped is not public.
    """
    if delivery(answers).answer.status not in REFUSALS_FOR_CONTENT:
        can_install(bench, evccs, answers, judge, vehicle, contract)


@then("{vehicle} can install {contract}")
def can_install(
    bench: Bench, evccs: Evccs, answers: Answers, judge: Judge, vehicle: Vehicle, contract: Contract
) -> None:
    """Judge a contract as the vehicle does: certificates, signature, key.

    Raises:
        Inconclusive: If the rule by which the key was wrapped is not public.
    """
    version = version_of(vehicle.leaf)
    delivered = delivery(answers, version)
    item = _item_of(delivered, contract.emaid, version)
    shown = installation_answers.shown(body_of(delivered), version)
    number, what = delivered.number, "contracts delivered"
    expect(item, what, expected=contract.emaid, seen=shown, place=judgements.LIST, exchange=number)
    place = place_of(item, installation_answers.MESSAGE)
    text = str((item or {}).get(installation_answers.MESSAGE))
    # The session is judged by itself, since a wrong one weighs less (ERR-091).
    outcome = evccs.anew(vehicle).verify(text, bench.clock.now(), version)
    judge.require(judgements.outcome(outcome, place), exchange=number)
    judge.require(judgements.algorithms(item or {}, contract.version), exchange=number)
    if outcome.contract is None:
        raise Inconclusive(NOT_PUBLIC)
    if contract.certificate:
        expected, seen = (
            read_certificate(each).fingerprint for each in (contract.certificate, outcome.contract.chain[0])
        )
        what, place = "contract certificate installed", places.within(place, contract_judgements.CHAIN)
        expect_equal(what, expected=expected, seen=seen, place=place, exchange=number)


def _item_of(delivered: Exchange, emaid: str, version: Version) -> installation_answers.Item | None:
    expect_status(delivered, 200)
    return installation_answers.of_emaid(body_of(delivered), version, emaid)


# Which contracts


@then(
    "[most=at most one of ]{contracts} (alone is|is|are) delivered[ in {edition}]"
    "[, each as an item of its own|(none=, or none)]"
)
def are_delivered(
    answers: Answers,
    judge: Judge,
    vehicles: Register[Vehicle],
    contracts: tuple[Contract, ...],
    edition: str | None,
    none: str | None,
    *,
    most: bool,
) -> None:
    """Demand some contracts and no other, or that the vehicle gets nothing to install."""
    own = contracts[0].version if contracts else version_of(vehicles[Ref("vehicle")].leaf)
    version = EDITIONS[edition] if edition else own
    delivered = delivery(answers, version)
    body = body_of(delivered)
    found = installation_answers.delivered(body, version)
    if most and found:
        judged = judgements.one_of(found, [contract.emaid for contract in contracts])
    elif not contracts or ((none or most) and not found):
        judged = judgements.none_delivered(delivered.answer.status, body, version)
    else:
        judged = judgements.alone(body, version, [contract.emaid for contract in contracts])
    judge.require(judged, exchange=delivered.number)


# How


def _carries_session(delivered: Exchange, contract: Contract, judge: Judge) -> None:
    """Compare the sessions of request and response; another one is tolerated (ERR-091)."""
    expected = installation_answers.session_of(sent_by(delivered)) or b""
    item = _item(delivered, contract)
    found = judgements.session(item, contract.version, expected, FindingLevel.WARN)
    judge.require(found, exchange=delivered.number)


def _is_signed_as_stored(delivered: Exchange, contract: Contract, judge: Judge) -> None:
    """Demand the very signature that was stored, which only the CPS could make."""
    stored = dict(contract.request)
    found = judgements.same_signature(_item(delivered, contract), stored, contract.version)
    judge.require(found, exchange=delivered.number)


def _is_of_edition(version: Version, delivered: Exchange, _contract: Contract, judge: Judge) -> None:
    expect_status(delivered, 200)
    item = next(iter(installation_answers.items(body_of(delivered))), None)
    judge.require(contract_judgements.is_message(item, version), exchange=delivered.number)


DELIVERED: Vocabulary[Callable[[Exchange, Contract, Judge], None]] = Vocabulary(
    "judgement of the message delivered",
    {
        "carries the session of the request": _carries_session,
        "is signed as it was when it was stored": _is_signed_as_stored,
        **{f"is of {edition}": partial(_is_of_edition, version) for edition, version in EDITIONS.items()},
    },
)


@then("the message delivered {DELIVERED}", DELIVERED=DELIVERED)
def message_delivered(
    answers: Answers,
    contracts: Register[Contract],
    judge: Judge,
    delivered: Callable[[Exchange, Contract, Judge], None],
) -> None:
    """Judge the message by which that contract is delivered.

    Raises:
        Inconclusive: If it is not delivered.
    """
    delivered(delivery(answers), contracts[Ref("contract")], judge)


@then("the message delivered carries the session {session:text}[refusable=, or is refused as ERR-083 allows]")
def carries_given_session(
    answers: Answers, contracts: Register[Contract], judge: Judge, session: str, *, refusable: bool
) -> None:
    """Demand the session that was asked for, in hexadecimal digits, or warn of a refusal of so many.

    Raises:
        Inconclusive: If that contract is not delivered.
    """
    if refusable and (status := delivery(answers).answer.status) in REFUSALS_FOR_CONTENT:
        judge.require([warn("status", expected="200", seen=str(status), erratum="ERR-083")])
        return
    contract = contracts[Ref("contract")]
    item = _item(delivery(answers), contract)
    found = judgements.session(item, contract.version, bytes.fromhex(session), FindingLevel.FAIL)
    judge.require(found, exchange=delivery(answers).number)


def _item(delivered: Exchange, contract: Contract) -> installation_answers.Item:
    item = _item_of(delivered, contract.emaid, contract.version)
    if item is None:
        raise Inconclusive(f"the contract {contract.emaid}, whose message is judged, was not delivered")
    return item


@then("the contract is delivered below that root")
def is_below_root(
    answers: Answers, signings: Sequence[SignedBelowRoot], v2g_roots: list[ReadCertificate], judge: Judge
) -> None:
    """Judge the root above the CPS; one that the vehicle does not trust is tolerated (ERR-096)."""
    wanted = signings[-1]
    delivered = delivery(answers)
    item = _item(delivered, wanted.contract)
    found = contract_answers.root_of(item, wanted.contract.version, v2g_roots)
    what, expected, seen = "root above the CPS", wanted.fingerprint, "none of the V2G roots"
    place = places.within(place_of(item, installation_answers.MESSAGE), contract_judgements.SIGNER)
    expect(found, what, expected=expected, seen=seen, place=place, exchange=delivered.number)
    if found and found.fingerprint != wanted.fingerprint:
        seen = found.fingerprint
        judge.record([warn("root above the CPS", expected=wanted.fingerprint, seen=seen, erratum="ERR-096")])


@then("the contract delivered was issued for its EMAID below one of those roots")
def is_issued_for_emaid(
    answers: Answers,
    contracts: Register[Contract],
    trusted_roots: Sequence[ReadCertificate],
    judge: Judge,
) -> None:
    """Judge the contract certificate: name and chain."""
    contract = contracts[Ref("contract")]
    item = _item(delivery(answers), contract)
    found = contract_judgements.issued_for(item, contract, trusted_roots)
    judge.require(found, exchange=delivery(answers).number)


@then("({vehicle} is told of the failure|the failure is told by HTTP alone)")
def failure_is_told(answers: Answers, judge: Judge, vehicle: Vehicle | None) -> None:
    """Judge the message that tells the vehicle of a failure, or an answer that must not be one."""
    delivered = delivery(answers)
    if vehicle is None:
        found = judgements.told_by_http(delivered.answer.status, body_of(delivered))
    else:
        session = installation_answers.session_of(sent_by(delivered))
        found = judgements.told_vehicle(body_of(delivered), version_of(vehicle.leaf), session)
    judge.require(found, exchange=delivered.number)


# What the vehicle holds


@then("{vehicle} holds {contracts}[ alone][ in {edition}]")
def holds(
    installation_rounds: list[InstallationRound],
    judge: Judge,
    said: Said,
    vehicle: Vehicle,
    contracts: tuple[Contract, ...],
    edition: str | None,
) -> None:
    """Demand contracts that the vehicle has verified, with keys that it can use, and no other.

    Of a contract that has new data, the vehicle must hold the new certificate.
    """
    last = last_round(installation_rounds, vehicle, edition)
    if contracts:
        _has_installed(last, judge)
    else:
        status, body = last.delivered.answer.status, body_of(last.delivered)
        found = judgements.none_delivered(status, body, last.version)
        judge.require(found, exchange=last.delivered.number)
    number = last.delivered.number
    judge.require(holding.holds(last.held, [each.emaid for each in contracts]), exchange=number)
    for ref, contract, held in zip(said.values["contracts"], contracts, last.held, strict=False):
        if ref.name == "new":
            name, seen = "contract certificate that the vehicle holds", held.chain[0].hex()
            expected, place = contract.certificate.hex(), judgements.LIST
            expect_equal(name, expected=expected, seen=seen, place=place, exchange=number)


def _has_installed(last: InstallationRound, judge: Judge) -> None:
    delivered = last.delivered
    expect_status(delivered, 200)
    # The vehicle was given each of them.
    items = installation_answers.delivered(body_of(delivered), last.version)
    for item, outcome in zip(items, last.outcomes, strict=True):
        place = place_of(item, installation_answers.MESSAGE)
        judge.require(judgements.outcome(outcome, place), exchange=delivered.number)
        if outcome.inconclusive:
            raise Inconclusive(NOT_PUBLIC)


@then("(the answer tells with each contract how many follow|{contract} has come first)")
def order_is_told(
    installation_rounds: list[InstallationRound], judge: Judge, contract: Contract | None
) -> None:
    """Note where what was delivered stands in another order, which OPNC leaves open (ERR-092)."""
    version, body = installation_rounds[-1].version, body_of(installation_rounds[-1].delivered)
    if contract is None:
        found = judgements.remaining(body, version)
    else:
        found = judgements.comes_first(body, version, contract.emaid)
    judge.require(found, exchange=installation_rounds[-1].delivered.number)
