"""The queue of the Event Service: what is still to be delivered, kept in the store so that it is not lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from simulators.kernel.store import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement

    from simulators.kernel.store import Store

WAITING, DELIVERED, REJECTED, FAILED = "waiting", "delivered", "rejected", "failed"

DELIVERIES = sql.Table(
    "event_deliveries",
    METADATA,
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("endpoint", sql.String, nullable=False),
    sql.Column("event_id", sql.String, index=True, nullable=False),
    sql.Column("type", sql.String, nullable=False),
    # The column keeps the name it has in databases that are there already.
    sql.Column("lane", sql.String, key="ordering_key", nullable=False),
    sql.Column("provider_id", sql.String),
    sql.Column("body", sql.Text, nullable=False),
    sql.Column("attempts", sql.Integer, nullable=False),
    sql.Column("due", sql.Float),  # seconds since 1970; none while it is held
    sql.Column("state", sql.String, nullable=False),
    sql.Index("event_deliveries_due", "state", "due"),
    sql.Index("event_deliveries_endpoint", "endpoint", "state", "due"),
    sql.Index("event_deliveries_lane", "ordering_key", "state", "number"),
)

_EARLIER = DELIVERIES.alias()
# What waits for its retry holds back what is about the same object, so that events arrive in their order.
_FIRST_IN_ORDER = (
    DELIVERIES.c.state == WAITING,
    ~sql.exists().where(
        _EARLIER.c.ordering_key == DELIVERIES.c.ordering_key,
        _EARLIER.c.state == WAITING,
        _EARLIER.c.number < DELIVERIES.c.number,
    ),
)

# Put together once: building a statement costs more than running it.
_IS_DUE = (*_FIRST_IN_ORDER, DELIVERIES.c.due <= sql.bindparam("now"))
_DUE = sql.select(DELIVERIES).where(*_IS_DUE).order_by(DELIVERIES.c.number).limit(sql.bindparam("at_most"))
_DUE_FOR_ONE = _DUE.where(DELIVERIES.c.endpoint == sql.bindparam("only"))
_ENDPOINTS_DUE = (
    sql.select(DELIVERIES.c.endpoint)
    .where(*_IS_DUE)
    .group_by(DELIVERIES.c.endpoint)
    .order_by(sql.func.min(DELIVERIES.c.number))
)
_NEXT_DUE = sql.select(sql.func.min(DELIVERIES.c.due)).where(*_FIRST_IN_ORDER)
_ENDED = DELIVERIES.c.state.in_((DELIVERED, REJECTED))
_TIDY = DELIVERIES.delete().where(_ENDED, DELIVERIES.c.due < sql.bindparam("before"))


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one endpoint: a row of the table, columns in their order.

    Attributes:
        number: Counts the deliveries in the order of their events.
        endpoint: Its id.
        type: Name of the event, as in `opnc.events`.
        ordering_key: Deliveries with the same one are made in order: each waits for the one before.
        provider_id: The eMSP that is told how an event for the OEM was taken; None where nobody is.
        body: The JSON text that is sent; empty once it was taken or refused.
        attempts: How often it was tried.
        due: When to try next, in seconds since 1970; None while it is held.
        state: `waiting`, `delivered`, `rejected` or `failed`.
    """

    number: int
    endpoint: str
    event_id: str
    type: str
    ordering_key: str
    provider_id: str | None
    body: str
    attempts: int
    due: float | None
    state: str


class Queue:
    """The deliveries in the store, in the order of the events."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, deliveries: Iterable[dict[str, Any]]) -> None:
        """Take deliveries in, first attempt at `due`; each is given by its columns but number and state."""
        # One statement for all endpoints: an event is queued for all who are entitled, or for none.
        rows = [{**delivery, "attempts": 0, "state": WAITING} for delivery in deliveries]
        if rows:
            with self._store.begin() as connection:
                connection.execute(DELIVERIES.insert(), rows)

    def due(self, now: float, at_most: int, endpoint: str | None = None) -> list[Delivery]:
        """Return what is due, of each ordering key only the first.

        Args:
            now: Seconds since 1970.
            at_most: How many.
            endpoint: Only what is for this one; None: for any.
        """
        query = _DUE if endpoint is None else _DUE_FOR_ONE
        with self._store.begin() as connection:
            rows = connection.execute(query, {"now": now, "at_most": at_most, "only": endpoint})
            return [Delivery(*row) for row in rows]

    def endpoints_due(self, now: float) -> list[str]:
        """Return the endpoints that something is due for, those that have waited longest first."""
        with self._store.begin() as connection:
            return list(connection.scalars(_ENDPOINTS_DUE, {"now": now}))

    def next_due(self) -> float | None:
        """Return when the next delivery is due; None where nothing waits."""
        with self._store.begin() as connection:
            found = connection.scalar(_NEXT_DUE)
        return None if found is None else float(found)

    def retry(self, delivery: Delivery, due: float | None) -> None:
        """Note that an attempt failed and when the next one follows; with None it is held."""
        self._change(_the_same(delivery), attempts=delivery.attempts + 1, due=due)

    def finish(self, delivery: Delivery, state: str) -> None:
        """Note how a delivery ended; only one that failed keeps its body."""
        # What was given up can be looked at; the rest is kept only to know how its event was taken.
        kept = delivery.body if state == FAILED else ""
        self._change(_the_same(delivery), attempts=delivery.attempts + 1, state=state, body=kept)

    def known(self, event_id: str, state: str) -> bool:
        """Tell whether any delivery of an event has ended in a state."""
        query = sql.select(DELIVERIES.c.number).where(
            DELIVERIES.c.event_id == event_id, DELIVERIES.c.state == state
        )
        with self._store.begin() as connection:
            return connection.scalar(query.limit(1)) is not None

    def failed(self) -> list[Delivery]:
        """Return the deliveries that were given up."""
        query = sql.select(DELIVERIES).where(DELIVERIES.c.state == FAILED).order_by(DELIVERIES.c.number)
        with self._store.begin() as connection:
            return [Delivery(*row) for row in connection.execute(query)]

    def tidy(self, before: float) -> None:
        """Forget what was delivered or rejected before a moment; what failed is kept."""
        with self._store.begin() as connection:
            connection.execute(_TIDY, {"before": before})

    def hold(self, endpoint: str) -> None:
        """Let what waits for an endpoint wait until it is released."""
        self._change(_waiting_for(endpoint), due=None)

    def release(self, endpoint: str, due: float) -> None:
        """Let what was held go on."""
        self._change(_waiting_for(endpoint) & DELIVERIES.c.due.is_(None), due=due)

    def drop(self, endpoint: str, types: Iterable[str] | None = None) -> None:
        """Forget what waits for an endpoint, all of it or the events of some types."""
        of_type = sql.true() if types is None else DELIVERIES.c.type.in_(list(types))
        with self._store.begin() as connection:
            connection.execute(DELIVERIES.delete().where(_waiting_for(endpoint), of_type))

    def _change(self, condition: ColumnElement[bool], **values: Any) -> None:
        with self._store.begin() as connection:
            connection.execute(DELIVERIES.update().where(condition).values(**values))


def _waiting_for(endpoint: str) -> ColumnElement[bool]:
    return (DELIVERIES.c.endpoint == endpoint) & (DELIVERIES.c.state == WAITING)


def _the_same(delivery: Delivery) -> ColumnElement[bool]:
    # SQLite gives numbers again: that of a dropped delivery, still on its way, may be another's by now.
    return (DELIVERIES.c.number == delivery.number) & (DELIVERIES.c.event_id == delivery.event_id)
