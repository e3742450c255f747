from __future__ import annotations

import pytest

from features import index
from opnc import rights
from simulators.faults.rights import SERVICES

NAMES = {"emsp_own_pki": "emsp with own pki"}


@pytest.mark.parametrize("service", SERVICES)
def test_every_cell_of_the_rights_table_has_its_row(service: str) -> None:
    rows = {
        (entry.example["requirement"], entry.example["operation"], entry.example["party"])
        for entry in index.entries(index.ROOT / "authentication")
        if entry.file == f"rights_{service}.feature" and "party" in entry.example
    }
    assert rows == {
        (cell.requirement, cell.row.operation, NAMES.get(cell.party, cell.party))
        for cell in rights.cells()
        if cell.row.service == service
    }
