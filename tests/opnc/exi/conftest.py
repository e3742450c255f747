from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.opnc.exi.vectors import VECTORS, octets, opnc_example

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def vectors() -> dict[str, dict[str, Any]]:
    return VECTORS


@pytest.fixture(scope="session")
def octets_of() -> Callable[[str], bytes]:
    return octets


@pytest.fixture(scope="session")
def example() -> dict[str, Any]:
    return opnc_example()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "vector" in metafunc.fixturenames:
        metafunc.parametrize("vector", VECTORS.values(), ids=VECTORS)
