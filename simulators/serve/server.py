"""An ecosystem with its sockets: what `opnc serve` runs."""

from __future__ import annotations

import logging
import re
import socket
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from functools import partial
from queue import SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING

import httpx

from opnc import contract
from opnc.clock import RunningClock
from opnc.tls import trust
from simulators.collaboration import SHARED, Peer
from simulators.ecosystem import Ecosystem
from simulators.event.delivery_workers import DeliveryWorkers
from simulators.kernel.authorization import TOKEN_PATH
from simulators.kernel.ecosystem_lock import EcosystemLock
from simulators.kernel.wsgi import dispatcher
from simulators.network.activity import Activity
from simulators.network.deadline import DeadlineTransport
from simulators.network.outbound import PEERS_S, Outbound, look_up
from simulators.serve import certificates, private_files
from simulators.serve.connections import OCCURRENCES, handing_on, occurrences
from simulators.serve.listener import Listener, bind
from simulators.serve.lock_release import LockReleasingOutbound, ShutdownInProgress
from simulators.serve.management import Management
from simulators.serve.wakeup import Wakeup

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Sequence
    from datetime import timedelta

    from simulators.event.delivery import OutgoingRequest
    from simulators.event.delivery_workers import SenderFactory
    from simulators.kernel.fault_injection import Behaviour
    from simulators.kernel.wsgi import App
    from simulators.network.address_policy import AddressPolicy
    from simulators.serve.certificates import ServerIdentity
    from simulators.serve.order import ServeOptions

_logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - to tell them from other addresses
TICK_S = 1.0
"""Seconds between two looks at what has become due."""

FOREIGN_S = 5.0
"""Seconds in which a foreign host must do something."""

EXCHANGE_S = 10.0
"""Seconds that sending an event may take in all."""

RESET_S = 2 * EXCHANGE_S
"""Seconds that a reset waits for what is under way: a request may wait for the slowest foreign host."""

PEERS = "peers"
"""The name of the secret that peers know this ecosystem by."""

MANAGEMENT = "management"
"""The name of the management port's secret."""


