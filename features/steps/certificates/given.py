"""What stands before: certificates that were enrolled or revoked, and requests for new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.certificates.shared import EDITION, FORM, revoke
from features.steps.contracts.shared import fetch
from features.vocabulary.references import THAT, NoSuchThing, Ref
from features.vocabulary.steps import given, step
from features.vocabulary.things import ReadPath
from fixtures.answers.bodies import body_of
from fixtures.answers.installation import of_emaid, response
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.testdata.csr import IssuedCertificate, certification_request
from fixtures.testdata.enrollment import ca_certificates, enroll
from fixtures.testdata.vehicles import Vehicle
from opnc.pki.reading import read_certificate
from opnc.pki.revocation import revoked
from opnc.provisioning.delivery import contract_chain

if TYPE_CHECKING:
    from features.steps.certificates.shared import CertificateSpecs, Change
    from features.vocabulary.references import Register
    from features.vocabulary.sentence import Said
    from features.vocabulary.things import CertificationPath
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties, Party
    from fixtures.server.ocsp_crl import TesterStatusService
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.csr import CertificationRequest
    from fixtures.testdata.generator import TestData
    from opnc.pki.reading import ReadCertificate


@given(
    "the CA certificates that {party} reads for {domain}{EDITION}", EDITION=EDITION, target_fixture="ca_chain"
)
def ca_chain(
    certificate_specs: CertificateSpecs, party: Party, domain: str, edition: Change
) -> tuple[ReadCertificate, ...]:
    """Read the CA certificates against which others are to be judged."""
    return ca_certificates(party, certificate_specs.of(domain, edition))


@given(
    "a request for a certificate of {domain}{FORM}[of_other= in the name of another]",
    FORM=FORM,
    introduces=[Ref("csr", new=True)],
)
def is_prepared(
    certificate_specs: CertificateSpecs,
    data: TestData,
    csrs: Register[CertificationRequest],
    domain: str,
    form: Change,
    *,
    of_other: bool,
) -> None:
    """Make a certification request, named after the party that the domain is for or another of its kind."""
    csrs.keep(THAT, certification_request(certificate_specs.of(domain, form, of_other=of_other), data))


@given("{party} has enrolled {new_certificate} of {domain}{EDITION}", EDITION=EDITION)
def has_enrolled(
    certificate_specs: CertificateSpecs, data: TestData, party: Party, domain: str, edition: Change
) -> IssuedCertificate:
    """Get a certificate from the PKI, and stop where there is none."""
    return enroll(party, data, certificate_specs.of(domain, edition))


@given("{certificate} is the provisioning certificate of {new_vehicle}")
def belongs_to_vehicle(certificate: CertificationPath) -> Vehicle:
    """Put a certificate that was enrolled into a vehicle.

    Raises:
        NoSuchThing: If it was not, so that the tester has no key for the vehicle.
    """
    if not isinstance(certificate, IssuedCertificate):
        raise NoSuchThing("only a certificate that was enrolled can be that of a vehicle")
    return Vehicle.of(certificate.credential)


@given("{party} has revoked {certificate}")
def has_revoked(party: Party, certificate: CertificationPath) -> None:
    """Revoke a certificate, and stop where that does not work."""
    answer = revoke(party, certificate)
    if answer.answer.status != 200:
        raise Inconclusive(f"the precondition, a revoked certificate, was answered {answer.answer.status}")


@step("{certificate} is revoked")
def is_revoked(bench: Bench, status: TesterStatusService, certificate: CertificationPath, said: Said) -> None:
    """Let a CA of the tester revoke a certificate: of a vehicle, a contract or the CPS.

    Raises:
        NotApplicable: If the tester does not tell its status.
    """
    leaf = certificate.certificates[0]
    if not status.is_named_in(leaf):
        raise NotApplicable(f"the status of {said.phrases['certificate']} is not told by the tester")
    status.set(leaf, revoked(bench.clock.now(), "keyCompromise"))


@given("the contract certificate and its CA, as they are delivered", target_fixture="delivered_chain")
def delivered(parties: Parties, contracts: Register[Contract]) -> ReadPath:
    """Learn the certificates of a contract that the operator made, while the pool still has it.

    Raises:
        Inconclusive: If they are not delivered.
        NotApplicable: If the operator has not issued it.
    """
    contract = contracts[Ref("contract")]
    if contract.credential is not None:
        raise NotApplicable("the tester has issued the contract certificate: no CPS of the target could")
    answer = fetch(parties["oem"], contract.emaid, contract.pcid)
    item = of_emaid(body_of(answer), contract.version, contract.emaid)
    message = response(item, contract.version) if item else None
    chain = tuple(map(read_certificate, contract_chain(message))) if message else ()
    if len(chain) < 2:
        raise Inconclusive("the contract certificate and its CA are not delivered")
    return ReadPath(chain)
