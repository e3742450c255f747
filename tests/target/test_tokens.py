"""Access tokens from authorization servers, sound and broken ones."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import httpx
import pytest

from fixtures.client.oauth import Token, TokenSource
from fixtures.evidence.redaction import Redactor
from fixtures.judging import Inconclusive, OutOfReach
from fixtures.target.model import Credentials, Scheme
from opnc.clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNT = Credentials(party="oem", client_id="the oem", client_secret="hunter2:hunter2")
GIVEN = {"access_token": "t0k3n-t0k3n", "token_type": "Bearer", "expires_in": 600}


def source(
    answer: Callable[[httpx.Request], httpx.Response],
    clock: VirtualClock | None = None,
    kept: dict[str, Token] | None = None,
    scope: str | None = None,
) -> TokenSource:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return TokenSource(
        http=http,
        endpoint="https://login.example/token",
        clock=clock or VirtualClock(),
        redactor=Redactor(),
        kept={} if kept is None else kept,
        scope=scope,
    )


def test_a_token_is_asked_for_as_rfc_6749_says_and_kept() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=GIVEN)

    tokens = source(answer, scope="opnc")
    assert [tokens.token(ACCOUNT) for _ in range(2)] == ["t0k3n-t0k3n"] * 2
    (request,) = seen
    assert parse_qs(request.content.decode()) == {"grant_type": ["client_credentials"], "scope": ["opnc"]}
    credentials = b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
    assert credentials == "the+oem:hunter2%3Ahunter2"


def test_a_token_is_renewed_before_it_expires_and_after_it_was_refused() -> None:
    clock, count = VirtualClock(), iter(range(10))
    tokens = source(
        lambda _request: httpx.Response(200, json={**GIVEN, "access_token": f"t{next(count)}"}), clock
    )
    assert tokens.token(ACCOUNT) == "t0"
    clock.advance(timedelta(seconds=569))
    assert tokens.token(ACCOUNT) == "t0"
    clock.advance(timedelta(seconds=1))
    assert tokens.token(ACCOUNT) == "t1"
    assert tokens.forget(ACCOUNT)
    assert tokens.token(ACCOUNT) == "t2"


def test_tokens_outlive_the_source_and_are_secrets_for_the_next() -> None:
    kept: dict[str, Token] = {}
    source(lambda _request: httpx.Response(200, json=GIVEN), kept=kept).token(ACCOUNT)
    later = source(lambda _request: httpx.Response(500), kept=kept)
    assert later.token(ACCOUNT) == "t0k3n-t0k3n"
    assert later.redactor.text("a t0k3n-t0k3n") == "a [redacted]"


def test_a_token_that_stays_is_never_asked_for() -> None:
    account = Credentials(party="oem", scheme=Scheme.TOKEN, token="static-token")
    tokens = source(lambda _request: httpx.Response(500))
    assert tokens.token(account) == "static-token"
    assert not tokens.forget(account)
    assert tokens.redactor.text("static-token") == "[redacted]"


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (httpx.Response(400, json={"error": "invalid_scope"}), 'answered 400 for the oem: {"error":"inv'),
        (httpx.Response(401, json={"error": "invalid_client"}), "answered 401 for the oem"),
        (httpx.Response(500, text="oh no"), "answered 500 for the oem: oh no"),
        (httpx.Response(302, headers={"Location": "/login"}), "answered 302 for the oem: an empty body"),
        (httpx.Response(200, html="<html>log in</html>"), "gave no access token: <html>log in</html>"),
        (httpx.Response(200, content=b""), "gave no access token: an empty body"),
        (httpx.Response(200, content=b"\xff"), "gave no access token"),
        (httpx.Response(200, content=b"[" * 100_000), "gave no access token"),
        (httpx.Response(200, json=[]), "gave no access token"),
        (httpx.Response(200, json={}), "gave no access token"),
        (httpx.Response(200, json={**GIVEN, "expires_in": "soon"}), "gave no access token"),
        (httpx.Response(200, content=b'{"access_token": "t", "expires_in": 1e400}'), "gave no access token"),
        (httpx.Response(200, json={**GIVEN, "access_token": None}), "that no header can carry"),
        (httpx.Response(200, json={**GIVEN, "access_token": "a\r\nX: y"}), "that no header can carry"),
        (httpx.Response(200, json={**GIVEN, "access_token": "tökén"}), "that no header can carry"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_server_that_gives_no_token_makes_it_inconclusive(answer: httpx.Response, seen: str) -> None:
    with pytest.raises(Inconclusive) as caught:
        source(lambda _request: answer).token(ACCOUNT)
    assert str(caught.value).startswith("token endpoint https://login.example/token")
    assert seen in str(caught.value)


def test_an_error_that_repeats_the_secret_is_masked() -> None:
    with pytest.raises(Inconclusive, match=r"no client \[redacted\]"):
        source(lambda _request: httpx.Response(400, text="no client hunter2:hunter2")).token(ACCOUNT)


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_is_tired_is_out_of_reach(status: int) -> None:
    with pytest.raises(OutOfReach, match=f"answered {status}, gives no token now"):
        source(lambda _request: httpx.Response(status)).token(ACCOUNT)


def test_a_server_that_does_not_answer_is_out_of_reach() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request) from ConnectionRefusedError()

    with pytest.raises(OutOfReach, match="no answer, ConnectError: the connection was refused"):
        source(fail).token(ACCOUNT)


@pytest.mark.parametrize("lifetime", [-5, 0, 1, 1e12])
def test_any_lifetime_is_lived_with(lifetime: float) -> None:
    tokens = source(lambda _request: httpx.Response(200, json={**GIVEN, "expires_in": lifetime}))
    assert tokens.token(ACCOUNT) == "t0k3n-t0k3n"
