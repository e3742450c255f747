"""What a PCP keeps: provisioning certificate objects by vehicle and edition, ready to be handed on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from opnc.identifiers import Pcid
from opnc.vehicles import namespace_of
from simulators.kernel.store import METADATA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Delete, Select

    from opnc.pki.reading import ReadCertificate
    from simulators.kernel.store import Store

VEHICLES = sql.Table(
    "provisioning_certificates",
    METADATA,
    sql.Column("id", sql.Integer, primary_key=True),  # rises: the latest publication has the highest
    sql.Column("pcid", sql.String, index=True, nullable=False),  # upper case (ERR-162)
    sql.Column("namespace", sql.String, nullable=False),  # there may be one of each edition (ERR-045)
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


@dataclass(frozen=True, slots=True)
class PublishedVehicle:
    """What a PCP, the own one or another, hands on of a vehicle.

    Attributes:
        pcid: The vehicle.
        namespace: The edition of ISO 15118, as `xsdMsgDefNamespace` names it.
        body: The provisioning certificate object, JSON.
    """

    pcid: Pcid
    namespace: str
    body: str


@dataclass(frozen=True, slots=True)
class StoredVehicle(PublishedVehicle):
    """A row of the pool.

    Attributes:
        id: Rises with each publication.
        key: SubjectPublicKeyInfo of the leaf in hex.
        valid_from: Seconds since 1970.
        valid_to: Seconds since 1970.
        checked: When its status was last asked for, seconds since 1970.
    """

    id: int
    key: str
    valid_from: float
    valid_to: float
    checked: float


# Pools are asked for the same vehicles again and again; a PCID is never changed, so one object serves all.
_pcid = lru_cache(maxsize=4096)(Pcid.parse)


class VehicleStore:
    """The vehicles in a store.

    Callers give and get a PCID as a value; only here is it written and compared as text, in its normal form.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, pcid: Pcid) -> list[StoredVehicle]:
        """Return what is kept for a vehicle, that which was published last first."""
        return self._rows(_LATEST_FIRST, vehicle=pcid.normalised)

    def checked_longest_ago(self, condition: ColumnElement[bool], at_most: int) -> list[StoredVehicle]:
        """Return vehicles that meet a condition, those first whose status was asked for longest ago."""
        return self._rows(sql.select(VEHICLES).where(condition).order_by(VEHICLES.c.checked).limit(at_most))

    def _rows(self, chosen: Select[Any], **values: str) -> list[StoredVehicle]:
        with self._store.begin() as connection:
            return [
                StoredVehicle(
                    pcid=_pcid(row.pcid),
                    namespace=row.namespace,
                    body=row.body,
                    id=row.id,
                    key=row.key,
                    valid_from=row.valid_from,
                    valid_to=row.valid_to,
                    checked=row.checked,
                )
                for row in connection.execute(chosen, values)
            ]

    def add(self, pcid: Pcid, leaf: ReadCertificate, entry: Mapping[str, Any], now: datetime) -> None:
        """Keep an object; what is there of the same vehicle and edition must have been removed.

        Args:
            pcid: The vehicle.
            leaf: Its provisioning certificate.
            entry: The object to be handed on.
            now: When its status was last asked for.
        """
        values = {
            "pcid": pcid.normalised,
            "namespace": namespace_of(leaf),
            "key": leaf.spki.hex(),
            "valid_from": leaf.not_before.timestamp(),
            "valid_to": leaf.not_after.timestamp(),
            "checked": now.timestamp(),
            "body": json.dumps(entry, separators=(",", ":")),
        }
        with self._store.begin() as connection:
            connection.execute(VEHICLES.insert(), values)

    def mark_checked(self, vehicle: StoredVehicle, now: datetime) -> None:
        """Note that the status of a certificate was asked for."""
        changed = VEHICLES.update().where(VEHICLES.c.id == vehicle.id).values(checked=now.timestamp())
        with self._store.begin() as connection:
            connection.execute(changed)

    def remove(self, pcid: Pcid) -> None:
        """Remove all that is kept for a vehicle."""
        self._remove(_REMOVE, vehicle=pcid.normalised)

    def remove_kind(self, pcid: Pcid, namespace: str) -> None:
        """Remove what is kept for a vehicle in one edition, named as `xsdMsgDefNamespace` names it."""
        self._remove(_REMOVE_KIND, vehicle=pcid.normalised, kind=namespace)

    def _remove(self, statement: Delete, **values: str) -> None:
        with self._store.begin() as connection:
            connection.execute(statement, values)
