from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

import falcon.testing
import httpx
import pytest

from simulators.kernel import Principal
from simulators.kernel.authorization import Account, AuthorizationServer
from simulators.kernel.tokens import Tokens
from tests.simulators.inprocess import _ecosystem, _http  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.ecosystem import Ecosystem

ODD_ID, ODD_SECRET = 'a: b%c+d/ü&"', "s:e% c+r=e&t/ß\\€"
ENDPOINT = "https://auth.test/oauth2/token"
GRANT = {"grant_type": "client_credentials"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(name="client")
def _client(ecosystem: Ecosystem) -> Iterator[httpx.Client]:
    """Reaches a server that knows one account, whose id and secret need every kind of encoding."""
    account = Account(Principal(ODD_ID, "oem"), ODD_SECRET)
    server = AuthorizationServer(Tokens("https://auth.test", ecosystem.clock), (account,))
    with httpx.Client(transport=httpx.WSGITransport(server.app)) as client:
        yield client


def basic(client_id: str, secret: str) -> dict[str, str]:
    """Return a Basic header with parts as they are given."""
    return {"Authorization": f"Basic {b64encode(f'{client_id}:{secret}'.encode()).decode()}"}


def encoded(client_id: str, secret: str) -> dict[str, str]:
    """Return a Basic header with form-encoded parts (RFC 6749 section 2.3.1)."""
    return basic(quote_plus(client_id), quote_plus(secret))


def test_credentials_in_the_header_are_form_encoded(client: httpx.Client) -> None:
    answer = client.post(ENDPOINT, data=GRANT, headers=encoded(ODD_ID, ODD_SECRET))
    assert answer.status_code == 200
    assert answer.json().keys() == {"access_token", "token_type", "expires_in"}
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 900)
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")


def test_credentials_may_stand_in_the_form(client: httpx.Client) -> None:
    form = {**GRANT, "client_id": ODD_ID, "client_secret": ODD_SECRET}
    assert client.post(ENDPOINT, data=form).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic(ODD_ID, ODD_SECRET),
        encoded(ODD_ID, ODD_SECRET + "x"),
        encoded(ODD_ID, ""),
        encoded("somebody", ODD_SECRET),
        encoded("", ""),
        {"Authorization": "Basic"},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic YWJj"},
        {"Authorization": "Basic /////w=="},
        {"Authorization": "Bearer abc"},
    ],
    ids=[
        *("none", "not encoded", "wrong secret", "no secret", "unknown id", "empty", "nothing"),
        *("no base64", "no colon", "no UTF-8", "another scheme"),
    ],
)
def test_a_client_that_is_not_known_is_refused(headers: dict[str, str], client: httpx.Client) -> None:
    answer = client.post(ENDPOINT, data=GRANT, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    assert answer.headers["www-authenticate"] == 'Basic realm="opnc"'
    assert answer.headers["cache-control"] == "no-store"


def test_a_header_that_is_not_ascii_is_refused(ecosystem: Ecosystem) -> None:
    client = falcon.testing.TestClient(ecosystem.authorization.app)
    headers = {"Authorization": "Basic \xe9\xe9\xe9", **FORM}
    answer = client.simulate_post("/oauth2/token", body="grant_type=client_credentials", headers=headers)
    assert (answer.status_code, answer.json) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "invalid_request"),
        (b"grant_type=password", "unsupported_grant_type"),
        (b"grant_type=", "unsupported_grant_type"),
        (b"grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        (b"grant_type=client_credentials&scope=a&scope=a", "invalid_request"),
        (b"grant_type=client_credentials&client_secret=x", "invalid_request"),
        (b'{"grant_type": "client_credentials"}', "invalid_request"),
        (b"grant_type=client_credentials&a=" + b"x" * 10_000, "invalid_request"),
        (b"\xff\xfe", "invalid_request"),
    ],
)
def test_a_request_that_is_not_as_it_should_be_is_refused(
    content: bytes, error: str, client: httpx.Client
) -> None:
    headers = {**FORM, **encoded(ODD_ID, ODD_SECRET)}
    answer = client.post(ENDPOINT, content=content, headers=headers)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", ""])
def test_a_request_that_is_no_form_is_refused(media_type: str, client: httpx.Client) -> None:
    headers = {"Content-Type": media_type, **encoded(ODD_ID, ODD_SECRET)}
    answer = client.post(ENDPOINT, content=b"grant_type=client_credentials", headers=headers)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_post_gets_a_token(method: str, client: httpx.Client) -> None:
    answer = client.request(method, ENDPOINT)
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]


def test_every_account_of_an_ecosystem_gets_a_token_of_its_own(
    ecosystem: Ecosystem, http: httpx.Client
) -> None:
    for account in ecosystem.accounts.values():
        subject, secret = account.principal.subject, account.secret
        answer = http.post(ecosystem.token_endpoint, data=GRANT, headers=encoded(subject, secret))
        token = answer.json()["access_token"]
        assert ecosystem.authorization._tokens.principal(f"Bearer {token}") == account.principal


def test_secrets_do_not_show_when_an_account_is_printed(ecosystem: Ecosystem) -> None:
    assert all(account.secret not in repr(account) for account in ecosystem.accounts.values())