class Server:
    """One ecosystem, served.

    Attributes:
        ecosystem: What is served.
        url: What all addresses of services begin with.
        status_url: What the addresses begin with that certificates name.
        management_url: The address of the management port.
        backends_url: What all addresses of backends begin with.
        identity: Whom clients have to trust.
        receiver: What the tester's receiver of events shows, so that this server trusts it.
    """

    def __init__(self, options: ServeOptions) -> None:
        """Open everything, but answer nobody yet.

        Raises:
            Problem: If a socket, a file or the database cannot be used.
        """
        self._lock = EcosystemLock()
        self._activity = Activity()
        self._wake = Wakeup()
        self._stopping = False
        self._advances: SimpleQueue[tuple[timedelta, Future[None]]] = SimpleQueue()
        self._advancing = Lock()
        self._advances_end = False
        with ExitStack() as opened:
            # All sockets are bound before the ecosystem is made: certificates and database keep the ports in
            # their addresses.
            listening = opened.enter_context(bind(options.host, options.port))
            managing = opened.enter_context(bind(LOOPBACK, options.management_port))
            telling = opened.enter_context(bind(options.host, options.status_port))
            backing = opened.enter_context(bind(options.host, options.backends_port))
            name = options.public_name or _name_of(options.host)
            names = dict.fromkeys((name, "localhost", LOOPBACK, "::1"))
            self.url = f"https://{_in_url(name)}:{listening.getsockname()[1]}"
            self.status_url = f"http://{_in_url(name)}:{telling.getsockname()[1]}"
            self.backends_url = f"https://{_in_url(name)}:{backing.getsockname()[1]}"
            self.management_url = f"http://{LOOPBACK}:{managing.getsockname()[1]}"
            self.identity = certificates.identity(options.tls, tuple(names))
            self.receiver = certificates.identity(options.tls / "receiver", (LOOPBACK, "localhost"))
            self.ecosystem = self._ecosystem(options)
            self._listeners = (
                *self._listen(listening, managing, options.secret),
                # Services too, which refuse to be had there: the mistake that is easily made beside them.
                self._listener(
                    dispatcher({**self.ecosystem.status.paths, **self.ecosystem.service_paths}), telling
                ),
                self._backend_listener(backing, options),
            )

    def _ecosystem(self, options: ServeOptions) -> Ecosystem:
        # Of the receiver of a tester the certificate itself may be all that is known.
        context = trust((self.receiver.ca, *options.trusted), system=True, partial_chain=True)
        carrying = DeadlineTransport(context, FOREIGN_S)
        self._http = httpx.Client(transport=carrying, timeout=FOREIGN_S, trust_env=False)
        outbound = LockReleasingOutbound(
            self._http, options.private, self._lock, lambda: self._stopping, self._activity
        )
        # A client for each peer that is asked: they are asked by threads, at the same time.
        outbound.fresh = partial(_fresh, context)
        ecosystem = Ecosystem(
            options.name,
            clock=RunningClock(),
            database=options.database,
            base_url=self.url,
            status_url=self.status_url,
            secret=options.secret,
            outbound=outbound,
            parties=options.parties,
            elsewhere=options.elsewhere,
            registered=options.registered,
        )
        ecosystem.elsewhere.released = outbound.others_let_in
        # Behind the ecosystem, which needs the way out before there is a store to ask.
        outbound.in_transaction = lambda: ecosystem.store.in_transaction
        self._workers = DeliveryWorkers(
            ecosystem.event.deliverer,
            ecosystem.store,
            sender_factory(context, options.private),
            self._wake.set,
            self._activity,
        )
        ecosystem.event.use_delivery(self._workers.dispatch_due)
        ecosystem.bus.set_waker(self._wake.set)
        ecosystem.peers.onboard(_peers(options, ecosystem.name))
        ecosystem.ccp.collaboration.reading = options.reading
        ecosystem.resume()
        return ecosystem

    def _listen(
        self, listening: socket.socket, managing: socket.socket, secret: Callable[[str], str]
    ) -> tuple[Listener, Listener]:
        management = Management(
            self.ecosystem,
            secret(MANAGEMENT),
            private_files.read(self.identity.ca),
            self._lock,
            self._advance,
            self._reset,
        )
        # Orders are not counted: one of them waits for everything else.
        told = occurrences(self.ecosystem, secret(OCCURRENCES.strip("/")))
        services = dispatcher({**self.ecosystem.paths, OCCURRENCES: told}, _of_any_version)
        handed_on = handing_on(services, self.ecosystem.elsewhere)
        return self._listener(handed_on, listening, self.identity), Listener(management.app, managing)

    def _listener(
        self, app: App, listening: socket.socket, identity: ServerIdentity | None = None
    ) -> Listener:
        """Return who answers for the ecosystem."""
        return Listener(app, listening, lock=self._lock, identity=identity, activity=self._activity)

    def _backend_listener(self, listening: socket.socket, options: ServeOptions) -> Listener:
        """Return who answers for the backends: parties of their own, who call the services as others do."""
        context = trust([self.identity.ca])
        # Its own client and trust: backends are outside of the ecosystem, and see it as others do.
        self._backend_client = httpx.Client(verify=context, timeout=FOREIGN_S, trust_env=False)
        self.ecosystem.backends.connect(self._backend_client, self.backends_url)
        for backend in self.ecosystem.backends:
            backend.context.client.locate = options.locate
        paths = self.ecosystem.backends.paths
        return Listener(dispatcher(paths), listening, identity=self.identity, activity=self._activity)

    def start(self) -> None:
        """Answer from now on."""
        for listener in self._listeners:
            listener.start()

    def run(self) -> None:
        """Do what becomes due, until `end` is called or the sockets are dead."""
        try:
            while not self._stopping and all(listener.alive for listener in self._listeners):
                self._wake.wait(TICK_S)
                with self._activity.one(), self._lock:
                    self._run_due_tasks()
        finally:
            self._refuse_advances()

    @property
    def ending(self) -> bool:
        """Whether `end` was called."""
        return self._stopping

    def end(self) -> None:
        """Let `run` come to its end; may be called by a signal handler."""
        self._stopping = True
        self._wake.set()

    def _reset(self, seed: str, behaviours: Sequence[Behaviour]) -> int:
        """Bring the ecosystem to its first state when all is over that was begun before.

        What goes on afterwards would take part in what comes next: write into stores that were emptied, and
        ask others who count what they are asked.

        Args:
            seed: As for `Ecosystem.reset`.
            behaviours: What is switched on then.

        Returns:
            How many things are still under way, after `RESET_S`.
        """
        with self._workers.paused():
            left = self._activity.wait_until_idle(RESET_S)
            with self._lock:
                # A fault must not spoil the first state.
                self.ecosystem.inject_faults(())
                self.ecosystem.reset(seed)
                self._workers.forget()
                self.ecosystem.inject_faults(behaviours)
        return left

    def _advance(self, by: timedelta) -> None:
        """Let the thread of `run` move the clock, since it alone sends to foreign hosts; wait for it.

        Raises:
            ShutdownInProgress: If the clock is not moved any more since the server is about to stop.
            Exception: Whatever made it impossible to move the clock.
        """
        done: Future[None] = Future()
        with self._advancing:
            if self._advances_end:
                raise ShutdownInProgress
            self._advances.put((by, done))
        self._wake.set()
        done.result()

    def _refuse_advances(self) -> None:
        """Let nobody wait for what nobody will do any more."""
        with self._advancing:
            self._advances_end = True
            while not self._advances.empty():
                _, done = self._advances.get()
                done.set_exception(ShutdownInProgress())

    def _run_due_tasks(self) -> None:
        try:
            while not self._advances.empty():
                by, done = self._advances.get()
                try:
                    self._move_clock(by)
                    # What follows elsewhere has been told when the answer comes.
                    self.ecosystem.elsewhere.hand_on()
                except BaseException as error:
                    done.set_exception(error)
                    raise
                done.set_result(None)
            self.ecosystem.tick()
            self.ecosystem.elsewhere.hand_on()
        except ShutdownInProgress:
            _logger.info("what is due is left for the next start")
        except Exception:
            # A database that is away for a moment must not end the server.
            _logger.exception("what is due could not be done")

    def _move_clock(self, by: timedelta) -> None:
        self.ecosystem.event.use_delivery(self._drain)
        try:
            # What is on its way is answered at the moment at which it was sent.
            self._drain()
            self.ecosystem.advance(by)
        finally:
            self.ecosystem.event.use_delivery(self._workers.dispatch_due)

    def _drain(self) -> None:
        if self._stopping:
            # A clock that is put forward by years goes from one moment to the next for long.
            raise ShutdownInProgress
        self._workers.drain(self._lock)

    def stop(self) -> bool:
        """Finish what is under way and give everything back; tell whether nothing was left unfinished.

        A request that is left unfinished may still use the store, which then stays open: what was
        acknowledged has been committed before it was answered, and needs no close.
        """
        self._refuse_advances()
        finished = [listener.stop() for listener in self._listeners]
        if all(finished):
            # Workers before the store: what they bring is still noted there.
            self._workers.stop()
            self.ecosystem.close()
            self._http.close()
            self._backend_client.close()
        return all(finished)


