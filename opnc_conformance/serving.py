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

from fixtures.target import file as target_file
from fixtures.target.template import text
from opnc.problem import Problem
from opnc_conformance import suite, wiring
from opnc_conformance.ports import ports_of
from opnc_conformance.served_target import ORIGIN, of_vendor, relative, target_file_content
from simulators.network.address_policy import AddressPolicy
from simulators.parties.elsewhere import Elsewhere
from simulators.serve import private_files
from simulators.serve.order import ServeOptions
from simulators.serve.server import LOOPBACK, Server

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

STARTS_WITHIN_S = 60.0
"""Seconds that a server may take on a machine that is busy with other things."""

FOLDER = Path(".opnc")
"""Where the files of servers lie unless told otherwise."""

VENDOR = "vendor"
"""The name of an ecosystem of which one service is served: its PKI is another than that of its tester."""

GREETING = 3
"""Lines that a server says when it is ready."""


def open_server(arguments: argparse.Namespace) -> Server:
    """Open a server and write its target file.

    Raises:
        Problem: If a socket, a file or the database cannot be used.
    """
    target: Path = arguments.write_target or default_target(arguments)
    _demand_own(target)
    companion = _companion(arguments, target)
    ports, secret = ports_of(arguments, target), private_files.keeper(target.with_suffix(".secrets"))
    allowed = AddressPolicy.of(arguments.allow) | companion.allowed
    order = ServeOptions(
        host=arguments.host,
        port=ports.services,
        management_port=ports.management,
        status_port=ports.own_status,
        backends_port=ports.backends,
        public_name=arguments.name,
        database=arguments.database,
        tls=arguments.tls_dir or _tls(arguments, target),
        secret=secret,
        # Testers listen on this machine, whose addresses nobody may name otherwise.
        private=replace(allowed, places=allowed.places | {(LOOPBACK, port) for port in ports.testers}),
        reading=arguments.ccp_broadcast,
        peers=tuple(f"https://{LOOPBACK}:{port}" for port in ports.peers),
        trusted=(*arguments.trust, *companion.trusted),
        name=VENDOR if arguments.only else "alpha",
        parties=companion.parties,
        elsewhere=companion.elsewhere,
        registered=companion.registered,
        locate=companion.locate,
    )
    server = Server(order)
    # Written when the ports are bound: whoever finds the file can rely on its addresses.
    content = target_file_content(server, target, ports, beside=arguments.beside)
    if arguments.only:
        content = of_vendor(content, arguments.only, _kept_simulator(target))
    private_files.write(target, text(content).encode(), mode=0o644)
    if arguments.beside:
        wiring.name_simulator(arguments.beside, relative(target, arguments.beside.parent))
    return server


def default_target(arguments: argparse.Namespace) -> Path:
    """Return the target file of a server where none is named: each has its own."""
    if arguments.beside:
        return FOLDER / f"beside-{arguments.beside.stem}.toml"
    return FOLDER / f"{arguments.only or 'target'}.toml"


def _companion(arguments: argparse.Namespace, target: Path) -> wiring.Companion:
    if arguments.only:
        return wiring.only(arguments.only, target)
    if arguments.beside:
        return wiring.beside(arguments.beside)
    return wiring.Companion(Elsewhere(frozenset(), lambda: None), AddressPolicy())


def _tls(arguments: argparse.Namespace, target: Path) -> Path:
    """Return the folder of the server's certificate: of its own where several servers share a folder."""
    return target.with_suffix(".tls") if arguments.only or arguments.beside else target.parent / "tls"


def _kept_simulator(target: Path) -> str | None:
    """Return who plays the rest around a vendor that comes back."""
    if not target.exists():
        return None
    found = target_file.simulated_by(target)
    return None if found is None else relative(found, target.parent)


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
