"""Where the roles keep what they are given: SQLAlchemy Core over SQLite or PostgreSQL.

Each role declares its tables on `METADATA` in its own file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy.pool import StaticPool

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

METADATA = sqlalchemy.MetaData()
IN_MEMORY = "sqlite://"


class Store:
    """One database."""

    def __init__(self, url: str = IN_MEMORY) -> None:
        self._engine = _engine(url)
        METADATA.create_all(self._engine)

    def begin(self) -> AbstractContextManager[Connection]:
        """Open a transaction; it is committed at the end of the `with` block."""
        return self._engine.begin()

    def clear(self) -> None:
        """Empty every table."""
        with self.begin() as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(table.delete())

    def close(self) -> None:
        """Give the database back."""
        self._engine.dispose()


def _engine(url: str) -> Engine:
    if url != IN_MEMORY:
        return sqlalchemy.create_engine(url)
    # One shared connection: each new one to a database in memory would see an empty database.
    return sqlalchemy.create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
