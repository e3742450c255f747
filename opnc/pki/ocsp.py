"""OCSP requests and responses (RFC 6960), built and read; nothing is sent.

    request = build_request(leaf, sub_ca_2, nonce=b"16 random bytes!")
    response = build_response(read_request(request), GOOD, responder, now, now + timedelta(hours=1))
    check_response(read_response(response), leaf, sub_ca_2, now)   # in opnc.pki.status

A request asks about one certificate, as RFC 5019 section 2.1.1 wants of clients. Of one about several the
first is read; a response about that alone is one that RFC 5019 section 2.2.1 allows.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from opnc.pki import der as _der
from opnc.pki.deviations import Deviation, Unreadable
from opnc.pki.library import REFUSALS, refused_as
from opnc.pki.names import DistinguishedName, from_x509
from opnc.pki.reading import read_certificate
from opnc.pki.repair import repair_structure
from opnc.pki.revocation import GOOD, UNKNOWN, Status, revoked
from opnc.pki.signatures import SIGNATURE_NAMES, signing_hash
from opnc.pki.texts import read_base64
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from opnc.pki.credentials import Credential
    from opnc.pki.reading import ReadCertificate

REQUEST_TYPE = "application/ocsp-request"
RESPONSE_TYPE = "application/ocsp-response"
MAX_REQUEST_BYTES = 4096
MAX_RESPONSE_BYTES = 65_536
"""Bytes of DER that are looked at."""

_VERSION_1 = bytes.fromhex("a003020100")

NONCE_LENGTHS = range(1, 129)
"""Bytes that a nonce may have (RFC 9654 section 2.1); responders refuse others."""

HashName = Literal["sha1", "sha256"]
Refusal = Literal["malformedRequest", "internalError", "tryLater", "sigRequired", "unauthorized"]

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - names a CA (RFC 6960 section 4.3), protects nothing
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_REFUSALS = {
    "malformedRequest": ocsp.OCSPResponseStatus.MALFORMED_REQUEST,
    "internalError": ocsp.OCSPResponseStatus.INTERNAL_ERROR,
    "tryLater": ocsp.OCSPResponseStatus.TRY_LATER,
    "sigRequired": ocsp.OCSPResponseStatus.SIG_REQUIRED,
    "unauthorized": ocsp.OCSPResponseStatus.UNAUTHORIZED,
}
_STATES = {
    "good": ocsp.OCSPCertStatus.GOOD,
    "revoked": ocsp.OCSPCertStatus.REVOKED,
    "unknown": ocsp.OCSPCertStatus.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class CertId:
    """Which certificate a status is about: its serial number, and its issuer by hashes of name and key."""

    hash_name: str
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    serial: int

    def issued_by(self, issuer: ReadCertificate) -> bool:
        """Return whether the certificate is one of this issuer."""
        return self == cert_id(self.serial, issuer, self.hash_name)


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """A read OCSP request; `nonce` is None where there is none."""

    cert_id: CertId
    nonce: bytes | None = None


@dataclass(frozen=True, slots=True)
class SingleStatus:
    """What a response says about one certificate; `next_update` is None where newer is always to be had."""

    cert_id: CertId
    status: Status
    this_update: datetime
    next_update: datetime | None


@dataclass(frozen=True, slots=True)
class StatusResponse:
    """A read, successful OCSP response.

    Attributes:
        singles: What it says about each certificate.
        responder: The responder, by name or by the SHA-1 of its key.
        produced_at: When it was signed.
        nonce: The nonce of the request, repeated; None where there is none.
        certificates: The certificates that came along.
        tbs: The signed part.
        signature: The signature value.
        signature_algorithm: Its name, for example `ecdsa-with-SHA256`.
        findings: What deviates from a response in DER, or forbids to rely on it.
    """

    singles: tuple[SingleStatus, ...]
    responder: DistinguishedName | bytes
    produced_at: datetime
    nonce: bytes | None
    certificates: tuple[ReadCertificate, ...]
    tbs: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    signature_algorithm: str = ""
    findings: tuple[Deviation, ...] = ()


def cert_id(serial: int, issuer: ReadCertificate, hash_name: str = "sha1") -> CertId:
    """Return the identifier of a certificate in OCSP (RFC 6960 section 4.1.1).

    Args:
        serial: Its serial number.
        issuer: Its issuer.
        hash_name: `sha1`, `sha256` or another of the SHA-2 family.
    """
    return CertId(hash_name, *_issuer_hashes(issuer, hash_name), serial)


# Requests are about many certificates of few issuers.
@lru_cache(maxsize=1024)
def _issuer_hashes(issuer: ReadCertificate, hash_name: str) -> tuple[bytes, bytes]:
    # Without the version, which is optional, the members count the same in every certificate (RFC 5280, 4.1).
    members = [member for member in _der.read_one(issuer.tbs).children() if member.tag != 0xA0]
    return hashlib.new(hash_name, members[4].raw).digest(), _key_hash(issuer, hash_name)


def _key_hash(certificate: ReadCertificate, hash_name: str) -> bytes:
    # Without the count of unused bits, which the key hash leaves out (RFC 6960 section 4.1.1).
    bits = _der.read_one(certificate.spki).children()[1].content[1:]
    return hashlib.new(hash_name, bits).digest()


def is_responder(certificate: ReadCertificate, responder: DistinguishedName | bytes) -> bool:
    """Return whether a responder identifies itself as the holder of a certificate."""
    if isinstance(responder, bytes):
        return responder == _key_hash(certificate, "sha1")
    return responder == certificate.subject


def build_request(
    certificate: ReadCertificate,
    issuer: ReadCertificate,
    *,
    hash_name: HashName = "sha1",
    nonce: bytes | None = None,
) -> bytes:
    """Return an OCSP request in DER.

    Args:
        certificate: Whose status is asked for.
        issuer: Its issuer.
        hash_name: The hash the issuer is named by.
        nonce: 32 bytes (RFC 9654 section 2.1) that the response shall repeat; None: none.
    """
    asked = cert_id(certificate.serial, issuer, hash_name)
    builder = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        asked.issuer_name_hash, asked.issuer_key_hash, asked.serial, _HASHES[hash_name]
    )
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


def to_path(request: bytes) -> str:
    """Return a request as the last segment of a URL, for GET (RFC 6960 appendix A.1)."""
    # Slashes too: base64 contains them, and servers would take them for borders of segments.
    return quote(base64.b64encode(request).decode(), safe="")


def from_path(segment: str) -> bytes:
    """Return the request in the last segment of a URL.

    Raises:
        Unreadable: It is no base64.
    """
    # Twice the limit of bytes is enough for base64, which makes four characters of three bytes.
    return read_base64(unquote(segment), limit=2 * MAX_REQUEST_BYTES, where="OCSP request in the URL").data


def read_request(data: bytes) -> StatusRequest:
    """Read an OCSP request; of several certificates that it asks about, the first counts.

    Raises:
        Unreadable: `too-long`, or `not-ocsp` for what is no request about any certificate.
    """
    _check_length(data, MAX_REQUEST_BYTES)
    with refused_as("not-ocsp", "this is no OCSP request"):
        try:
            request = ocsp.load_der_ocsp_request(data)
        except NotImplementedError:
            # The library takes one certificate only, where RFC 6960 section 4.1.1 has a list.
            request = ocsp.load_der_ocsp_request(_about_first(data))
        return StatusRequest(_cert_id_of(request), _nonce_of(request.extensions))


def _about_first(data: bytes) -> bytes:
    """Return the request without all certificates but the first, and without a signature.

    Raises:
        Malformed: It is no well-formed sequence of elements.
    """
    members = _der.read_one(data).children()[0].children()
    # OCSPRequest, TBSRequest, then the list: its only member that is a sequence (RFC 6960 section 4.1.1).
    kept = [
        _der.write(member.tag, member.children()[0].raw) if member.tag == _der.SEQUENCE else member.raw
        for member in members
    ]
    return _der.write(_der.SEQUENCE, _der.write(_der.SEQUENCE, *kept))


def build_response(
    request: StatusRequest,
    status: Status,
    responder: Credential,
    this_update: datetime,
    next_update: datetime | None = None,
) -> bytes:
    """Return a signed OCSP response in DER; its nonce is that of the request.

    Args:
        request: What was asked.
        status: The answer.
        responder: Who signs: the issuing CA, or whom it delegated; a delegate's certificate goes along.
        this_update: When the status was known to be so, aware.
        next_update: When newer information will be there.
    """
    asked, revocation = request.cert_id, status.revocation
    own = x509.load_der_x509_certificate(responder.der)
    # By key: roots may share a name ([V2G2-878]), a key they do not.
    builder = ocsp.OCSPResponseBuilder().responder_id(ocsp.OCSPResponderEncoding.HASH, own)
    builder = builder.add_response_by_hash(
        asked.issuer_name_hash,
        asked.issuer_key_hash,
        asked.serial,
        _HASHES[asked.hash_name],
        _STATES[status.state],
        this_update,
        next_update,
        revocation.at if revocation else None,
        revocation.flag if revocation else None,
    )
    if request.nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(request.nonce), critical=False)
    # A CA's own certificate is in the asker's hands, for without it there is no request.
    if not responder.certificate.is_ca:
        builder = builder.certificates([own])
    # This builder has no `ecdsa_deterministic`, unlike those of certificates and CRLs: ECDSA signatures of
    # responses differ between equal runs.
    return builder.sign(responder.key, signing_hash(responder.key)).public_bytes(Encoding.DER)


def build_refusal(reason: Refusal) -> bytes:
    """Return an OCSP response without a status; nobody signs it (RFC 6960 section 2.3)."""
    return ocsp.OCSPResponseBuilder.build_unsuccessful(_REFUSALS[reason]).public_bytes(Encoding.DER)


def read_response(data: bytes) -> StatusResponse:
    """Read an OCSP response; what is wrong with it is asked of `opnc.pki.status.check_response`.

    Raises:
        Unreadable: `too-long`; `not-ocsp`; or the reason of the refusal, for example `unauthorized`.
    """
    _check_length(data, MAX_RESPONSE_BYTES)
    findings: tuple[Deviation, ...] = ()
    with refused_as("not-ocsp", "this is no OCSP response"):
        try:
            response = ocsp.load_der_ocsp_response(data)
        except REFUSALS:
            response, findings = _repaired(data)
        if response.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL:
            return _take_over(response, _basic(data), findings)
    # Outside the block, which would rename the refusal to `not-ocsp`.
    reason = next(name for name, status in _REFUSALS.items() if status is response.response_status)
    raise Unreadable(reason, f"the OCSP responder refuses to answer: {reason}")


def _basic(data: bytes) -> _der.Element:
    """Return the BasicOCSPResponse in a response (RFC 6960 section 4.2.1)."""
    _, holder = _der.read_one(data).children()
    _, octets = holder.children()[0].children()
    return _der.read_one(octets.content)


def _repaired(data: bytes) -> tuple[ocsp.OCSPResponse, tuple[Deviation, ...]]:
    """Load the strict copy of a response that the library refuses (OPNC erratum ERR-034)."""
    status, holder = _der.read_one(data).children()
    kind, _ = holder.children()[0].children()
    tbs, algorithm, signature, *_ = _basic(data).children()
    # Without the version, where it is written out although it is the default, and without the certificates,
    # which are read for themselves.
    members = [member.raw for member in tbs.children() if member.raw != _VERSION_1]
    data = _der.write(_der.SEQUENCE, *members)
    bare = _der.write(_der.SEQUENCE, data, algorithm.raw, signature.raw)
    healed, findings = repair_structure(bare)
    whole = _der.write(_der.SEQUENCE, kind.raw, _der.write(_der.OCTET_STRING, healed))
    copy = _der.write(_der.SEQUENCE, status.raw, _der.write(holder.tag, whole))
    if not findings:
        expected, clause = "strict DER", "ERR-034; X.690 section 11"
        seen = "a default value written out, or another form"
        findings = (Deviation("not-der", "OCSP response", expected, seen, clause, Severity.INFO),)
    return ocsp.load_der_ocsp_response(copy), findings


def _take_over(
    response: ocsp.OCSPResponse, basic: _der.Element, findings: tuple[Deviation, ...]
) -> StatusResponse:
    """Take the fields from what the library has read, and what was signed from the bytes received."""
    tbs, _, signature, *certificates = basic.children()
    sent = [each.raw for holder in certificates for each in holder.children()[0].children()]
    oid = response.signature_algorithm_oid.dotted_string
    name, key_hash = response.responder_name, response.responder_key_hash
    singles = list(response.responses)
    return StatusResponse(
        singles=tuple(map(_single, singles)),
        responder=from_x509(name) if name is not None else key_hash or b"",
        produced_at=response.produced_at_utc,
        nonce=_nonce_of(response.extensions),
        certificates=tuple(map(read_certificate, sent)),
        tbs=tbs.raw,
        signature=signature.content[1:],
        signature_algorithm=SIGNATURE_NAMES.get(oid, oid),
        findings=(*findings, *_unknown(response.extensions)),
    )


def _unknown(extensions: x509.Extensions) -> Iterator[Deviation]:
    for extension in extensions:
        if extension.critical and isinstance(extension.value, x509.UnrecognizedExtension):
            expected, seen = "no critical extension that is unknown", extension.oid.dotted_string
            clause = "RFC 6960 section 4.4"
            yield Deviation("ocsp-critical-extension", "responseExtensions", expected, seen, clause)


def _single(single: ocsp.OCSPSingleResponse) -> SingleStatus:
    return SingleStatus(
        _cert_id_of(single), _status_of(single), single.this_update_utc, single.next_update_utc
    )


def _status_of(single: ocsp.OCSPSingleResponse) -> Status:
    if single.certificate_status is ocsp.OCSPCertStatus.GOOD:
        return GOOD
    at, reason = single.revocation_time_utc, single.revocation_reason
    if at is None:
        return UNKNOWN
    return revoked(at, reason.value if reason else "unspecified")


def _cert_id_of(holder: ocsp.OCSPRequest | ocsp.OCSPSingleResponse) -> CertId:
    digest = holder.hash_algorithm.name
    return CertId(digest, holder.issuer_name_hash, holder.issuer_key_hash, holder.serial_number)


def _nonce_of(extensions: x509.Extensions) -> bytes | None:
    try:
        return extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return None


def _check_length(data: bytes, most: int) -> None:
    if len(data) > most:
        raise Unreadable("too-long", f"{len(data)} bytes of OCSP, at most {most} are read")
