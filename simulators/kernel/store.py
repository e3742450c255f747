"""Where the roles keep what they are given: SQLAlchemy Core over SQLite or PostgreSQL.

Each role declares its tables on `METADATA` in its own file.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, cast

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
        self._first_state: sqlite3.Connection | None = None
        METADATA.create_all(self._engine)

    def begin(self) -> AbstractContextManager[Connection]:
        """Open a transaction; it is committed at the end of the `with` block."""
        return self._engine.begin()

    def clear(self) -> None:
        """Empty every table."""
        with self.begin() as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(table.delete())

    def remember(self) -> None:
        """Keep the present content of a database in memory as its first state; for others do nothing."""
        if str(self._engine.url) == IN_MEMORY:
            self._first_state = sqlite3.connect(":memory:", check_same_thread=False)
            self._driver().backup(self._first_state)

    def restore(self) -> bool:
        """Go back to the first state; tell whether one was kept."""
        if self._first_state is None:
            return False
        self._first_state.backup(self._driver())
        return True

    def _driver(self) -> sqlite3.Connection:
        return cast("sqlite3.Connection", self._engine.raw_connection().driver_connection)

    def close(self) -> None:
        """Give the database back."""
        self._engine.dispose()
        if self._first_state is not None:
            self._first_state.close()


def _engine(url: str) -> Engine:
    if url != IN_MEMORY:
        return sqlalchemy.create_engine(url)
    # One shared connection: each new one to a database in memory would see an empty database.
    return sqlalchemy.create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
