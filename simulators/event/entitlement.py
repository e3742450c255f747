"""Who is told of an event: whom it is for by role and by whose vehicle or contract it is about (ERR-140)."""

from __future__ import annotations

from collections.abc import Callable

from opnc import events
from simulators.event.endpoints import ENABLED, Endpoint
from simulators.kernel import Failpoint, failpoint_function
from simulators.kernel.events import Event

Condition = Failpoint[Callable[[Endpoint, Event], bool]]


@failpoint_function("event.entitled.enabled")
def _is_enabled(endpoint: Endpoint, _event: Event) -> bool:
    return endpoint.status == ENABLED


@failpoint_function("event.entitled.subscribed")
def _has_subscribed(endpoint: Endpoint, event: Event) -> bool:
    return endpoint.wants(event.type)


@failpoint_function("event.entitled.party")
def _is_for_party(endpoint: Endpoint, event: Event) -> bool:
    return endpoint.party in events.parties_for(event.type)


@failpoint_function("event.entitled.wmi")
def _is_own_vehicle(endpoint: Endpoint, event: Event) -> bool:
    return event.type not in events.OEM_EVENTS or event.wmi in endpoint.wmis


@failpoint_function("event.entitled.provider")
def _is_own_contract(endpoint: Endpoint, event: Event) -> bool:
    return event.type not in events.EMSP_EVENTS or event.provider_id in endpoint.provider_ids


@failpoint_function("event.entitled.chosen")
def _is_chosen(endpoint: Endpoint, event: Event) -> bool:
    # An event about a root concerns no WMI, and goes to limited endpoints as well.
    return event.wmi is None or not endpoint.chosen_wmis or event.wmi in endpoint.chosen_wmis


CONDITIONS: tuple[Condition, ...] = (
    _is_enabled,
    _has_subscribed,
    _is_for_party,
    _is_own_vehicle,
    _is_own_contract,
    _is_chosen,
)
"""An endpoint gets an event if all of these hold."""
