"""The store: units, facts, databases that cannot be."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sql

from opnc.problem import Problem
from simulators.kernel.store import IN_MEMORY, Store
from simulators.rcp.store import ROOTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def put(store: Store, name: str) -> None:
    with store.begin() as connection:
        values = {"position": 1, "fingerprint": "", "types": "", "body": ""}
        values |= {"valid_from": 0.0, "valid_to": 1.0}
        connection.execute(ROOTS.insert().values(id=name, **values))


def names(store: Store) -> set[str]:
    with store.begin() as connection:
        return set(connection.scalars(sql.select(ROOTS.c.id)))


def _put_both(store: Store, first: str, second: str) -> None:
    with store.transaction():
        put(store, first)
        with store.transaction():
            put(store, second)


@pytest.fixture(params=["memory", "file", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store in memory, in a file, and in the database of a server where a test may have one."""
    urls = {
        "memory": IN_MEMORY,
        "file": f"sqlite:///{tmp_path / 'state.db'}",
        "server": os.environ.get("OPNC_TEST_DATABASE", ""),
    }
    url = urls[request.param]
    if not url:
        pytest.skip("OPNC_TEST_DATABASE names no database")
    opened = Store(url)
    opened.clear()
    yield opened
    opened.close()


def test_transactions_within_a_unit_are_one(store: Store) -> None:
    with store.transaction():
        put(store, "a")
        within = store.in_transaction
        assert names(store) == {"a"}
        put(store, "b")
    assert (within, store.in_transaction) == (True, False)
    assert names(store) == {"a", "b"}


def test_an_exception_undoes_the_whole_unit(store: Store) -> None:
    put(store, "before")
    with pytest.raises(sql.exc.IntegrityError):
        _put_both(store, "a", "before")
    assert names(store) == {"before"}
    assert not store.in_transaction


def test_an_inner_unit_that_is_caught_spoils_nothing(store: Store) -> None:
    with store.transaction():
        put(store, "a")
    with store.transaction(), store.transaction():
        put(store, "b")
    assert names(store) == {"a", "b"}


def test_a_fact_is_what_was_stated_first(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.db'}"
    first = Store(url)
    assert first.setting("begun", "today") == "today"
    first.clear()
    first.close()
    later = Store(url)
    assert later.setting("begun", "tomorrow") == "today"
    assert "facts" not in later.counts()
    later.close()


def test_counts_tell_what_is_held(store: Store) -> None:
    put(store, "a")
    assert store.counts()["roots"] == 1
    store.clear()
    assert set(store.counts().values()) == {0}


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("", "this is not the address of a database"),
        ("state.db", "this is not the address of a database"),
        ("mysql://me:hunter2@host/x", "there is no support for this kind of database"),
        ("sqlite:////no/such/folder/x.db", "the database cannot be used"),
        ("sqlite+nonsense:///x", "the address cannot be used"),
    ],
)
def test_a_database_that_cannot_be_is_told_without_its_password(url: str, seen: str) -> None:
    with pytest.raises(Problem, match=seen) as caught:
        Store(url)
    assert "hunter2" not in str(caught.value)
