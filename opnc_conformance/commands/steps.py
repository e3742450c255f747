"""`opnc steps`: the sentences that scenarios are made of."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

FOUND, NOTHING = 0, 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("words", nargs="*", metavar="WORD", help="only steps that hold all of these words")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="a list of objects instead of text")
    form.add_argument("--markdown", action="store_true", help="the page docs/reference/steps.md")
    parser.epilog = "exit codes: 0 there are some, 1 no step holds these words"


def run(arguments: argparse.Namespace) -> int:
    """Print the steps asked for; returns 1 if there are none.

    Raises:
        Problem: A file of the suite is broken.
    """
    # Reads every feature file and imports every step: not for the command's help.
    from features.vocabulary import listing

    found = listing.chosen(listing.definitions(), arguments.words)
    if arguments.json:
        print(json.dumps([asdict(each) for each in found], indent=1))
    elif arguments.markdown:
        print(listing.to_markdown(found), end="")
    else:
        print(listing.to_text(found))
    return FOUND if found else NOTHING
