"""Certification requests (PKCS#10, RFC 2986): built, and read with everything a registrar must look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from opnc.pki import der as _der
from opnc.pki.deviations import Deviation, Unreadable
from opnc.pki.keys import read_public_key
from opnc.pki.library import refused_as
from opnc.pki.names import DistinguishedName, from_x509
from opnc.pki.signatures import SIGNATURE_NAMES, deterministic, is_signed_by, signing_hash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opnc.pki.issue import Extension, Subject
    from opnc.pki.signatures import PrivateKey, PublicKey

MAX_REQUEST_BYTES = 8192
"""Bytes of DER that are looked at."""


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A read certification request.

    Attributes:
        der: The bytes as received.
        subject: The subject's name.
        public_key: The key to be certified; None where its algorithm or curve is unknown.
        key_algorithm: `secp256r1`, `secp521r1`, `ed448`, `rsa-2048` ...; the dotted OID where unknown.
        spki: The SubjectPublicKeyInfo.
        signature_algorithm: Its name, for example `ecdsa-with-SHA256`.
        proven: Whether the signature verifies, which proves possession of the private key.
    """

    der: bytes = field(repr=False)
    subject: DistinguishedName
    public_key: PublicKey | None = field(repr=False)
    key_algorithm: str
    spki: bytes = field(repr=False)
    signature_algorithm: str
    proven: bool

    def proof(self) -> tuple[Deviation, ...]:
        """Return a deviation when possession of the private key is not proven."""
        if self.proven:
            return ()
        expected, seen = "a signature by the key in the request", "one that does not verify"
        clause = "RFC 2986 section 3; RFC 7030 section 4.2.1"
        return (Deviation("request-signature", "signature", expected, seen, clause),)


def build_request(
    subject: Subject, key: PrivateKey, dc: str | None = None, extensions: Iterable[Extension] = ()
) -> bytes:
    """Return a certification request in DER: byte for byte the same for the same arguments.

    Args:
        subject: Whom the certificate shall be for.
        key: The private key whose public key is to be certified; signs the request.
        dc: The domain component; None: none.
        extensions: What the certificate shall have besides, asked for by the attribute extensionRequest (RFC
            2985 section 5.4.2).
    """
    builder = x509.CertificateSigningRequestBuilder(subject.name(dc))
    for value, critical in extensions:
        builder = builder.add_extension(value, critical=critical)
    request = builder.sign(key, signing_hash(key), ecdsa_deterministic=deterministic(key))
    return request.public_bytes(Encoding.DER)


def read_request(data: bytes) -> ReadRequest:
    """Read a certification request in DER.

    Raises:
        Unreadable: `too-long`, `empty` or `not-a-request`.
    """
    if len(data) > MAX_REQUEST_BYTES:
        raise Unreadable("too-long", f"{len(data)} bytes, at most {MAX_REQUEST_BYTES} are read as a request")
    if not data:
        raise Unreadable("empty", "expected a certification request, seen no bytes")
    with refused_as("not-a-request", "this is no PKCS#10 request"):
        return _take_over(data, x509.load_der_x509_csr(data))


def _take_over(data: bytes, request: x509.CertificateSigningRequest) -> ReadRequest:
    # Behind version and subject (RFC 2986 section 4.1); raw, to see whether a key was used before.
    spki = _der.read_one(request.tbs_certrequest_bytes).children()[2].raw
    public_key, key_algorithm = read_public_key(spki)
    oid = request.signature_algorithm_oid.dotted_string
    algorithm = SIGNATURE_NAMES.get(oid, oid)
    return ReadRequest(
        der=data,
        subject=from_x509(request.subject),
        public_key=public_key,
        key_algorithm=key_algorithm,
        spki=spki,
        signature_algorithm=algorithm,
        # A fact, no refusal: whether enrolment goes on without proof is what registrars are tested for.
        proven=is_signed_by(request.tbs_certrequest_bytes, request.signature, algorithm, spki),
    )
