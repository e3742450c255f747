"""The lock of an ecosystem that several threads reach: one at a time may touch it."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock, get_ident
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator


class EcosystemLock:
    """A lock that knows its owner, so that only the thread that holds it can let others in for a while.

    Who waits for a foreign host while it holds the lock lets others in with `released`: a plain lock would
    let a thread release what another one holds, and nothing would tell.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._owner: int | None = None

    def __enter__(self) -> Self:
        self._lock.acquire()
        self._owner = get_ident()
        return self

    def __exit__(self, *_: object) -> None:
        self._demand_held()
        self._owner = None
        self._lock.release()

    def held(self) -> bool:
        """Tell whether the calling thread holds it."""
        # Only this thread writes its own number, and takes it away: no other can make this true or false.
        return self._owner == get_ident()

    @contextmanager
    def released(self) -> Iterator[None]:
        """Let others hold it for the time of the `with` block.

        Raises:
            RuntimeError: If the calling thread does not hold it.
        """
        self.__exit__()
        try:
            yield
        finally:
            self.__enter__()

    def _demand_held(self) -> None:
        if not self.held():
            raise RuntimeError("the ecosystem's lock is not held by this thread, which cannot release it")
