"""Several hosts asked at once, in one thread: the clock shows what it would show if it were so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from opnc.clock import START, VirtualClock
from simulators.network.sequential import SequentialOutbound

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def outbound(clock: VirtualClock) -> SequentialOutbound:
    return SequentialOutbound(httpx.Client(), clock)


def taking(outbound: SequentialOutbound, *seconds: float) -> list[Callable[[], float]]:
    def task(each: float) -> Callable[[], float]:
        def do() -> float:
            outbound.add_latency(timedelta(seconds=each))
            return each

        return do

    return [task(each) for each in seconds]


def test_what_is_done_first_comes_first_and_waits_are_not_added_up(
    outbound: SequentialOutbound, clock: VirtualClock
) -> None:
    assert list(outbound.as_completed(taking(outbound, 2, 1, 3), within_s=5)) == [1, 2, 3]
    assert clock.now() == START + timedelta(seconds=3)


def test_whoever_has_what_is_wanted_waits_no_longer(
    outbound: SequentialOutbound, clock: VirtualClock
) -> None:
    assert next(outbound.as_completed(taking(outbound, 2, 1, 3), within_s=5)) == 1
    assert clock.now() == START + timedelta(seconds=1)


def test_what_is_late_is_let_go(outbound: SequentialOutbound, clock: VirtualClock) -> None:
    assert list(outbound.as_completed(taking(outbound, 1, 3600), within_s=5)) == [1]
    assert clock.now() == START + timedelta(seconds=5)


def test_what_one_asks_on_behalf_of_another_is_timed_by_itself(
    outbound: SequentialOutbound, clock: VirtualClock
) -> None:
    def asks() -> list[float]:
        return list(outbound.as_completed(taking(outbound, 1)))

    assert list(outbound.as_completed([asks, *taking(outbound, 2)])) == [[1], 2]
    assert clock.now() == START + timedelta(seconds=3)
