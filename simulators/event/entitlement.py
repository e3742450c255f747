"""Who is told of an event: whom it is for by role and by whose vehicle or contract it is about (ERR-140)."""

from __future__ import annotations

from collections.abc import Callable

from opnc import events
from simulators.event.endpoints import ENABLED, Endpoint
from simulators.kernel import Failpoint
from simulators.kernel.events import Event

Condition = Failpoint[Callable[[Endpoint, Event], bool]]


def _is_enabled(endpoint: Endpoint, _event: Event) -> bool:
    return endpoint.status == ENABLED


def _has_subscribed(endpoint: Endpoint, event: Event) -> bool:
    return endpoint.wants(event.type)


def _is_for_party(endpoint: Endpoint, event: Event) -> bool:
    return endpoint.party in events.parties_for(event.type)


def _is_own_vehicle(endpoint: Endpoint, event: Event) -> bool:
    return event.type not in events.OEM_EVENTS or event.wmi in endpoint.wmis


def _is_own_contract(endpoint: Endpoint, event: Event) -> bool:
    return event.type not in events.EMSP_EVENTS or event.provider_id in endpoint.provider_ids


def _is_chosen(endpoint: Endpoint, event: Event) -> bool:
    return event.wmi is None or not endpoint.chosen_wmis or event.wmi in endpoint.chosen_wmis


CONDITIONS: tuple[Condition, ...] = (
    Failpoint("event.entitled.enabled", _is_enabled),
    Failpoint("event.entitled.subscribed", _has_subscribed),
    Failpoint("event.entitled.party", _is_for_party),
    Failpoint("event.entitled.wmi", _is_own_vehicle),
    Failpoint("event.entitled.provider", _is_own_contract),
    Failpoint("event.entitled.chosen", _is_chosen),
)
"""An endpoint gets an event if all of these hold."""
