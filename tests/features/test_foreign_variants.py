"""Habits of foreign services and backends that conform: no verdict on them is worse than on ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from opnc_conformance import benches
from simulators import variants
from tests.support.running import here
from tests.support.variants import Variant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OEM, EMSP, CPO = ("OEM-01", "OEM-04"), ("EMSP-01", "EMSP-03", "EMSP-04", "EMSP-05"), ("CPO-01", "CPO-04")
CLIENT = ("SYS-CLIENT-01", "SYS-CLIENT-02")


def verdicts(capsys: pytest.CaptureFixture[str], report: Path, requirements: Sequence[str]) -> set[str]:
    options = [part for name in requirements for part in ("--requirement", name)]
    return set(here(capsys, report, *options).verdicts().values())


@pytest.mark.parametrize(
    ("variant", "requirements"),
    [
        pytest.param("backends.repeats-once", (*OEM, *EMSP, *CPO, *CLIENT), id="repeats-once"),
        pytest.param("emsp.hyphenated-emaid", (*EMSP, *CLIENT), id="hyphenated-emaid"),
        pytest.param("emsp.lower-case-emaid", (*EMSP, *CLIENT), id="lower-case-emaid"),
        pytest.param("common.bare-404", ("SYS-VER-01",), id="bare-404"),
    ],
)
def test_a_habit_that_conforms_is_not_failed(
    variant: str,
    requirements: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(benches, "open_bench", lambda _settings: Variant(variants.by_id(variant)))
    assert verdicts(capsys, tmp_path, requirements) == {"pass"}
