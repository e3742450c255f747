"""Where Granian has a request answered: at once, in the thread that received it, if it has no body.

Granian takes every request to an event loop in another thread, which costs more than answering a `GET` does.
Only a body has to be waited for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import granian.server.mt
from granian._granian import CallbackScheduler

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable, Coroutine

    from granian.rsgi import Scope

    Answering = Callable[[Any], Coroutine[Any, Any, None]]


def has_body(scope: Scope) -> bool:
    """Tell whether a request announces a body."""
    headers = scope.headers
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


class _Scheduler(CallbackScheduler):
    """What Granian hands its requests to."""

    def __init__(self, loop: AbstractEventLoop, answering: Answering, *_: object) -> None:
        super().__init__()

        def start(watcher: Any) -> None:
            watcher.taskref(loop.create_task(answering(watcher)))

        def schedule(watcher: Any) -> None:
            if has_body(watcher.scope):
                loop.call_soon_threadsafe(start, watcher)
            else:
                _run(answering(watcher))

        self._schedule_fn = schedule


def _run(answering: Coroutine[Any, Any, None]) -> None:
    """Run what never waits to its end."""
    try:
        answering.send(None)
    except StopIteration:
        return
    raise RuntimeError("a request without a body was waited for")


def install() -> None:
    """Have Granian's thread server use this; it has no setting for it."""
    server: Any = granian.server.mt
    # The last three are for tasks of Granian's own.
    server._new_cbscheduler = lambda loop, answering, **_: _Scheduler(loop, answering, None, None, None)  # noqa: SLF001 - its version is pinned
