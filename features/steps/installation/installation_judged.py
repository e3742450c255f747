"""What steps demand of what reaches a vehicle.

`delivery` is the latest answer that may bring contracts: that of a step that says so, else the latest of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from pytest_bdd import parsers, then

from fixtures.answers import contracts as contract_answers
from fixtures.answers import installation as installation_answers
from fixtures.answers.bodies import body_of, sent_by
from fixtures.judgements import contracts as contract_judgements
from fixtures.judgements import installation as judgements
from fixtures.judgements.findings import warn
from fixtures.judging import Inconclusive, expect, expect_equal
from fixtures.testdata.evcc import evcc_of
from opnc.pki.reading import read_certificate
from opnc.vehicles import version_of
from reports.model import FindingLevel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.steps.contracts.shared import SignedBelowRoot
    from fixtures.bench.interface import Bench
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.installation import Outcome

EDITIONS: dict[str, Version] = {"ISO 15118-2": "ISO15118-2", "ISO 15118-20": "ISO15118-20"}
WHICH = {
    "that contract": "contract",
    "the second contract": "second",
    "the new data of that contract": "renewal",
}
_WHICH = f"(?P<which>{'|'.join(WHICH)})"


@pytest.fixture
def delivery(answer: Exchange) -> Exchange:
    """The answer that may bring contracts."""
    return answer


def _named(request: pytest.FixtureRequest, which: str) -> Contract:
    contract: Contract = request.getfixturevalue(WHICH[which])
    return contract


@dataclass(frozen=True, slots=True)
class Workshop:
    """What is needed to judge a contract as a vehicle does."""

    bench: Bench
    data: TestData
    v2g_roots: Sequence[ReadCertificate]

    def judge(self, vehicle: Vehicle, delivery: Exchange, emaid: str) -> Outcome:
        """Let a vehicle judge the contract that it was brought.

        Raises:
            Mismatch: If it was brought none.
        """
        expect_equal(f"status of {delivery.operation.id}", expected=200, seen=delivery.answer.status)
        version = version_of(vehicle.leaf)
        item = installation_answers.of_emaid(body_of(delivery), version, emaid)
        expect(item, "contracts delivered", expected=emaid, seen="not this one")
        text = str((item or {}).get(installation_answers.MESSAGE))
        # The session is judged by itself, since a wrong one weighs less (ERR-091).
        return evcc_of(self.data, vehicle, self.v2g_roots).verify(text, self.bench.clock.now(), version)


@pytest.fixture
def installation_check(bench: Bench, data: TestData, v2g_roots: list[ReadCertificate]) -> Workshop:
    """Where vehicles judge their contracts."""
    return Workshop(bench, data, v2g_roots)


@then(parsers.re(f"the vehicle can install {_WHICH}"))
def can_install(
    request: pytest.FixtureRequest,
    installation_check: Workshop,
    vehicle: Vehicle,
    delivery: Exchange,
    judge: Judge,
    which: str,
) -> None:
    """Judge a contract as the vehicle does: certificates, signature, key.

    Raises:
        Inconclusive: If the rule by which the key was wrapped is not public.
    """
    contract = _named(request, which)
    outcome = installation_check.judge(vehicle, delivery, contract.emaid)
    judge.require(judgements.outcome(outcome))
    item = installation_answers.of_emaid(body_of(delivery), contract.version, contract.emaid)
    judge.require(judgements.algorithms(item or {}, contract.version))
    if outcome.contract is None:
        raise Inconclusive("the contract key cannot be unwrapped by what is public of ISO 15118-20")
    if contract.certificate:
        expected, seen = map(read_certificate, (contract.certificate, outcome.contract.chain[0]))
        expect_equal("contract certificate installed", expected=expected.fingerprint, seen=seen.fingerprint)


# Which contracts


@then(parsers.re(f"{_WHICH} alone is delivered(?P<or_none>, or none)?"))
def alone_is_delivered(
    request: pytest.FixtureRequest, delivery: Exchange, judge: Judge, which: str, or_none: str | None
) -> None:
    """Demand one contract and no other."""
    contract = _named(request, which)
    if or_none and not installation_answers.delivered(body_of(delivery), contract.version):
        nothing_delivered(delivery, contract, judge)
        return
    judge.require(judgements.alone(body_of(delivery), contract.version, (contract.emaid,)))


@then("both contracts are delivered, each as an item of its own")
def both_are_delivered(delivery: Exchange, contract: Contract, second: Contract, judge: Judge) -> None:
    """Demand two contracts and no other."""
    emaids = (contract.emaid, second.emaid)
    judge.require(judgements.alone(body_of(delivery), contract.version, emaids))


@then("the second contract alone is delivered in ISO 15118-20")
def second_is_delivered_in_20(delivery_20: Exchange, second: Contract, judge: Judge) -> None:
    """Demand one contract of the newer edition and no other."""
    judge.require(judgements.alone(body_of(delivery_20), second.version, (second.emaid,)))


@then("no contract is delivered")
def none_is_delivered(delivery: Exchange, vehicle: Vehicle, judge: Judge) -> None:
    """Demand that the vehicle gets nothing to install."""
    version = version_of(vehicle.leaf)
    judge.require(judgements.none_delivered(delivery.answer.status, body_of(delivery), version))


def nothing_delivered(delivery: Exchange, contract: Contract, judge: Judge) -> None:
    """Judge that nothing of the edition of a contract is delivered."""
    judge.require(judgements.none_delivered(delivery.answer.status, body_of(delivery), contract.version))


# How


@then("the message delivered carries the session of the request")
def carries_session(delivery: Exchange, contract: Contract, judge: Judge) -> None:
    """Compare the sessions of request and response; another one is tolerated (ERR-091).

    Raises:
        Inconclusive: If no contract was delivered.
    """
    expected = installation_answers.session_of(sent_by(delivery)) or b""
    judge.require(
        judgements.session(_item(delivery, contract), contract.version, expected, FindingLevel.WARN)
    )


@then(parsers.re('the message delivered carries the session "(?P<session>.*)"'))
def carries_given_session(delivery: Exchange, contract: Contract, judge: Judge, session: str) -> None:
    """Demand the session that was asked for."""
    expected = bytes.fromhex(session)
    judge.require(
        judgements.session(_item(delivery, contract), contract.version, expected, FindingLevel.FAIL)
    )


@then("the message delivered is signed as it was when it was stored")
def is_signed_as_stored(delivery: Exchange, contract: Contract, judge: Judge) -> None:
    """Demand the very signature that was stored, which only the CPS could make."""
    judge.require(
        judgements.same_signature(_item(delivery, contract), dict(contract.request), contract.version)
    )


def _item(delivery: Exchange, contract: Contract) -> installation_answers.Item:
    expect_equal(f"status of {delivery.operation.id}", expected=200, seen=delivery.answer.status)
    item = installation_answers.of_emaid(body_of(delivery), contract.version, contract.emaid)
    if item is None:
        raise Inconclusive(f"the contract {contract.emaid}, whose message is judged, was not delivered")
    return item


@then(parsers.re(f"the message delivered is of (?P<edition>{'|'.join(EDITIONS)})"))
def is_of_edition(delivery: Exchange, judge: Judge, edition: str) -> None:
    """Demand the edition of the message."""
    expect_equal(f"status of {delivery.operation.id}", expected=200, seen=delivery.answer.status)
    item = next(iter(installation_answers.items(body_of(delivery))), None)
    judge.require(contract_judgements.is_message(item, EDITIONS[edition]))


@then("the contract is delivered below that root")
def is_below_root(
    delivery: Exchange, signings: Sequence[SignedBelowRoot], v2g_roots: list[ReadCertificate], judge: Judge
) -> None:
    """Judge the root above the CPS; one that the vehicle does not trust is tolerated (ERR-096)."""
    wanted = signings[-1]
    item = _item(delivery, wanted.contract)
    found = contract_answers.root_of(item, wanted.contract.version, v2g_roots)
    expect(found, "root above the CPS", expected=wanted.fingerprint, seen="none of the V2G roots")
    if found and found.fingerprint != wanted.fingerprint:
        seen = found.fingerprint
        judge.record([warn("root above the CPS", expected=wanted.fingerprint, seen=seen, erratum="ERR-096")])


@then("the contract delivered was issued for its EMAID below one of those roots")
def is_issued_for_emaid(
    delivery: Exchange, contract: Contract, trusted_roots: Sequence[ReadCertificate], judge: Judge
) -> None:
    """Judge the contract certificate: name and chain."""
    item = _item(delivery, contract)
    judge.require(contract_judgements.issued_for(item, contract, trusted_roots))


# Failures


@then("the vehicle is told of the failure")
def vehicle_is_told(delivery: Exchange, vehicle: Vehicle, judge: Judge) -> None:
    """Judge the negative message."""
    session = installation_answers.session_of(sent_by(delivery))
    judge.require(judgements.told_vehicle(body_of(delivery), version_of(vehicle.leaf), session))


@then("the failure is told by HTTP alone")
def told_by_http(delivery: Exchange, judge: Judge) -> None:
    """Judge an answer that must not be a message."""
    judge.require(judgements.told_by_http(delivery.answer.status, body_of(delivery)))
