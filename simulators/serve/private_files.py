"""Files that only their owner may read."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file in one go, so that nobody ever sees half of it; makes its folder.

    Raises:
        Problem: If it cannot be written.
    """
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(content)
        passing.replace(path)
    except OSError as error:
        raise Problem(f"the file cannot be written: {error.strerror}", where=str(path)) from error


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
            write(path, secrets.token_urlsafe(24).encode())
        return read(path).decode().strip()

    return secret
