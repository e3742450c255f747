"""From the options of `opnc serve` to a server with its target file; servers in a process of their own."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import TYPE_CHECKING

from fixtures.target_file_text import Content, text
from opnc.problem import Problem
from opnc_conformance import suite
from opnc_conformance.commands.serve import MANAGEMENT_PORT, ORIGIN, RECEIVER_PORT
from simulators.ecosystem import CLEANSING_INTERVAL
from simulators.serve import private_files
from simulators.serve.listener import bind
from simulators.serve.server import LOOPBACK, MANAGEMENT, Order, Server

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

STARTS_WITHIN_S = 20.0
GREETING = 3
"""Lines that a server says when it is ready."""

DELIVERY_WINDOW_S = 0.5
"""Seconds in which an event of a server on this machine arrives, or never."""


def open_server(arguments: argparse.Namespace) -> Server:
    """Open a server and write its target file.

    Raises:
        Problem: If a socket, a file or the database cannot be used.
    """
    target: Path = arguments.write_target
    _demand_own(target)
    secrets = target.with_suffix(".secrets")
    chosen = arguments.port == 0
    receiver = f"{LOOPBACK}:{arguments.receiver_port or (_free_port() if chosen else RECEIVER_PORT)}"
    server = Server(
        Order(
            host=arguments.host,
            port=arguments.port,
            management_port=arguments.management_port
            if arguments.management_port is not None
            else (0 if chosen else MANAGEMENT_PORT),
            public_name=arguments.name,
            database=arguments.database,
            tls=arguments.tls_dir or target.parent / "tls",
            secret=private_files.keeper(secrets),
            receiver=receiver,
        )
    )
    _write(server, target, secrets, receiver)
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


def _free_port() -> int:
    with bind(LOOPBACK, 0) as listening:
        port: int = listening.getsockname()[1]
        return port


def _write(server: Server, target: Path, secrets: Path, receiver: str) -> None:
    roots = []
    for number, root in enumerate(server.ecosystem.rcp.held(), start=1):
        path = target.with_suffix(".roots") / f"{number}.pem"
        private_files.write(path, ssl.DER_cert_to_PEM_cert(root.certificate).encode(), mode=0o644)
        roots.append({"certificate": _relative(path, target), "types": root.types})
    content = Content(
        origin=ORIGIN,
        name=f"opnc serve, ecosystem {server.ecosystem.name}",
        vendor="opnc-conformance",
        version=suite.version(),
        services={each.name: server.ecosystem.url(each.name) for each in server.ecosystem.services},
        token_endpoint=server.ecosystem.token_endpoint,
        parties=_parties(server, secrets, target),
        trust_anchors=[_relative(server.identity.ca, target)],
        roots=roots,
        supports={"cleansing_interval_hours": CLEANSING_INTERVAL.total_seconds() / 3600},
        webhook={
            "callback_url": f"https://{receiver}",
            "bind": receiver,
            "certificate": _relative(server.receiver.certificate, target),
            "key_file": _relative(server.receiver.key, target),
            "delivery_window_s": DELIVERY_WINDOW_S,
        },
        management={
            "url": server.management_url,
            "token_file": _relative(secrets / MANAGEMENT, target),
        },
    )
    private_files.write(target, text(content).encode(), mode=0o644)


def _parties(server: Server, secrets: Path, target: Path) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for name, account in server.ecosystem.accounts.items():
        principal = account.principal
        found[name] = {
            "party": principal.party,
            "client_id": principal.subject,
            "client_secret_file": _relative(secrets / principal.subject, target),
        }
        for rights in ("wmis", "provider_ids", "operator_ids"):
            if values := sorted(getattr(principal, rights)):
                found[name][rights] = values
    return found


def _relative(path: Path, target: Path) -> str:
    return Path(os.path.relpath(path.resolve(), target.parent.resolve())).as_posix()


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
        raise Problem("the server did not start", hint="the message above says why")
