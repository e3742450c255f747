"""The endpoints of the Event Service: who is told what, where."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from opnc.events import canonical
from simulators.kernel.store import METADATA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select

    from opnc.rights import Party
    from simulators.kernel.store import Store

ENABLED, DISABLED = "enabled", "disabled"

ENDPOINTS = sql.Table(
    "event_endpoints",
    METADATA,
    sql.Column("position", sql.Integer, primary_key=True),  # the order in which they are told
    sql.Column("id", sql.String, unique=True, nullable=False),
    sql.Column("body", sql.Text, nullable=False),  # an `Endpoint`, JSON
)

# Put together once: building a statement costs more than running it.
_THIS = ENDPOINTS.c.id == sql.bindparam("endpoint")
_ALL = sql.select(ENDPOINTS.c.body).order_by(ENDPOINTS.c.position)
_ONE = _ALL.where(_THIS)
_ADD, _CHANGE, _REMOVE = ENDPOINTS.insert(), ENDPOINTS.update().where(_THIS), ENDPOINTS.delete().where(_THIS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address that a party has subscribed with.

    Attributes:
        owner: The account.
        party: What the account is.
        wmis: WMIs of the account, whose events it is entitled to; `provider_ids` likewise.
        chosen_wmis: The WMIs that the endpoint is limited to; empty: not limited.
        status: `enabled` or `disabled`.
        events: Names as they were sent.
        created: Seconds since 1970.
        stated: Members that are handed back as they were sent.
    """

    id: str
    owner: str
    party: Party
    wmis: Sequence[str]
    provider_ids: Sequence[str]
    chosen_wmis: Sequence[str]
    status: str
    url: str
    secret: str = field(repr=False)
    events: Sequence[str]
    created: int
    stated: Mapping[str, Any]

    def wants(self, event: str) -> bool:
        """Tell whether it has subscribed to an event, under any of its names."""
        return canonical(event) in map(canonical, self.events)


class Endpoints:
    """The endpoints in the store, oldest first."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Endpoint]:
        """Return every endpoint."""
        return self._read(_ALL)

    def get(self, endpoint_id: str) -> Endpoint | None:
        """Return an endpoint; None where there is none with this id."""
        # PostgreSQL refuses to look for text with a null character.
        return None if "\0" in endpoint_id else next(iter(self._read(_ONE, endpoint=endpoint_id)), None)

    def add(self, endpoint: Endpoint) -> None:
        """Store a new endpoint."""
        with self._store.begin() as connection:
            connection.execute(_ADD, {"id": endpoint.id, "body": _written(endpoint)})

    def change(self, endpoint: Endpoint) -> None:
        """Store what an endpoint is now."""
        with self._store.begin() as connection:
            connection.execute(_CHANGE, {"endpoint": endpoint.id, "body": _written(endpoint)})

    def remove(self, endpoint_id: str) -> None:
        """Forget an endpoint."""
        with self._store.begin() as connection:
            connection.execute(_REMOVE, {"endpoint": endpoint_id})

    def _read(self, query: Select[str], **values: str) -> list[Endpoint]:
        with self._store.begin() as connection:
            return [Endpoint(**json.loads(body)) for body in connection.scalars(query, values)]


def _written(endpoint: Endpoint) -> str:
    return json.dumps(asdict(endpoint), separators=(",", ":"))
