"""What is demanded of the pool that holds provisioning certificates, and of the vehicles in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.vehicles.shared import LOOKUP, READ
from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.answers import provisioning as provisioning_answers
from fixtures.answers import roots as root_answers
from fixtures.answers.bodies import body_of
from fixtures.judgements import identifiers
from fixtures.judgements import provisioning as judgements
from fixtures.judgements.findings import finding, warn
from fixtures.judgements.statuses import expect_status
from fixtures.judging import Inconclusive, UnreadableAnswer, expect, expect_equal
from fixtures.testdata.vehicles import PUT, Vehicle
from opnc.roots import stated_types
from reports import places
from reports.model import Finding, FindingLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from features.vocabulary.sentence import Said
    from fixtures.answers.roots import Root
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.server.ocsp_crl import TesterStatusService
    from fixtures.testdata.requests import PreparedRequest

FOR_VEHICLES = frozenset({"oem", "v2g"})
"""Types of the roots that a vehicle's chain may lead to (ERR-048)."""


@then("the pool (aspect=holds|still holds|does not hold) {vehicle}")
def pool_holds(answers: Answers, said: Said, aspect: str, vehicle: Vehicle) -> None:
    """Demand that the certificate is there, byte for byte, or that none is."""
    reading = answers.of(READ)
    if aspect == "does not hold":
        _is_not_held(reading)
        return
    renewed = said.values["vehicle"].name == "new"
    _is_held(reading, vehicle, "the new certificate of the vehicle" if renewed else "the vehicle published")


def _is_held(reading: Exchange, vehicle: Vehicle, name: str) -> None:
    expect_status(reading, 200, of=f"reading {name}")
    body, number = body_of(reading), reading.number
    held, place = provisioning_answers.leaf(body), provisioning_answers.leaf_place(body)
    if held is None:
        raise UnreadableAnswer(name, expected="in the pool", seen="none", place=place, exchange=number)
    same, seen = held == vehicle.leaf.der, "another one"
    expect(same, name, expected="in the pool", seen=seen, place=place, exchange=number)


def _is_not_held(reading: Exchange) -> None:
    expect_status(reading, 404, of="reading the vehicle")


TOLERATED = {
    "ERR-030": FindingLevel.WARN,
    "ERR-031": FindingLevel.INFO,
    "ERR-040": FindingLevel.INFO,
    "ERR-048": FindingLevel.WARN,
}
"""What it weighs to refuse a publication that an erratum lets one refuse."""


@then("{vehicle} is stored, or refused as {erratum:word} allows")
def is_stored_or_refused(answers: Answers, vehicle: Vehicle, judge: Judge, erratum: str) -> None:
    """Demand that the pool does as it answers, and note a refusal."""
    answer, reading = answers.of(PUT), answers.of(READ)
    if answer.answer.status == 200:
        _is_held(reading, vehicle, "the vehicle published")
        return
    expect_status(answer, within=range(400, 500), expected="200 or 4xx")
    _is_not_held(reading)
    weight, what, place = TOLERATED[erratum], "the publication", places.STATUS
    noted = finding(weight, what, expected="stored", seen="refused", erratum=erratum, place=place)
    judge.require([noted], exchange=answer.number)


@then("{vehicle} is still there, though its root is not")
def outlives_root(answers: Answers, vehicle: Vehicle, judge: Judge) -> None:
    """Demand that nothing was deleted at once; if it was, it is noted (ERR-019)."""
    reading = answers.of(READ, thing=vehicle)
    if reading.answer.status == 404:
        judge.require(
            [warn("a vehicle below a deleted root", expected="kept", seen="gone", erratum="ERR-019")]
        )
        return
    expect_status(reading, 200, of="reading the vehicle")


@then("{vehicle} is (aspect=known|not known)")
def is_known(answers: Answers, vehicle: Vehicle, aspect: str) -> None:
    """Demand that the look-up finds it, or that it does not."""
    wanted = 200 if aspect == "known" else 404
    expect_status(answers.of(LOOKUP, thing=vehicle), wanted, of="looking the vehicle up")


