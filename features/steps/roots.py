"""Steps about root certificates and the pool that holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import parsers, then, when

if TYPE_CHECKING:
    from fixtures.evidence import Exchange
    from fixtures.parties import Parties
    from fixtures.target import Target


@when(parsers.parse("the {party} lists the root certificates"), target_fixture="listing")
def list_roots(parties: Parties, party: str) -> Exchange:
    """Ask the RCP for all roots."""
    return parties[party].ask("getRootCertificatesV1")


@then("the list holds every root the target declares")
def holds_declared(listing: Exchange, target: Target) -> None:
    """Compare with the PIXIT."""
    assert len(listing.answer.json()["rootCertificateCollection"]) == len(target.roots)
