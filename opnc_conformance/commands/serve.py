"""`opnc serve`: a complete simulated ecosystem on a TLS port, with a target file to run against it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from simulators.serve.server import Server

PORT = 8443
TARGET_FILE = Path(".opnc") / "target.toml"
EXIT_BROKEN = 4


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="name or address to listen on (127.0.0.1)")
    add("--port", type=int, default=PORT, help=f"0 takes any free one ({PORT})")
    add("--management-port", type=int, metavar="PORT", help="on 127.0.0.1 (the port + 1)")
    add("--tester-port", type=int, metavar="PORT", help="first of six where testers listen (the port + 4)")
    add("--status-port", type=int, metavar="PORT", help="OCSP and CRLs, without TLS (the port + 2)")
    add("--backends-port", type=int, metavar="PORT", help="simulated backends of parties (the port + 3)")
    add(
        "--ccp-broadcast",
        choices=("A", "B"),
        default="A",
        help="its reading of the mark, ERR-080 (A)",
    )
    add("--name", help="name or address by which others reach the server, if it is not the host")
    add("--database", default="sqlite://", metavar="URL", help="sqlite:///FILE or postgresql://... (memory)")
    add("--write-target", type=Path, default=TARGET_FILE, metavar="FILE", help=f"({TARGET_FILE})")
    add("--tls-dir", type=Path, metavar="DIR", help="certificate, key and CA (tls, beside the target file)")
    add(
        "--allow",
        action="append",
        default=[],
        metavar="HOST:PORT|NETWORK",
        help="may be sent events and asked for statuses although it is private; repeatable",
    )
    add(
        "--trust",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="CAs of receivers of events, PEM, beside those of this machine; repeatable",
    )
    parser.epilog = (
        "Runs until it is stopped with Ctrl-C or SIGTERM. Exit codes: 0 stopped, 2 usage, 4 broken."
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until somebody wants an end.

    Raises:
        Problem: If a socket, a file or the database cannot be used.
    """
    # Importing the simulators takes longer than showing the help should.
    import logging  # noqa: PLC0415
    import os  # noqa: PLC0415
    import signal  # noqa: PLC0415
    import sys  # noqa: PLC0415

    from opnc_conformance import serving  # noqa: PLC0415

    logging.basicConfig(format="opnc serve: %(levelname)s: %(message)s", level=logging.WARNING)
    server = serving.open_server(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.end())
    server.start()
    print(_greeting(server, arguments), flush=True)
    server.run()
    stopped_as_told = server.ending
    finished = server.stop()
    if not finished:
        # A client that never ends its request must not keep the process alive.
        sys.stdout.flush()
        os._exit(0 if stopped_as_told else EXIT_BROKEN)
    return 0 if stopped_as_told else EXIT_BROKEN


def _greeting(server: Server, arguments: argparse.Namespace) -> str:
    target = arguments.write_target
    return (
        f"serving ecosystem {server.ecosystem.name} at {server.url}/opnc/v1/, CA {server.identity.ca}\n"
        f"management at {server.management_url}, token in {target.with_suffix('.secrets') / 'management'}\n"
        f"next: opnc run --target {target}"
    )
