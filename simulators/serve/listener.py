"""A WSGI app on a socket: Granian's worker, in a thread of this process.

Granian's own command starts its workers as processes of their own; what is killed hard leaves them behind,
and every one would have an ecosystem of its own. Its thread server, made for Python without the lock of the
interpreter, does what is needed here: it only is not to install signal handlers and wait.
"""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Any

from granian._granian import SocketHolder
from granian.constants import Interfaces, Loops, RuntimeModes, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.mt import MTServer

from opnc.problem import Problem
from simulators.network.activity import Activity
from simulators.serve import foreign_threads, scheduling
from simulators.serve.gateway import RsgiToWsgi

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from simulators.kernel.wsgi import App
    from simulators.serve.certificates import ServerIdentity

scheduling.install()

BACKLOG = 1024
STOPS_WITHIN_S = 3
"""Seconds that requests under way get when the server stops."""

MAX_BLOCKING_REQUESTS = 32
"""Requests that can wait for other ecosystems at a time; further ones wait for those."""

_PORTS = "a port from 0 (any free one) to 65535"


def bind(host: str, port: int) -> socket.socket:
    """Open a socket that nobody else listens on; on Windows others may share its port.

    Args:
        host: Name or address of this machine.
        port: 0 takes any free one.

    Raises:
        Problem: If that cannot be; says why.
    """
    where = f"{host}:{port}"
    if not 0 <= port <= 65535:
        raise Problem("there is no such port", where=where, hint=f"give {_PORTS}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise Problem(
            f"this is no address to listen on: {error}",
            where=where,
            hint="give a name or an address of this machine",
        ) from error
    listening = socket.socket(family, kind, protocol)
    try:
        # A server that comes back finds the connections of its predecessor still closing.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
        # Granian takes the descriptor over and polls it.
        listening.settimeout(0)
    except OSError as error:
        listening.close()
        raise Problem(f"cannot listen: {error.strerror}", where=where, hint="choose another port") from error
    return listening


class Listener(MTServer):
    """Answers the requests of one socket."""

    def __init__(
        self,
        app: App,
        listening: socket.socket,
        *,
        lock: AbstractContextManager[object] | None = None,
        identity: ServerIdentity | None = None,
        activity: Activity | None = None,
    ) -> None:
        """Get ready to serve.

        Args:
            app: The WSGI app.
            listening: An open socket, which is taken over.
            lock: Held while the app answers a request; absent, nobody else needs it.
            identity: What TLS 1.3 is spoken with; absent, plain HTTP is spoken.
            activity: Counts the requests that are under way, each from the moment at which it came.

        Raises:
            Problem: If certificate and key cannot be used.
        """
        try:
            super().__init__(
                "",
                interface=Interfaces.RSGI,
                runtime_mode=RuntimeModes.st,
                loop=Loops.asyncio,
                websockets=False,
                http1_settings=HTTP1Settings(),
                ssl_cert=identity.certificate if identity else None,
                ssl_key=identity.key if identity else None,
                ssl_protocol_min=SSLProtocols.tls13,
                workers_kill_timeout=STOPS_WITHIN_S,
                log_enabled=False,
            )
        except ssl.SSLError as error:
            raise Problem(
                f"certificate and key do not go together: {error.reason}",
                where=str(identity and identity.certificate),
            ) from error
        self._blocking_threads = ThreadPoolExecutor(MAX_BLOCKING_REQUESTS, "elsewhere")
        self._rsgi_app = RsgiToWsgi(app, lock or Lock(), self._blocking_threads, activity or Activity())
        # Its stub names no arguments: the descriptor, whether it is a UNIX socket, the backlog.
        holder: Any = SocketHolder
        self._shd = holder(listening.detach(), False, BACKLOG)  # noqa: FBT003 - takes no keywords

    def start(self) -> None:
        """Serve from now on."""
        foreign_threads.expect()
        spawn: Any = self._spawn_workers
        spawn(self._spawn_rsgi_worker, self._rsgi_app)

    @property
    def alive(self) -> bool:
        """Whether requests are answered."""
        workers: list[Any] = self.wrks
        return all(worker.is_alive() for worker in workers)

    def stop(self) -> bool:
        """Finish what is under way and stop; tell whether nothing had to be left unfinished."""
        workers: list[Any] = list(self.wrks)
        stop: Any = self._stop_workers
        stop()
        finished = not any(worker.inner.is_alive() for worker in workers)
        # Nobody hands it anything any more; what it still does uses what the caller may close next.
        self._blocking_threads.shutdown(wait=finished)
        return finished
