"""Writes every document of a run into one folder."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from opnc.problem import Problem
from reports import har, html, junit, markdown, results_file

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from reports.model import Results

DOCUMENTS = {
    results_file.NAME: results_file.to_json,
    junit.NAME: junit.render,
    markdown.NAME: markdown.render,
    html.NAME: html.render,
}
"""File name and how it is made; `results.json` first, since everything can be made again from it."""


def write_all(results: Results, directory: Path) -> None:
    """Write `results.json`, `junit.xml`, `summary.md`, `index.html` and `har/`.

    Each file is replaced in one go, so that a reader never sees half of one; archives of an earlier run are
    removed.

    Args:
        results: What the run has found.
        directory: Made where it does not exist.

    Raises:
        Problem: The directory or a file in it cannot be written.
    """
    folder = directory / har.FOLDER
    make_directory(folder)
    for name, render in DOCUMENTS.items():
        write(directory / name, render(results))
    archives = {har.file_name(s): s for s in results.scenarios if s.exchanges}
    for name, scenario in archives.items():
        write(folder / name, har.render(scenario, results.suite))
    _remove_others(folder, archives.keys())


def make_directory(directory: Path) -> None:
    """Make a directory and its parents.

    Raises:
        Problem: It cannot be made.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _problem(directory, error) from None


def write(path: Path, text: str) -> None:
    """Write a file beside its place and move it there.

    Raises:
        Problem: It cannot be written.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise _problem(path, error) from None


def _remove_others(folder: Path, kept: Collection[str]) -> None:
    for path in folder.glob("*.har"):
        if path.name not in kept:
            try:
                path.unlink()
            except OSError as error:
                raise _problem(path, error) from None


def _problem(path: Path, error: OSError) -> Problem:
    hint = "name a directory that can be written and has room"
    return Problem(f"cannot be written: {error.strerror}", where=str(path), hint=hint)
