"""What is under way can be waited for."""

from __future__ import annotations

from threading import Thread

import pytest

from simulators.network.activity import Activity
from tests.support.patience import PATIENCE_S


def test_nothing_is_waited_for_where_nothing_is_under_way() -> None:
    assert Activity().wait_until_idle(PATIENCE_S) == 0


def test_what_does_not_end_in_time_is_counted() -> None:
    activity = Activity()
    with activity.one(), activity.one():
        assert activity.wait_until_idle(0.01) == 2
    assert activity.wait_until_idle(PATIENCE_S) == 0


def test_who_waits_goes_on_when_the_last_thing_ends() -> None:
    activity, left = Activity(), [-1]
    activity.begin()
    waiting = Thread(target=lambda: left.append(activity.wait_until_idle(PATIENCE_S)))
    waiting.start()
    activity.end()
    waiting.join(PATIENCE_S)
    assert left == [-1, 0]


def test_what_breaks_has_ended() -> None:
    activity = Activity()
    with pytest.raises(LookupError), activity.one():
        raise LookupError
    assert activity.wait_until_idle(0) == 0
