"""`opnc doctor` says how many requirements a run can judge, and what is missing for the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixtures.doctor.outcome import CheckOutcome
from fixtures.target import file as target_file
from opnc_conformance.forecast import forecast

if TYPE_CHECKING:
    from pathlib import Path

    from fixtures.doctor.outcome import Check

PARTIES = ("oem", "other oem", "emsp", "other emsp", "emsp with own pki", "cpo", "other cpo", "cps")


def foretold(folder: Path, *parts: str, without: str = "") -> Check:
    (folder / "secret").write_text("hunter2hunter2")
    accounts = [f'[parties."{name}"]\ntoken_file = "secret"' for name in PARTIES if name != without]
    services = '[services]\nccp = "https://ccp.example.com/opnc/v1/ccp"\n[authorization]\nscheme = "token"'
    (folder / "target.toml").write_text("\n".join(['name = "x"', services, *accounts, *parts]))
    (check,) = forecast(target_file.load(folder / "target.toml"))
    assert check.subject == "forecast ccp"
    return check


def test_a_service_that_nobody_plays_the_rest_for_is_told_what_it_costs(tmp_path: Path) -> None:
    check = foretold(tmp_path)
    assert check.outcome is CheckOutcome.WARNING
    assert "not without simulated_by (opnc serve --beside)" in check.seen
    assert check.fix == "give simulated_by (opnc serve --beside)"


@pytest.mark.parametrize("missing", ["oem", "emsp"])
def test_an_account_that_is_missing_is_named(missing: str, tmp_path: Path) -> None:
    whole, part = foretold(tmp_path), foretold(tmp_path, without=missing)
    assert f"parties.{missing}" not in whole.seen
    assert f"not without parties.{missing}" in part.seen
    assert judged(part) < judged(whole)


def judged(check: Check) -> int:
    return int(check.seen.partition(" ")[0])
