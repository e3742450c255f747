"""What is done with EST: reading CA certificates, enrolling leaves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, parsers, when

from fixtures.judgements.stock_est import StockClient
from fixtures.testdata.csr import (
    CERTIFICATE_EDITIONS,
    CERTIFICATION_REQUESTS,
    OWNER_BY_DOMAIN,
    CertificateSpec,
    CertificationRequest,
    IssuedCertificate,
    certificate_spec,
    certification_request,
)
from fixtures.testdata.enrollment import CA_CERTIFICATES, ENROLL, STOCK_HEADERS, ca_certificates, enroll
from fixtures.testdata.vehicles import Vehicle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.target.declaration import Target
    from fixtures.testdata.generator import TestData
    from opnc.pki.reading import ReadCertificate


def _any_of(names: Mapping[str, object]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


def _demand_edition(target: Target, wished: CertificateSpec) -> None:
    if wished.version == "ISO15118-20":
        target.demand_declared("iso15118_20", default=True)
    if "algorithm" in wished.query:
        target.demand_declared("est_algorithm", default=True)


# What stands before


@given(
    parsers.re(
        rf"the CA certificates that the (?P<party>.+) reads for the domain (?P<domain>\w+)"
        rf"(?P<edition>{_any_of(CERTIFICATE_EDITIONS)})"
    ),
    target_fixture="ca_chain",
)
def ca_chain(
    parties: Parties, data: TestData, target: Target, party: str, domain: str, edition: str
) -> tuple[ReadCertificate, ...]:
    """Read the CA certificates against which others are to be judged."""
    wished = CERTIFICATE_EDITIONS[edition](certificate_spec(domain, parties, data))
    _demand_edition(target, wished)
    return ca_certificates(parties[party], wished)


@given(
    parsers.re(
        r"a request for a certificate of the domain (?P<domain>\w+)"
        rf"(?P<kind>{_any_of(CERTIFICATION_REQUESTS)})"
    ),
    target_fixture="request_made",
)
def certificate_request(
    parties: Parties, data: TestData, target: Target, domain: str, kind: str
) -> CertificationRequest:
    """Make a certification request in the name of the domain's account."""
    wished = CERTIFICATION_REQUESTS[kind](certificate_spec(domain, parties, data))
    _demand_edition(target, wished)
    return certification_request(wished, data)


@given(
    parsers.parse("a request for a certificate of the domain {domain} in the name of another"),
    target_fixture="request_made",
)
def request_of_other(parties: Parties, data: TestData, domain: str) -> CertificationRequest:
    """Make a certification request in the name of another account of the same kind."""
    return certification_request(certificate_spec(domain, parties, data, of_other=True), data)


@given(
    parsers.re(
        rf"the (?P<party>.+) has enrolled a certificate of the domain (?P<domain>\w+)"
        rf"(?P<edition>{_any_of(CERTIFICATE_EDITIONS)})"
    ),
    target_fixture="enrolled",
)
def has_enrolled(
    parties: Parties, data: TestData, target: Target, party: str, domain: str, edition: str
) -> IssuedCertificate:
    """Get a certificate from the PKI."""
    wished = CERTIFICATE_EDITIONS[edition](certificate_spec(domain, parties, data))
    _demand_edition(target, wished)
    return enroll(parties[party], data, wished)


@given("that certificate is the provisioning certificate of a vehicle", target_fixture="vehicle")
def enrolled_vehicle(enrolled: IssuedCertificate) -> Vehicle:
    """Put the certificate into a vehicle."""
    return Vehicle.of(enrolled.credential)


# EST


@when(
    parsers.re(
        rf"the (?P<party>.+) reads the CA certificates of the domain (?P<domain>emsp|cpo|oem|cps|veh)"
        rf"(?P<edition>{_any_of(CERTIFICATE_EDITIONS)})"
    ),
    target_fixture="answer",
)
def reads_ca_certificates(
    parties: Parties, data: TestData, target: Target, party: str, domain: str, edition: str
) -> Exchange:
    """Ask for the CA certificates of a domain."""
    wished = CERTIFICATE_EDITIONS[edition](certificate_spec(domain, parties, data))
    _demand_edition(target, wished)
    return parties[party].ask(CA_CERTIFICATES, query=wished.query)


@when(
    parsers.re(
        "the (?P<party>.+) reads the CA certificates "
        "(?P<of>without saying for which domain|of the domain foo)"
    ),
    target_fixture="answer",
)
def reads_of_no_domain(parties: Parties, party: str, of: str) -> Exchange:
    """Ask for the CA certificates of no domain, or of one that does not exist."""
    domain = {"caDomain": "foo"} if of.endswith("foo") else {}
    return parties[party].ask(CA_CERTIFICATES, query={**domain, "iso15118Version": "ISO15118-2"})


@when(parsers.parse("somebody without credentials reads those of {domain}"), target_fixture="anonymous")
def reads_anonymously(parties: Parties, domain: str) -> Exchange:
    """Ask for CA certificates without a token."""
    query = {"caDomain": domain, "iso15118Version": "ISO15118-2"}
    return parties[OWNER_BY_DOMAIN[domain]].ask_with(None, CA_CERTIFICATES, query=query)


@when(parsers.parse("the {party} sends that request"), target_fixture="answer")
def sends_request(parties: Parties, request_made: CertificationRequest, party: str) -> Exchange:
    """Ask for a certificate."""
    return parties[party].ask(ENROLL, query=request_made.spec.query, body=request_made.body)


@when(
    parsers.parse("the {party} sends that request as stock EST clients do, at first without credentials"),
    target_fixture="stock",
)
def sends_as_stock_clients(parties: Parties, request_made: CertificationRequest, party: str) -> StockClient:
    """Ask for a certificate in two goes and with the headers of RFC 7030."""
    sent: Any = {"query": request_made.spec.query, "body": request_made.body, "headers": STOCK_HEADERS}
    refused = parties[party].ask_with(None, ENROLL, **sent)
    return StockClient(refused.answer, parties[party].ask(ENROLL, **sent).answer)


@when("somebody without credentials sends that request", target_fixture="answer")
def sends_anonymously(parties: Parties, request_made: CertificationRequest) -> Exchange:
    """Ask for a certificate without a token."""
    owner = parties[OWNER_BY_DOMAIN[request_made.spec.domain]]
    return owner.ask_with(None, ENROLL, query=request_made.spec.query, body=request_made.body)


@when(parsers.parse("the {party} sends that request once more"), target_fixture="second_answer")
def sends_again(parties: Parties, request_made: CertificationRequest, party: str) -> Exchange:
    """Ask for the same certificate again."""
    return sends_request(parties, request_made, party)
