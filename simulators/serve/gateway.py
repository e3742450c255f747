"""Granian's requests (RSGI) for WSGI apps: bodies are gathered first, then one request at a time is answered.

Granian's own WSGI mode lets an app read from the client while it works: a client that sends slowly, or goes
away in the middle of a body, then holds a thread of the server for ever.
"""

from __future__ import annotations

import asyncio
import sys
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any

from granian._granian import RSGIProtocolClosed

from simulators.kernel.service import MAXIMUM_BODY, NON_BLOCKING, WouldBlock
from simulators.kernel.wsgi import call
from simulators.serve.scheduling import count_in, has_body

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from granian._granian import RSGIHTTPProtocol
    from granian.rsgi import Scope

    from simulators.kernel.wsgi import App, Environ, Headers
    from simulators.network.activity import Activity

SENT_WITHIN_S = 10.0
"""Seconds that a client has to send the whole body of a request."""

_COMMON: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.multithread": False,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}
_UNPREFIXED = {"CONTENT_TYPE", "CONTENT_LENGTH"}


class RsgiToWsgi:
    """The RSGI app around a WSGI app."""

    def __init__(
        self,
        app: App,
        lock: AbstractContextManager[object],
        blocking_threads: Executor,
        activity: Activity,
    ) -> None:
        """Get ready.

        Args:
            app: Answers requests; is never called by two threads at a time.
            lock: Held while it does.
            blocking_threads: Threads for requests that wait for other ecosystems.
            activity: Counts the requests that are under way.
        """
        self._app = app
        self._activity = activity
        self._lock = lock
        self._blocking_threads = blocking_threads

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have the requests counted of the worker that is about to start."""
        count_in(loop, self._activity)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Finish what is under way before Granian closes the loop: clients that went away have left it."""
        if left := asyncio.all_tasks(loop):
            loop.run_until_complete(asyncio.wait(left))

    async def __rsgi__(self, scope: Scope, protocol: RSGIHTTPProtocol) -> None:
        """Answer a request."""
        try:
            content = await _body(protocol) if has_body(scope) else b""
        except TimeoutError:
            protocol.response_bytes(HTTPStatus.REQUEST_TIMEOUT, [("connection", "close")], b"")
        except RSGIProtocolClosed:
            # The client has gone away.
            return
        else:
            protocol.response_bytes(*await self._answered(scope, content))

    async def _answered(self, scope: Scope, content: bytes) -> tuple[int, Headers, bytes]:
        """Answer at once, or else in a thread that can wait for other ecosystems."""
        try:
            return self._answer({**_environ(scope, content), NON_BLOCKING: True})
        except WouldBlock:
            # The request is answered once more from the start: nothing was stored or logged before this was
            # raised. Only the seeded randomness may have moved, by a trace id.
            # There may be no loop yet in this thread; behind this line there is (`scheduling`).
            await asyncio.sleep(0)
            waiting = asyncio.get_running_loop().run_in_executor
            return await waiting(self._blocking_threads, self._answer, _environ(scope, content))

    def _answer(self, environ: Environ) -> tuple[int, Headers, bytes]:
        # Taken in the event loop's thread as well: an app answers in less time than going to another takes.
        with self._lock:
            status, headers, content = call(self._app, environ)
        return int(status[:3]), headers, content


async def _body(protocol: RSGIHTTPProtocol) -> bytes:
    """Gather a body, and a little more than is allowed of one that is too long."""
    content = bytearray()
    async with asyncio.timeout(SENT_WITHIN_S):
        async for chunk in protocol:
            content += chunk
            # One chunk too late on purpose: the control `body` must see that it is too long, and answer 413.
            if len(content) > MAXIMUM_BODY:
                break
    return bytes(content)


def _environ(scope: Scope, content: bytes) -> Environ:
    """Return the environment of a request for WSGI, with its whole body."""
    environ: Environ = {
        **_COMMON,
        "REQUEST_METHOD": scope.method,
        # The octets of the path as Latin-1 (PEP 3333).
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(content),
        "wsgi.errors": sys.stderr,
    }
    environ["SERVER_NAME"], _, environ["SERVER_PORT"] = scope.server.rpartition(":")
    for name, value in scope.headers.items():
        key = name.upper().replace("-", "_")
        key = key if key in _UNPREFIXED else f"HTTP_{key}"
        # WSGI has one value per name; a list joined by commas is the same field (RFC 9110 section 5.3).
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    if content:
        # Of a body in chunks nobody has told the length.
        environ["CONTENT_LENGTH"] = str(len(content))
    return environ
