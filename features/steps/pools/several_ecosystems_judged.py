"""What steps demand of pools that work together. `asked` is what reached the neighbours."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_bdd import then

from fixtures.client.party_headers import originator
from fixtures.judgements import collaboration as judgements
from fixtures.judgements import provisioning
from fixtures.judging import expect, expect_equal
from fixtures.neighbours.behaviours import A_SECOND
from fixtures.target.declaration import READING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.evidence.peer_exchange import PeerExchange
    from fixtures.judging import Judge
    from fixtures.neighbours.ecosystems import Neighbours
    from fixtures.target.declaration import Target
    from fixtures.testdata.vehicles import Vehicle
    from opnc.broadcast import Reading


@then("no other pool was asked")
def none_asked(asked: Sequence[PeerExchange], judge: Judge) -> None:
    """Demand silence."""
    judge.require(judgements.nobody_asked(asked))


@then("every other pool was asked once")
def each_asked(asked: Sequence[PeerExchange], neighbours: Neighbours, judge: Judge) -> None:
    """Demand one request to each."""
    judge.require(judgements.each_asked_once(asked, tuple(neighbours.interceptors)))


@then("no pool was asked twice")
def none_twice(asked: Sequence[PeerExchange], judge: Judge) -> None:
    """Demand that it has come to an end, counted by requests."""
    judge.require(judgements.asked_once_at_most(asked))


@then("each request was marked as one that is not passed on again")
def all_marked(asked: Sequence[PeerExchange], judge: Judge) -> None:
    """Demand the mark, in the one reading that a PCP has."""
    judge.require(judgements.marked(asked, "A"))


@then("each request was marked as the CCP declares")
def all_marked_as_declared(
    asked: Sequence[PeerExchange], target: Target, broadcast_flag_reading: Reading, judge: Judge
) -> None:
    """Demand the mark in the reading of the implementer; one who declares none is told so."""
    if READING not in target.declared:
        judge.require([judgements.undeclared()])
    judge.require(judgements.marked(asked, broadcast_flag_reading))


@then("each request bore a token of the pool that was asked")
def own_tokens(asked: Sequence[PeerExchange], judge: Judge) -> None:
    """Demand that nobody else's token was shown."""
    judge.require(judgements.own_token(asked))


@then("each request named the eMSP as the one who has asked first")
def all_named(asked: Sequence[PeerExchange], parties: Parties, target: Target, judge: Judge) -> None:
    """Demand the headers that name the originator."""
    judge.require(judgements.named(asked, originator(parties["emsp"].account, target)))


@then("no certificate is handed out")
def nothing_handed_out(answer: Exchange, judge: Judge) -> None:
    """Demand a refusal, whatever its status, and nothing that a contract could be made for."""
    seen = answer.answer.status
    expect(seen >= 400, f"status of {answer.operation.id}", expected="404 or another refusal", seen=seen)
    judge.require(provisioning.no_certificate(answer.answer.content))


@then("that vehicle was found sooner than by waiting for one pool after the other")
def in_parallel(answer: Exchange, vehicle: Vehicle, neighbours: Neighbours, judge: Judge) -> None:
    """Demand that the waits were not added up."""
    expect_equal(f"status of {answer.operation.id}", expected=200, seen=answer.answer.status)
    judge.require(provisioning.published(answer.answer.json(), vehicle))
    took, added_up = (
        timedelta(seconds=seconds) for seconds in (answer.duration, len(neighbours.interceptors) * A_SECOND)
    )
    expect(took < added_up, "time that it took", expected=f"less than {added_up}", seen=str(took))
