"""Files that only their owner may read."""

from __future__ import annotations

import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from opnc.files import write_atomically
from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def write(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file in one go, so that nobody ever sees half of it; makes its folder.

    Raises:
        Problem: If it cannot be written.
    """
    with _as_problem(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content, mode=mode)


def read(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        Problem: If it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise Problem(f"the file cannot be read: {error.strerror}", where=str(path)) from error


def keeper(folder: Path) -> Callable[[str], str]:
    """Return a function that gives the secret of a name: drawn once, then kept in a file of that name."""

    def secret(name: str) -> str:
        path = folder / name
        if not path.exists():
            # Two first calls at once draw two secrets: the one that is there first is that of both.
            with _as_problem(path), suppress(FileExistsError):
                folder.mkdir(parents=True, exist_ok=True)
                write_atomically(path, secrets.token_urlsafe(24).encode(), mode=0o600, exclusive=True)
        return read(path).decode().strip()

    return secret


@contextmanager
def _as_problem(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Problem(f"the file cannot be written: {error.strerror}", where=str(path)) from error
