from __future__ import annotations

import base64
import json
import random
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reports import evidence
from reports.model import ScenarioResult, Verdict
from tests.reports.sample import Requirement, scenario
from tests.reports.sample_messages import body, certificate, exchange

if TYPE_CHECKING:
    import pytest


def opened(packed: evidence.Pack) -> list[dict[str, Any]]:
    return [json.loads(zlib.decompress(base64.b64decode(chunk.content))) for chunk in packed.chunks]


def with_answers(number: int, *answers: object, verdict: Verdict = Verdict.PASS) -> ScenarioResult:
    made = tuple(exchange(sequence=n, answer=answer) for n, answer in enumerate(answers, start=1))
    base = scenario(number, Requirement("RCP-1"))
    return replace(base, exchanges=made, verdict=verdict)


def noise(seed: int, size: int = 3000) -> str:
    return base64.b64encode(random.Random(seed).randbytes(size)).decode()  # noqa: S311 - sample data


def test_a_body_that_repeats_is_stored_once() -> None:
    (chunk,) = opened(evidence.pack([with_answers(n, {"a": 1}, {"a": 1}, {"a": 2}) for n in range(3)]))
    assert len(chunk["bodies"]) == 2


def test_a_certificate_in_different_bodies_is_stored_once() -> None:
    root = certificate(1, "Root", "Root")
    (chunk,) = opened(evidence.pack([with_answers(0, {"one": root}, {"other": root})]))
    assert [run["text"] for run in chunk["runs"]] == [root]
    assert [b["parts"] for b in chunk["bodies"]] == [['{"one":"', 0, '"}'], ['{"other":"', 0, '"}']]


def test_numbers_count_through_all_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "CHUNK", 5000)
    packed = evidence.pack([with_answers(n, {"n": n % 3}, {"c": noise(n)}) for n in range(9)])
    chunks = opened(packed)
    assert len(chunks) > 2
    for kind in evidence.KINDS:
        firsts = [chunk.first[kind] for chunk in packed.chunks]
        assert firsts == [sum(len(c[kind]) for c in chunks[:index]) for index in range(len(chunks))]


def test_what_is_not_text_is_marked_and_kept_as_base64() -> None:
    (chunk,) = opened(evidence.pack([with_answers(0, b"\x00\xff\x80")]))
    assert (chunk["bodies"][0]["binary"], chunk["bodies"][0]["parts"]) == (True, ["AP+A"])


def test_bodies_of_passed_scenarios_are_shortened_to_stay_in_the_budget() -> None:
    passed = [with_answers(n, {"c": noise(n)}) for n in range(20)]
    failed = with_answers(99, {"c": noise(99)}, verdict=Verdict.FAIL)
    packed = evidence.pack([*passed, failed], budget=30_000)
    assert packed.kept in evidence.BODY_LIMITS[1:]
    assert sum(len(chunk.content) for chunk in packed.chunks) <= 30_000
    left_out = [b["left_out"] for chunk in opened(packed) for b in chunk["bodies"]]
    assert all(left_out[:-1])
    assert left_out[-1] == 0


def test_without_need_nothing_is_shortened() -> None:
    assert evidence.pack([with_answers(0, {"c": noise(0)})]).kept is None


def test_an_empty_body_is_none() -> None:
    (chunk,) = opened(evidence.pack([with_answers(0, None)]))
    assert chunk["scenarios"][0]["exchanges"][0]["response"]["body"] is None
    assert body(None).size == 0
