"""What is demanded of pools that work together. `asked` is what reached the neighbours."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from features.steps.vehicles.shared import READ
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.client.party_headers import originator
from fixtures.judgements import collaboration as judgements
from fixtures.judgements import provisioning
from fixtures.judgements.statuses import expect_status
from fixtures.judging import expect
from fixtures.neighbours.behaviours import A_SECOND
from fixtures.target.declaration import READING
from reports import places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from features.vocabulary.answers import Answers
    from fixtures.client.parties import Parties
    from fixtures.evidence.peer_exchange import PeerExchange
    from fixtures.judging import Judge
    from fixtures.neighbours.ecosystems import Neighbours
    from fixtures.target.declaration import Target
    from fixtures.testdata.vehicles import Vehicle
    from reports.model import Finding

HOW_MANY: Vocabulary[Callable[[Sequence[PeerExchange], Neighbours], Iterator[Finding]]] = Vocabulary(
    "judgement of how many pools were asked",
    {
        "no other pool was asked": lambda asked, _neighbours: judgements.nobody_asked(asked),
        "every other pool was asked once": lambda asked, neighbours: judgements.each_asked_once(
            asked, tuple(neighbours.interceptors)
        ),
        "no pool was asked twice": lambda asked, _neighbours: judgements.asked_once_at_most(asked),
    },
)


@then("{HOW_MANY}", HOW_MANY=HOW_MANY)
def were_asked(
    asked: Sequence[PeerExchange],
    neighbours: Neighbours,
    judge: Judge,
    how_many: Callable[[Sequence[PeerExchange], Neighbours], Iterator[Finding]],
) -> None:
    """Demand silence, one request to each, or that it has come to an end."""
    judge.require(how_many(asked, neighbours))


def _as_declared(asked: Sequence[PeerExchange], _parties: Parties, target: Target) -> Iterator[Finding]:
    """Judge the mark in the reading of the implementer; one who declares none is told so."""
    if READING not in target.declared:
        yield judgements.undeclared()
    yield from judgements.marked(asked, target.reading)


EACH_REQUEST: Vocabulary[Callable[[Sequence[PeerExchange], Parties, Target], Iterator[Finding]]] = Vocabulary(
    "judgement of each request among pools",
    {
        # In the one reading that a PCP has.
        "was marked as one that is not passed on again": lambda asked, _parties, _target: judgements.marked(
            asked, "A"
        ),
        "was marked as the CCP declares": _as_declared,
        "bore a token of the pool that was asked": lambda asked, _parties, _target: judgements.own_token(
            asked
        ),
        "named the eMSP as the one who has asked first": lambda asked, parties, target: judgements.named(
            asked, originator(parties["emsp"].account, target)
        ),
    },
)


@then("each request {EACH_REQUEST}", EACH_REQUEST=EACH_REQUEST)
def each_request(
    asked: Sequence[PeerExchange],
    parties: Parties,
    target: Target,
    judge: Judge,
    each_request: Callable[[Sequence[PeerExchange], Parties, Target], Iterator[Finding]],
) -> None:
    """Judge what the requests that reached the neighbours bear."""
    judge.require(each_request(asked, parties, target))


@then("no certificate is handed out")
def nothing_handed_out(answers: Answers, judge: Judge) -> None:
    """Demand a refusal, whatever its status, and nothing that a contract could be made for."""
    answer = answers.of(READ)
    expect_status(answer, within=range(400, 600), expected="404 or another refusal")
    judge.require(provisioning.no_certificate(answer.answer.content), exchange=answer.number)


@then("{vehicle} was found sooner than by waiting for one pool after the other")
def in_parallel(
    answers: Answers, took: timedelta, neighbours: Neighbours, judge: Judge, vehicle: Vehicle
) -> None:
    """Demand that the waits were not added up."""
    answer = answers.of(READ, thing=vehicle)
    expect_status(answer, 200)
    judge.require(provisioning.published(answer.answer.json(), vehicle), exchange=answer.number)
    added_up = len(neighbours.interceptors) * timedelta(seconds=A_SECOND)
    what, expected, number = "time that it took", f"less than {added_up}", answer.number
    expect(took < added_up, what, expected=expected, seen=str(took), place=places.TIME, exchange=number)
