"""Where Granian has a request answered: in the thread that received it, if nothing is to be waited for.

Granian takes every request to an event loop in another thread, which costs more than answering a `GET` does.
Only a body has to be waited for, and other ecosystems. With one client on one connection a `GET` takes some
100 µs here, and 220 µs the way of Granian (2.8.7, CPython 3.11). The price is the private names of Granian
below, which is why its version is bounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import granian.server.mt
from granian._granian import CallbackScheduler

from simulators.network.activity import Activity

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable, Coroutine

    from granian.rsgi import Scope

    Answering = Callable[[Any], Coroutine[Any, Any, None]]


_ACTIVITIES: WeakKeyDictionary[AbstractEventLoop, Activity] = WeakKeyDictionary()
"""The loop of a worker -> what counts its requests."""


_WITHOUT_BODY = frozenset(("GET", "HEAD", "DELETE", "OPTIONS"))


def count_in(loop: AbstractEventLoop, activity: Activity) -> None:
    """Count the requests of a worker that is about to start, each from the moment at which it came."""
    _ACTIVITIES[loop] = activity


def has_body(scope: Scope) -> bool:
    """Tell whether a request announces a body."""
    headers = scope.headers
    # HTTP/2 frames bodies itself: clients that stream tell no length (RFC 9113 section 8.1.1), and
    # transfer-encoding does not exist there. Without a length only the method tells that none is to come.
    if "content-length" not in headers and scope.http_version.startswith("2"):
        return scope.method not in _WITHOUT_BODY
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


class _Scheduler(CallbackScheduler):
    """What Granian hands its requests to."""

    def __init__(self, loop: AbstractEventLoop, answering: Answering, *_: object) -> None:
        super().__init__()
        activity = _ACTIVITIES.get(loop) or Activity()

        async def counted(watcher: Any) -> None:
            try:
                await answering(watcher)
            finally:
                activity.end()

        def go_on(watcher: Any, answer: Coroutine[Any, Any, None]) -> None:
            watcher.taskref(loop.create_task(answer))

        def schedule(watcher: Any) -> None:
            # Here, in the thread that received it: what has no body needs nothing but the app.
            activity.begin()
            answer = counted(watcher)
            if has_body(watcher.scope) or not _ended(answer):
                loop.call_soon_threadsafe(go_on, watcher, answer)

        self._schedule_fn = schedule


def _ended(answer: Coroutine[Any, Any, None]) -> bool:
    """Answer as far as that goes without waiting, and tell whether that was all the way.

    A coroutine that has begun can go on in a loop as long as it has not waited for anything of another one.
    """
    try:
        answer.send(None)
    except StopIteration:
        return True
    return False


def install() -> None:
    """Have Granian's thread server use this; it has no setting for it."""
    server: Any = granian.server.mt
    # The last three are for tasks of Granian's own.
    server._new_cbscheduler = lambda loop, answering, **_: _Scheduler(loop, answering, None, None, None)  # noqa: SLF001 - its version is pinned
