"""Habits of foreign services and backends that conform: no verdict on them is worse than on ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from opnc.pki.revocation import revoked
from opnc_conformance import benches
from simulators import variants
from simulators.kernel.fault_injection import Fault
from tests.support.running import here
from tests.support.variants import Variant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opnc.pki.revocation import Status

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


ALGORITHMS = ("PKI-CACERTS-13", "PKI-ENROLL-17")


@pytest.mark.parametrize(
    ("variant", "expected"),
    [("pki.without-ed448", {"pass", "not applicable"}), ("pki.without-algorithms", {"not applicable"})],
)
def test_an_algorithm_that_need_not_be_offered_may_be_refused(
    variant: str,
    expected: set[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(benches, "open_bench", lambda _settings: Variant(variants.by_id(variant)))
    assert verdicts(capsys, tmp_path, ALGORITHMS) == expected


def revoked_long_ago(_number: object) -> Status:
    return revoked(datetime(2020, 1, 1, tzinfo=UTC), "superseded")


CA_IS_LOST = Fault(
    "pki.ca-is-lost",
    "pki",
    ("PKI-REVOKE-18", "PKI-OCSP-05"),
    "The issuing CA was revoked by an earlier run.",
    replaced={"pki.status.authorities": revoked_long_ago},
)


def test_a_ca_that_was_revoked_before_the_run_is_no_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benches, "open_bench", lambda _settings: Variant(CA_IS_LOST))
    options = [part for name in CA_IS_LOST.requirements for part in ("--requirement", name)]
    outcome = here(capsys, tmp_path, *options)
    told = {(each["verdict"], each["reason"]) for each in outcome.results["scenarios"]}
    assert told == {("inconclusive", "the CA was revoked before this run, at 2020-01-01 00:00:00Z")}
