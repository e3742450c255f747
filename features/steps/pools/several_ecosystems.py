"""An order with the mark of a broadcast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import parsers, when

from opnc.broadcast import HEADER

if TYPE_CHECKING:
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.testdata.contracts import Contract


@when(parsers.parse('the eMSP places that order, with broadcast "{mark}"'), target_fixture="answer")
def orders_with_mark(parties: Parties, contract: Contract, mark: str) -> Exchange:
    """Order a contract with the mark of a broadcast, which no operation of the CPS has."""
    return parties["emsp"].ask(contract.operation, headers={HEADER: mark}, body=contract.request)
