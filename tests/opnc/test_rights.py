from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opnc.catalogue import load
from opnc.rights import PARTIES, TABLE, Cell, Party, allowed, cells

ROLE_REQUIREMENTS = {
    key: requirement for key, requirement in load().requirements.items() if key.startswith("AUTH-ROLE-")
}
CELLS = {(cell.row.operation, cell.party, cell.row.ca_domain): cell for cell in cells()}


def test_every_role_requirement_has_exactly_one_cell() -> None:
    expected = Counter(dict.fromkeys(ROLE_REQUIREMENTS, 1))
    expected["AUTH-ROLE-ADMIN"] = 2  # one requirement for both writes
    assert Counter(cell.requirement for cell in cells()) == expected


@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: f"{cell.requirement}-{cell.row.operation}")
def test_a_cell_agrees_with_its_requirement(cell: Cell) -> None:
    requirement = ROLE_REQUIREMENTS[cell.requirement]
    assert cell.allowed != requirement.negative
    assert cell.row.service in requirement.iut
    if cell.party != "administrator":
        assert requirement.operation == cell.row.operation
        assert f"caDomain={cell.row.ca_domain}" in requirement.text or cell.row.ca_domain is None
    assert allowed(cell.row.operation, cell.party, cell.row.ca_domain) == cell.allowed


def test_the_table_is_the_published_one_and_two_rows_of_ours() -> None:
    assert Counter(row.erratum for row in TABLE) == {None: 32, "ERR-149": 2}
    errata = load().errata
    assert all(row.erratum in errata for row in TABLE if row.erratum)


def test_no_two_rows_speak_of_the_same_call() -> None:
    assert len({(row.operation, row.ca_domain) for row in TABLE}) == len(TABLE)


def test_the_oem_does_not_store_contracts() -> None:
    assert not allowed("addSignedContractDataV1", "oem")  # ERR-150


def test_a_vehicle_certificate_is_for_the_oem() -> None:
    may = {party for party in PARTIES if allowed("simpleEnrollCertV1", party, "veh")}
    assert may == {"oem"}  # ERR-149


def test_a_peer_may_look_up_vehicles_and_contracts_only() -> None:
    may = {row.operation for row, parties in TABLE.items() if "peer" in parties}
    assert may == {
        "getProvisioningCertificateV1",
        "getSignedContractDataByCertificateInstallationReqV1",
    }  # ERR-152


def test_the_administrator_has_the_roots_and_nothing_else() -> None:
    may = {row.operation for row, parties in TABLE.items() if "administrator" in parties}
    assert may == {row.operation for row in TABLE if row.service == "rcp"}


def test_enrolment_without_a_domain_is_denied() -> None:
    assert not allowed("simpleEnrollCertV1", "oem")


@given(st.text(), st.sampled_from(get_args(Party)), st.none() | st.text())
def test_what_is_not_in_the_table_is_denied(operation: str, party: Party, domain: str | None) -> None:
    known = {(row.operation, row.ca_domain) for row in TABLE}
    assert (operation, domain) in known or not allowed(operation, party, domain)
