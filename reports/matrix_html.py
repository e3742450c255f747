"""The interop matrix as one HTML document that links to the reports of its runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from reports import html, page
from reports.conclusions import WORST_FIRST
from reports.matrix import use_cases
from reports.matrix_documents import (
    by_client,
    conjoined,
    implementations,
    notices,
    sentence,
    short,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.matrix import Matrix

    Link = Callable[..., str]

TROUBLES_SHOWN = 40
"""Scenarios that did not pass, shown for each pair; the others are in the report of the run."""


def to_html(matrix: Matrix, directory: Path) -> str:
    """Return the document.

    Args:
        matrix: What was set side by side.
        directory: Where the document will lie.
    """
    return page.render(
        "matrix.html",
        matrix=matrix,
        sentence=sentence(matrix),
        notices=notices(matrix),
        verdicts=WORST_FIRST,
        clients=implementations(pair.client for pair in matrix.pairs),
        servers=implementations(pair.server for pair in matrix.pairs),
        found={(pair.server, pair.client): pair for pair in matrix.pairs},
        by_client=by_client(matrix),
        use_cases=lambda pairs: sorted(use_cases(pairs)),
        short=short,
        shown=TROUBLES_SHOWN,
        link=_links(matrix, directory),
        conjoined=conjoined,
    )


def _links(matrix: Matrix, directory: Path) -> Link:
    """Return what finds the evidence of a scenario, or of a run: its report, else the file itself."""
    files = {numbered.number: Path(numbered.run.file) for numbered in matrix.runs}
    reports = {number: file.with_name(html.NAME) for number, file in files.items()}
    # Asked once: links are made for every cell.
    there = {number for number, report in reports.items() if report.exists()}
    places = {
        number: _relative(reports[number] if number in there else file, directory)
        for number, file in files.items()
    }

    def link(number: int, scenario: str | None = None) -> str:
        if scenario is None or number not in there:
            return places[number]
        # Ids of scenarios hold brackets and whatever the example says; `replace` for halves of surrogates.
        return f"{places[number]}#{quote(scenario, errors='replace')}"

    return link


def _relative(file: Path, directory: Path) -> str:
    try:
        return quote(Path(os.path.relpath(file, directory)).as_posix(), errors="replace")
    except ValueError:  # on another drive
        return file.resolve().as_uri()
