"""What a CCP keeps: contracts by EMAID, vehicle, generation and V2G root, ready to be handed on.

That key is the reading of ERR-097 under which nothing is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from simulators.kernel.store import METADATA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Row

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


def values_of(row: Row[Any]) -> Mapping[str, Any]:
    """Return the columns of a row by name."""
    return {str(name): value for name, value in row._mapping.items()}  # noqa: SLF001 - public, says SQLAlchemy


def same_values(values: Mapping[str, Any], *names: str) -> ColumnElement[bool]:
    """Return the condition to have the same values in some columns."""
    return sql.and_(*(CONTRACTS.c[name] == values[name] for name in names))


class ContractStore:
    """The contracts in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, *conditions: ColumnElement[bool], at_most: int | None = None) -> list[Row[Any]]:
        """Return what meets all conditions, the oldest first."""
        chosen = sql.select(CONTRACTS).where(*conditions).order_by(CONTRACTS.c.id).limit(at_most)
        with self._store.begin() as connection:
            return list(connection.execute(chosen).all())

    def checked_longest_ago(self, condition: ColumnElement[bool], at_most: int) -> list[Row[Any]]:
        """Return what meets a condition, those first whose status was asked for longest ago."""
        chosen = sql.select(CONTRACTS).where(condition).order_by(CONTRACTS.c.checked).limit(at_most)
        with self._store.begin() as connection:
            return list(connection.execute(chosen).all())

    def add(self, values: Mapping[str, Any]) -> None:
        """Keep contract data beside what is there."""
        with self._store.begin() as connection:
            connection.execute(CONTRACTS.insert().values(**values))

    def change(self, condition: ColumnElement[bool], **values: Any) -> None:
        """Change columns of what meets a condition."""
        with self._store.begin() as connection:
            connection.execute(CONTRACTS.update().where(condition).values(**values))

    def remove(self, *conditions: ColumnElement[bool]) -> None:
        """Remove what meets all conditions."""
        with self._store.begin() as connection:
            connection.execute(CONTRACTS.delete().where(*conditions))
