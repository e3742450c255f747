"""Hosts that exist in this process only: requests reach WSGI apps without a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import httpx

from simulators.kernel.service import HEADER_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.kernel.wsgi import App, Environ, StartResponse

Respond = Callable[[httpx.Request], httpx.Response]


class Hosts:
    """Hands requests to the hosts it knows, and nowhere else."""

    def __init__(self) -> None:
        self._responders: dict[str, Respond] = {}

    def add(self, responders: Mapping[str, Respond]) -> None:
        """Let further hosts answer, given by their names."""
        self._responders |= responders

    def respond(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            httpx.ConnectError: If there is no such host.
        """
        # By the host alone: in process a port means nothing.
        respond = self._responders.get(request.url.host)
        if respond is None:
            raise httpx.ConnectError(f"there is no host {request.url.host} in this process", request=request)
        return respond(request)


def responder(app: App) -> Respond:
    """Return what hands requests to an app, which is also told how the names of the headers were spelled."""

    def respond(request: httpx.Request) -> httpx.Response:
        names = tuple(name.decode("ascii") for name, _ in request.headers.raw)

        def informed(environ: Environ, start: StartResponse) -> Iterable[bytes]:
            # PEP 3333: the path's bytes as Latin-1; httpx hands over its characters.
            path = environ["PATH_INFO"].encode().decode("latin-1")
            return app({**environ, "PATH_INFO": path, HEADER_NAMES: names}, start)

        return httpx.WSGITransport(informed).handle_request(request)

    return respond
