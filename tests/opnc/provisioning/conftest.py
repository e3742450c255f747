from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from opnc.pki.keys import Seed
from opnc.pki.testbed import SeededPki
from tests.opnc.exi.vectors import VECTORS, opnc_example

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def pki() -> SeededPki:
    return SeededPki(Seed("provisioning"), NOW)


@pytest.fixture
def random() -> Callable[[int], bytes]:
    """Octets that are the same in every run."""
    calls = count()
    return lambda size: Seed("random").octets(str(next(calls)), size)


@pytest.fixture(scope="session")
def vectors() -> dict[str, dict[str, Any]]:
    return VECTORS


@pytest.fixture(scope="session")
def example() -> bytes:
    return bytes.fromhex(opnc_example()["exi_hex"])
