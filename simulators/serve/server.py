"""An ecosystem with its sockets: what `opnc serve` runs."""

from __future__ import annotations

import logging
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from opnc.clock import RunningClock
from simulators.ecosystem import Ecosystem
from simulators.serve import certificates, private_files
from simulators.serve.application import THREADS, dispatcher, one_at_a_time
from simulators.serve.listener import Listener, bind
from simulators.serve.management import Management

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from threading import Event

_logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - to tell them from other addresses
TICK = 1.0
"""Seconds between two looks at what has become due."""


@dataclass(frozen=True, slots=True)
class Order:
    """How to serve.

    Attributes:
        host: Name or address to listen on.
        port: Where to listen; 0 takes any free port.
        management_port: Likewise for the management port, which is on the loopback address.
        public_name: The name or address by which others reach the server; None: `host`, or the name of this
            machine if `host` stands for all addresses.
        database: As SQLAlchemy names it.
        tls: Folder of the server's certificate, key and CA.
        secret: Gives the secret of a name: an account's, or that of the management port.
    """

    host: str
    port: int
    management_port: int
    public_name: str | None
    database: str
    tls: Path
    secret: Callable[[str], str]


MANAGEMENT = "management"
"""The name of the management port's secret."""


class Server:
    """One ecosystem, served.

    Attributes:
        ecosystem: What is served.
        url: What all addresses of services begin with.
        management_url: The address of the management port.
        identity: Whom clients have to trust.
    """

    def __init__(self, order: Order) -> None:
        """Open everything, but answer nobody yet.

        Raises:
            Problem: If a socket, a file or the database cannot be used.
        """
        with ExitStack() as opened:
            listening = opened.enter_context(bind(order.host, order.port))
            managing = opened.enter_context(bind(LOOPBACK, order.management_port))
            name = order.public_name or (socket.gethostname() if order.host in EVERYWHERE else order.host)
            names = dict.fromkeys((name, "localhost", LOOPBACK, "::1"))
            self.url = f"https://{_in_url(name)}:{listening.getsockname()[1]}"
            self.management_url = f"http://{LOOPBACK}:{managing.getsockname()[1]}"
            self.identity = certificates.identity(order.tls, tuple(names))
            self.ecosystem = Ecosystem(
                clock=RunningClock(), database=order.database, base_url=self.url, secret=order.secret
            )
            self.ecosystem.resume()
            self._lock = Lock()
            self._listeners = self._listen(listening, managing, order.secret(MANAGEMENT))

    def _listen(
        self, listening: socket.socket, managing: socket.socket, token: str
    ) -> tuple[Listener, Listener]:
        services = one_at_a_time(dispatcher(self.ecosystem.paths), self._lock)
        management = Management(self.ecosystem, token, private_files.read(self.identity.ca))
        return (
            Listener(services, listening, threads=THREADS, identity=self.identity),
            Listener(one_at_a_time(management.app, self._lock), managing, threads=2),
        )

    def start(self) -> None:
        """Answer from now on."""
        for listener in self._listeners:
            listener.start()

    def run(self, stop: Event) -> None:
        """Do what becomes due, until somebody wants an end or the sockets are dead."""
        while not stop.wait(TICK) and all(listener.alive for listener in self._listeners):
            with self._lock:
                self._tick()

    def _tick(self) -> None:
        try:
            self.ecosystem.tick()
        except Exception:
            # A database that is away for a moment must not end the server.
            _logger.exception("what is due could not be done")

    def stop(self) -> bool:
        """Finish what is under way and give everything back; tell whether nothing was left unfinished."""
        finished = [listener.stop() for listener in self._listeners]
        with self._lock:
            self.ecosystem.close()
        return all(finished)


def _in_url(name: str) -> str:
    return f"[{name}]" if ":" in name else name
