"""`opnc report`: make all documents of a run again from its results."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

DONE, DOUBTFUL = 0, 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, metavar="RESULTS.json", help="or the folder that holds it")
    parser.add_argument("--html", type=Path, required=True, metavar="DIR", help="where the documents go")
    parser.epilog = "exit codes: 0 done, 2 usage or a file of no use, 3 done, but the file was changed"


def run(arguments: argparse.Namespace) -> int:
    """Write the documents; the results go along as they are, so that their hash stays what it was.

    Raises:
        Problem: The file cannot be used, or the folder cannot be written.
    """
    # The templates take longer to load than showing the help should.
    from reports import results_file, writer

    # A changed file is still made into documents: they say so, and somebody may need to look.
    file = results_file.read(arguments.file)
    doubt = results_file.MODIFIED_NOTICE if file.integrity is results_file.Integrity.BROKEN else None
    directory: Path = arguments.html
    writer.write_documents(file.results, directory, doubt=doubt)
    writer.copy(file.path, directory / results_file.NAME)
    print(directory / "index.html")
    if doubt is None:
        return DONE
    print(f"{file.path}: {doubt}", file=sys.stderr)
    return DOUBTFUL
