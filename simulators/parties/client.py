"""How a backend talks to the services of its ecosystem."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import httpx

from opnc import contract, json_body
from opnc.pki.ocsp import REQUEST_TYPE
from simulators.kernel import failpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.kernel.authorization import Account
    from simulators.kernel.fault_injection import FaultInjector


class ServiceUnreachable(Exception):
    """A service gives no answer, or the authorization server no token."""


@dataclass(frozen=True, slots=True)
class ServiceResponse:
    """What a service answers: its status, and the body as it came."""

    status: int
    content: bytes

    @property
    def ok(self) -> bool:
        """Whether it is a 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Decode the body; None where it is no JSON."""
        return json_body.decode_or_none(self.content)


@dataclass
class Client:
    """Calls operations with the token of one account.

    Attributes:
        account: Who calls.
        token_endpoint: Where tokens are had.
        url: Service name to base URL.
        injector: What the backend does wrong.
        http: What carries the requests; None: the backend reaches nobody.
        locate: Finds out before each call where the services are, and tells this client; None: they stay
            where they are.
        standing: A token that stays; empty where `http` shows a certificate instead; None: tokens are asked
            for.
    """

    account: Account
    token_endpoint: str
    url: Callable[[str], str]
    injector: FaultInjector
    http: httpx.Client | None = None
    standing: str | None = field(default=None, repr=False)
    locate: Callable[[Client], None] | None = field(default=None, repr=False)
    _token: str = field(default="", init=False, repr=False)

    def forget_token(self) -> None:
        """Ask for a new token next time."""
        self._token = ""

    def call(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> ServiceResponse:
        """Call an operation; a refused token is renewed once.

        Args:
            operation: Its id.
            path: Values of the path's parameters.
            query: Query parameters.
            body: A JSON value, or bytes to be sent as they are; None sends no body.

        Raises:
            ServiceUnreachable: If no answer comes, or no token is given.
        """
        if self.locate is not None:
            self.locate(self)
        called = contract.load().operation(operation)
        # Bytes as they are: a certification request is no JSON, and flawed bodies are none either.
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": next(iter(called.request), "application/json")}
        headers |= self._party_headers()
        url = called.url(self.url(called.service), path or {}, query or {})
        reply = self._send_authorized(called.method, url, headers, content)
        # Two paths are published for some operations (ERR-107, ERR-120), and a service has perhaps but one.
        for template in called.also:
            if reply.status == httpx.codes.NOT_FOUND:
                other = replace(called, path=template)
                url = other.url(self.url(called.service), path or {}, query or {})
                reply = self._send_authorized(called.method, url, headers, content)
        # It may have run out, or its key have been withdrawn; what refuses a fresh one means it.
        if reply.status == httpx.codes.UNAUTHORIZED:
            self._renew_token()
            reply = self._send_authorized(called.method, url, headers, content)
        for _ in range(self._repetitions()):
            reply = self._send_authorized(called.method, url, headers, content)
        return reply

    @failpoint("client.renew")
    def _renew_token(self) -> None:
        self.forget_token()

    @failpoint("client.party-headers")
    def _party_headers(self) -> Mapping[str, str]:
        """Return the headers that name the party a request is from: none, for the token says it (ERR-154)."""
        return {}

    @failpoint("client.repetitions")
    def _repetitions(self) -> int:
        """Return how often what was answered is sent once more."""
        return 0

    def _send_authorized(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None
    ) -> ServiceResponse:
        token = self._access_token() if self.standing is None else self.standing
        authorized = {**headers, "Authorization": f"Bearer {token}"} if token else headers
        return self._send_http(method, url, headers=authorized, content=content)

    def ask_status(self, url: str, request: bytes) -> bytes:
        """Ask an OCSP responder (RFC 6960 appendix A.1), which wants no token.

        Args:
            url: Where it is.
            request: DER.

        Returns:
            The body of the answer.

        Raises:
            ServiceUnreachable: If no answer comes.
        """
        return self._send_http("POST", url, headers={"Content-Type": REQUEST_TYPE}, content=request).content

    def fetch(self, url: str) -> bytes:
        """Get what lies open at an address, such as a CRL.

        Raises:
            ServiceUnreachable: If no answer comes.
        """
        return self._send_http("GET", url).content

    @failpoint("client.token", without="")
    def _access_token(self) -> str:
        if not self._token:
            form = {"grant_type": "client_credentials"}
            # By HTTP Basic, which every authorization server takes (RFC 6749 section 2.3.1).
            proof = (self.account.principal.subject, self.account.secret)
            granted = self._send_http("POST", self.token_endpoint, data=form, auth=proof).json()
            # The answer is not shown: a server that is out of order may repeat the secret in it.
            if not isinstance(granted, dict) or "access_token" not in granted:
                raise ServiceUnreachable(f"{self.token_endpoint} gives no token")
            self._token = granted["access_token"]
        return self._token

    def _send_http(self, method: str, url: str, **parts: Any) -> ServiceResponse:
        if self.http is None:
            raise ServiceUnreachable("this backend is connected with nobody")
        try:
            answer = self.http.request(method, url, **parts)
        except httpx.HTTPError as error:
            raise ServiceUnreachable(f"{method} {url}: {error}") from error
        return ServiceResponse(answer.status_code, answer.content)
