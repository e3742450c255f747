"""The authorization server: access tokens for the ecosystem's accounts by client credentials (RFC 6749)."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote_plus

import falcon

from simulators.kernel.tokens import LIFETIME

if TYPE_CHECKING:
    from simulators.kernel import Principal
    from simulators.kernel.tokens import Tokens

PATH = "/oauth2"
TOKEN_PATH = f"{PATH}/token"
KEYS_PATH = f"{PATH}/jwks"
METADATA_PATH = "/.well-known/oauth-authorization-server"
FORM = "application/x-www-form-urlencoded"
MAXIMUM_FORM = 8 * 1024


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who is onboarded with the ecosystem; the account's name is the client id."""

    principal: Principal
    secret: str = field(repr=False)


class AuthorizationServer:
    """Gives tokens to the accounts it knows.

    Attributes:
        app: The WSGI application.
    """

    def __init__(self, tokens: Tokens, accounts: tuple[Account, ...]) -> None:
        self._tokens = tokens
        self._accounts = {account.principal.subject: account for account in accounts}
        self.app = falcon.App()
        self.app.add_route(TOKEN_PATH, _TokenEndpoint(self))
        self.app.add_route(KEYS_PATH, _KeySet(tokens))
        self.app.add_route(METADATA_PATH, _Metadata(tokens.issuer))

    def lifetime_s(self, client_id: str) -> int:
        """Return how many seconds tokens of an account last."""
        account = self._accounts.get(client_id)
        return int((self._tokens.lifetime(account.principal) if account else LIFETIME).total_seconds())

    def grant(self, client_id: str, secret: str) -> str | None:
        """Return a token for an account, or None if there is no such account or the secret is wrong."""
        account = self._accounts.get(client_id)
        expected = account.secret if account else ""
        # Compared even if there is no such account: the time it takes tells nobody which accounts there are.
        matches = hmac.compare_digest(expected.encode(), secret.encode())
        return self._tokens.issue(account.principal) if account and matches else None

    def by_basic(self, header: str | None) -> str | None:
        """Return a token for whom an `Authorization` header of HTTP Basic names, or None as `grant` does."""
        return self.grant(*(_basic(header) or ("", "")))


class _TokenEndpoint:
    def __init__(self, server: AuthorizationServer) -> None:
        self._server = server

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        """Answer a token request (RFC 6749 sections 4.4.2, 5.1 and 5.2)."""
        response.set_header("Cache-Control", "no-store")
        response.set_header("Pragma", "no-cache")
        form, basic = _form(request), _basic(request.get_header("Authorization"))
        # One way to authenticate only (RFC 6749 section 2.3).
        if form is None or "grant_type" not in form or (basic and "client_secret" in form):
            _refuse(response, 400, "invalid_request")
            return
        if form["grant_type"] != "client_credentials":
            _refuse(response, 400, "unsupported_grant_type")
            return
        name, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
        token = self._server.grant(name, secret)
        if token is None:
            response.set_header("WWW-Authenticate", 'Basic realm="opnc"')
            _refuse(response, 401, "invalid_client")
            return
        lifetime = self._server.lifetime_s(name)
        response.media = {"access_token": token, "token_type": "Bearer", "expires_in": lifetime}


class _KeySet:
    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def on_get(self, _request: falcon.Request, response: falcon.Response) -> None:
        """Answer with the public keys (RFC 7517)."""
        response.media = self._tokens.key_set()


class _Metadata:
    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def on_get(self, _request: falcon.Request, response: falcon.Response) -> None:
        """Answer with what this server offers (RFC 8414 section 2)."""
        response.media = {
            "issuer": self._issuer,
            "token_endpoint": f"{self._issuer}{TOKEN_PATH}",
            "jwks_uri": f"{self._issuer}{KEYS_PATH}",
            "response_types_supported": [],
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }


def _form(request: falcon.Request) -> dict[str, str] | None:
    """Read the parameters; None where they are no form, or one stands there twice (RFC 6749 section 3.2)."""
    content = request.bounded_stream.read(MAXIMUM_FORM + 1)
    media_type = (request.content_type or "").partition(";")[0].strip().lower()
    if media_type != FORM or len(content) > MAXIMUM_FORM:
        return None
    # An empty value is a value: it must not hide that a parameter stands there twice.
    fields = parse_qs(content.decode("ascii", "replace"), keep_blank_values=True)
    if any(len(values) > 1 for values in fields.values()):
        return None
    return {name: values[0] for name, values in fields.items()}


def _basic(header: str | None) -> tuple[str, str] | None:
    """Read the client's credentials from the Basic header, None without one (RFC 6749 section 2.3.1)."""
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        # Nobody has that name; the form is not looked at, for the client has chosen the header.
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)


def _refuse(response: falcon.Response, status: int, error: str) -> None:
    response.status = status
    response.media = {"error": error}
