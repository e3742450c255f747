"""What is done about the revocation of certificates: asking for it, and learning of it by OCSP and CRL."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, parsers, when

from fixtures.answers.certificate_status import StatusAnswer
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.testdata.enrollment import REVOKE, OcspMethod, ask_status
from opnc.contract.beside import CRL
from opnc.pki.profiles import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.testdata.csr import IssuedCertificate
    from fixtures.testdata.generator import TestData
    from opnc.pki.reading import ReadCertificate

NONCE_BYTES = 16

WAYS: dict[str, OcspMethod] = {"": "POST", " by POST": "POST", " by GET": "GET", " by SHA-256": "SHA-256"}


@given(parsers.parse("the {party} has revoked that certificate"))
def has_revoked(parties: Parties, enrolled: IssuedCertificate, party: str) -> None:
    """Revoke the certificate, and stop where that does not work."""
    answer = revokes(parties, enrolled, party, None)
    if answer.answer.status != 200:
        raise Inconclusive(f"the precondition, a revoked certificate, was answered {answer.answer.status}")


@when(
    parsers.re(r"the (?P<party>.+?) revokes that certificate(?: for the reason (?P<reason>\w+))?"),
    target_fixture="answer",
)
def revokes(parties: Parties, enrolled: IssuedCertificate, party: str, reason: str | None) -> Exchange:
    """Revoke the certificate that was enrolled."""
    return parties[party].ask(REVOKE, body=_revocation(enrolled.leaf.der, reason or "superseded"))


def _revocation(der: bytes, reason: str = "superseded") -> dict[str, Any]:
    return _revocation_of(_text(der), reason)


def _revocation_of(certificate: Any, reason: str = "superseded") -> dict[str, Any]:
    return {"certificate": certificate, "revocationReason": reason}


def _text(der: bytes) -> str:
    return b64encode(der).decode()


def _of_other_ca(data: TestData, enrolled: IssuedCertificate) -> dict[str, Any]:
    """Name a certificate that a CA of the tester has issued, to the same name."""
    own = data.pki.own_root()
    leaf = data.pki.below(own, find(enrolled.spec.domain, "leaf"), enrolled.leaf.common_name or "")
    return _revocation(leaf.der)


REVOCATIONS: dict[str, Callable[[TestData, IssuedCertificate], Any]] = {
    "a certificate of another CA": _of_other_ca,
    "the CA that issued it": lambda _data, enrolled: _revocation(enrolled.issuer.der),
    "it without naming it": lambda _data, _enrolled: {"revocationReason": "superseded"},
    "it without a reason": lambda _data, enrolled: {
        "certificate": _revocation(enrolled.leaf.der)["certificate"]
    },
    "what is no base64": lambda data, _enrolled: {
        **_revocation(b""),
        "certificate": data.garbage("not base64"),
    },
    "random bytes": lambda data, _enrolled: _revocation(data.random_bytes(400)),
    "what is PEM": lambda data, _enrolled: {**_revocation(b""), "certificate": data.garbage("PEM")},
}
"""What scenarios try to revoke -> the body of the request."""


@when(
    parsers.re(f"the (?P<party>.+) tries to revoke (?P<what>{'|'.join(REVOCATIONS)})"),
    target_fixture="answer",
)
def tries_to_revoke(
    parties: Parties, data: TestData, enrolled: IssuedCertificate, party: str, what: str
) -> Exchange:
    """Ask for a revocation that must be refused."""
    return parties[party].ask(REVOKE, body=REVOCATIONS[what](data, enrolled))


# Status


@when(
    parsers.re(f"the status of that certificate is asked for(?P<how>{'|'.join(WAYS)})"),
    target_fixture="told",
)
def status_is_asked(
    parties: Parties, data: TestData, bench: Bench, enrolled: IssuedCertificate, how: str
) -> StatusAnswer:
    """Ask the OCSP responder that the certificate names."""
    return _ask(parties, data, bench, enrolled.leaf, enrolled.issuer, WAYS[how])


@when("the status of its CA is asked for", target_fixture="told")
def status_of_ca_is_asked(
    parties: Parties, data: TestData, bench: Bench, enrolled: IssuedCertificate
) -> StatusAnswer:
    """Ask the OCSP responder that the issuing CA names."""
    certificates = enrolled.credential.certificates
    if len(certificates) < 3:
        raise Inconclusive("the CA is a root, which nobody can revoke")
    return _ask(parties, data, bench, certificates[1], certificates[2])


@when("the status of a serial number that was never issued is asked for", target_fixture="told")
def status_of_unknown_is_asked(
    parties: Parties, data: TestData, bench: Bench, enrolled: IssuedCertificate
) -> StatusAnswer:
    """Ask about a certificate that the CA has not issued: one made by the tester under the CA's name."""
    unknown = replace(enrolled.leaf, serial=int.from_bytes(data.random_bytes(8), "big") >> 1)
    return _ask(parties, data, bench, unknown, enrolled.issuer)


def _ask(
    parties: Parties,
    data: TestData,
    bench: Bench,
    certificate: ReadCertificate,
    issuer: ReadCertificate,
    way: OcspMethod = "POST",
) -> StatusAnswer:
    nonce = data.random_bytes(NONCE_BYTES)
    answer = ask_status(parties, certificate, issuer, nonce, way).answer
    return StatusAnswer(answer, certificate, issuer, bench.clock.now(), nonce)


@when("the CRL that lists that certificate is read", target_fixture="listed")
def crl_is_read(parties: Parties, bench: Bench, enrolled: IssuedCertificate) -> StatusAnswer:
    """Fetch the CRL that the certificate names."""
    urls = enrolled.leaf.extensions.crl_urls
    if not urls:
        raise NotApplicable("the certificate names no CRL")
    answer = parties.fetch(CRL, urls[0]).answer
    return StatusAnswer(answer, enrolled.leaf, enrolled.issuer, bench.clock.now())
