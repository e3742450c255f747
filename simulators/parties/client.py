"""How a backend talks to the services of its ecosystem."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from opnc import contract, json_body

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.kernel.authorization import Account


class Unheard(Exception):
    """A service gives no answer, or the authorization server no token."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service answers."""

    status: int
    content: bytes

    @property
    def ok(self) -> bool:
        """Whether it is a 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Decode the body; None where it is no JSON."""
        return json_body.decode_or_none(self.content)


@dataclass(slots=True)
class Client:
    """Calls operations with the token of one account.

    Attributes:
        account: Who calls.
        token_endpoint: Where tokens are had.
        url: Service name to base URL.
        http: What carries the requests; None: the backend reaches nobody.
    """

    account: Account
    token_endpoint: str
    url: Callable[[str], str]
    http: httpx.Client | None = None
    _token: str = field(default="", init=False, repr=False)

    def forget(self) -> None:
        """Ask for a new token next time."""
        self._token = ""

    def ask(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> Reply:
        """Call an operation; a refused token is renewed once.

        Args:
            operation: Its id.
            path: Values of the path's parameters.
            query: Query parameters.
            body: A JSON value, or bytes to be sent as they are; None sends no body.

        Raises:
            Unheard: If no answer comes.
        """
        called = contract.load().operation(operation)
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": next(iter(called.request), "application/json")}
        url = called.url(self.url(called.service), path or {}, query or {})
        reply = self._send(called.method, url, headers, content)
        if reply.status == httpx.codes.UNAUTHORIZED:
            self.forget()
            reply = self._send(called.method, url, headers, content)
        return reply

    def _send(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> Reply:
        authorized = {**headers, "Authorization": f"Bearer {self._authorization()}"}
        return self._carry(method, url, headers=authorized, content=content)

    def _authorization(self) -> str:
        if not self._token:
            form = {"grant_type": "client_credentials"}
            proof = (self.account.principal.subject, self.account.secret)
            granted = self._carry("POST", self.token_endpoint, data=form, auth=proof).json()
            if not isinstance(granted, dict) or "access_token" not in granted:
                raise Unheard(f"{self.token_endpoint} gives no token")
            self._token = granted["access_token"]
        return self._token

    def _carry(self, method: str, url: str, **parts: Any) -> Reply:
        if self.http is None:
            raise Unheard("this backend is connected with nobody")
        try:
            answer = self.http.request(method, url, **parts)
        except httpx.HTTPError as error:
            raise Unheard(f"{method} {url}: {error}") from error
        return Reply(answer.status_code, answer.content)
