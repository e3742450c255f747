"""What a PCP keeps: provisioning certificate objects by vehicle and generation, ready to be handed on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from opnc.vehicles import namespace_of
from simulators.kernel.store import METADATA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Delete, Row

    from opnc.pki.reading import ReadCertificate
    from simulators.kernel.store import Store

VEHICLES = sql.Table(
    "provisioning_certificates",
    METADATA,
    sql.Column("id", sql.Integer, primary_key=True),  # rises: the latest publication has the highest
    sql.Column("pcid", sql.String, index=True, nullable=False),  # upper case (ERR-162)
    sql.Column("namespace", sql.String, nullable=False),  # there may be one of each generation (ERR-045)
    sql.Column("key", sql.String, nullable=False),  # SubjectPublicKeyInfo of the leaf in hex
    sql.Column("valid_from", sql.Float, nullable=False),  # seconds since 1970
    sql.Column("valid_to", sql.Float, index=True, nullable=False),
    sql.Column("checked", sql.Float, index=True, nullable=False),  # when its status was last asked for
    sql.Column("body", sql.Text, nullable=False),  # the JSON object as it is handed on
)


# Put together once: building a statement costs more than running it.
_OF_VEHICLE = VEHICLES.c.pcid == sql.bindparam("vehicle")
_OF_KIND = sql.and_(_OF_VEHICLE, VEHICLES.c.namespace == sql.bindparam("kind"))
_LATEST_FIRST = sql.select(VEHICLES).where(_OF_VEHICLE).order_by(VEHICLES.c.id.desc())
_REMOVE, _REMOVE_KIND = (VEHICLES.delete().where(condition) for condition in (_OF_VEHICLE, _OF_KIND))


class VehicleStore:
    """The vehicles in a store; a PCID is always in upper case here."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, pcid: str) -> Sequence[Row[Any]]:
        """Return what is kept for a vehicle, that which was published last first."""
        with self._store.begin() as connection:
            return connection.execute(_LATEST_FIRST, {"vehicle": pcid}).all()

    def some(self, condition: ColumnElement[bool], at_most: int) -> list[Row[Any]]:
        """Return vehicles that meet a condition, those first whose status was asked for longest ago."""
        chosen = sql.select(VEHICLES).where(condition).order_by(VEHICLES.c.checked).limit(at_most)
        with self._store.begin() as connection:
            return list(connection.execute(chosen).all())

    def add(self, pcid: str, leaf: ReadCertificate, entry: Mapping[str, Any], now: datetime) -> None:
        """Keep an object; what is there of the same vehicle and generation must have been removed.

        Args:
            pcid: The vehicle.
            leaf: Its provisioning certificate.
            entry: The object to be handed on.
            now: When its status was last asked for.
        """
        values = {
            "pcid": pcid,
            "namespace": namespace_of(leaf),
            "key": leaf.spki.hex(),
            "valid_from": leaf.not_before.timestamp(),
            "valid_to": leaf.not_after.timestamp(),
            "checked": now.timestamp(),
            "body": json.dumps(entry, separators=(",", ":")),
        }
        with self._store.begin() as connection:
            connection.execute(VEHICLES.insert(), values)

    def mark_checked(self, row: Row[Any], now: datetime) -> None:
        """Note that the status of a certificate was asked for."""
        with self._store.begin() as connection:
            connection.execute(
                VEHICLES.update().where(VEHICLES.c.id == row.id).values(checked=now.timestamp())
            )

    def remove(self, pcid: str) -> None:
        """Remove all that is kept for a vehicle."""
        self._remove(_REMOVE, vehicle=pcid)

    def remove_kind(self, pcid: str, namespace: str) -> None:
        """Remove what is kept for a vehicle in one generation."""
        self._remove(_REMOVE_KIND, vehicle=pcid, kind=namespace)

    def _remove(self, statement: Delete, **values: str) -> None:
        with self._store.begin() as connection:
            connection.execute(statement, values)
