"""`opnc cleanup`: delete from a target what earlier runs have left there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from fixtures.client.parties import Parties
    from fixtures.ledger.cleanup import Delays
    from fixtures.ledger.ledger import Ledger

EXIT_CLEAN, EXIT_LEFT = 0, 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("--target", type=Path, required=True, metavar="FILE", help="the target file of those runs")
    add("--ledger", type=Path, metavar="DIR", help="where their ledgers are (beside the target file)")
    parser.epilog = "Not while a run is under way. Exit codes: 0 nothing is left, 1 something is, 2 usage."


def run(arguments: argparse.Namespace) -> int:
    """Take back what the ledgers hold, the latest run first.

    Raises:
        Problem: If the target file or a ledger is wrong.
    """
    # Importing the suite takes longer than showing the help should.
    from fixtures.bench.network_access import outsider
    from fixtures.ledger.cleanup import Delays
    from fixtures.ledger.ledger import folder_of, left_over
    from fixtures.target import file as target_file

    file = target_file.load(arguments.target)
    ledgers = left_over(arguments.ledger or folder_of(arguments.target))
    with outsider(file) as parties:
        delays = Delays.of(file)
        left = sum(_clean(ledger, parties, delays) for ledger in ledgers)
    if left:
        print(f"{left} things are left, or not proven to be gone; look at the reasons above, then try again")
        return EXIT_LEFT
    if not ledgers:
        print("no ledger tells of anything; the target was not asked")
        return EXIT_CLEAN
    print("nothing is left on the target")
    return EXIT_CLEAN


def _clean(ledger: Ledger, parties: Parties, delays: Delays) -> int:
    """Take back what one run has left; return how much could not be."""
    from fixtures.ledger.cleanup import clean

    found = len(ledger.open)
    for reason in clean(ledger, parties, delays):
        print(f"not deleted, or not proven to be: {reason}")
    # Removes the file only when all of it is gone: what is left can be tried again.
    ledger.close()
    if found:
        print(f"{ledger.run}: {found - len(ledger.open)} of {found} things deleted or gone already")
    return len(ledger.open)
