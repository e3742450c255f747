"""WSGI applications (PEP 3333): how they are called, and several of them on one host."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Environ = dict[str, Any]
"""The environment of a request: CGI variables as text in Latin-1, and what begins with `wsgi.` or `opnc.`."""

StartResponse = Callable[..., Any]
"""Takes the status line, `200 OK`, and the headers, a list of names and values."""

App = Callable[[Environ, StartResponse], Iterable[bytes]]
"""A WSGI app; the body of its answer comes in pieces."""

Headers = list[tuple[str, str]]
"""Names, in any letter case and as often as they stand there, and values."""


def call(app: App, environ: Environ) -> tuple[str, Headers, bytes]:
    """Let an app answer a request.

    Args:
        app: Is called once.
        environ: The request; the app may change it.

    Returns:
        The status line, the headers and the whole body.
    """
    started: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, _error: object = None) -> None:
        # An app that fails half-way may start anew; the last start counts.
        started.append((status, headers))

    answer: Any = app(environ, start_response)
    with closing(answer) if hasattr(answer, "close") else nullcontext():
        content = b"".join(answer)
    status, headers = started[-1]
    return status, headers, content


def dispatcher(paths: Mapping[str, App], meant: Callable[[str], str] | None = None) -> App:
    """Return an app that hands each request to the app for the beginning of its path, else answers 404.

    Args:
        paths: Beginning of the path, whole segments, to app; the first that fits is taken.
        meant: Returns the path by which the app is chosen where none fits; the app gets the path as it is.
    """

    def chosen(path: str) -> App | None:
        for beginning, app in paths.items():
            if path.startswith(beginning) and path[len(beginning) : len(beginning) + 1] in {"", "/"}:
                return app
        return None

    def dispatch(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if app := chosen(path) or (meant and chosen(meant(path))):
            return app(environ, start_response)
        start_response("404 Not Found", [("content-type", "application/json")])
        return [json.dumps({"errorMessages": ["there is no service at this path"]}).encode()]

    return dispatch
