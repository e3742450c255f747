"""Making the largest documents: the page of one long run, and the matrix of a plugfest.

    python benchmarks/documents.py

The page holds 2,000 scenarios with eight exchanges each; the matrix sets thirty runs of 1,000 scenarios side
by side, half of which did not pass. Processor time is measured, since other programs may be busy. The goals:
10 s and 15 MB for the page, 5 s and 5 MB for the matrix. The tests judge the same by how smaller documents
grow, in bytes and calls.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING

from reports import html, matrix, results_file
from reports.matrix_html import to_html
from tests.reports.sample import met, sample_results
from tests.reports.test_matrix import BETA, sealed

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE_S, PAGE_BYTES = 10.0, 15_000_000
MATRIX_S, MATRIX_BYTES = 5.0, 5_000_000
RUNS = 30


def judged(name: str, make: Callable[[], str], most_s: float, most_bytes: int) -> bool:
    """Make a document, say what it took, and tell whether that is within its goals."""
    start = process_time()
    size = len(make().encode())
    taken = process_time() - start
    print(f"{name}: {taken:.2f} s (goal {most_s:g} s), {size:,} bytes (goal {most_bytes:,})")
    return taken <= most_s and size <= most_bytes


def main() -> int:
    """Make both; 1 if a goal is missed."""
    long_run = sample_results(scenarios=2000, catalogue=744)
    good = judged("page of 2,000 scenarios", lambda: html.render(long_run), PAGE_S, PAGE_BYTES)
    with TemporaryDirectory() as folder:
        made = sample_results(scenarios=1000, catalogue=744, flawed=0.5, exchanges=0)
        text = results_file.to_json(met(made, "Ecosystem 0", "1", BETA))
        paths = [Path(folder) / f"{number}.json" for number in range(RUNS)]
        for number, path in enumerate(paths):
            path.write_text(sealed(text.replace('"Ecosystem 0"', f'"Ecosystem {number}"')))

        def side_by_side() -> str:
            return to_html(matrix.build(*results_file.read_originals(paths)), Path(folder))

        good &= judged(f"matrix of {RUNS} runs", side_by_side, MATRIX_S, MATRIX_BYTES)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