def _peers(options: ServeOptions, name: str) -> Iterator[Peer]:
    """Yield the peers as this ecosystem knows them; their services are where ours are."""
    for number, url in enumerate(options.peers, start=1):
        services = {each: url + contract.load().service(each).base for each in SHARED}
        # Its account with all of them has one name and one secret (`PEERS`).
        yield Peer(f"peer {number}", services, url + TOKEN_PATH, name, options.secret(PEERS))


def _fresh(context: ssl.SSLContext) -> httpx.Client:
    """Return a client for one exchange, which does not take longer than others wait for it."""
    return httpx.Client(
        transport=DeadlineTransport(context, PEERS_S), timeout=httpx.Timeout(PEERS_S), trust_env=False
    )


def sender_factory(context: ssl.SSLContext, private: AddressPolicy) -> SenderFactory:
    """Return how receivers are reached: over a connection for each batch of theirs."""

    @contextmanager
    def sender() -> Iterator[Callable[[OutgoingRequest], int | None]]:
        carrying = DeadlineTransport(context, EXCHANGE_S)
        with httpx.Client(transport=carrying, timeout=FOREIGN_S, trust_env=False) as http:
            outbound = Outbound(http, lookup=look_up, private=private)
            yield lambda request: outbound.post(request.url, request.content, request.headers)

    return sender


def _of_any_version(path: str) -> str:
    """Return a path as under the version that is served: that there is no other, the service itself says."""
    return re.sub(r"^/opnc/[^/]+/", "/opnc/v1/", path)


def _name_of(host: str) -> str:
    """Return the name by which others reach a server that listens on a host."""
    return socket.gethostname() if host in EVERYWHERE else host


def _in_url(name: str) -> str:
    return f"[{name}]" if ":" in name else name
