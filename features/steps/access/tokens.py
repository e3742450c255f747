"""Steps about the access tokens by which parties show who they are."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pytest_bdd import given, parsers, then, when

from fixtures.judgements import tokens as judgements
from fixtures.judging import NotApplicable
from fixtures.target.declaration import AuthScheme
from fixtures.testdata import forged_tokens as forging
from fixtures.testdata import jwks as issuers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.evidence.redaction import Redactor
    from fixtures.judging import Judge
    from fixtures.target.declaration import Credentials
    from fixtures.testdata.requests import PreparedRequest

LEEWAY = timedelta(minutes=5)
"""How much later than a token says its target may still take it: clocks differ."""

LONGEST = timedelta(days=1)
"""After which a token that does not say when it expires is taken for expired."""

NO_CREDENTIALS: Mapping[str, Callable[[Party], str | None]] = {
    "an empty authorization": lambda _party: "",
    "a scheme and no token": lambda _party: "Bearer",
    "a token and no scheme": lambda party: party.token(),
    "its client secret instead of a token": lambda party: _basic(party.account),
}
"""What may stand in the header `Authorization` without being an authorization."""


def _basic(account: Credentials) -> str:
    return "Basic " + b64encode(f"{account.client_id}:{account.client_secret}".encode()).decode()


@when(parsers.parse("the {party} gets an access token"), target_fixture="token")
def access_token(parties: Parties, party: str) -> str:
    """Get a genuine token."""
    return parties[party].token()


@given(parsers.parse("an access token of the {party} that does not last"), target_fixture="token")
def passing_token(parties: Parties, party: str) -> str:
    """Get a genuine token that is going to expire."""
    if parties[party].account.scheme is AuthScheme.TOKEN:
        raise NotApplicable("the tokens of the target stay, so none of them expires")
    return parties[party].token()


@when("the keys of the authorization server have been replaced")
def keys_are_replaced(bench: Bench, parties: Parties, token: str) -> None:
    """Let time pass until the authorization server signs with another key."""
    bench.advance(LONGEST + LEEWAY)
    before, after = forging.read(token), forging.read(parties.any_party().token())
    if before is None or after is None or before.header.get("kid") == after.header.get("kid"):
        raise NotApplicable("the target signs its tokens with the same key after a day")


@when("that token has expired")
def token_expires(bench: Bench, token: str) -> None:
    """Let time pass until the token is no longer good, whatever the clocks."""
    found = forging.read(token)
    expires = found.claims.get("exp") if found else None
    lasts = LONGEST if expires is None else datetime.fromtimestamp(expires, UTC) - bench.clock.now()
    bench.advance(lasts + LEEWAY)


@when(parsers.parse("the {party} makes that request with that token"), target_fixture="answer")
def request_with_token(parties: Parties, prepared: PreparedRequest, party: str, token: str) -> Exchange:
    """Call with a token that was had before."""
    return prepared.ask_with(parties[party], f"Bearer {token}")


@when(parsers.parse('the {party} makes that request with its token as "{scheme}"'), target_fixture="answer")
def request_with_scheme(parties: Parties, prepared: PreparedRequest, party: str, scheme: str) -> Exchange:
    """Call with the scheme in some letter case."""
    return prepared.ask_with(parties[party], f"{scheme} {parties[party].token()}")


@when(parsers.parse("the {party} makes that request with a token that is {forgery}"), target_fixture="answer")
def request_with_forgery(
    bench: Bench, redactor: Redactor, parties: Parties, prepared: PreparedRequest, party: str, forgery: str
) -> Exchange:
    """Call with a token that is not genuine."""
    forged = forging.forge(forgery, parties[party].token(), lambda token: issuers.key_set(bench.http, token))
    redactor.learn(forged)
    return prepared.ask_with(parties[party], f"Bearer {forged}")


@when(parsers.parse("the {party} makes that request with {what} in its header"), target_fixture="answer")
def request_without_credentials(
    parties: Parties, prepared: PreparedRequest, party: str, what: str
) -> Exchange:
    """Call with something that is no authorization."""
    return prepared.ask_with(parties[party], NO_CREDENTIALS[what](parties[party]))


@when(parsers.parse("the {party} makes that request with its token in the address"), target_fixture="answer")
def request_with_token_in_address(parties: Parties, prepared: PreparedRequest, party: str) -> Exchange:
    """Call with the token as a query parameter (RFC 6750 section 2.3)."""
    query = {**prepared.query, "access_token": parties[party].token()}
    return replace(prepared, query=query).ask_with(parties[party], None)


@then("it says how to authenticate")
def says_how(judge: Judge, answer: Exchange) -> None:
    """Look for the challenge."""
    judge.require(judgements.challenge(answer.answer))


@then("the token is not accepted there")
def is_not_accepted(judge: Judge, answer: Exchange) -> None:
    """Look at what became of the token in the address."""
    judge.require(judgements.in_address(answer))


@then("its claims can be read")
def can_be_read(judge: Judge, token: str, bench: Bench) -> None:
    """Look at the claims."""
    found = forging.read(token)
    if found is None:
        raise NotApplicable("the access tokens of the target are no JSON Web Tokens, which is its choice")
    judge.require(judgements.claims(found.claims, bench.clock.now()))
