"""The revocation of certificates that contracts need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from features.steps.vehicles.shared import in_edition

if TYPE_CHECKING:
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle


@pytest.fixture
def vehicle_20(data: TestData, vehicle: Vehicle) -> Vehicle:
    """The vehicle with its other provisioning certificate, that of ISO 15118-20."""
    return in_edition(vehicle, "ISO 15118-20", data)
