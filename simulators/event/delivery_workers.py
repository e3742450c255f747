"""Delivers the events of a served ecosystem: receivers hold up neither its callers nor each other.

The thread that may touch the ecosystem says when: `dispatch_due` notes what has been answered and begins
what is due. Other threads only carry, each of them the events for one endpoint, one after the other.
"""

from __future__ import annotations

import logging
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from queue import Empty, SimpleQueue
from threading import Event as Signal
from threading import Timer
from time import monotonic
from typing import TYPE_CHECKING

from simulators.event.delivery import OutgoingRequest
from simulators.network.activity import Activity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.event.delivery import Deliverer
    from simulators.event.queue import Delivery
    from simulators.kernel.ecosystem_lock import EcosystemLock
    from simulators.kernel.store import Store

    _Answers = SimpleQueue[tuple[Delivery, int | None] | str]

from collections.abc import Callable

_logger = logging.getLogger(__name__)

SenderFactory = Callable[[], AbstractContextManager[Callable[[OutgoingRequest], int | None]]]
"""Opens a way to a receiver, on which requests are sent; what is sent gives the status that came back."""

BATCH_SIZE = 32
"""Events that are sent to an endpoint before others have their turn."""

MAX_PROMPT_ENDPOINTS = 8
"""Endpoints that are served at a time; receivers that keep us waiting do not count."""

SLOW_AFTER_S = 0.2
"""Seconds within which a receiver should answer; else others are served beside it and its turn ends."""

THREADS = 256
"""Receivers that can keep us waiting at a time before others have to wait for them."""

DRAINING_S = 1.0
"""Seconds between two looks while everything under way is waited for."""


class DeliveryWorkers:
    """Takes what is due, has it carried, and has the consequences drawn."""

    def __init__(
        self,
        deliverer: Deliverer,
        store: Store,
        way: SenderFactory,
        wake: Callable[[], None],
        activity: Activity | None = None,
    ) -> None:
        """Get ready.

        Args:
            deliverer: Knows what is due and what follows from answers.
            store: What the services keep.
            way: Opens a way to a receiver; used by several threads.
            wake: Is called from other threads when it is time for `dispatch_due`.
            activity: Counts the endpoints that are being served.
        """
        self._deliverer = deliverer
        self._store = store
        self._way = way
        self._wake = wake
        self._threads = ThreadPoolExecutor(THREADS, "workers")
        self._backlog: deque[str] = deque()
        self._began: dict[str, float] = {}
        self._answers: _Answers = SimpleQueue()
        self._activity = activity or Activity()
        self._progress = Signal()
        self._timer: Timer | None = None
        self._stopping = False
        self._paused = False

    def dispatch_due(self) -> bool:
        """Note what has been answered and begin what is due; tell whether anything is under way."""
        self._note_answers()
        # Looked for only when all of the last look have had their turn: none is passed over, none is twice.
        if not self._backlog and not self._halted:
            self._backlog.extend(self._deliverer.waiting(self._began))
        while self._backlog and not self._halted and self._has_room():
            endpoint = self._backlog.popleft()
            if requests := self._deliverer.due_requests(BATCH_SIZE, endpoint):
                # Before the thread begins: nobody else takes the endpoint's events until it has ended.
                self._began[endpoint] = monotonic()
                self._activity.begin()
                self._threads.submit(self._carry, endpoint, requests, self._began, self._answers)
        return bool(self._began)

    def drain(self, lock: EcosystemLock) -> None:
        """Dispatch until nothing is under way.

        Args:
            lock: Held by the caller; released while receivers are waited for.
        """
        while self.dispatch_due():
            with lock.released():
                self._progress.wait(DRAINING_S)
                self._progress.clear()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Begin nothing within the `with` block; what is being sent is finished."""
        self._paused = True
        try:
            yield
        finally:
            self._paused = False

    def forget(self) -> None:
        """Draw no consequences from answers to what was begun before; called when the store was emptied.

        With the same seed the same deliveries come again, by number and id.
        """
        # New ones: threads that are late go on with the old ones, which nobody reads any more.
        self._backlog, self._began, self._answers = deque(), {}, SimpleQueue()

    @property
    def _halted(self) -> bool:
        return self._stopping or self._paused

    def stop(self) -> None:
        """Finish the events that are being sent; what else is due stays in the store."""
        # First, for the threads look at it behind each event; then what they have brought is noted.
        self._stopping = True
        self._threads.shutdown()
        self.dispatch_due()

    def _has_room(self) -> bool:
        """Tell whether another endpoint can be served; if not, see to it that somebody asks again.

        Receivers that are slow do not count: eight silent ones would stop everybody else.
        """
        if sum(monotonic() - began < SLOW_AFTER_S for began in self._began.values()) < MAX_PROMPT_ENDPOINTS:
            return True
        if self._timer is None or not self._timer.is_alive():
            self._timer = Timer(SLOW_AFTER_S, self._tell)
            # It must not keep a process alive whose server has stopped.
            self._timer.daemon = True
            self._timer.start()
        return False

    def _note_answers(self) -> None:
        answers = list(self._answered())
        try:
            with self._store.transaction():
                for answer in answers:
                    if not isinstance(answer, str):
                        self._deliverer.apply_outcome(*answer)
        finally:
            # What could not be noted is still due and is sent again, with its id.
            for answer in answers:
                if isinstance(answer, str):
                    del self._began[answer]

    def _answered(self) -> Iterator[tuple[Delivery, int | None] | str]:
        while True:
            try:
                yield self._answers.get_nowait()
            except Empty:
                return

    def _carry(
        self, endpoint: str, requests: list[OutgoingRequest], began: dict[str, float], answers: _Answers
    ) -> None:
        try:
            with self._way() as send:
                for request in requests:
                    began[endpoint] = start = monotonic()
                    answers.put((request.delivery, send(request)))
                    # Measured for each event: many prompt answers in a row are not slow.
                    if self._halted or monotonic() - start > SLOW_AFTER_S:
                        break
        except Exception:
            _logger.exception("events for the endpoint %s could not be sent", endpoint)
        finally:
            # Behind the answers, in the same queue: the endpoint is free when all of them have been noted.
            answers.put(endpoint)
            self._activity.end()
            self._tell()

    def _tell(self) -> None:
        self._progress.set()
        self._wake()
