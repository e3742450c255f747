"""What the steps about certificates share: what is asked of the PKI, and which certificate a noun means."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from features.vocabulary.references import NoSuchThing
from features.vocabulary.resolving import facet
from features.vocabulary.tables import Vocabulary
from features.vocabulary.things import ReadPath
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.target.declaration import EST_ALGORITHM
from fixtures.testdata.certificates import ChainSpec
from fixtures.testdata.csr import (
    CERTIFICATE_EDITIONS,
    CERTIFICATION_REQUESTS,
    OWNER_BY_DOMAIN,
    CertificateSpec,
    certificate_spec,
)
from fixtures.testdata.enrollment import REVOKE

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.vocabulary.things import CertificationPath
    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.target.declaration import Target
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.csr import IssuedCertificate
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle

    Change = Callable[[CertificateSpec], CertificateSpec]

EDITION: Vocabulary[Change] = Vocabulary("edition of a certificate", CERTIFICATE_EDITIONS)
FORM: Vocabulary[Change] = Vocabulary("form of a certification request", CERTIFICATION_REQUESTS)
ORDINARY = EDITION[""]


# What is asked of the PKI


@dataclass(frozen=True, slots=True)
class CertificateSpecs:
    """Says what is asked for in a domain."""

    parties: Parties
    data: TestData
    target: Target

    def of(self, domain: str, change: Change, *, of_other: bool = False) -> CertificateSpec:
        """Return what is asked for in the name of the party that a domain is for, or of another such party.

        Raises:
            NotApplicable: If the target has no such account, or does not issue such certificates.
        """
        return self._supported(change(certificate_spec(domain, self.parties, self.data, of_other=of_other)))

    def without_name(self, domain: str | None, change: Change) -> CertificateSpec:
        """Return what is asked for where no name matters; None: no domain.

        Raises:
            NotApplicable: If the target does not issue such certificates.
        """
        spec = CertificateSpec(domain or "", "", {"caDomain": "", "iso15118Version": "ISO15118-2"})
        return self._supported(change(spec.with_parameters(caDomain=domain)))

    def _supported(self, spec: CertificateSpec) -> CertificateSpec:
        if spec.version == "ISO15118-20":
            self.target.demand_declared("iso15118_20", default=True)
        if "algorithm" in spec.query:
            self.target.demand_declared(EST_ALGORITHM, default=False)
        return spec


@pytest.fixture
def certificate_specs(parties: Parties, data: TestData, target: Target) -> CertificateSpecs:
    """What is asked for in a domain."""
    return CertificateSpecs(parties, data, target)


def somebody(parties: Parties, domain: str | None) -> Party:
    """Return somebody without credentials, recorded as the party that a domain is for."""
    owner = OWNER_BY_DOMAIN.get(domain or "")
    return (parties[owner] if owner else parties.any_party()).showing(None)


def revoke(party: Party, certificate: CertificationPath, reason: str = "superseded") -> Exchange:
    """Ask for a certificate to be revoked."""
    return party.ask(REVOKE, body=revocation(certificate.certificates[0].der, reason))


def revocation(der: bytes, reason: str = "superseded") -> dict[str, Any]:
    """Return the body of a request to revoke a certificate."""
    return {"certificate": b64encode(der).decode(), "revocationReason": reason}


# Certificates other than those enrolled


@pytest.fixture
def delivered_chain() -> ReadPath:
    """The contract certificate that the operator has issued, where the scenario has looked at it.

    Raises:
        NotApplicable: If it has not.
    """
    raise NotApplicable("only the operator knows the contract certificate")


@facet("certificate", "its CA")
def _issuer(_request: pytest.FixtureRequest, that: IssuedCertificate | None) -> ReadPath:
    above = _enrolled(that).certificates[1:]
    if len(above) < 2:
        raise Inconclusive("the CA is a root, which nobody can revoke")
    return ReadPath(above)


@facet("certificate", "a serial number that was never issued")
def _never_issued(request: pytest.FixtureRequest, that: IssuedCertificate | None) -> ReadPath:
    """Make up a certificate under the name of the CA."""
    data: TestData = request.getfixturevalue("data")
    leaf, *above = _enrolled(that).certificates
    return ReadPath((replace(leaf, serial=int.from_bytes(data.random_bytes(8), "big") >> 1), *above))


def _enrolled(that: IssuedCertificate | None) -> IssuedCertificate:
    if that is None:
        raise NoSuchThing("no certificate in this scenario; there is none")
    return that


@facet("certificate", "certificate of the contract")
def _of_contract(request: pytest.FixtureRequest, contract: Contract) -> ReadPath:
    if contract.credential is not None:
        return ReadPath(contract.credential.certificates)
    delivered: ReadPath = request.getfixturevalue("delivered_chain")
    return delivered


@facet("certificate", "certificate of the vehicle")
def _of_vehicle(_request: pytest.FixtureRequest, vehicle: Vehicle) -> ReadPath:
    return ReadPath(vehicle.credential.certificates)


@facet("certificate", "Sub-CA 1 of the vehicle")
def _sub_ca_1(_request: pytest.FixtureRequest, vehicle: Vehicle) -> ReadPath:
    return ReadPath(vehicle.credential.certificates[2:])


@facet("certificate", "Sub-CA 2 of the vehicle")
def _sub_ca_2(_request: pytest.FixtureRequest, vehicle: Vehicle) -> ReadPath:
    return ReadPath(vehicle.credential.certificates[1:])


@facet("certificate", "of the CPS")
def _of_cps(request: pytest.FixtureRequest, _that: IssuedCertificate | None) -> ReadPath:
    data: TestData = request.getfixturevalue("data")
    return ReadPath(data.pki.cps(ChainSpec(root="v2g")).certificates)
