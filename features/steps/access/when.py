"""What is done with tokens and connections, and the look at a service afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from features.steps.access.shared import (
    ASSUMED_LIFETIME,
    LEEWAY,
    NOT_AT_ALL,
    SHORT_LEEWAY,
    SHORT_LIFETIME,
    UNAUTHORIZED,
    address_of,
    ask_plainly,
    plain_addresses,
)
from features.vocabulary.references import Ref
from features.vocabulary.steps import when
from features.vocabulary.tables import Vocabulary
from fixtures.client import tls
from fixtures.evidence.exchange import Request, Unanswered
from fixtures.judging import NotApplicable
from fixtures.target.declaration import CLOCK, NEEDS
from fixtures.testdata import forged_tokens as forging
from fixtures.testdata import jwks as issuers
from fixtures.testdata.requests import REPRESENTATIVES, prepare, state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.steps.access.shared import SpentTokens
    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties, Party
    from fixtures.client.tls import Handshake
    from fixtures.evidence.exchange import Exchange
    from fixtures.evidence.recorder import Recorder
    from fixtures.evidence.redaction import Redactor
    from fixtures.target.declaration import Target
    from fixtures.testdata.request_context import RequestContext
    from fixtures.testdata.requests import PreparedRequest


@when("the service is looked at again", target_fixture="state_afterwards")
def state_afterwards(request_context: RequestContext, calls: Register[PreparedRequest]) -> Any:
    """Look at the service after that request was made."""
    return state_of(calls[Ref("call")], request_context)


# Tokens


OPEN_TO_ALL = {"rcp": "getRootCertificatesV1", "event": "get-webhook-endpoints"}
"""Service -> an operation that every party may call, and that changes nothing."""


@when("{party} gets {new_token}")
def gets_a_token(party: Party, target: Target) -> str:
    """Get a genuine token, and show it where everybody may, so that evidence has it."""
    for service, operation in OPEN_TO_ALL.items():
        if service in target.services:
            party.ask(operation)
            break
    return party.token()


@when("{token} has expired")
def has_expired(bench: Bench, target: Target, spent_tokens: SpentTokens, token: str) -> None:
    """Let time pass until the token is no longer good, whatever the clocks.

    Raises:
        NotApplicable: If the tester would have to wait too long for that.
    """
    found = forging.read(token)
    expires = found.claims.get("exp") if found else None
    lasts = ASSUMED_LIFETIME if expires is None else datetime.fromtimestamp(expires, UTC) - bench.clock.now()
    if CLOCK in target.meets:
        bench.advance(lasts + LEEWAY)
    elif token not in spent_tokens.spent:
        if lasts > SHORT_LIFETIME:
            raise NotApplicable(
                f"a token lasts for {round(lasts.total_seconds())} s, and the tester waits for"
                f" {SHORT_LIFETIME.total_seconds():g} s at most where it has no {NEEDS[CLOCK]}"
            )
        bench.wait(max(lasts, NOT_AT_ALL) + SHORT_LEEWAY)
        spent_tokens.spent.add(token)


@when("the keys of the authorization server have been replaced")
def keys_are_replaced(bench: Bench, parties: Parties, tokens: Register[str]) -> None:
    """Let time pass until the authorization server signs with another key than that of the token."""
    bench.advance(ASSUMED_LIFETIME + LEEWAY)
    before, after = forging.read(tokens[Ref("token")]), forging.read(parties.any_party().token())
    if before is None or after is None or before.header.get("kid") == after.header.get("kid"):
        raise NotApplicable("the target signs its tokens with the same key after a day")


@when("{party} makes {call} with ({token}|its token as {scheme:text})")
def makes_with_token(party: Party, call: PreparedRequest, token: str | None, scheme: str | None) -> Exchange:
    """Call with a genuine token: one that was had before, or with its scheme in some letter case."""
    authorization = f"Bearer {token}" if scheme is None else f"{scheme} {party.token()}"
    return call.ask_with(party, authorization)


FORGERY = Vocabulary("forgery of a token", {how: how for how in forging.FORGERIES})


@when("{party} makes {call} with a token that is {FORGERY}", FORGERY=FORGERY)
def makes_with_forgery(
    party: Party, call: PreparedRequest, bench: Bench, redactor: Redactor, forgery: str
) -> Exchange:
    """Call with a token that is not genuine."""
    forged = forging.forge(forgery, party.token(), lambda token: issuers.key_set(bench.http, token))
    redactor.learn(forged)
    return call.ask_with(party, f"Bearer {forged}")


@when("{party} makes {call} with {UNAUTHORIZED}", UNAUTHORIZED=UNAUTHORIZED)
def makes_unauthorized(
    party: Party, call: PreparedRequest, unauthorized: Callable[[PreparedRequest, Party], Exchange]
) -> Exchange:
    """Call without what a service takes for an authorization."""
    return unauthorized(call, party)


# Connections


@when("somebody asks {service} for something by plain HTTP")
def asks_plainly(request_context: RequestContext, target: Target, answers: Answers, service: str) -> None:
    """Call without encryption, and without a token, which everybody could read; file what is answered."""
    address_of(service, target)
    operation, name = REPRESENTATIVES[service]
    call = prepare(operation, replace(request_context, caller=name))
    party = request_context.parties[name]
    for change in plain_addresses(target):
        if (answer := ask_plainly(party, call, change)) is not None:
            answers.file(answer)


SUITES = Vocabulary("group of weak suites", {name: name for name in tls.SUITES})


@when(
    "somebody (connects to {service} by TLS {version:word}|offers {service} TLS 1.2 {SUITES}) alone",
    SUITES=SUITES,
    target_fixture="connection",
)
def connects(
    target: Target, recorder: Recorder, service: str, version: str | None, suites: str | None
) -> Handshake:
    """Open a connection and close it again: of one version, or with weak suites and nothing else."""
    address = address_of(service, target)
    made = tls.handshake(address, version or "1.2", suites or "")
    outcome = Unanswered(made.refusal or f"{made.version} was spoken, and the connection closed")
    recorder.record_aside("somebody", service, Request("CONNECT", address, (), b""), outcome)
    return made
