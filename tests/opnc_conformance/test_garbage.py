"""When garbage is collected: not while a run starts, and as ever when it is over."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from opnc_conformance import garbage
from tests.support.running import here

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_collector_is_let_alone_and_works_again_afterwards() -> None:
    assert gc.isenabled()
    with garbage.left_alone():
        assert not gc.isenabled()
        # One within another, as the collection of scenarios is within the command.
        with garbage.left_alone():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_there_is_spared_and_what_follows_is_collected() -> None:
    with garbage.left_alone():
        with garbage.of_what_follows():
            assert gc.isenabled()
            assert gc.get_freeze_count() > 0
        assert not gc.isenabled()
        assert gc.get_freeze_count() == 0


def test_a_run_leaves_the_collector_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = here(capsys, tmp_path / "report", "--requirement", "RCP-GET-01")
    assert outcome.code == 0
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
