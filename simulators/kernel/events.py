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
Settler = Callable[[], object]


class Bus:
    """Hands each event to all listeners, in the order they joined.

    A listener only takes note; what takes time it does in `settle`, which is called when the request that
    caused the event has been dealt with, so that nobody hears of a change before it is there.
    """

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._settlers: list[Settler] = []
        self._wake: Callable[[], None] | None = None
        self._stirred = False

    def defer(self, wake: Callable[[], None]) -> None:
        """Let `settle` only wake somebody who then calls `settle_now`, so that no request waits for that."""
        self._wake = wake

    def join(self, listener: Listener, settle: Settler) -> None:
        """Let a listener hear all events from now on."""
        self._listeners.append(listener)
        self._settlers.append(settle)

    def publish(self, event: Event) -> None:
        """Tell everybody."""
        self.stir()
        for listener in self._listeners:
            listener(event)

    def stir(self) -> None:
        """Say that the listeners have something to do; after most requests they have nothing."""
        self._stirred = True

    def settle(self) -> None:
        """See to it that the listeners act on what they have heard, if they have anything to do."""
        if not self._stirred:
            return
        if self._wake is None:
            self.settle_now()
        else:
            self._stirred = False
            self._wake()

    def settle_now(self) -> None:
        """Let the listeners act on what they have heard, and on what has become due."""
        self._stirred = False
        for settle in self._settlers:
            settle()
