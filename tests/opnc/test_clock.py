"""Clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from opnc.clock import START, RunningClock, VirtualClock


def test_a_running_clock_goes_with_this_machines_and_can_be_put_forward_and_back() -> None:
    clock = RunningClock()
    assert datetime.now(UTC) <= clock.now() <= datetime.now(UTC)
    first = clock.now()
    assert clock.now() >= first
    clock.advance(timedelta(days=3))
    clock.advance(timedelta(hours=1))
    ahead = timedelta(days=3, hours=1)
    assert first <= datetime.now(UTC) <= clock.now() - ahead <= datetime.now(UTC)
    clock.reset()
    assert datetime.now(UTC) <= clock.now() <= datetime.now(UTC)


def test_a_virtual_clock_stands_still_until_it_is_moved() -> None:
    clock = VirtualClock()
    assert clock.now() == clock.now() == START
    clock.advance(timedelta(days=1))
    assert clock.now() == START + timedelta(days=1)
    clock.reset()
    assert clock.now() == START


@pytest.mark.parametrize("clock", [RunningClock(), VirtualClock()], ids=["running", "virtual"])
def test_time_does_not_run_backwards(clock: RunningClock | VirtualClock) -> None:
    with pytest.raises(ValueError, match="forward only"):
        clock.advance(timedelta(seconds=-1))
