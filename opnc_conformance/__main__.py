"""The `opnc` command: finds the module of the command asked for and runs it.

A command's module is imported only when it is asked for, so that `opnc COMMAND --help` stays fast.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import TYPE_CHECKING, Protocol, cast

from opnc_conformance import streams, suite

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

COMMANDS = {
    "cleanup": "delete from a target what earlier runs have left there",
    "compare": "compare two runs: what got better, worse, new, gone",
    "contract": "compare the contract of this suite with a checkout of the published specification",
    "doctor": "see whether everything that a run needs is there",
    "exi": "decode and encode ISO 15118 messages",
    "matrix": "set the results of several runs side by side: who asked, who answered, how it went",
    "pki": "make a test PKI, check certificates against their profiles",
    "prove": "show that each test can fail: run the scenarios against faulty simulators",
    "report": "make the documents of a run again from its results",
    "requirements": "list the requirements with their scenarios and faults",
    "run": "judge an implementation, or the simulators, and write the reports",
    "serve": "serve a complete simulated ecosystem over TLS",
    "steps": "list the steps that scenarios are made of",
    "target": "write a target file",
}

EXIT_USAGE = 2
EXIT_INCONCLUSIVE = 3


# Modules fit it as they are: a class for each command would only wrap two functions.
class _Command(Protocol):
    def configure(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> int: ...


def _overview() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="opnc",
        description="Conformance test harness and simulator for OPNC, the Open Plug&Charge Protocol.",
        epilog="\n".join(["commands:", *(f"  {name:<14}{text}" for name, text in COMMANDS.items())]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"opnc {suite.version()}")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="see the list below")
    return parser


def _load(name: str) -> _Command:
    module: ModuleType = importlib.import_module(f"opnc_conformance.commands.{name}")
    return cast("_Command", module)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The command line without the program's name; that of the process when absent.

    Returns:
        The exit code: 0 conformant, 1 failed, 2 usage or target file, 3 inconclusive, 4 harness error.
    """
    streams.prepare()
    line = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(line)
    except KeyboardInterrupt:
        print(f"opnc {' '.join(line[:1])}: interrupted", file=sys.stderr)
        return EXIT_INCONCLUSIVE


def _run(line: list[str]) -> int:
    suite.put_on_path()
    # Only now: in a wheel the package lies where `put_on_path` leads.
    from opnc.problem import Problem

    # The name alone: options belong to a parser that is made when the command is known.
    name = _overview().parse_args(line[:1] or ["--help"]).command
    command = _load(name)
    if not getattr(command, "ENDS_WITH_ITS_READER", False):
        streams.outlive_readers()
    parser = argparse.ArgumentParser(prog=f"opnc {name}", description=COMMANDS[name])
    command.configure(parser)
    try:
        return command.run(parser.parse_args(line[1:]))
    except Problem as problem:
        print(f"opnc {name}: {problem}", file=sys.stderr)
        return EXIT_USAGE


if __name__ == "__main__":
    sys.exit(main())
