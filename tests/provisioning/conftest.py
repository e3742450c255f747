from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from opnc.pki.keys import Seed
from opnc.pki.testbed import SeededPki

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
VECTORS = Path(__file__).parent.parent / "exi" / "vectors.jsonl"


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
    read = map(json.loads, VECTORS.read_text().splitlines())
    return {vector["name"]: vector for vector in read}


@pytest.fixture(scope="session")
def example() -> bytes:
    """The response of the OPNC text: not ours to carry, so found beside the checkout or not at all."""
    for folder in Path(__file__).resolve().parents:
        file = folder / "shared" / "exi" / "opnc_example.jsonl"
        if file.is_file():
            return bytes.fromhex(json.loads(file.read_text())["exi_hex"])
    pytest.skip("shared/exi/opnc_example.jsonl is not beside the checkout")
