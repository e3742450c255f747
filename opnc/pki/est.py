"""The bodies of EST (RFC 7030 and 8951, narrowed by OPNC): base64 PKCS#10 in, base64 certs-only PKCS#7 out.

What is written here is what every client measured understands: base64 wrapped at 64 characters, certificates
in the order given (leaf, Sub-CA 2, Sub-CA 1, root), not sorted as DER sorts a SET. What a peer wrote in
another way is read and named.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from opnc.pki import der as _der
from opnc.pki.deviations import Deviation, Unreadable
from opnc.pki.reading import read_certificate
from opnc.pki.requests import ReadRequest, read_request
from opnc.pki.texts import read_base64
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opnc.pki.reading import ReadCertificate

REQUEST_TYPE = "application/pkcs10"
RESPONSE_TYPE = "application/pkcs7-mime; smime-type=certs-only"
TRANSFER_ENCODING = "base64"
"""Value of `Content-Transfer-Encoding`; void since RFC 8951, yet clients fail without it."""

MAX_BODY_BYTES = 131_072
"""Bytes of a body that are looked at."""

_LINE = 64
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_VERSION_1 = bytes.fromhex("020101")
_EXPLICIT_0 = 0xA0
# MIME wants lines of at most 76 characters (RFC 2045 section 6.8), so breaks are right here and wrong in
# JSON.
_HARMLESS = frozenset({"line-breaks"})


@dataclass(frozen=True, slots=True)
class EstCertificates:
    """The certificates of an EST answer.

    Attributes:
        certificates: In the order of the body.
        findings: What deviates from the answer EST wants.
    """

    certificates: tuple[ReadCertificate, ...]
    findings: tuple[Deviation, ...]


@dataclass(frozen=True, slots=True)
class EstRequest:
    """The certification request of a simpleenroll, and what deviates in how it came."""

    request: ReadRequest
    findings: tuple[Deviation, ...]


def build_certs_only(certificates: Sequence[bytes]) -> bytes:
    """Return a certs-only PKCS#7 (RFC 5652 section 5, RFC 8551 section 3.8) in DER, the order kept.

    Args:
        certificates: DER, leaf first.
    """
    # By hand, for `cryptography` sorts the certificates as DER sorts a SET, and CitrineOS then takes the
    # wrong one for the root.
    signed_data = _der.write(
        _der.SEQUENCE,
        _VERSION_1,
        _der.write(_der.SET),
        _der.write(_der.SEQUENCE, _DATA),
        _der.write(_EXPLICIT_0, *certificates),
        _der.write(_der.SET),
    )
    return _der.write(_der.SEQUENCE, _SIGNED_DATA, _der.write(_EXPLICIT_0, signed_data))


def encode_body(data: bytes) -> bytes:
    """Return DER as the body of an EST message: base64 in lines of 64 characters."""
    text = base64.b64encode(data)
    lines = [text[start : start + _LINE] for start in range(0, len(text), _LINE)]
    return b"\n".join(lines) + b"\n"


def read_enrolment(body: bytes, media_type: str | None = REQUEST_TYPE) -> EstRequest:
    """Read the body of a simpleenroll.

    Args:
        body: As received.
        media_type: The value of `Content-Type`; None where it is missing.

    Raises:
        Unreadable: The body is no base64, or holds no certification request.
    """
    data, findings = _decode(body)
    if _essence(media_type) != REQUEST_TYPE:
        findings.append(_media_type(REQUEST_TYPE, media_type, Severity.WARN))
    return EstRequest(read_request(data), tuple(findings))


def read_certificates(
    body: bytes,
    media_type: str | None = RESPONSE_TYPE,
    transfer_encoding: str | None = TRANSFER_ENCODING,
) -> EstCertificates:
    """Read the body of an answer to cacerts or simpleenroll.

    Args:
        body: As received.
        media_type: The value of `Content-Type`; None where it is missing.
        transfer_encoding: The value of `Content-Transfer-Encoding`; None where it is missing.

    Raises:
        Unreadable: The body is no base64, no PKCS#7, or holds what is no certificate.
    """
    data, findings = _decode(body)
    findings += _check_headers(media_type, transfer_encoding)
    # libest refuses such a body, all other clients measured read it.
    if len(body.strip().splitlines()) == 1 and len(body.strip()) > 76:
        clause = "RFC 7030 section 4.1.3; RFC 2045 section 6.8"
        seen = f"{len(body.strip())} characters in one line"
        findings.append(
            Deviation("single-line", "body", "lines of at most 76 characters", seen, clause, Severity.INFO)
        )
    certificates = tuple(_certificates(data))
    findings += _check_certificates(certificates)
    return EstCertificates(certificates, tuple(findings))


def _decode(body: bytes) -> tuple[bytes, list[Deviation]]:
    """Return the DER of a body; bare DER and PEM are read and named."""
    if len(body) > MAX_BODY_BYTES:
        raise Unreadable("too-long", f"{len(body)} bytes, at most {MAX_BODY_BYTES} are read as an EST body")
    # 0x30 is the digit 0 as well; a length octet above 0x7F is no text.
    if body[:1] == bytes((_der.SEQUENCE,)) and body[1:2] >= b"\x80":
        bare = Deviation("not-base64", "body", "base64", "bare DER", "RFC 8951 section 3.1", Severity.WARN)
        return body, [bare]
    # Latin-1 decodes whatever octets there are, so a stray one is named by its place instead of a codec
    # error.
    decoded = read_base64(body.decode("latin-1").strip(), limit=MAX_BODY_BYTES, where="body")
    return decoded.data, [finding for finding in decoded.findings if finding.name not in _HARMLESS]


def _essence(media_type: str | None) -> str:
    return (media_type or "").partition(";")[0].strip().lower()


def _media_type(expected: str, seen: str | None, severity: Severity) -> Deviation:
    return Deviation("media-type", "Content-Type", expected, seen or "none", "ERR-104", severity)


def _check_headers(media_type: str | None, transfer_encoding: str | None) -> Iterator[Deviation]:
    essence = _essence(media_type)
    if essence != _essence(RESPONSE_TYPE):
        # `application/pkcs7` is what OPNC's own description says; BouncyCastle refuses it.
        severity = Severity.WARN if essence in ("", "application/pkcs7") else Severity.FAIL
        yield _media_type(RESPONSE_TYPE, media_type, severity)
    # Void since RFC 8951, so no fault of the sender; but BouncyCastle does not decode without it.
    if (transfer_encoding or "").strip().lower() != TRANSFER_ENCODING:
        field, seen = "Content-Transfer-Encoding", transfer_encoding or "none"
        yield Deviation(
            "transfer-encoding", field, TRANSFER_ENCODING, seen, "ERR-104; RFC 8951", Severity.INFO
        )


def _certificates(data: bytes) -> Iterator[ReadCertificate]:
    for place, certificate in enumerate(_certificate_set(data), 1):
        try:
            yield read_certificate(certificate)
        except Unreadable as problem:
            raise Unreadable(problem.name, problem.what, where=f"certificate {place} of the PKCS#7") from None


def _certificate_set(data: bytes) -> list[bytes]:
    try:
        content_type, content = _der.read_one(data).children()
        (signed_data,) = content.children()
        members = signed_data.children()
        # By tag, not by position: certificates and CRLs are both optional (RFC 5652 section 5.1).
        sets = [member for member in members if member.tag == _EXPLICIT_0]
        certificates = [certificate.raw for member in sets for certificate in member.children()]
    except ValueError as refusal:
        raise Unreadable("not-pkcs7", f"the body is no PKCS#7: {refusal}", where="body") from None
    if content_type.raw != _SIGNED_DATA:
        raise Unreadable("not-pkcs7", "the body is a PKCS#7, but not of signed data", where="body")
    return certificates


def _check_certificates(certificates: Sequence[ReadCertificate]) -> Iterator[Deviation]:
    clause = "RFC 7030 section 4.1.3"
    if not certificates:
        yield Deviation("no-certificates", "certificates", "at least one", "none", clause)
    # Harmless by CMS, where it is a SET; but clients are known that build the chain by position.
    jumps = [below for below, above in pairwise(certificates) if below.issuer != above.subject]
    if jumps:
        names = ", ".join(certificate.common_name or "?" for certificate in certificates)
        ordered = [certificate.der for certificate in certificates]
        seen = f"sorted as DER sorts a SET: {names}" if ordered == sorted(ordered) else names
        yield Deviation(
            "certificate-order", "certificates", "each followed by its issuer", seen, clause, Severity.INFO
        )
