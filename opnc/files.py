"""Files written in one go: whoever reads one sees all of it or nothing."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_AS_USUAL = 0o666
"""What `open` asks for; the umask takes its part away."""


def write_atomically(path: Path, content: bytes, *, mode: int | None = None, exclusive: bool = False) -> None:
    """Write a file beside its place and move it there; what goes wrong leaves nothing behind.

    Args:
        path: Where it shall stand; its folder must be there. A link at this place is replaced, not followed.
        content: Its bytes.
        mode: Permission bits it is created with, less the umask; None: as of any new file.
        exclusive: Refuse to replace a file that is there.

    Raises:
        FileExistsError: It is there already, and `exclusive` is set.
        OSError: It cannot be written.
    """
    # Drawn: no two threads or processes share it, and nobody can lay a link there beforehand.
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}")
    # O_EXCL: a link at this place is an error, and the mode is that of a new file, never of an old one.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _AS_USUAL if mode is None else mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        if exclusive:
            _claim(temporary, path)
        else:
            temporary.replace(path)
    finally:
        # After a move there is nothing left, after a link or a failure there is.
        with suppress(FileNotFoundError):
            temporary.unlink()


def _claim(temporary: Path, path: Path) -> None:
    """Give a file its name unless somebody else has it: the one way to do both at once is a link."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:
        # No links on this file system; then a file that appears just now is replaced.
        if path.exists() or path.is_symlink():
            raise FileExistsError(f"{path} is there already") from None
        temporary.replace(path)
