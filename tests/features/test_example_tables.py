from __future__ import annotations

from pathlib import Path

import pytest

from tests import example_tables


@pytest.mark.parametrize("path", example_tables.files(), ids=lambda path: Path(path).stem)
def test_tables_that_follow_from_data_are_up_to_date(path: Path) -> None:
    kept = path.read_text(encoding="utf-8")
    assert kept == example_tables.filled(kept), "run: python tests/example_tables.py"