@then("the request is refused and nothing is stored, for the status cannot be had")
def is_hard_fail(answers: Answers, judge: Judge) -> None:
    """Demand a refusal; storing the vehicle openly is tolerated (ERR-047)."""
    answer, reading = answers.of(PUT), answers.of(READ)
    stored, status = reading.answer.status == 200, answer.answer.status
    if status == 200 and stored:
        message = "a certificate whose status cannot be had"
        judge.require([warn(message, expected="refused", seen="stored", erratum="ERR-047")])
        return
    expect_status(answer, within=range(400, 600), expected="4xx or 5xx")
    what, expected, number = "the vehicle refused", "not in the pool", reading.number
    expect(not stored, what, expected=expected, seen="in the pool", place=places.STATUS, exchange=number)


ABOUT_VEHICLE: Vocabulary[Callable[[Exchange, Vehicle], Iterator[Finding]]] = Vocabulary(
    "judgement of an answer about a vehicle",
    {
        "holds the chain that was published": lambda answer, vehicle: judgements.published(
            body_of(answer), vehicle
        ),
        "is wrapped as the contract says": lambda answer, _vehicle: judgements.wrapper(body_of(answer)),
        "has the fingerprint of the certificate": lambda answer, _vehicle: judgements.fingerprint(
            body_of(answer)
        ),
        "discloses no certificate": lambda answer, _vehicle: judgements.no_certificate(answer.answer.content),
        "describes the vehicle truly": lambda answer, vehicle: judgements.informative_members(
            body_of(answer), vehicle
        ),
    },
)


@then("{answer} {ABOUT_VEHICLE}", ABOUT_VEHICLE=ABOUT_VEHICLE)
def answer_is_right(
    answers: Answers,
    answer: Exchange,
    judge: Judge,
    about_vehicle: Callable[[Exchange, Vehicle], Iterator[Finding]],
) -> None:
    """Judge an answer by the vehicle that was asked about."""
    expect_status(answer, 200)
    judge.require(about_vehicle(answer, answers.subject_of(answer)), exchange=answer.number)


@then("the chain in the answer leads to a root of the list")
def leads_to_root(answers: Answers, pool: list[Root], judge: Judge) -> None:
    """Judge the chain against the roots of the root certificate pool."""
    answer = answers.of(READ)
    expect_status(answer, 200)
    roots = [root for root in pool if FOR_VEHICLES.intersection(stated_types(root))]
    known = [read for root in roots if (read := root_answers.certificate(root))]
    if not known:
        raise Inconclusive("the root certificate pool holds no root of an OEM and no V2G root")
    judge.require(judgements.chain(body_of(answer), known), exchange=answer.number)


@then("there is no list")
def is_no_list(answers: Answers) -> None:
    """Demand that nothing can be listed."""
    answer = answers.latest
    expect_status(answer, 400, 403, 404, 405, of=answer.request.url, published=True)


@then("the status of its certificate (aspect=was asked for|was not asked for|should have been asked for)")
def status_was_asked(
    status: TesterStatusService, vehicles: Register[Vehicle], judge: Judge, aspect: str
) -> None:
    """Demand that the target has asked the tester's responder about the vehicle, or has stopped before.

    Who looks at the chain first asks nobody whom a stranger names: that is a warning (ERR-044).
    """
    was_asked = status.was_asked(vehicles[Ref("vehicle")].leaf)
    seen, what = "was asked for" if was_asked else "was not asked for", "the status of the certificate"
    if aspect != "should have been asked for":
        # What the tester's responder was asked is no exchange of the scenario.
        expect_equal(what, expected=aspect, seen=seen, place=places.ABSENT)
    elif not was_asked:
        judge.record([warn(what, expected="was asked for", seen=seen, erratum="ERR-044")])


@then("all pools find it, or none")
def pools_agree(judge: Judge, answers: Answers) -> None:
    """Demand that the pools of vehicles and of contracts agree on whether letter case matters."""
    judge.require(identifiers.agree(list(answers.both)))


@then("the certificate in the answer is issued to the PCID")
def is_issued_to_pcid(judge: Judge, answers: Answers, calls: Register[PreparedRequest]) -> None:
    """Look at the leaf of the chain that the pool hands out."""
    answer, name = answers.latest, calls[Ref("call")].subject
    body = body_of(answer)
    leaf, place = provisioning_answers.leaf(body), provisioning_answers.leaf_place(body)
    judge.require(identifiers.issued_to(leaf, name, place=place), exchange=answer.number)
