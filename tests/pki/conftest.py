"""One test PKI for all tests of `opnc.pki`, and the `openssl` program as foreign judge."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import pytest

from opnc.pki.keys import Seed
from opnc.pki.testbed import SeededPki

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class OpenSsl(Protocol):
    """Runs openssl in a folder of its own and returns what it wrote, standard error included."""

    folder: Path

    def __call__(self, *arguments: str, expect: int | None = 0) -> str: ...

    def file(self, name: str, content: bytes) -> str: ...


class _OpenSsl:
    def __init__(self, program: str, folder: Path) -> None:
        self.program = program
        self.folder = folder

    def __call__(self, *arguments: str, expect: int | None = 0) -> str:
        done = subprocess.run(  # noqa: S603 - the program was looked up, the arguments are the test's own
            [self.program, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
            stdin=subprocess.DEVNULL,
        )
        said = done.stdout + done.stderr
        assert expect is None or done.returncode == expect, said
        return said

    def file(self, name: str, content: bytes) -> str:
        """Write a file beside which openssl runs; return its name."""
        (self.folder / name).write_bytes(content)
        return name


@pytest.fixture
def openssl(tmp_path: Path) -> OpenSsl:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("the openssl program is not installed")
    return _OpenSsl(program, tmp_path)


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def pki() -> SeededPki:
    return SeededPki(Seed("tests"), NOW)
