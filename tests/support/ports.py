"""Ports for servers whose address has to be known before they listen."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from secrets import randbelow

from tests.support.peers import LOOPBACK

FIRST, LAST = 20_000, 32_000
"""Where rows of ports are looked for: below those that systems hand out for connections."""

_HELD: list[socket.socket] = []
"""Keeps the ports until the process ends."""


def free_port() -> int:
    """Return a port on which nobody listens and which nobody else is given as long as the tests run."""
    return _hold(0)


def free_row(count: int) -> int:
    """Return the first of so many ports in a row, each of them free as with `free_port`."""
    while True:
        first = FIRST + randbelow(LAST - FIRST)
        with suppress(OSError):
            for port in range(first, first + count):
                _hold(port)
            return first


def _hold(port: int) -> int:
    """Bind a port without listening: connections are refused, and a server of ours can still listen there.

    That works by `SO_REUSEADDR`, which our servers set too. Where it means something else, the port is given
    back, and it can only be hoped that nobody takes it meanwhile.
    """
    held = socket.socket()
    try:
        # Without it at first: of two that hold a port, the second is refused.
        held.bind((LOOPBACK, port))
    except OSError:
        held.close()
        raise
    found = int(held.getsockname()[1])
    if sys.platform == "linux":
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _HELD.append(held)
    else:
        held.close()
    return found
