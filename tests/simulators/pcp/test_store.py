"""What a PCP keeps: a PCID is a value outside of the store, and one and the same in any letter case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sql

from opnc.identifiers import Pcid
from opnc.pki.keys import Seed
from opnc.pki.testbed import SeededPki
from opnc.vehicles import namespace_of
from simulators.kernel.store import Store
from simulators.pcp.store import VEHICLES, VehicleStore

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PCID = Pcid.parse("wdb00000000000001")
LEAF = SeededPki(Seed("vehicle store"), NOW).vehicle(PCID.normalised).certificate


@pytest.fixture
def database() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


@pytest.fixture
def vehicles(database: Store) -> VehicleStore:
    return VehicleStore(database)


def test_what_was_added_is_found_as_it_was(vehicles: VehicleStore) -> None:
    vehicles.add(PCID, LEAF, {"a": 1}, NOW)
    (found,) = vehicles.of(PCID)
    assert (found.pcid, found.namespace, found.body) == (PCID, namespace_of(LEAF), '{"a":1}')
    assert (found.key, found.checked) == (LEAF.spki.hex(), NOW.timestamp())
    assert (found.valid_from, found.valid_to) == (LEAF.not_before.timestamp(), LEAF.not_after.timestamp())


def test_a_pcid_is_kept_in_upper_case_and_found_in_any(database: Store, vehicles: VehicleStore) -> None:
    vehicles.add(PCID, LEAF, {}, NOW)
    with database.begin() as connection:
        assert connection.scalar(sql.select(VEHICLES.c.pcid)) == "WDB00000000000001"
    assert vehicles.of(Pcid.parse("Wdb00000000000001"))
    assert not vehicles.of(Pcid.parse("WDB000000000000010"))


def test_the_latest_comes_first(vehicles: VehicleStore) -> None:
    for number in range(3):
        vehicles.add(PCID, LEAF, {"a": number}, NOW)
    assert [found.body for found in vehicles.of(PCID)] == ['{"a":2}', '{"a":1}', '{"a":0}']
    vehicles.remove_kind(PCID, "another")
    assert vehicles.of(PCID)
    vehicles.remove_kind(PCID, namespace_of(LEAF))
    assert not vehicles.of(PCID)


def test_those_checked_longest_ago_come_first(vehicles: VehicleStore) -> None:
    for days in (3, 1, 2):
        vehicles.add(PCID, LEAF, {}, NOW + timedelta(days=days))
    due = VEHICLES.c.checked <= (NOW + timedelta(days=2)).timestamp()
    found = vehicles.checked_longest_ago(due, 2)
    assert [each.checked for each in found] == [(NOW + timedelta(days=days)).timestamp() for days in (1, 2)]
    for each in found:
        vehicles.mark_checked(each, NOW + timedelta(days=4))
    assert not vehicles.checked_longest_ago(due, 2)
