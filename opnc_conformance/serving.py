"""From the options of `opnc serve` to a server with its target file; servers in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import TYPE_CHECKING

from fixtures.target.template import text
from opnc.problem import Problem
from opnc_conformance import suite
from opnc_conformance.ports import ports_of
from opnc_conformance.served_target import ORIGIN, target_file_content
from simulators.network.address_policy import AddressPolicy
from simulators.serve import private_files
from simulators.serve.server import LOOPBACK, ServeOptions, Server

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

STARTS_WITHIN_S = 60.0
"""Seconds that a server may take on a machine that is busy with other things."""

GREETING = 3
"""Lines that a server says when it is ready."""


def open_server(arguments: argparse.Namespace) -> Server:
    """Open a server and write its target file.

    Raises:
        Problem: If a socket, a file or the database cannot be used.
    """
    target: Path = arguments.write_target
    _demand_own(target)
    ports, secret = ports_of(arguments), private_files.keeper(target.with_suffix(".secrets"))
    allowed = AddressPolicy.of(arguments.allow)
    order = ServeOptions(
        host=arguments.host,
        port=ports.services,
        management_port=ports.management,
        status_port=ports.own_status,
        backends_port=ports.backends,
        public_name=arguments.name,
        database=arguments.database,
        tls=arguments.tls_dir or target.parent / "tls",
        secret=secret,
        # Testers listen on this machine, whose addresses nobody may name otherwise.
        private=replace(allowed, places=allowed.places | {(LOOPBACK, port) for port in ports.testers}),
        reading=arguments.ccp_broadcast,
        peers=tuple(f"https://{LOOPBACK}:{port}" for port in ports.peers),
        trusted=tuple(arguments.trust),
    )
    server = Server(order)
    # Written when the ports are bound: whoever finds the file can rely on its addresses.
    private_files.write(target, text(target_file_content(server, target, ports)).encode(), mode=0o644)
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


@contextmanager
def server_process(*options: str) -> Iterator[Path]:
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
            # The package may be installed or not; the process has to find the one that runs here.
            env={**os.environ, "PYTHONPATH": str(Path(suite.__file__).parents[1])},
        )
        try:
            _await_greeting(process)
            yield target
        finally:
            process.terminate()
            # Also reads what it still says: a server that cannot write does not end.
            process.communicate(timeout=STARTS_WITHIN_S)


def _await_greeting(process: subprocess.Popen[str]) -> None:
    # `readline` knows no time limit, but ends when the process does.
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
