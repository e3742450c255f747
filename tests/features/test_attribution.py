"""One fault of form fails the requirement of that form, and not everything that is judged beside it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from opnc_conformance import benches
from simulators.kernel.fault_injection import Fault
from simulators.kernel.messages import Answer
from tests.support.running import Outcome, here
from tests.support.variants import Variant

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from simulators.kernel.messages import Call


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
        if isinstance(text := changed.get("caCertificate"), str):
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
    print(found.get("fail"), found.get("inconclusive"))
    assert outcome.code == 1


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
    print(found.get("fail"), found.get("inconclusive"))
    print(outcome.out[-6000:])
    assert outcome.code == 1
