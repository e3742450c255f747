"""What is demanded of access: nothing foreign, nothing without a token, nothing in the clear."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.client import tls
from fixtures.judgements import tokens as judgements
from fixtures.judgements import transport
from fixtures.judgements.ownership import left_to_administrator, withheld
from fixtures.judging import NotApplicable, expect_equal
from fixtures.target.declaration import ADMINISTRATOR
from fixtures.testdata import forged_tokens as forging
from reports import places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from fixtures.bench.interface import Bench
    from fixtures.client.tls import Handshake
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.target.declaration import Target
    from reports.model import Finding

ACCESS: Vocabulary[Callable[[Exchange], Iterable[Finding]]] = Vocabulary(
    "judgement of who gets in",
    {
        "it is withheld": withheld,
        "it says how to authenticate": lambda answer: judgements.challenge(answer.answer),
        "the token is not accepted there": judgements.in_address,
    },
)


@then("{ACCESS}", ACCESS=ACCESS)
def access_is(answers: Answers, judge: Judge, access: Callable[[Exchange], Iterable[Finding]]) -> None:
    """Demand that something foreign is neither handed out nor touched, or that nobody gets in so."""
    judge.require(access(answers.latest), exchange=answers.latest.number)


ADMINISTRATION = Vocabulary(
    "status of what is the administrator's",
    {
        f"the answer is {status}, or another refusal of what is the administrator's (ERR-014)": status
        for status in (401, 403)
    },
)


@then("{ADMINISTRATION}", ADMINISTRATION=ADMINISTRATION)
def is_left_to_administrator(answers: Answers, judge: Judge, target: Target, administration: int) -> None:
    """Demand a refusal, of whatever kind a pool has that leaves writing to its administrator."""
    # Without an administrator nothing can be registered that could be deleted.
    exists = answers.latest.operation.method != "DELETE" or ADMINISTRATOR in target.meets
    found = left_to_administrator(answers.latest, administration, exists=exists)
    judge.require(found, exchange=answers.latest.number)


@then("its state is unchanged[refused= where it was refused]")
def is_unchanged(answers: Answers, state: Any, state_afterwards: Any, *, refused: bool) -> None:
    """Compare what was seen of the service before and after."""
    if refused and answers.latest.answer.status < 400:
        return
    # The reading afterwards is the latest.
    expect_equal("state of the service", expected=state, seen=state_afterwards, place=places.BODY)


@then("its claims can be read")
def can_be_read(judge: Judge, tokens: Register[str], bench: Bench) -> None:
    """Look at the claims of that token."""
    found = forging.read(tokens[Ref("token")])
    if found is None:
        raise NotApplicable("the access tokens of the target are no JSON Web Tokens, which is its choice")
    judge.require(judgements.claims(found.claims, bench.clock.now()))


@then("it is not served there")
def is_not_served(judge: Judge, answers: Answers) -> None:
    """Demand that nothing is had by plain HTTP."""
    judge.require(transport.encrypted_only(answers.all))


HANDSHAKE: Vocabulary[Callable[[Handshake], Iterable[Finding]]] = Vocabulary(
    "judgement of a connection",
    {
        "the connection should be made": transport.offered,
        "the connection is refused": transport.refused,
        **{f"there is no connection {name}": partial(transport.strong, suites=name) for name in tls.SUITES},
    },
)


@then("{HANDSHAKE}", HANDSHAKE=HANDSHAKE)
def connection_is(
    judge: Judge, connection: Handshake, handshake: Callable[[Handshake], Iterable[Finding]]
) -> None:
    """Look for a connection, or demand that there is none."""
    judge.require(handshake(connection))
