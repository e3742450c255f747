"""Where the roles keep what they are given: SQLAlchemy Core over SQLite or PostgreSQL.

Each role declares its tables on `METADATA` in its own file.
"""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import URL, Connection, Engine

METADATA = sqlalchemy.MetaData()
_OWN = sqlalchemy.MetaData()
_FACTS = sqlalchemy.Table(
    "facts",
    _OWN,
    sqlalchemy.Column("name", sqlalchemy.String, primary_key=True),
    sqlalchemy.Column("value", sqlalchemy.String, nullable=False),
)
IN_MEMORY = "sqlite://"

_FORMS = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"


class Store:
    """One database, used by one thread at a time."""

    def __init__(self, url: str = IN_MEMORY) -> None:
        """Open the database and make the tables it lacks.

        Raises:
            Problem: If there is no such kind of database, or it cannot be opened.
        """
        self._engine = _engine(url)
        self._first_state: sqlite3.Connection | None = None
        self._transaction: ExitStack | None = None
        self._joined: Connection | None = None
        try:
            for metadata in (METADATA, _OWN):
                metadata.create_all(self._engine)
        except SQLAlchemyError as error:
            raise Problem(
                f"the database cannot be used: {_first_line(error)}", where=shown(self._engine.url)
            ) from error

    def setting(self, name: str, otherwise: str) -> str:
        """Return what was stated about this database when it was first used; state it if nothing was."""
        with self.begin() as connection:
            query = sqlalchemy.select(_FACTS.c.value).where(_FACTS.c.name == name)
            found: str | None = connection.scalar(query)
            if found is None:
                connection.execute(_FACTS.insert().values(name=name, value=otherwise))
        return otherwise if found is None else found

    def begin(self) -> AbstractContextManager[Connection]:
        """Open a transaction, committed at the end of the `with` block; within a transaction join it."""
        if self._transaction is None:
            return self._engine.begin()
        # Opened by the first who needs it: most calls that are refused never touch the database.
        if self._joined is None:
            self._joined = self._transaction.enter_context(self._engine.begin())
        return nullcontext(self._joined)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make one transaction of all that are opened in the `with` block; one within another joins it.

        An exception undoes everything. Nothing is opened for a block that needs no database.
        """
        if self._transaction is not None:
            yield
            return
        with ExitStack() as stack:
            self._transaction = stack
            try:
                yield
            finally:
                # Before the stack ends the transaction, so that nobody joins one that is over.
                self._transaction = self._joined = None

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._transaction is not None

    def counts(self) -> dict[str, int]:
        """Return how many rows each table holds."""
        with self.begin() as connection:
            return {table.name: _count(connection, table) for table in METADATA.sorted_tables}

    def clear(self) -> None:
        """Empty every table."""
        with self.begin() as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(table.delete())

    def snapshot(self) -> None:
        """Keep the present content of a database in memory as its first state; for others do nothing.

        Going back by one backup takes some 50 µs, filling the tables anew, which callers do with other
        databases, 8 ms.
        """
        if str(self._engine.url) == IN_MEMORY:
            self._first_state = sqlite3.connect(":memory:", check_same_thread=False)
            with self._driver() as driver:
                driver.backup(self._first_state)

    def restore_snapshot(self) -> bool:
        """Go back to the first state; tell whether one was kept."""
        if self._first_state is None:
            return False
        with self._driver() as driver:
            self._first_state.backup(driver)
        return True

    @contextmanager
    def _driver(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection of the driver, and give it back to the pool."""
        borrowed = self._engine.raw_connection()
        try:
            yield cast("sqlite3.Connection", borrowed.driver_connection)
        finally:
            borrowed.close()

    def close(self) -> None:
        """Give the database back."""
        self._engine.dispose()
        if self._first_state is not None:
            self._first_state.close()


def _count(connection: Connection, table: sqlalchemy.Table) -> int:
    return connection.scalar(sqlalchemy.select(sqlalchemy.func.count()).select_from(table)) or 0


def shown(url: URL) -> str:
    """Return the address of a database without its password."""
    return url.render_as_string(hide_password=True)


def _engine(url: str) -> Engine:
    address = _address(url)
    try:
        return sqlalchemy.create_engine(address, **_options(address))
    except ImportError as error:
        raise Problem(
            f"the driver is missing: {error.name}",
            where=shown(address),
            hint="pip install 'opnc-conformance[postgresql]'",
        ) from error
    except SQLAlchemyError as error:
        raise Problem(
            f"the address cannot be used: {error}", where=shown(address), hint=f"give {_FORMS}"
        ) from error


def _address(url: str) -> URL:
    try:
        address = sqlalchemy.make_url(url)
    except ArgumentError as error:
        raise Problem("this is not the address of a database", hint=f"give {_FORMS}") from error
    if address.get_backend_name() not in {"sqlite", "postgresql"}:
        raise Problem(
            "there is no support for this kind of database", where=shown(address), hint=f"give {_FORMS}"
        )
    if address.drivername == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    return address


def _options(address: URL) -> dict[str, Any]:
    if address.get_backend_name() != "sqlite":
        return {"pool_pre_ping": True}
    # One connection: each new one to a database in memory would see an empty database, and a file has one
    # writer anyway. It goes from thread to thread, but is used by one at a time.
    return {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
