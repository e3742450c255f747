"""What tests of scenarios share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.variants import Trial

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Trial:
    return Trial(tmp_path, capsys, monkeypatch)
