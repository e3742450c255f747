"""What happens in an ecosystem: published by the roles, delivered by the Event Service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

ROOT_ADDED = "root.cert.added"
ROOT_EXPIRED = "root.cert.expired"
ROOT_REVOKED = "root.cert.revoked"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        type: Name of the event, OPNC spelling.
        payload: The event's own members.
        wmi: The OEM concerned; None where the event is for everybody.
        provider_id: The eMSP concerned; None where the event is for everybody.
    """

    type: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    wmi: str | None = None
    provider_id: str | None = None


Listener = Callable[[Event], None]


class Bus:
    """Hands each event to all listeners, in the order they joined."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def join(self, listener: Listener) -> None:
        """Let a listener hear all events from now on."""
        self._listeners.append(listener)

    def publish(self, event: Event) -> None:
        """Tell everybody."""
        for listener in self._listeners:
            listener(event)
