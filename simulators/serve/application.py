"""One WSGI app for all that an ecosystem serves, one request at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from io import BytesIO
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from simulators.kernel.service import MAXIMUM_BODY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from threading import Lock

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

THREADS = 16
"""Threads that answer: one works, the others wait for it, for their clients, or for other ecosystems."""

_SENDING = 6
"""How many clients may be sending a body at a time; the other threads stay free for those who do not."""


def dispatcher(paths: Mapping[str, App]) -> App:
    """Return an app that hands each request to the app for the beginning of its path."""

    def dispatch(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        for beginning, app in paths.items():
            if path.startswith(beginning) and path[len(beginning) : len(beginning) + 1] in {"", "/"}:
                return app(environ, start_response)
        return _refused(start_response, "404 Not Found", "there is no service at this path")

    return dispatch


def one_at_a_time(app: App, lock: Lock) -> App:
    """Return an app that has read the body before it waits for its turn.

    Whoever sends slowly, or never to the end, holds up nobody else.
    """
    sending = BoundedSemaphore(_SENDING)

    def take_turns(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ:
            if not sending.acquire(blocking=False):
                return _refused(start_response, "503 Service Unavailable", "too many slow senders")
            try:
                content = environ["wsgi.input"].read(MAXIMUM_BODY + 1)
            finally:
                sending.release()
            environ["wsgi.input"] = BytesIO(content)
            environ["CONTENT_LENGTH"] = str(len(content))
        with lock:
            return [b"".join(app(environ, start_response))]

    return take_turns


def _refused(start_response: Callable[..., Any], status: str, message: str) -> Iterable[bytes]:
    start_response(status, [("content-type", "application/json"), ("retry-after", "1")])
    return [json.dumps({"errorMessages": [message]}).encode()]
