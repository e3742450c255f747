"""`opnc serve`: a complete simulated ecosystem on a TLS port, with a target file to run against it."""

from __future__ import annotations

import logging
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    import argparse

    from simulators.serve.server import Server

PORT = 8443
SERVICES = ("rcp", "pcp", "cps", "ccp", "pki", "event")
BACKENDS = ("oem", "emsp", "cpo")
EXIT_STOPPED, EXIT_BROKEN = 0, 4

# Where it listens is all that it says. Whoever has not read that cannot use it, and cannot stop it either.
ENDS_WITH_ITS_READER = True

_logger = logging.getLogger(__name__)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="name or address to listen on (127.0.0.1)")
    role = parser.add_mutually_exclusive_group()
    role.add_argument(
        "--beside",
        type=Path,
        metavar="FILE",
        help="play the rest of the ecosystem around the product of this target file, and say so in it",
    )
    role.add_argument(
        "--only",
        choices=(*SERVICES, *BACKENDS),
        metavar="SERVICE",
        help=f"play a vendor of this service alone, or of a backend: {', '.join((*SERVICES, *BACKENDS))}",
    )
    add(
        "--port", type=int, help=f"0 takes any free one ({PORT}; with --beside and --only the first free row)"
    )
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
    add(
        "--write-target",
        type=Path,
        metavar="FILE",
        help="(.opnc/target.toml, beside-NAME.toml with --beside, SERVICE.toml with --only)",
    )
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


def run(arguments: argparse.Namespace) -> NoReturn:
    """Serve until somebody wants an end, and end the process then.

    Raises:
        Problem: If a socket, a file or the database cannot be used; nothing has been served then.
    """
    # First of all: importing takes a second in which an end can be wanted as well.
    end = _End()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end.want)
    # Importing the simulators takes longer than showing the help should.
    from opnc_conformance import serving

    logging.basicConfig(format="opnc serve: %(levelname)s: %(message)s", level=logging.WARNING)
    server = serving.open_server(arguments)
    end.reach(server)
    try:
        code = _serve(server, arguments)
    except BrokenPipeError:
        # Nobody reads what is said; there is nobody to say that to.
        code = EXIT_BROKEN
    except Exception:
        _logger.exception("the server has broken")
        code = EXIT_BROKEN
    _leave(code)


class _End:
    """What signals want, at whatever moment they come.

    Until the server can be told, that is remembered; a second one then does not wait for a database that does
    not answer. Nothing has been acknowledged by then, and a start can be interrupted anywhere.
    """

    def __init__(self) -> None:
        self._wanted = False
        self._server: Server | None = None

    def want(self, _number: int, _frame: object) -> None:
        """Handle a signal."""
        if self._server is not None:
            self._server.end()
        elif self._wanted:
            os._exit(EXIT_STOPPED)
        self._wanted = True

    def reach(self, server: Server) -> None:
        """Tell a server from now on, and at once if an end is wanted already."""
        self._server = server
        if self._wanted:
            server.end()


def _serve(server: Server, arguments: argparse.Namespace) -> int:
    """Serve, and return the exit code after everything is finished and closed."""
    try:
        if not server.ending:
            server.start()
            print(_greeting(server, arguments), flush=True)
            server.run()
        # Sockets that died are no end that anybody wanted, whatever comes while they are closed.
        return EXIT_STOPPED if server.ending else EXIT_BROKEN
    finally:
        server.stop()


def _leave(code: int) -> NoReturn:
    """End the process without finalizing the interpreter.

    Threads of Granian's that nobody can join may still be about to enter the interpreter, and would abort
    the process if it were being finalized (`simulators.serve.foreign_threads` says how). Where a client
    does not end its request they stay, and the process would wait for that client besides. Everything of
    ours is closed by now; the streams are all that is left to be written out.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _greeting(server: Server, arguments: argparse.Namespace) -> str:
    from opnc_conformance.serving import default_target

    target = arguments.write_target or default_target(arguments)
    served = ", ".join(each.name for each in server.ecosystem.served)
    whole = not (arguments.only or arguments.beside)
    part = f"backend of {arguments.only}" if arguments.only in BACKENDS else served
    what = f"{'' if whole else f'{part} of '}ecosystem {server.ecosystem.name}"
    lines = [
        f"serving {what} at {server.url}/opnc/v1/, CA {server.identity.ca}",
        f"management at {server.management_url}, token in {target.with_suffix('.secrets') / 'management'}",
    ]
    if arguments.only:
        lines.append(f"next: opnc serve --beside {target}, then opnc run --target {target}")
    elif arguments.beside:
        lines.append(f"next: opnc run --target {arguments.beside}; it names {target}, which has accounts for")
        lines[-1] += " your product"
    else:
        lines.append(f"next: opnc run --target {target}")
    return "\n".join(lines)
