"""`opnc doctor`: see whether everything that a run needs is there."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from fixtures.doctor.outcome import Check

EXIT_SOUND, EXIT_BROKEN = 0, 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--target", type=Path, required=True, metavar="FILE", help="the target file")
    parser.epilog = "Changes nothing. Exit codes: 0 a run can begin, 1 something is broken, 2 usage."


def run(arguments: argparse.Namespace) -> int:
    """Print the checks as they are done.

    Raises:
        Problem: If the target file is wrong.
    """
    # Importing the suite takes longer than showing the help should.
    from fixtures.doctor.checks import examine
    from fixtures.doctor.outcome import CheckOutcome
    from fixtures.target import file as target_file
    from opnc_conformance.forecast import forecast

    file = target_file.load(arguments.target)
    broken = False
    # The forecast last: it is right only where nothing above is broken.
    for check in chain(examine(file), forecast(file)):
        broken = broken or check.outcome is CheckOutcome.BROKEN
        print(_line(check), flush=True)
    return EXIT_BROKEN if broken else EXIT_SOUND


def _line(check: Check) -> str:
    remedy = f" -> {check.fix}" if check.fix else ""
    return f"{check.outcome:<8} {check.subject:<28} {check.seen}{remedy}"
