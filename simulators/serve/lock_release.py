"""Who may touch the ecosystem: one at a time, and nobody while it waits for a foreign host."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from simulators.network.outbound import Outbound, T, look_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from queue import SimpleQueue

    import httpx

    from simulators.kernel.ecosystem_lock import EcosystemLock
    from simulators.network.activity import Activity
    from simulators.network.address_policy import AddressPolicy
    from simulators.network.outbound import Reply


class ShutdownInProgress(Exception):
    """The server is about to stop; what is not begun yet is left for the next time."""


class LockReleasingOutbound(Outbound):
    """Lets others have their turn while a foreign host is waited for."""

    def __init__(
        self,
        http: httpx.Client,
        private: AddressPolicy,
        lock: EcosystemLock,
        stopping: Callable[[], bool],
        activity: Activity,
    ) -> None:
        """Open the way.

        Args:
            http: What carries the requests.
            private: As for `Outbound`.
            lock: Held by whoever calls this.
            stopping: Tells whether the server is about to stop.
            activity: As of `Outbound`: what counts the requests of the server counts these threads as well.
        """
        super().__init__(http, lookup=look_up, private=private)
        self.activity = activity
        self._lock = lock
        self._stopping = stopping
        self._private = private
        self.in_transaction: Callable[[], bool] = lambda: False
        self.fresh: Callable[[], httpx.Client] | None = None

    def _document(self, *asked: Any) -> bytes | None:
        """Get or ask as `Outbound` does.

        Raises:
            ShutdownInProgress: If the server is about to stop.
        """
        with self.others_let_in():
            return super()._document(*asked)

    def exchange(
        self, method: str, url: str, content: bytes, headers: Mapping[str, str], limit: int
    ) -> Reply | None:
        """Return the answer to a request, over a connection of its own where that can be had.

        This runs in a thread of `as_completed`, which does not hold the lock and so must not release it: who
        waits for these threads does that, in `_next`.
        """
        if self.fresh is None:
            return super().exchange(method, url, content, headers, limit)
        with self.fresh() as http:
            way = Outbound(http, lookup=look_up, private=self._private)
            return way.exchange(method, url, content, headers, limit)

    def _next(self, done: SimpleQueue[T], within_s: float) -> T:
        with self.others_let_in():
            return super()._next(done, within_s)

    @contextmanager
    def others_let_in(self) -> Iterator[None]:
        """Let others have their turn for the time of the `with` block, unless a transaction is open.

        Raises:
            ShutdownInProgress: If the server is about to stop.
        """
        if self.in_transaction():
            # Whoever came in between would take part in it, and be undone with it.
            yield
            return
        # Not begun any more: the answer of a slow host would hold up the end.
        if self._stopping():
            raise ShutdownInProgress
        with self._lock.released():
            yield
