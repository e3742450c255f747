"""What a PCP keeps: provisioning certificate objects by vehicle and generation, ready to be handed on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from opnc import provisioning
from simulators.kernel.store import METADATA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

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


class Vehicles:
    """The vehicles in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def latest(self, pcid: str, *conditions: ColumnElement[bool]) -> Row[Any] | None:
        """Return what was published last for a vehicle."""
        chosen = sql.select(VEHICLES).where(VEHICLES.c.pcid == pcid, *conditions)
        with self._store.begin() as connection:
            return connection.execute(chosen.order_by(VEHICLES.c.id.desc()).limit(1)).first()

    def some(self, condition: ColumnElement[bool], at_most: int) -> list[Row[Any]]:
        """Return vehicles that meet a condition, those first whose status was asked for longest ago."""
        chosen = sql.select(VEHICLES).where(condition).order_by(VEHICLES.c.checked).limit(at_most)
        with self._store.begin() as connection:
            return list(connection.execute(chosen).all())

    def add(self, pcid: str, leaf: ReadCertificate, entry: Mapping[str, Any], now: datetime) -> None:
        """Keep an object, beside what is there for the vehicle already.

        Args:
            pcid: The vehicle, upper case.
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
            connection.execute(VEHICLES.insert().values(values))

    def mark_checked(self, row: Row[Any], now: datetime) -> None:
        """Note that the status of a certificate was asked for."""
        with self._store.begin() as connection:
            connection.execute(
                VEHICLES.update().where(VEHICLES.c.id == row.id).values(checked=now.timestamp())
            )

    def remove(self, pcid: str, namespace: str | None = None) -> None:
        """Remove what is kept for a vehicle, of one generation or of all."""
        condition = VEHICLES.c.pcid == pcid
        if namespace is not None:
            condition = sql.and_(condition, VEHICLES.c.namespace == namespace)
        with self._store.begin() as connection:
            connection.execute(VEHICLES.delete().where(condition))


def namespace_of(leaf: ReadCertificate) -> str:
    """Return the generation a certificate is kept under."""
    return provisioning.NAMESPACES[provisioning.version_of(leaf)]
