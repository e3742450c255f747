"""`opnc matrix`: set the results of several runs side by side, by who asked and who answered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from reports.matrix import Matrix

WHOLE, IN_PART = 0, 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    add("files", nargs="+", type=Path, metavar="RESULTS.json", help="or the folder that holds it")
    add("--html", type=Path, metavar="FILE", help="write the matrix as HTML")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON instead of text")
    form.add_argument("--markdown", action="store_true", help="print Markdown instead of text")
    parser.epilog = "exit codes: 0 all files are in it, 2 usage or no file of use, 3 some were left out"


def run(arguments: argparse.Namespace) -> int:
    """Make the matrix.

    Raises:
        Problem: No file can be used, or the document cannot be written.
    """
    # The templates take longer to load than showing the help should.
    from opnc.problem import Problem
    from reports import matrix, results_file, writer
    from reports.matrix_html import to_html

    files, problems = results_file.read_originals(arguments.files)
    if not files:
        raise Problem("\n".join(map(str, problems)))
    made = matrix.build(files, problems)
    if arguments.html:
        writer.write(arguments.html, to_html(made, arguments.html.parent))
    print(_printed(made, arguments), end="")
    return IN_PART if problems else WHOLE


def _printed(made: Matrix, arguments: argparse.Namespace) -> str:
    from reports import matrix_documents

    if arguments.json:
        return matrix_documents.to_json(made)
    return matrix_documents.to_markdown(made) if arguments.markdown else matrix_documents.to_text(made)
