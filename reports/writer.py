"""Writes every document of a run into one folder."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from opnc.problem import Problem
from reports import html, results_file

if TYPE_CHECKING:
    from reports.model import Results


def write_all(results: Results, directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "results.json").write_text(results_file.to_json(results))
    (directory / "index.html").write_text(html.render(results), encoding="utf-8", newline="\n")
