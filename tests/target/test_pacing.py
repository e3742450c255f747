"""Rate limits and pauses that a target asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from fixtures.judging import OutOfReach
from fixtures.pacing import PacedTransport, Pacer, pause
from fixtures.target_file import Limits


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


def client(time: Time, limits: Limits, *answers: httpx.Response) -> httpx.Client:
    remaining = iter(answers)
    inner = httpx.MockTransport(lambda _request: next(remaining))
    return httpx.Client(transport=PacedTransport(inner, Pacer(limits, clock=time, sleep=time.sleep)))


def test_requests_keep_their_distance() -> None:
    time = Time()
    http = client(time, Limits(requests_per_second=10), *(httpx.Response(200) for _ in range(4)))
    for _ in range(3):
        http.get("https://x/")
    assert time.slept == [0.1, 0.1]
    time.now += 5
    http.get("https://x/")
    assert time.slept == [0.1, 0.1]


def test_without_a_limit_nobody_waits() -> None:
    time = Time()
    http = client(time, Limits(), httpx.Response(200), httpx.Response(503), httpx.Response(200))
    for _ in range(3):
        http.get("https://x/")
    assert time.slept == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_that_is_asked_for_is_kept(status: int) -> None:
    time = Time()
    http = client(time, Limits(), httpx.Response(status, headers={"Retry-After": "7"}), httpx.Response(200))
    assert http.get("https://x/").status_code == status
    assert http.get("https://x/").status_code == 200
    assert time.slept == [7.0]


def test_other_answers_ask_for_no_pause() -> None:
    time = Time()
    http = client(time, Limits(), httpx.Response(301, headers={"Retry-After": "7"}), httpx.Response(200))
    http.get("https://x/")
    http.get("https://x/")
    assert time.slept == []


def test_a_pause_beyond_the_testers_patience_is_not_waited_for() -> None:
    time = Time()
    busy = httpx.Response(503, headers={"Retry-After": "3600"})
    http = client(time, Limits(patience_s=60), busy, httpx.Response(200))
    http.get("https://x/")
    with pytest.raises(OutOfReach, match=r"pause of which 3600 s are left; limits\.patience_s allows 60 s"):
        http.get("https://x/")
    time.now += 3590
    assert http.get("https://x/").status_code == 200
    assert time.slept == [10.0]


@pytest.mark.parametrize("text", [None, "", "soon", "-5", "1.5", "Tue, 99 Foo 2026", "\uff11"])
def test_a_retry_after_without_sense_asks_for_nothing(text: str | None) -> None:
    assert pause(text) in {0.0, 1.0}


def test_a_retry_after_may_name_a_moment() -> None:
    before = datetime.now(UTC)
    moment = (before + timedelta(seconds=3600)).replace(microsecond=0)
    asked = timedelta(seconds=pause(format_datetime(moment, usegmt=True)))
    assert before <= moment - asked <= datetime.now(UTC)
    assert pause(format_datetime(moment - timedelta(hours=1), usegmt=True)) == 0.0
