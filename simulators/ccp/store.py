"""What a CCP keeps: contracts by EMAID, vehicle, edition and V2G root, ready to be handed on.

That key is the reading of ERR-097 under which nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from opnc.identifiers import Emaid, Pcid
from simulators.kernel.store import METADATA

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Select

    from opnc.pki.profiles import Version
    from simulators.kernel.store import Store

CONTRACTS = sql.Table(
    "contracts",
    METADATA,
    sql.Column("id", sql.Integer, primary_key=True),  # rises: the oldest contract has the lowest
    sql.Column("emaid", sql.String, index=True, nullable=False),  # normal form (ERR-161)
    sql.Column("pcid", sql.String, index=True, nullable=False),  # upper case (ERR-162)
    sql.Column("version", sql.String, nullable=False),
    sql.Column("root", sql.String, nullable=False),  # fingerprint of the V2G root above the CPS
    sql.Column("is_default", sql.Boolean, nullable=False),
    sql.Column("valid_from", sql.Float, nullable=False),  # seconds since 1970; of all certificates together
    sql.Column("valid_to", sql.Float, index=True, nullable=False),
    sql.Column("checked", sql.Float, index=True, nullable=False),  # when their status was last asked for
    sql.Column("response", sql.LargeBinary, nullable=False),  # the CertificateInstallationRes, EXI
    sql.Column("signed", sql.Text, nullable=False),  # signedContractData without the message, JSON
    sql.Column("data", sql.Text, nullable=False),  # the entry of contract lists without the default, JSON
)

KEY = ("emaid", "pcid", "version", "root")
"""The columns by which contract data are one and the same."""


@dataclass(frozen=True, slots=True)
class ContractRecord:
    """Contract data as they are kept, but for whether they are the default.

    Attributes:
        emaid: The contract.
        pcid: The vehicle.
        version: The edition of ISO 15118.
        root: Fingerprint of the V2G root above the CPS, SHA-256 in hex.
        valid_from: When the last of all certificates begins, seconds since 1970.
        valid_to: When the first of all certificates ends, seconds since 1970.
        checked: When their status was last asked for, seconds since 1970.
        response: The CertificateInstallationRes, EXI.
        signed: The signedContractData object without the message, JSON.
        data: The entry of contract lists without the default, JSON.
    """

    emaid: Emaid
    pcid: Pcid
    version: Version
    root: str
    valid_from: float
    valid_to: float
    checked: float
    response: bytes
    signed: str
    data: str


@dataclass(frozen=True, slots=True)
class StoredContract(ContractRecord):
    """A row of the pool.

    Attributes:
        id: Rises: the oldest contract has the lowest.
        is_default: Whether it is the vehicle's default contract.
    """

    id: int
    is_default: bool


_RECORDED = tuple(each.name for each in fields(ContractRecord))

# The same few contracts are read again and again; an id is never changed, so one object serves all.
_emaid = lru_cache(maxsize=4096)(Emaid.parse)
_pcid = lru_cache(maxsize=4096)(Pcid.parse)


def is_contract(emaid: Emaid) -> ColumnElement[bool]:
    """Return the condition to be about a contract."""
    return CONTRACTS.c.emaid == emaid.normalised


def is_for(pcid: Pcid) -> ColumnElement[bool]:
    """Return the condition to be for a vehicle."""
    return CONTRACTS.c.pcid == pcid.normalised


def same_values(record: ContractRecord, *names: str) -> ColumnElement[bool]:
    """Return the condition to have the same values in some columns."""
    values = _columns(record)
    return sql.and_(*(CONTRACTS.c[name] == values[name] for name in names))


# By the fields of a record and not of a row: `id` and `is_default` are never overwritten by new data.
def _columns(record: ContractRecord) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in _RECORDED}
    return {**values, "emaid": record.emaid.normalised, "pcid": record.pcid.normalised}


class ContractStore:
    """The contracts in a store.

    Callers give and get EMAIDs and PCIDs as values; only here are they written and compared as text, in their
    normal form.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, *conditions: ColumnElement[bool], at_most: int | None = None) -> list[StoredContract]:
        """Return what meets all conditions, the oldest first."""
        return self._rows(sql.select(CONTRACTS).where(*conditions).order_by(CONTRACTS.c.id).limit(at_most))

    def checked_longest_ago(self, condition: ColumnElement[bool], at_most: int) -> list[StoredContract]:
        """Return what meets a condition, those first whose status was asked for longest ago."""
        return self._rows(sql.select(CONTRACTS).where(condition).order_by(CONTRACTS.c.checked).limit(at_most))

    def _rows(self, chosen: Select[Any]) -> list[StoredContract]:
        with self._store.begin() as connection:
            return [
                StoredContract(
                    emaid=_emaid(row.emaid),
                    pcid=_pcid(row.pcid),
                    version=row.version,
                    root=row.root,
                    valid_from=row.valid_from,
                    valid_to=row.valid_to,
                    checked=row.checked,
                    response=row.response,
                    signed=row.signed,
                    data=row.data,
                    id=row.id,
                    is_default=row.is_default,
                )
                for row in connection.execute(chosen)
            ]

    def add(self, record: ContractRecord, *, is_default: bool) -> None:
        """Keep contract data beside what is there."""
        with self._store.begin() as connection:
            connection.execute(CONTRACTS.insert().values(**_columns(record), is_default=is_default))

    def replace(self, condition: ColumnElement[bool], record: ContractRecord) -> None:
        """Put contract data in the place of what meets a condition; what is the default stays it."""
        with self._store.begin() as connection:
            connection.execute(CONTRACTS.update().where(condition).values(**_columns(record)))

    def set_default(self, condition: ColumnElement[bool], *, is_default: bool) -> None:
        """Make what meets a condition the default, or no longer."""
        with self._store.begin() as connection:
            connection.execute(CONTRACTS.update().where(condition).values(is_default=is_default))

    def mark_checked(self, contracts: Collection[StoredContract], moment: float) -> None:
        """Note when the status of contracts was asked for, in seconds since 1970."""
        with self._store.begin() as connection:
            connection.execute(CONTRACTS.update().where(_is_among(contracts)).values(checked=moment))

    def remove(self, contracts: Collection[StoredContract]) -> None:
        """Remove contracts."""
        with self._store.begin() as connection:
            connection.execute(CONTRACTS.delete().where(_is_among(contracts)))


def _is_among(contracts: Collection[StoredContract]) -> ColumnElement[bool]:
    return CONTRACTS.c.id.in_([each.id for each in contracts])
