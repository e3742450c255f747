"""From the options of `opnc serve` to a server with its target file; servers in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import TYPE_CHECKING

from fixtures.neighbours import NAMES
from fixtures.target_file_text import text
from opnc.problem import Problem
from opnc_conformance import suite
from opnc_conformance.served_target import ORIGIN, declare
from simulators.private_hosts import PrivateHosts
from simulators.serve import private_files
from simulators.serve.listener import bind
from simulators.serve.server import LOOPBACK, Order, Server

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

STARTS_WITHIN_S = 60.0
"""Seconds that a server may take on a machine that is busy with other things."""

GREETING = 3
"""Lines that a server says when it is ready."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a server listens, and where testers on this machine do.

    Attributes:
        own_status: Where the server tells the status of its certificates; `status` is where testers do.
    """

    services: int
    management: int
    own_status: int
    backends: int
    receiver: int
    status: int
    peers: tuple[int, ...]

    @property
    def testers(self) -> tuple[int, ...]:
        """Where testers on this machine listen."""
        return self.receiver, self.status, *self.peers


def open_server(arguments: argparse.Namespace) -> Server:
    """Open a server and write its target file.

    Raises:
        Problem: If a socket, a file or the database cannot be used.
    """
    target: Path = arguments.write_target
    _demand_own(target)
    ports, secret = _ports(arguments), private_files.keeper(target.with_suffix(".secrets"))
    allowed = PrivateHosts.of(arguments.allow)
    order = Order(
        host=arguments.host,
        port=ports.services,
        management_port=ports.management,
        status_port=ports.own_status,
        backends_port=ports.backends,
        public_name=arguments.name,
        database=arguments.database,
        tls=arguments.tls_dir or target.parent / "tls",
        secret=secret,
        private=replace(allowed, places=allowed.places | {(LOOPBACK, port) for port in ports.testers}),
        reading=arguments.ccp_broadcast,
        peers=tuple(f"https://{LOOPBACK}:{port}" for port in ports.peers),
        trusted=tuple(arguments.trust),
    )
    server = Server(order)
    private_files.write(target, text(declare(server, target, ports)).encode(), mode=0o644)
    return server


def _demand_own(target: Path) -> None:
    """Refuse to overwrite a target file that somebody else has written.

    Raises:
        Problem: If it is one.
    """
    if target.exists() and ORIGIN.encode() not in private_files.read(target):
        raise Problem(
            "there is a file already that `opnc serve` has not written",
            where=str(target),
            hint="name another with --write-target",
        )


def _ports(arguments: argparse.Namespace) -> Ports:
    """Return the ports: those asked for, else a row of neighbours, or any free ones."""
    port, tester = arguments.port, arguments.tester_port

    def beside(chosen: int | None, distance: int) -> int:
        return chosen if chosen is not None else port + distance if port else 0

    own = (
        port,
        beside(arguments.management_port, 1),
        beside(arguments.status_port, 2),
        beside(arguments.backends_port, 3),
    )
    if tester is None and not port:
        receiver, status, *peers = _free_ports(2 + len(NAMES))
    else:
        first = beside(tester, 4)
        receiver, status, *peers = range(first, first + 2 + len(NAMES))
    return Ports(*own, receiver, status, tuple(peers))


def _free_ports(count: int) -> list[int]:
    with ExitStack() as opened:
        found = [opened.enter_context(bind(LOOPBACK, 0)) for _ in range(count)]
        return [each.getsockname()[1] for each in found]


@contextmanager
def running(*options: str) -> Iterator[Path]:
    """Run a server of its own in another process, on free ports; yield its target file.

    Raises:
        Problem: If it does not start.
    """
    with TemporaryDirectory(prefix="opnc-serve-") as folder:
        target = Path(folder) / "target.toml"
        line = [sys.executable, "-m", "opnc_conformance", "serve", "--port", "0"]
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*line, "--write-target", str(target), *options],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(suite.__file__).parents[1])},
        )
        try:
            _await_greeting(process)
            yield target
        finally:
            process.terminate()
            process.communicate(timeout=STARTS_WITHIN_S)


def _await_greeting(process: subprocess.Popen[str]) -> None:
    impatience = Timer(STARTS_WITHIN_S, process.kill)
    impatience.start()
    try:
        said = process.stdout and [process.stdout.readline() for _ in range(GREETING)]
    finally:
        impatience.cancel()
    if not said or not all(said):
        raise Problem(
            f"the server has ended at once, or was not ready after {STARTS_WITHIN_S:.0f} s",
            hint="if it has ended, the message above says why",
        )
