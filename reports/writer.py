"""Writes every document of a run into one folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.files import write_atomically
from opnc.problem import Problem
from reports import har, html, junit, markdown, results_file

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from reports.model import Results


def write_all(results: Results, directory: Path) -> None:
    """Write `results.json` and everything that is made from it.

    Args:
        results: What the run has found.
        directory: Made where it does not exist.

    Raises:
        Problem: The directory or a file in it cannot be written.
    """
    make_directory(directory)
    # First what cannot be had again: all else can be made from it.
    write(directory / results_file.NAME, results_file.to_json(results))
    write_documents(results, directory)


def write_documents(results: Results, directory: Path, *, doubt: str | None = None) -> None:
    """Write `junit.xml`, `summary.md`, `index.html` and `har/`.

    Each file is replaced in one go, so that a reader never sees half of one; archives of an earlier run are
    removed.

    Args:
        results: What a run has found.
        directory: Made where it does not exist.
        doubt: Why the results may not be those of the run; shown beside the verdict.

    Raises:
        Problem: The directory or a file in it cannot be written.
    """
    folder = directory / har.FOLDER
    make_directory(folder)
    write(directory / junit.NAME, junit.render(results))
    write(directory / markdown.NAME, markdown.render(results, doubt=doubt))
    write(directory / html.NAME, html.render(results, doubt=doubt))
    archives = {har.file_name(s): s for s in results.scenarios if s.exchanges}
    for name, scenario in archives.items():
        write(folder / name, har.render(scenario, results.suite))
    # Last, when the new ones are there; files that are no archives are not ours to remove.
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
    _put(path, text.encode())


def copy(source: Path, path: Path) -> None:
    """Copy a file byte for byte, also onto itself.

    Raises:
        Problem: It cannot be copied.
    """
    # Read before anything is written: source and goal may be one file.
    try:
        content = source.read_bytes()
    except OSError as error:
        raise _problem(path, error) from None
    _put(path, content)


def _put(path: Path, content: bytes) -> None:
    try:
        write_atomically(path, content)
    except OSError as error:
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
