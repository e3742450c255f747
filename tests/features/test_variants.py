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
        pytest.param(
            "event.secret-told-once",
            ("EVT-GET-01", "EVT-PUT-05", "EVT-PUT-07", "EVT-DEL-03"),
            0,
            id="secret-told-once",
        ),
        pytest.param(
            "event.secret-told-when-read",
            ("EVT-POST-02", "EVT-POST-03", "EVT-GET-01", "EVT-SIG-02"),
            0,
            id="secret-told-when-read",
        ),
        pytest.param(
            "event.change-of-one-event",
            (
                *("AUTH-ROLE-EVENT-UpdateEndpointById-OEM", "HDR-EVENT-updateEndpointById"),
                *("EVT-PUT-01", "EVT-PUT-02", "EVT-PUT-03", "EVT-PUT-04"),
            ),
            1,
            id="change-of-one-event",
        ),
        pytest.param(
            "event.contract-events-signed-by-other-name",
            ("EVT-SIG-01", "EVT-SIG-02", "EVT-TYPE-01"),
            1,
            id="signed-by-other-name",
        ),
        pytest.param(
            "event.contract-events-signed-twice", ("EVT-SIG-01", "EVT-TYPE-01"), 0, id="signed-twice"
        ),
        pytest.param("event.bare-signatures", ("EVT-SIG-02", "EVT-SIG-03"), 1, id="bare-signatures"),
        pytest.param("rcp.fingerprints-with-colons", ("RCP-OBJ-05",), 0, id="fingerprints-with-colons"),
        pytest.param(
            "rcp.listed-late", ("RCP-PUT-01", "RCP-PUT-02", "RCP-PUT-07", "RCP-LIST-06"), 0, id="listed-late"
        ),
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
        outcome = here(capsys, tmp_path / profile, *options, "--profile", profile, "--fail-on", "should")
        assert outcome.code == code, outcome.text
        assert {"pass", "fail", "not applicable"} >= set(outcome.verdicts().values())


def test_a_pool_that_does_not_say_what_it_holds_is_not_judged_by_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benches, "open_bench", lambda _settings: Variant(by_id("rcp.no-declared-roots")))
    outcome = here(capsys, tmp_path, "--requirement", "RCP-LIST-01", "--requirement", "RCP-LIST-03")
    (whole,) = [each for each in outcome.results["scenarios"] if "the-target-declares" in each["id"]]
    assert whole["verdict"] == "not applicable"
    assert "[[roots]]" in whole["reason"]
    assert outcome.code == 0, outcome.text
