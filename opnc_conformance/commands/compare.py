"""`opnc compare`: what got better, worse, new or gone between two runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("base", type=Path, metavar="BASE", help="results.json of the run before")
    parser.add_argument("new", type=Path, metavar="NEW", help="results.json of the run to be judged")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON instead of text")
    form.add_argument("--markdown", action="store_true", help="print Markdown instead of text")
    parser.epilog = (
        "exit codes: 0 nothing got worse, 1 something did, 2 usage or a file of no use, 3 in doubt"
    )


def run(arguments: argparse.Namespace) -> int:
    """Compare two runs.

    Raises:
        Problem: A file cannot be used.
    """
    # Reading results takes modules that showing the help does not.
    from reports import comparison, comparison_documents, results_file

    files = [results_file.read(path, evidence=False) for path in (arguments.base, arguments.new)]
    made = comparison.compare(*files)
    if arguments.json:
        print(comparison_documents.to_json(made), end="")
    elif arguments.markdown:
        print(comparison_documents.to_markdown(made), end="")
    else:
        print(comparison_documents.to_text(made), end="")
    return made.exit_code
