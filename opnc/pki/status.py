"""Judging OCSP responses and CRLs: who signed them, whom they are about, whether they are current."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from opnc.pki.deviations import Deviation
from opnc.pki.ocsp import is_responder
from opnc.pki.signatures import is_signed_by
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from opnc.pki.crl import ReadCrl
    from opnc.pki.ocsp import SingleStatus, StatusResponse
    from opnc.pki.reading import ReadCertificate
    from opnc.pki.revocation import Status

CLOCKS_APART = timedelta(minutes=5)
"""How far the clocks of two parties may be apart before a time counts as wrong."""

_DEFECTS: dict[str, tuple[str, str, Severity]] = {
    "crl-issuer": ("issuer", "RFC 5280 section 6.3.3 (b)", Severity.FAIL),
    "crl-key-usage": ("keyUsage", "RFC 5280 section 6.3.3 (f)", Severity.FAIL),
    "crl-number": ("cRLNumber", "RFC 5280 section 5.2.3", Severity.WARN),
    "crl-signature": ("signatureValue", "RFC 5280 section 6.3.3 (g)", Severity.FAIL),
    "ocsp-contradiction": ("certStatus", "RFC 6960 section 3.2", Severity.FAIL),
    "ocsp-certificate": ("certID", "RFC 6960 section 3.2 (1)", Severity.FAIL),
    "ocsp-nonce": ("nonce", "RFC 9654 section 2", Severity.FAIL),
    "ocsp-nonce-missing": ("nonce", "RFC 9654 section 2", Severity.INFO),
    "ocsp-responder": ("responderID", "RFC 6960 section 4.2.2.2", Severity.FAIL),
    "ocsp-responder-id": ("responderID", "RFC 6960 section 4.2.2.3", Severity.WARN),
    "ocsp-signature": ("signature", "RFC 6960 section 3.2 (2)", Severity.FAIL),
    "status-early": ("thisUpdate", "RFC 6960 section 3.2 (5)", Severity.FAIL),
    "status-late": ("nextUpdate", "RFC 6960 section 3.2 (6)", Severity.FAIL),
    "status-without-end": ("nextUpdate", "RFC 5280 section 5.1.2.5", Severity.INFO),
}
"""What can be wrong: the field it shows in, the clause it breaks, the level."""


def ocsp_status(
    response: StatusResponse, certificate: ReadCertificate, issuer: ReadCertificate
) -> Status | None:
    """Return the status a response gives a certificate; None where it is about others only."""
    singles = _singles(response, certificate, issuer)
    # Of several answers the worst counts: who is told both must not take it for good.
    return min((single.status for single in singles), key=_trust, default=None)


def _trust(status: Status) -> int:
    return ("revoked", "unknown", "good").index(status.state)


def check_response(
    response: StatusResponse,
    certificate: ReadCertificate,
    issuer: ReadCertificate,
    now: datetime,
    nonce: bytes | None = None,
) -> tuple[Deviation, ...]:
    """Return what speaks against relying on an OCSP response.

    Args:
        response: The response.
        certificate: Whose status was asked for.
        issuer: The CA that issued it.
        now: The moment of relying on it, aware.
        nonce: The nonce of the request; None where there was none.
    """
    singles = _singles(response, certificate, issuer)
    findings = [*response.findings, *_check_signer(response, issuer, now), *_check_nonce(response, nonce)]
    states = dict.fromkeys(single.status.state for single in singles)
    if len(states) > 1:
        findings.append(_defect("ocsp-contradiction", "one status of a certificate", " and ".join(states)))
    if not singles:
        seen = ", ".join(f"{other.cert_id.serial:x}" for other in response.singles) or "none"
        findings.append(_defect("ocsp-certificate", f"serial number {certificate.serial:x}", seen))
    for single in singles:
        findings += _check_period(single.this_update, single.next_update, now)
    return tuple(findings)


def check_crl(crl: ReadCrl, issuer: ReadCertificate, now: datetime) -> tuple[Deviation, ...]:
    """Return what speaks against relying on a CRL of a CA.

    Args:
        crl: The CRL.
        issuer: The CA whose certificates it is about.
        now: The moment of relying on it, aware.
    """
    findings = list(crl.findings)
    usage = issuer.extensions.key_usage
    # Indirect CRLs (RFC 5280 section 5.2.5), which another CA signs, are not taken.
    if crl.issuer != issuer.subject:
        findings.append(_defect("crl-issuer", str(issuer.subject), str(crl.issuer)))
    if not is_signed_by(crl.tbs, crl.signature, crl.signature_algorithm, issuer.spki):
        seen = f"a signature ({crl.signature_algorithm}) that does not verify"
        findings.append(_defect("crl-signature", f"a signature by {issuer.subject}", seen))
    if usage is not None and "cRLSign" not in usage:
        findings.append(_defect("crl-key-usage", "cRLSign", ", ".join(sorted(usage)) or "no usage"))
    if crl.number is None:
        findings.append(_defect("crl-number", "a CRL number", "none"))
    return (*findings, *_check_period(crl.this_update, crl.next_update, now))


def _singles(
    response: StatusResponse, certificate: ReadCertificate, issuer: ReadCertificate
) -> list[SingleStatus]:
    # Serial numbers are unique below one issuer only.
    return [
        single
        for single in response.singles
        if single.cert_id.serial == certificate.serial and single.cert_id.issued_by(issuer)
    ]


def _check_signer(response: StatusResponse, issuer: ReadCertificate, now: datetime) -> Iterator[Deviation]:
    # who names itself the responder comes first, which saves verifying with the wrong keys
    # The issuer itself signs too: a delegate is allowed, not demanded (RFC 6960 section 4.2.2.2).
    known = sorted(
        (issuer, *response.certificates), key=lambda one: not is_responder(one, response.responder)
    )
    signer = next((one for one in known if _signed(response, one)), None)
    if signer is None:
        seen = f"a signature ({response.signature_algorithm}) that does not verify"
        if not any(is_responder(one, response.responder) for one in known):
            seen += ": the certificate of the responder did not come along"
        yield _defect("ocsp-signature", f"a signature by {issuer.subject} or its delegate", seen)
        return
    if not is_responder(signer, response.responder):
        yield _defect("ocsp-responder-id", str(signer.subject), "another name or key hash")
    # By key, for a CA may have several certificates.
    if signer.spki != issuer.spki:
        yield from _check_delegate(signer, issuer, now)


def _signed(response: StatusResponse, signer: ReadCertificate) -> bool:
    return is_signed_by(response.tbs, response.signature, response.signature_algorithm, signer.spki)


def _check_delegate(signer: ReadCertificate, issuer: ReadCertificate, now: datetime) -> Iterator[Deviation]:
    """Check the rules for a responder that is not the CA itself."""
    if not (signer.issuer == issuer.subject and signer.signed_by(issuer)):
        yield _defect("ocsp-responder", f"issued by {issuer.subject}", f"issued by {signer.issuer}")
    if "OCSPSigning" not in signer.extensions.extended_key_usage:
        seen = ", ".join(signer.extensions.extended_key_usage) or "no purpose"
        yield _defect("ocsp-responder", "the purpose OCSPSigning", seen)
    if not signer.valid_at(now):
        seen = f"valid {signer.not_before} to {signer.not_after}"
        yield _defect("ocsp-responder", f"valid at {now}", seen)


def _check_nonce(response: StatusResponse, nonce: bytes | None) -> Iterator[Deviation]:
    if nonce is None or response.nonce == nonce:
        return
    if response.nonce is None:
        # Responders that sign in advance cannot repeat a nonce (RFC 5019), and RFC 6960 lets them.
        yield _defect("ocsp-nonce-missing", "the nonce of the request", "none")
    else:
        yield _defect("ocsp-nonce", nonce.hex(), response.nonce.hex())


def _check_period(this_update: datetime, next_update: datetime | None, now: datetime) -> Iterator[Deviation]:
    # The clock of whoever looks may be behind that of whoever signed a moment ago.
    if this_update > now + CLOCKS_APART:
        yield _defect("status-early", f"not after {now}", str(this_update))
    if next_update is None:
        yield _defect("status-without-end", "a time", "none")
    elif next_update < now:
        yield _defect("status-late", f"not before {now}", str(next_update))


def _defect(name: str, expected: str, seen: str) -> Deviation:
    field, clause, severity = _DEFECTS[name]
    return Deviation(name, field, expected, seen, clause, severity)
