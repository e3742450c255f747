"""Waits that anybody can end."""

from __future__ import annotations

import subprocess
import sys
from time import monotonic

import pytest

from simulators.serve.wakeup import Wakeup
from tests.support.running import environment

INTERRUPTED = """
import signal, sys
from simulators.serve.wakeup import Wakeup

handling, handled = False, 0

def handle(*_):
    global handling, handled
    handling = True
    wakeup.set()
    handling, handled = False, handled + 1

def interrupt(_frame, event, _argument):
    if event == "line" and not handling and handled < 20:
        signal.raise_signal(signal.SIGALRM)
    return interrupt

wakeup = Wakeup()
signal.signal(signal.SIGALRM, handle)
sys.settrace(interrupt)
wakeup.wait(0.001)
wakeup.wait(0.001)
sys.settrace(None)
print(handled)
"""
"""A handler runs between any two lines of a wait; what waits for itself hangs."""


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
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", INTERRUPTED],
        env=environment(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    assert int(done.stdout) == 20
