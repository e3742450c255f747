"""What happens in an ecosystem: published by the roles, delivered by the Event Service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        type: Name of the event, as in `opnc.events`.
        payload: The event's own members.
        wmi: The OEM concerned; None where the event is for everybody.
        provider_id: The eMSP concerned; None where the event is for everybody. Of an event for the OEM it is
            the eMSP that is told how the OEM took it.
        namespace: `xsdMsgDefNamespace` of the contract concerned; None where there is none.
    """

    type: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    wmi: str | None = None
    provider_id: str | None = None
    namespace: str | None = None


Listener = Callable[[Event], None]
Flush = Callable[[], object]


class Bus:
    """Hands each event to all listeners, in the order they subscribed.

    A listener only takes note; what takes time it does in `settle`, which is called when the request that
    caused the event has been dealt with, so that nobody hears of a change before it is there.
    """

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._flushes: list[Flush] = []
        self._waker: Callable[[], None] | None = None
        self._due = False

    def set_waker(self, wake: Callable[[], None]) -> None:
        """Let `settle` only wake somebody who then calls `settle_now`, so that no request waits for that."""
        self._waker = wake

    def subscribe(self, listener: Listener, settle: Flush) -> None:
        """Let a listener hear all events from now on."""
        self._listeners.append(listener)
        self._flushes.append(settle)

    def publish(self, event: Event) -> None:
        """Tell everybody."""
        self.wake()
        # In the order they subscribed, so that the same seed queues the same events.
        for listener in self._listeners:
            listener(event)

    def wake(self) -> None:
        """Say that the listeners have something to do; after most requests they have nothing."""
        self._due = True

    def settle(self) -> None:
        """See to it that the listeners act on what they have heard, if they have anything to do."""
        if not self._due:
            return
        if self._waker is None:
            self.settle_now()
        else:
            self._due = False
            self._waker()

    def settle_now(self) -> None:
        """Let the listeners act on what they have heard, and on what has become due."""
        # Before they act: what one of them causes is to be acted on as well.
        self._due = False
        for settle in self._flushes:
            settle()
