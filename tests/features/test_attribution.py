"""One fault of form fails the requirement of that form, and not everything that is judged beside it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from opnc import contract
from opnc_conformance import benches
from simulators.kernel.fault_injection import Fault
from tests.support.running import Outcome, here
from tests.support.variants import Variant

if TYPE_CHECKING:
    from pathlib import Path

    from simulators.kernel.messages import Answer, Call


def run(
    fault: Fault,
    service: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Outcome:
    monkeypatch.setattr(benches, "open_bench", lambda _settings: Variant(fault))
    return here(capsys, tmp_path / "report", "--service", service)


def by_verdict(outcome: Outcome) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in outcome.results["requirements"]:
        found.setdefault(each["verdict"], set()).add(each["id"])
    return found


def _wrapped(value: Any) -> Any:
    """Break the lines of certificates after 64 characters, as PEM has them."""
    if isinstance(value, dict):
        changed = {name: _wrapped(item) for name, item in value.items()}
        # Those of the greatest length would be too long as well.
        if isinstance(text := changed.get("caCertificate"), str) and len(text) < 2000:
            changed["caCertificate"] = "\n".join(re.findall(".{1,64}", text))
        return changed
    return [_wrapped(each) for each in value] if isinstance(value, list) else value


def _wrap(_call: Call, answer: Answer) -> Answer:
    if answer.status != 200 or not answer.content:
        return answer
    return replace(answer, content=json.dumps(_wrapped(json.loads(answer.content))).encode())


def test_a_line_break_in_a_certificate_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    operations = ("getRootCertificatesV1", "getRootCertificateV1", "putRootCertificateV1")
    fault = Fault(
        id="test.wrapped",
        service="rcp",
        requirements=(),
        summary="Certificates have line breaks.",
        tamper=dict.fromkeys(operations, _wrap),
    )
    outcome = run(fault, "rcp", tmp_path, capsys, monkeypatch)
    found = by_verdict(outcome)
    assert outcome.code == 1
    assert found["fail"] == {"RCP-OBJ-01", "SYS-DATA-01"}
    assert len(found["inconclusive"]) > 40
    # Each of these says because of what, and the terminal says so once.
    blocked = [each for each in outcome.results["requirements"] if each["verdict"] == "inconclusive"]
    assert {block["requirement"] for each in blocked for block in each["blocked_by"]} == {"SYS-DATA-01"}
    # By operation and place: the list, and the two wrappers of a single root.
    assert outcome.out.count("[SYS-DATA-01]") <= 4
    assert "FAIL          rcp" in outcome.out


def test_a_local_timestamp_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault(
        id="test.local-time",
        service="event",
        requirements=(),
        summary="Timestamps are in local time and have no offset.",
        replaced={
            "event.body.timestamp": lambda _event: {"timestamp": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"}
        },
    )
    outcome = run(fault, "event", tmp_path, capsys, monkeypatch)
    found = by_verdict(outcome)
    assert outcome.code == 1
    assert found["fail"] == {"EVT-HOOK-02"}
    assert {"EVT-SIG-01", "EVT-RETRY-01", "EVT-TYPE-01"} <= found["inconclusive"]
    assert "requirements because of what failed" not in outcome.out
    (line,) = {each for each in outcome.out.splitlines() if each.startswith("Not conformant")}
    assert re.search(r"1 failed, (\d+) inconclusive \(\1 because of what failed\)", line)


@pytest.mark.parametrize("service", ["rcp", "pcp", "event"])
def test_answers_that_are_no_json_fail_nothing_else(
    service: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault(
        id="test.html",
        service=service,
        requirements=(),
        summary="Answers are called JSON and are HTML.",
        tamper=dict.fromkeys(contract.load().service(service).operations, _html),
    )
    found = by_verdict(run(fault, service, tmp_path, capsys, monkeypatch))
    assert not [each for each in found["fail"] if each.startswith(("AUTH-", "HDR-", "IDS-"))]
    assert "SYS-JSON-03" in found["fail"]


def _html(_call: Call, answer: Answer) -> Answer:
    return replace(answer, content=b"<html></html>") if answer.status == 200 else answer
