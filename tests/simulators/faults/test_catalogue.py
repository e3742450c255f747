"""The catalogue of faults: whatever a fault names is there, so that a misspelt name is no fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from opnc import contract
from simulators.ecosystem import Ecosystem
from simulators.faults import FAULTS
from simulators.faults.making import for_each_pool
from simulators.kernel.failpoints import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.kernel.fault_injection import Fault

STATUS_RESPONDERS = {"ocsp", "crl"}
"""What is tampered with beside the operations of OPNC."""


@pytest.fixture(scope="module", autouse=True)
def _ecosystem() -> Iterator[None]:
    """Make every service once: some failpoints get their names from the service they belong to."""
    ecosystem = Ecosystem()
    yield
    ecosystem.close()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_what_a_fault_names_is_there(fault: Fault) -> None:
    assert {*fault.disabled, *fault.replaced, *fault.moved_first} <= names()
    operations = {operation.id for operation in contract.load()}
    assert set(fault.tamper) <= operations | STATUS_RESPONDERS
    assert {operation for operation, _, _ in fault.rights} <= operations


def test_no_id_is_given_twice() -> None:
    ids = [fault.id for fault in FAULTS]
    assert len(ids) == len(set(ids))


def test_the_same_fault_of_both_pools_names_the_pieces_of_each() -> None:
    broken: dict[str, tuple[str, ...] | str] = {"pcp": "A", "ccp": ("B", "C")}
    pcp, ccp = for_each_pool("x", broken, "It fails.", "{pool}.a", replaced={"{pool}.b": len})
    assert (pcp.id, pcp.service, pcp.requirements, pcp.summary) == ("pcp.x", "pcp", ("A",), "It fails.")
    assert ccp.disabled == {"ccp.a"}
    assert ccp.requirements == ("B", "C")
    assert ccp.replaced == {"ccp.b": len}
