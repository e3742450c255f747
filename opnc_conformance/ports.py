"""Where `opnc serve` listens, and where it expects testers to."""

from __future__ import annotations

import tomllib
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fixtures.neighbours.ecosystems import NAMES
from opnc.problem import Problem
from simulators.serve.listener import bind
from simulators.serve.server import LOOPBACK

if TYPE_CHECKING:
    import argparse
    from pathlib import Path


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


FIRST, ROW, ROWS = 8443, 4 + 2 + len(NAMES), 50
"""Where the rows of ports begin, how long they are, and how many are looked at."""


def ports_of(arguments: argparse.Namespace, target: Path) -> Ports:
    """Return the ports: those asked for, else a row of neighbours, or any free ones.

    Args:
        arguments: The options.
        target: The target file of the server, which says where it was before.
    """
    port, tester = arguments.port, arguments.tester_port
    if port is None:
        # An ecosystem that is whole is looked for where it always is; others stand beside one another.
        port = _free_row(target) if arguments.only or arguments.beside else FIRST

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
        # Behind the four ports of the server itself.
        first = beside(tester, 4)
        receiver, status, *peers = range(first, first + 2 + len(NAMES))
    return Ports(*own, receiver, status, tuple(peers))


def _free_row(target: Path) -> int:
    """Return the first port of a row that nobody listens on: the earlier one of a server that comes back.

    Raises:
        Problem: If there is none.
    """
    rows = [FIRST + ROW * number for number in range(1, ROWS)]
    before = _earlier_port(target)
    for port in rows if before is None else [before, *rows]:
        if _is_free(port):
            return port
    raise Problem(f"no {ROW} ports in a row are free from {FIRST} on", hint="choose one with --port")


def _is_free(first: int) -> bool:
    try:
        with ExitStack() as opened:
            for port in range(first, first + ROW):
                opened.enter_context(bind(LOOPBACK, port))
    except Problem:
        return False
    return True


def _earlier_port(target: Path) -> int | None:
    """Return the port of the services that a server has written into its target file."""
    try:
        services = tomllib.loads(target.read_text(encoding="utf-8")).get("services", {})
        return next((urlsplit(url).port for url in services.values()), None)
    except (OSError, ValueError):
        return None


def _free_ports(count: int) -> list[int]:
    with ExitStack() as opened:
        # All open at once, or the system could give out one port twice.
        found = [opened.enter_context(bind(LOOPBACK, 0)) for _ in range(count)]
        return [each.getsockname()[1] for each in found]
