"""Implementations that read the text otherwise than the simulators and still conform are not failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from opnc_conformance import benches
from simulators.variants import by_id
from tests.support.running import here
from tests.support.variants import Variant

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("variant", "requirements", "strict"),
    [
        pytest.param("cps.sign-only", ("CPS-SIGN-07", "CPS-SIGN-14"), 0, id="sign-only"),
        pytest.param("receiver.any-media-type", ("HOOK-RCV-02", "HOOK-RCV-09"), 1, id="any-media-type"),
        pytest.param("ccp.short-sessions", ("CCP-SCD-02", "CCP-SCD-10"), 1, id="short-sessions"),
        pytest.param("common.literal-length", ("SYS-DATA-02", "SYS-DATA-03"), 1, id="literal-length"),
    ],
)
def test_what_an_erratum_leaves_open_passes(
    variant: str,
    requirements: tuple[str, ...],
    strict: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(benches, "open_bench", lambda _settings: Variant(by_id(variant)))
    options = [part for name in requirements for part in ("--requirement", name)]
    for profile, code in (("lenient", 0), ("strict", strict)):
        outcome = here(capsys, tmp_path / profile, *options, "--profile", profile)
        assert outcome.code == code, outcome.text
        assert {"pass", "fail"} >= set(outcome.verdicts().values())
