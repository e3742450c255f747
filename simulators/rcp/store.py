"""How the Root Certificate Pool keeps roots: its table and the rows of it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sql

from simulators.kernel.store import METADATA

ROOTS = sql.Table(
    "roots",
    METADATA,
    sql.Column("id", sql.String, primary_key=True),
    sql.Column("position", sql.Integer, nullable=False),
    sql.Column("fingerprint", sql.String, index=True, nullable=False),
    sql.Column("types", sql.String, nullable=False),  # lower case, between blanks: found as whole words
    sql.Column("valid_from", sql.Float, nullable=False),  # seconds since 1970
    sql.Column("valid_to", sql.Float, nullable=False),
    sql.Column("body", sql.Text, nullable=False),  # the JSON object as it is handed on
)
"""What the pool keeps, a row for each root."""


@dataclass(frozen=True, slots=True)
class StoredRoot:
    """A root as the pool keeps it: a row of its table, columns in their order.

    Attributes:
        id: The `rootCertificateId`.
        position: Counts the roots in the order of their storing.
        fingerprint: SHA-256 of the certificate, hex.
        types: Lower case, a blank before and behind each.
        valid_from: Seconds since 1970.
        valid_to: Seconds since 1970.
        body: The JSON object as it is handed on.
    """

    id: str
    position: int
    fingerprint: str
    types: str
    valid_from: float
    valid_to: float
    body: str

    def has_type(self, name: str) -> bool:
        """Tell whether it is a root of a type, lower case."""
        return f" {name} " in self.types
