"""What steps demand of the pool of provisioning certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import parsers, then

from fixtures.answers import provisioning as provisioning_answers
from fixtures.answers import roots as root_answers
from fixtures.answers.bodies import body_of
from fixtures.judgements import provisioning as judgements
from fixtures.judgements.findings import finding, warn
from fixtures.judging import Inconclusive, expect, expect_equal, expect_in
from opnc.roots import stated_types
from reports.model import Finding, FindingLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fixtures.answers.roots import Root
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.server.ocsp_crl import TesterStatusService
    from fixtures.testdata.vehicles import Vehicle

FOR_VEHICLES = frozenset({"oem", "v2g"})
"""Types of the roots that a vehicle's chain may lead to (ERR-048)."""


@then(parsers.re("the pool (?:holds that vehicle|still holds the old certificate)"))
def is_held(reading: Exchange, vehicle: Vehicle) -> None:
    """Demand that the certificate published first is there, byte for byte."""
    _holds(reading, vehicle, "the vehicle published")


@then("the pool holds the new certificate")
def is_replaced(reading: Exchange, renewal: Vehicle) -> None:
    """Demand that the new certificate is there and not the old one."""
    _holds(reading, renewal, "the new certificate of the vehicle")


def _holds(reading: Exchange, vehicle: Vehicle, what: str) -> None:
    expect_equal(f"status of reading {what}", expected=200, seen=reading.answer.status)
    held = provisioning_answers.leaf(body_of(reading))
    expect(held == vehicle.leaf.der, what, expected="in the pool", seen="another one" if held else "none")


@then("the pool does not hold that vehicle")
def is_not_held(reading: Exchange) -> None:
    """Demand that nothing is there."""
    expect_equal("status of reading the vehicle", expected=404, seen=reading.answer.status)


TOLERATED = {"ERR-031": FindingLevel.INFO, "ERR-040": FindingLevel.INFO, "ERR-048": FindingLevel.WARN}
"""What it weighs to refuse a publication that an erratum lets one refuse."""


@then(parsers.parse("that vehicle is stored, or refused as {erratum} allows"))
def is_stored_or_refused(
    answer: Exchange, reading: Exchange, vehicle: Vehicle, judge: Judge, erratum: str
) -> None:
    """Demand that the answer is kept to, and note a refusal."""
    if answer.answer.status == 200:
        is_held(reading, vehicle)
        return
    refused = 400 <= answer.answer.status < 500
    expect(refused, f"status of {answer.operation.id}", expected="200 or 4xx", seen=answer.answer.status)
    is_not_held(reading)
    judge.require(
        [finding(TOLERATED[erratum], "the publication", expected="stored", seen="refused", erratum=erratum)]
    )


@then("that vehicle is kept from them")
def is_kept(answer: Exchange, judge: Judge) -> None:
    """Demand a refusal; handing it out is tolerated in the lenient profile (ERR-053)."""
    if answer.answer.status == 200:
        found = warn("a vehicle of another OEM", expected="403", seen="200", erratum="ERR-053")
        judge.require([found])
        return
    expect_in(f"status of {answer.operation.id}", expected=(403, 404), seen=answer.answer.status)


@then("that vehicle is still there, though its root is not")
def outlives_root(reading: Exchange, judge: Judge) -> None:
    """Demand that nothing was deleted at once; if it was, it is noted (ERR-019)."""
    if reading.answer.status == 404:
        judge.require(
            [warn("a vehicle below a deleted root", expected="kept", seen="gone", erratum="ERR-019")]
        )
        return
    expect_equal("status of reading the vehicle", expected=200, seen=reading.answer.status)


@then(parsers.re("that vehicle is (?P<absent>not )?known"))
def is_known(lookup: Exchange, absent: str | None) -> None:
    """Demand that the look-up finds it, or that it does not."""
    expected = 404 if absent else 200
    expect_equal("status of looking the vehicle up", expected=expected, seen=lookup.answer.status)


@then("the request is refused and nothing is stored, for the status cannot be had")
def is_hard_fail(answer: Exchange, reading: Exchange, judge: Judge) -> None:
    """Demand a refusal; storing the vehicle openly is tolerated (ERR-047)."""
    stored, status = reading.answer.status == 200, answer.answer.status
    if status == 200 and stored:
        message = "a certificate whose status cannot be had"
        judge.require([warn(message, expected="refused", seen="stored", erratum="ERR-047")])
        return
    expect(status >= 400, f"status of {answer.operation.id}", expected="4xx or 5xx", seen=status)
    expect(not stored, "the vehicle refused", expected="not in the pool", seen="in the pool")


READINGS: dict[str, Callable[[Exchange, Vehicle], Iterator[Finding]]] = {
    "holds the chain that was published": lambda answer, vehicle: judgements.published(
        body_of(answer), vehicle
    ),
    "is wrapped as the contract says": lambda answer, _vehicle: judgements.wrapper(body_of(answer)),
    "has the fingerprint of the certificate": lambda answer, _vehicle: judgements.fingerprint(
        body_of(answer)
    ),
    "discloses no certificate": lambda answer, _vehicle: judgements.no_certificate(answer.answer.content),
}
"""What scenarios demand of an answer -> its judgement."""


@then(parsers.re(f"the answer (?P<what>{'|'.join(READINGS)})"))
def reading_is_right(answer: Exchange, vehicle: Vehicle, judge: Judge, what: str) -> None:
    """Judge an answer about a vehicle."""
    expect_equal(f"status of {answer.operation.id}", expected=200, seen=answer.answer.status)
    judge.require(READINGS[what](answer, vehicle))


@then("the vehicle read is described truly")
def is_described_truly(reading: Exchange, vehicle: Vehicle, judge: Judge) -> None:
    """Judge what the pool says about a vehicle besides its chain."""
    judge.require(judgements.informative_members(body_of(reading), vehicle))


@then("the chain in the answer leads to a root of the list")
def leads_to_root(answer: Exchange, pool: list[Root], judge: Judge) -> None:
    """Judge the chain against the roots of the root certificate pool."""
    expect_equal(f"status of {answer.operation.id}", expected=200, seen=answer.answer.status)
    roots = [root for root in pool if FOR_VEHICLES.intersection(stated_types(root))]
    known = [read for root in roots if (read := root_answers.certificate(root))]
    if not known:
        raise Inconclusive("the root certificate pool holds no root of an OEM and no V2G root")
    judge.require(judgements.chain(body_of(answer), known))


@then("there is no list")
def is_no_list(answer: Exchange) -> None:
    """Demand that nothing can be listed."""
    expect_in(f"status of {answer.request.url}", expected=(400, 403, 404, 405), seen=answer.answer.status)


@then(parsers.re("the status of its certificate was (?P<expected>(?:not )?asked for)"))
def status_was_asked(status: TesterStatusService, vehicle: Vehicle, expected: str) -> None:
    """Demand that the target has asked the tester's responder, or has stopped before."""
    seen = "asked for" if status.was_asked(vehicle.leaf) else "not asked for"
    expect_equal("the status of the certificate", expected=expected, seen=seen)
