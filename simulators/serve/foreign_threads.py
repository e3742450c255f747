"""Sees to it that the interpreter is not finalized while threads of Granian's are about to enter it.

Beside the worker, which is a thread of Python's and joined, Granian runs three of Rust's for each socket:
one waits for the signal to stop and then tells the worker, one serves connections, one calls the app. The
first and the last are joined by nobody, Python knows nothing of them, and both need the interpreter's lock
once more when everything else has ended. If the interpreter is being finalized by then, CPython before 3.14
ends a thread that asks for the lock with `pthread_exit`, which unwinds its stack; Rust does not let itself
be unwound ("panic in a function that cannot unwind") and aborts the process with SIGABRT. So whoever has
served waits, last of all, until they have gone, which takes them no longer than it takes to get the lock.
"""

from __future__ import annotations

import atexit
import os
import threading
from functools import cache
from pathlib import Path
from time import monotonic, sleep

GONE_WITHIN_S = 2.0
"""Seconds that they get at the most: others may have started threads that end with the process only."""

POLL_INTERVAL_S = 0.001
GRACE_S = 0.1
"""Seconds without the interpreter's lock, where nothing tells which threads there are."""

_TASKS = Path("/proc/self/task")


@cache
def expect() -> None:
    """Have the interpreter wait for threads that are started from now on."""
    atexit.register(_await_end, _all(), os.getpid())


def _all() -> set[str] | None:
    """Return the threads of this process as the operating system names them; None: it does not tell."""
    try:
        return set(os.listdir(_TASKS))  # noqa: PTH208 - only names are wanted
    except OSError:
        return None


def _await_end(before: set[str] | None, process: int) -> None:
    if os.getpid() != process:
        # Threads do not come along where a process is forked.
        return
    if before is None:
        sleep(GRACE_S)
        return
    until = monotonic() + GONE_WITHIN_S
    while monotonic() < until:
        of_python = {str(thread.native_id) for thread in threading.enumerate()}
        if not (_all() or set()) - before - of_python:
            return
        sleep(POLL_INTERVAL_S)
