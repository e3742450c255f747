"""What is done with certificates: EST, revocation, and asking for their status by OCSP and CRL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from features.steps.certificates.shared import EDITION, ORDINARY, revocation, revoke, somebody
from features.vocabulary.references import THAT, Ref
from features.vocabulary.steps import when
from features.vocabulary.tables import Vocabulary
from fixtures.answers.certificate_status import StatusAnswer, next_crl, status_by_crl
from fixtures.client.polling import poll
from fixtures.judgements.findings import warn
from fixtures.judging import Inconclusive
from fixtures.target.declaration import CLOCK, CRL_WINDOW
from fixtures.testdata.enrollment import (
    CA_CERTIFICATES,
    REVOKE,
    STOCK_HEADERS,
    ask_status,
    demand_offered,
    read_crl,
    send,
)
from opnc.pki.profiles import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.steps.certificates.shared import CertificateSpecs, Change
    from features.vocabulary.references import Register
    from features.vocabulary.things import CertificationPath
    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties, Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.judging import Judge
    from fixtures.testdata.csr import CertificationRequest, IssuedCertificate
    from fixtures.testdata.enrollment import OcspMethod
    from fixtures.testdata.generator import TestData

NONCE_BYTES = 16

A_SECOND, A_DAY = timedelta(seconds=1), timedelta(days=1)


# EST


@when(
    "(somebody without credentials|{party}) reads the CA certificates"
    " (of {domain}{EDITION}|without saying for which domain)",
    EDITION=EDITION,
)
def reads_ca_certificates(
    parties: Parties,
    certificate_specs: CertificateSpecs,
    party: Party | None,
    domain: str | None,
    edition: Change | None,
) -> Exchange:
    """Ask for the CA certificates of a domain, or of none.

    Raises:
        NotApplicable: If what is refused need not be offered.
    """
    spec = certificate_specs.without_name(domain, edition or ORDINARY)
    exchange = (party or somebody(parties, domain)).ask(CA_CERTIFICATES, query=spec.query)
    demand_offered(spec, exchange.answer)
    return exchange


@when("(somebody without credentials|{party}) sends {csr}[stock= as stock EST clients do][ once more]")
def sends(
    parties: Parties,
    data: TestData,
    csrs: Register[CertificationRequest],
    judge: Judge,
    party: Party | None,
    csr: CertificationRequest,
    *,
    stock: bool,
) -> Exchange:
    """Ask for a certificate, in the ordinary way or with the headers of RFC 7030.

    Where a PKI refuses the one name that it may refuse, the other is asked for (ERR-181).
    """
    sender = party or somebody(parties, csr.spec.domain)
    served, exchange = send(sender, data, csr, STOCK_HEADERS if stock else None)
    if served is not csr:
        csrs.things[THAT] = served
        what, seen = "common name in ISO 15118-20", f"{csr.spec.common_name} refused, a SECC id taken"
        judge.record([warn(what, expected="an EVSE id", seen=seen, erratum="ERR-181")])
    return exchange


# Revocation


@when("{party} revokes {certificate}[ for the reason {reason}]")
def revokes(party: Party, certificate: CertificationPath, reason: str | None) -> Exchange:
    """Ask for a certificate to be revoked; because it is superseded, if no reason is said."""
    return revoke(party, certificate, reason or "superseded")


def _of_other_ca(data: TestData, enrolled: IssuedCertificate) -> dict[str, Any]:
    """Name a certificate that a CA of the tester has issued, to the same name."""
    own = data.pki.own_root()
    leaf = data.pki.below(own, find(enrolled.spec.domain, "leaf"), enrolled.leaf.common_name or "")
    return revocation(leaf.der)


REVOCATION: Vocabulary[Callable[[TestData, IssuedCertificate], dict[str, Any]]] = Vocabulary(
    "revocation that must be refused",
    {
        "a certificate of another CA": _of_other_ca,
        "the CA that issued it": lambda _data, enrolled: revocation(enrolled.issuer.der),
        "it without naming it": lambda _data, _enrolled: {"revocationReason": "superseded"},
        "it without a reason": lambda _data, enrolled: {
            "certificate": revocation(enrolled.leaf.der)["certificate"]
        },
        "what is no base64": lambda data, _enrolled: {
            **revocation(b""),
            "certificate": data.garbage("not base64"),
        },
        "random bytes": lambda data, _enrolled: revocation(data.random_bytes(400)),
        "what is PEM": lambda data, _enrolled: {**revocation(b""), "certificate": data.garbage("PEM")},
    },
)


@when("{party} tries to revoke {REVOCATION}", REVOCATION=REVOCATION)
def tries_to_revoke(
    party: Party,
    data: TestData,
    certificates: Register[IssuedCertificate],
    revocation: Callable[[TestData, IssuedCertificate], dict[str, Any]],
) -> Exchange:
    """Ask for a revocation that must be refused; "it" is that certificate."""
    return party.ask(REVOKE, body=revocation(data, certificates[Ref("certificate")]))


# Status


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """How a status is asked for by OCSP."""

    method: OcspMethod = "POST"
    has_nonce: bool = True
    or_crl: bool = False


WAY: Vocabulary[StatusRequest] = Vocabulary(
    "way to ask for a status",
    {
        # At least one of OCSP and CRL has to work, so a CRL will do where no responder is named (ERR-114).
        "": StatusRequest(or_crl=True),
        " by POST": StatusRequest(),
        " by GET": StatusRequest("GET"),
        " by SHA-256": StatusRequest("SHA-256"),
        " without a nonce": StatusRequest(has_nonce=False),
    },
)


@when("the status of {certificate} is asked for{WAY}", WAY=WAY, target_fixture="told")
def status_is_asked(
    parties: Parties, data: TestData, bench: Bench, certificate: CertificationPath, way: StatusRequest
) -> StatusAnswer:
    """Ask the OCSP responder that the certificate names, or read its CRL where it names no responder."""
    leaf, issuer = certificate.certificates[:2]
    if way.or_crl and not leaf.extensions.ocsp_urls:
        return _crl_of(parties, bench, certificate)
    nonce = data.random_bytes(NONCE_BYTES) if way.has_nonce else None
    asked = ask_status(parties, leaf, issuer, nonce, way.method)
    return StatusAnswer(asked.number, asked.answer, leaf, issuer, bench.clock.now(), nonce)


@when("the CRL that lists {certificate} is read[due= once it is due]", target_fixture="crl")
def crl_is_read(parties: Parties, bench: Bench, certificate: CertificationPath, *, due: bool) -> StatusAnswer:
    """Fetch the CRL that the certificate names, or the next one that must tell of what was done.

    Raises:
        Inconclusive: If nobody can wait for the next one, and this one is that of before.
    """
    first = _crl_of(parties, bench, certificate)
    if not due or _lists(first):
        return first
    if CLOCK in bench.target.meets:
        bench.advance(max(next_crl(first, otherwise=A_DAY) - bench.clock.now(), timedelta(0)) + A_SECOND)
        return _crl_of(parties, bench, certificate)
    window = timedelta(seconds=bench.target.declared.get(CRL_WINDOW, 0))
    last = poll(lambda: _crl_of(parties, bench, certificate), _lists, within=window)
    # What is made anew for whoever asks holds all there is; what stays the same may be that of before.
    if not window and last.answer.content == first.answer.content:
        raise Inconclusive(f"the CRL is that of before; supports.{CRL_WINDOW} says when there is a new one")
    return last


def _lists(told: StatusAnswer) -> bool:
    status = status_by_crl(told)
    return status is not None and status.state == "revoked"


def _crl_of(parties: Parties, bench: Bench, certificate: CertificationPath) -> StatusAnswer:
    leaf, issuer = certificate.certificates[:2]
    read = read_crl(parties, leaf)
    return StatusAnswer(read.number, read.answer, leaf, issuer, bench.clock.now(), by="CRL")
