"""A wait that anybody can end, even the handler of a signal that has interrupted whoever waits."""

from __future__ import annotations

from queue import Empty, SimpleQueue


class Wakeup:
    """What `threading.Event` is used for elsewhere.

    An `Event` guards itself with a lock that is not reentrant: a handler that runs in the main thread while
    that thread is inside `wait` or `clear` would wait for itself for ever. `SimpleQueue.put` is reentrant.
    """

    def __init__(self) -> None:
        """Get ready; nobody has called yet."""
        self._calls: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """End the wait that is under way, or else the next one."""
        self._calls.put(None)

    def wait(self, timeout_s: float) -> None:
        """Wait until somebody has called since the last wait.

        Args:
            timeout_s: Seconds after which the wait ends anyway.
        """
        try:
            self._calls.get(timeout=timeout_s)
            while True:
                self._calls.get_nowait()
        except Empty:
            return
