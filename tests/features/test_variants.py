"""Implementations that read the text otherwise than the simulators and still conform are not failed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from opnc_conformance import benches
from simulators.faults import by_id
from simulators.faults.tampering import when
from simulators.kernel import Refusal
from simulators.kernel.fault_injection import Fault
from tests.support.running import here
from tests.support.variants import Variant

if TYPE_CHECKING:
    from pathlib import Path

    from simulators.kernel import Call
    from simulators.parties.receiver import ReceivedEvent


def _by_content(received: ReceivedEvent) -> None:
    if not {"eventId", "eventType", "payload"} <= received.message.keys():
        raise Refusal(400, "not an event")


def _at_most_800(call: Call) -> None:
    if re.search(rb'[^"]{801}', call.content):
        raise Refusal(400, "a certificate is too long")


ANY_MEDIA_TYPE = Fault(
    "receiver.any-media-type",
    "event",
    (),
    "Events are taken whatever their media type and size, as the sample of the documentation does.",
    disabled=frozenset({"receiver.size", "receiver.media-type"}),
    replaced={"receiver.body": _by_content},
)
LITERAL_LENGTH = Fault(
    "common.literal-length",
    "common",
    (),
    "Certificates of more than 800 characters are refused, as published (ERR-030).",
    replaced={f"{service}.body": _at_most_800 for service in ("rcp", "pcp")},
)
SHORT_SESSIONS = Fault(
    "ccp.short-sessions",
    "ccp",
    (),
    "A session of more than 8 characters is refused, as the published message says (ERR-083).",
    tamper={
        "getSignedContractDataByEmaidAndPcidV1": when(
            lambda call: len(call.query.get("sessionID", "")) > 8, 400
        )
    },
)
SIGN_ONLY = replace(
    by_id("cps.unnamed-vehicle-stored"),
    id="cps.sign-only",
    summary="Contract data that name no vehicle are signed and not stored (ERR-060).",
    disabled=frozenset({"cps.sign.vehicle", "cps.sign.store"}),
)


@pytest.mark.parametrize(
    ("variant", "requirements", "strict"),
    [
        pytest.param(SIGN_ONLY, ("CPS-SIGN-07", "CPS-SIGN-14"), 0, id="sign-only"),
        pytest.param(ANY_MEDIA_TYPE, ("HOOK-RCV-02", "HOOK-RCV-09"), 1, id="any-media-type"),
        pytest.param(SHORT_SESSIONS, ("CCP-SCD-02", "CCP-SCD-10"), 1, id="short-sessions"),
        pytest.param(LITERAL_LENGTH, ("SYS-DATA-02", "SYS-DATA-03"), 1, id="literal-length"),
    ],
)
def test_what_an_erratum_leaves_open_passes(
    variant: Fault,
    requirements: tuple[str, ...],
    strict: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(benches, "open_bench", lambda _settings: Variant(variant))
    options = [part for name in requirements for part in ("--requirement", name)]
    for profile, code in (("lenient", 0), ("strict", strict)):
        outcome = here(capsys, tmp_path / profile, *options, "--profile", profile)
        assert outcome.code == code, outcome.text
        assert {"pass", "fail"} >= set(outcome.verdicts().values())
