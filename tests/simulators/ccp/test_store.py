"""What a CCP keeps: ids are values outside of the store, and one and the same in any spelling."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sql

from opnc.identifiers import Emaid, Pcid
from simulators.ccp.store import CONTRACTS, ContractRecord, ContractStore, is_contract, is_for, same_values
from simulators.kernel.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORD = ContractRecord(
    emaid=Emaid.parse("de-8aa-ca2b3c4d5-n"),
    pcid=Pcid.parse("wdb00000000000001"),
    version="ISO15118-2",
    root="ab" * 32,
    valid_from=1.0,
    valid_to=2.0,
    checked=1.5,
    response=b"\x80",
    signed="{}",
    data="{}",
)


@pytest.fixture
def database() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


@pytest.fixture
def contracts(database: Store) -> ContractStore:
    return ContractStore(database)


def test_what_was_added_is_found_as_it_was(contracts: ContractStore) -> None:
    contracts.add(RECORD, is_default=True)
    (found,) = contracts.find()
    assert {name: getattr(found, name) for name in ContractRecord.__dataclass_fields__} == {
        name: getattr(RECORD, name) for name in ContractRecord.__dataclass_fields__
    }
    assert found.is_default


def test_ids_are_kept_in_their_normal_form(database: Store, contracts: ContractStore) -> None:
    contracts.add(RECORD, is_default=False)
    with database.begin() as connection:
        row = connection.execute(sql.select(CONTRACTS.c.emaid, CONTRACTS.c.pcid)).one()
    assert tuple(row) == ("DE8AACA2B3C4D5", "WDB00000000000001")


@pytest.mark.parametrize("text", ["DE8AACA2B3C4D5", "de8aaca2b3c4d5", "DE-8AA-CA2B3C4D5", "DE8AACA2B3C4D5N"])
def test_a_contract_is_found_in_any_spelling(contracts: ContractStore, text: str) -> None:
    contracts.add(RECORD, is_default=False)
    assert contracts.find(is_contract(Emaid.parse(text)))
    assert not contracts.find(is_contract(Emaid.parse(text.replace("5", "6"))))


def test_a_vehicle_is_found_in_any_letter_case(contracts: ContractStore) -> None:
    contracts.add(RECORD, is_default=False)
    assert contracts.find(is_for(Pcid.parse("Wdb00000000000001")))
    assert not contracts.find(is_for(Pcid.parse("WDB00000000000002")))


def test_new_data_leave_the_default_as_it_is(contracts: ContractStore) -> None:
    contracts.add(RECORD, is_default=True)
    contracts.replace(same_values(RECORD, "emaid", "pcid"), replace(RECORD, response=b"\x81"))
    (found,) = contracts.find()
    assert (found.response, found.is_default) == (b"\x81", True)


def test_the_oldest_comes_first(contracts: ContractStore) -> None:
    for root in ("3", "1", "2"):
        contracts.add(replace(RECORD, root=root), is_default=False)
    assert [found.root for found in contracts.find()] == ["3", "1", "2"]
    contracts.remove(contracts.find(at_most=1))
    assert [found.root for found in contracts.find()] == ["1", "2"]


def test_those_checked_longest_ago_come_first(contracts: ContractStore) -> None:
    for checked in (3.0, 1.0, 2.0):
        contracts.add(replace(RECORD, root=str(checked), checked=checked), is_default=False)
    found = contracts.checked_longest_ago(CONTRACTS.c.checked <= 2.0, at_most=2)
    assert [each.checked for each in found] == [1.0, 2.0]
    contracts.mark_checked(found, 4.0)
    assert [each.checked for each in contracts.find()] == [3.0, 4.0, 4.0]
