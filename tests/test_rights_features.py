from __future__ import annotations

import pytest

from simulators.faults.rights import SERVICES
from tests import rights_features


@pytest.mark.parametrize("service", SERVICES)
def test_the_feature_files_of_the_rights_table_follow_from_it(service: str) -> None:
    kept = rights_features.path(service).read_text(encoding="utf-8")
    assert kept == rights_features.text(service), "run: python tests/rights_features.py"
