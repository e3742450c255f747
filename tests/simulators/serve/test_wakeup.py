"""Waits that anybody can end."""

from __future__ import annotations

import subprocess
import sys
from time import monotonic

import pytest

from simulators.serve.wakeup import Wakeup
from tests.support.running import environment

INTERRUPTED = """
import signal
from simulators.serve.wakeup import Wakeup


def handle(*_):
    wakeup.set()
    signal.setitimer(signal.ITIMER_REAL, 0.0001)


wakeup = Wakeup()
signal.signal(signal.SIGALRM, handle)
signal.setitimer(signal.ITIMER_REAL, 0.0001)
for _ in range(5_000):
    wakeup.wait(0.001)
signal.signal(signal.SIGALRM, signal.SIG_IGN)
"""


def test_calls_end_the_next_wait_and_only_that() -> None:
    wakeup, began = Wakeup(), monotonic()
    wakeup.set()
    wakeup.set()
    wakeup.wait(60)
    assert monotonic() - began < 30
    began = monotonic()
    wakeup.wait(0.05)
    assert monotonic() - began >= 0.05


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_the_handler_of_a_signal_may_call_while_its_own_thread_waits() -> None:
    subprocess.run([sys.executable, "-c", INTERRUPTED], env=environment(), check=True, timeout=60)  # noqa: S603 - our own code
