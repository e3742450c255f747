"""Where `opnc serve` listens, and where it expects testers to."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixtures.neighbours.ecosystems import NAMES
from simulators.serve.listener import bind
from simulators.serve.server import LOOPBACK

if TYPE_CHECKING:
    import argparse


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


def ports_of(arguments: argparse.Namespace) -> Ports:
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
        # Behind the four ports of the server itself.
        first = beside(tester, 4)
        receiver, status, *peers = range(first, first + 2 + len(NAMES))
    return Ports(*own, receiver, status, tuple(peers))


def _free_ports(count: int) -> list[int]:
    with ExitStack() as opened:
        # All open at once, or the system could give out one port twice.
        found = [opened.enter_context(bind(LOOPBACK, 0)) for _ in range(count)]
        return [each.getsockname()[1] for each in found]
