"""One test PKI for all tests of `opnc.pki`, and the `openssl` program as foreign judge."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from opnc.pki.keys import Seed
from opnc.pki.testbed import SeededPki
from tests.support.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Program:
    """A foreign program, run in a folder of its own; what it writes is returned, standard error included."""

    def __init__(self, path: str, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.folder = folder
        self.environment = {**os.environ, **(environment or {})}

    def __call__(self, *arguments: str, expect: int | None = 0) -> str:
        done = subprocess.run(  # noqa: S603 - the program was looked up, the arguments are the test's own
            [self.path, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
            stdin=subprocess.DEVNULL,
        )
        said = done.stdout + done.stderr
        assert expect is None or done.returncode == expect, said
        return said

    def file(self, name: str, content: bytes) -> str:
        """Write a file beside which the program runs; return its name."""
        (self.folder / name).write_bytes(content)
        return name


def look_up(name: str) -> str:
    """Return where a program is, or skip the test."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"the program {name} is not installed")
    return path


@pytest.fixture
def openssl(tmp_path: Path) -> Program:
    return Program(look_up("openssl"), tmp_path)


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def pki() -> SeededPki:
    return SeededPki(Seed("tests"), NOW)
