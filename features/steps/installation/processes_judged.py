"""What steps demand at the end of a business process: which contracts the vehicle holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import parsers, then

from fixtures.answers.bodies import body_of
from fixtures.judgements import holding
from fixtures.judgements import installation as judgements
from fixtures.judging import Inconclusive, expect_equal

if TYPE_CHECKING:
    import pytest

    from features.steps.installation.processes import InstallationRound
    from fixtures.judging import Judge
    from fixtures.testdata.contracts import Contract

WHICH = {
    "that contract alone": ("contract",),
    "the second contract alone": ("second",),
    "both contracts": ("contract", "second"),
    "all three contracts": ("contract", "second", "third"),
}
"""What scenarios call contracts -> their fixtures."""

_WHICH = f"(?P<which>{'|'.join(WHICH)})"


# The vehicle


@then(parsers.re(f"the vehicle holds {_WHICH}"))
def holds(
    request: pytest.FixtureRequest, installation_round: InstallationRound, judge: Judge, which: str
) -> None:
    """Demand contracts that the vehicle has verified, with keys that it can use."""
    _holds(installation_round, _named(request, which), judge)


@then(parsers.re(f"the vehicle holds {_WHICH} in ISO 15118-20"))
def holds_in_20(
    request: pytest.FixtureRequest, installation_round_20: InstallationRound, judge: Judge, which: str
) -> None:
    """Demand contracts in the newer edition of a vehicle of both."""
    _holds(installation_round_20, _named(request, which), judge)


def _named(request: pytest.FixtureRequest, which: str) -> list[Contract]:
    return [request.getfixturevalue(name) for name in WHICH[which]]


def _holds(installation_round: InstallationRound, contracts: list[Contract], judge: Judge) -> None:
    delivered = installation_round.delivered
    expect_equal(f"status of {delivered.operation.id}", expected=200, seen=delivered.answer.status)
    for outcome in installation_round.outcomes:
        judge.require(judgements.outcome(outcome))
        if outcome.inconclusive:
            raise Inconclusive("the contract key cannot be unwrapped by what is public of ISO 15118-20")
    judge.require(holding.holds(installation_round.held, [each.emaid for each in contracts]))


@then("the vehicle holds the new data of that contract alone")
def holds_new(installation_round: InstallationRound, renewal: Contract, judge: Judge) -> None:
    """Demand that the vehicle has given up the old data of a contract for new ones."""
    _holds(installation_round, [renewal], judge)
    expect_equal(
        "contract certificate that the vehicle holds",
        expected=renewal.certificate.hex(),
        seen=installation_round.held[0].chain[0].hex(),
    )


@then("the vehicle holds no contract")
def holds_none(installation_round: InstallationRound, judge: Judge) -> None:
    """Demand that there was nothing to install."""
    _holds_none(installation_round, judge)


@then("the vehicle holds no contract in ISO 15118-20")
def holds_none_in_20(installation_round_20: InstallationRound, judge: Judge) -> None:
    """Demand that there was nothing to install in the newer edition of a vehicle of both."""
    _holds_none(installation_round_20, judge)


def _holds_none(installation_round: InstallationRound, judge: Judge) -> None:
    delivered = installation_round.delivered
    judge.require(
        judgements.none_delivered(delivered.answer.status, body_of(delivered), installation_round.version)
    )
    judge.require(holding.holds(installation_round.held, []))


# Several contracts in one answer


@then("the answer tells with each contract how many follow")
def tells_remaining(installation_round: InstallationRound, judge: Judge) -> None:
    """Note where the numbers differ, which OPNC leaves open (ERR-092)."""
    judge.require(judgements.remaining(body_of(installation_round.delivered), installation_round.version))


@then("the second contract has come first")
def second_came_first(installation_round: InstallationRound, second: Contract, judge: Judge) -> None:
    """Note where another contract comes first, which OPNC leaves open (ERR-092)."""
    judge.require(
        judgements.comes_first(
            body_of(installation_round.delivered), installation_round.version, second.emaid
        )
    )
