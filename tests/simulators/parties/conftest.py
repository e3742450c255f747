from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from opnc.pki.keys import Seed
from opnc.pki.testbed import SeededPki
from tests.simulators.parties.responses import NOW, vehicle_of

if TYPE_CHECKING:
    from simulators.parties.evcc import Evcc


@pytest.fixture(scope="module")
def pki() -> SeededPki:
    return SeededPki(Seed("vehicle"), NOW)


@pytest.fixture
def vehicle(pki: SeededPki) -> Evcc:
    return vehicle_of(pki)
