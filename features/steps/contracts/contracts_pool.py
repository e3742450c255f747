"""The status of what was issued for a contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, when

from features.steps.contracts.shared import fetch
from fixtures.answers.bodies import body_of
from fixtures.answers.certificate_status import StatusAnswer
from fixtures.answers.installation import of_emaid, response
from fixtures.judging import Inconclusive
from fixtures.testdata.enrollment import ask_status
from opnc.pki.reading import read_certificate
from opnc.provisioning.delivery import contract_chain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties
    from fixtures.testdata.contracts import Contract
    from opnc.pki.reading import ReadCertificate


@given("the contract certificate and its CA, as they are delivered", target_fixture="issued")
def issued(parties: Parties, contract: Contract) -> tuple[ReadCertificate, ...]:
    """Learn the certificates of a contract that the operator made.

    Raises:
        Inconclusive: If they are not delivered.
    """
    answer = fetch(parties["oem"], contract.emaid, contract.pcid)
    item = of_emaid(body_of(answer), contract.version, contract.emaid)
    message = response(item, contract.version) if item else None
    chain = tuple(map(read_certificate, contract_chain(message))) if message else ()
    if len(chain) < 2:
        raise Inconclusive("the contract certificate and its CA are not delivered")
    return chain


@when("the status of that contract certificate is asked for", target_fixture="told")
def status_is_asked(parties: Parties, bench: Bench, issued: Sequence[ReadCertificate]) -> StatusAnswer:
    """Ask the OCSP responder that the certificate names."""
    leaf, issuer = issued[:2]
    return StatusAnswer(ask_status(parties, leaf, issuer).answer, leaf, issuer, bench.clock.now())
