from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from opnc.exi import ISO2, ISO20, XMLDSIG

VECTORS = [json.loads(line) for line in (Path(__file__).parent / "vectors.jsonl").read_text().splitlines()]
SCHEMAS = {"iso2": ISO2, "iso20": ISO20, "xmldsig": XMLDSIG}


def opnc_example() -> dict[str, Any] | None:
    """The response of the OPNC text: not ours to carry, so found beside the checkout or not at all."""
    for folder in Path(__file__).resolve().parents:
        file = folder / "shared" / "exi" / "opnc_example.jsonl"
        if file.is_file():
            example: dict[str, Any] = json.loads(file.read_text())
            return example
    return None


@pytest.fixture(scope="session")
def vectors() -> dict[str, dict[str, Any]]:
    return {vector["name"]: vector for vector in VECTORS}


@pytest.fixture(scope="session")
def octets_of() -> Any:
    def find(name: str) -> bytes:
        return bytes.fromhex(next(vector["exi_hex"] for vector in VECTORS if vector["name"] == name))

    return find


@pytest.fixture(scope="session")
def example() -> dict[str, Any]:
    found = opnc_example()
    if found is None:
        pytest.skip("shared/exi/opnc_example.jsonl is not beside the checkout")
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "vector" in metafunc.fixturenames:
        metafunc.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
