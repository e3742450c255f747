"""Reading certificates tolerantly: every field that can be read, and what deviates from strict DER by name.

    certificate = read_certificate(der)
    certificate.common_name, certificate.key_algorithm, [finding.name for finding in certificate.findings]

Real certificates of the OPNC text are not strict DER (OPNC erratum ERR-034), so nothing here raises on an
extension that `cryptography` refuses. What is no certificate at all raises `Unreadable`, naming the reason.
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from cryptography import x509

from opnc.pki import der as _der
from opnc.pki import extensions as _extensions
from opnc.pki.deviations import Deviation, Unreadable
from opnc.pki.keys import read_public_key
from opnc.pki.library import REFUSALS, der_of, words
from opnc.pki.names import DistinguishedName, from_x509
from opnc.pki.repair import repair
from opnc.pki.signatures import SIGNATURE_NAMES, is_signed_by
from opnc.pki.syntax import check_syntax
from opnc.pki.texts import read_base64
from opnc.pki.validity import Validity
from opnc.severity import Severity

if TYPE_CHECKING:
    from datetime import datetime

    from opnc.pki.extensions import Extensions
    from opnc.pki.signatures import PublicKey

__all__ = ["MAX_CERTIFICATE_BYTES", "ReadCertificate", "read_certificate", "read_certificate_text"]

MAX_CERTIFICATE_BYTES = 16_384
"""Bytes of DER that are looked at; ten times the limit of ISO 15118-20."""


_VERSION = 0xA0
_MAX_NAMES = 1024
_NAMES: dict[bytes, DistinguishedName] = {}


@dataclass(frozen=True, slots=True)
class ReadCertificate:
    """A certificate as read; two are equal when their bytes are.

    Attributes:
        der: The bytes as received.
        fingerprint: SHA-256 over `der`, 64 lower-case hex digits.
        serial: The serial number.
        subject: The subject's name.
        issuer: The issuer's name.
        not_before: Start of validity, UTC.
        not_after: End of validity, UTC.
        public_key: The subject's public key; None where its algorithm or curve is unknown.
        key_algorithm: `secp256r1`, `secp521r1`, `ed448`, `rsa-2048` ...; the dotted OID where
            unknown, or what keeps an EC key from being read.
        spki: The SubjectPublicKeyInfo as received: equal bytes are the same key.
        signature_algorithm: Name as in RFC 5758 and RFC 8410, for example `ecdsa-with-SHA256`.
        tbs: The signed part as received.
        signature: The signature value.
        extensions: The extensions that matter in ISO 15118.
        findings: What deviates from strict DER and RFC 5280.
    """

    der: bytes = field(repr=False)
    fingerprint: str = field(compare=False)
    serial: int = field(compare=False)
    subject: DistinguishedName = field(compare=False)
    issuer: DistinguishedName = field(compare=False)
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    public_key: PublicKey | None = field(compare=False, repr=False)
    key_algorithm: str = field(compare=False)
    spki: bytes = field(compare=False, repr=False)
    signature_algorithm: str = field(compare=False)
    tbs: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)
    extensions: Extensions = field(compare=False)
    findings: tuple[Deviation, ...] = field(compare=False)

    @property
    def common_name(self) -> str | None:
        """The subject's CN: EVSEID, EMAID or PCID in leaf certificates."""
        return self.subject.get("CN")

    @property
    def organization(self) -> str | None:
        """The subject's O."""
        return self.subject.get("O")

    @property
    def domain_component(self) -> str | None:
        """The subject's DC: `V2G`, `CPO`, `CSO`, `CPS`, `OEM` ..."""
        return self.subject.get("DC")

    @property
    def country(self) -> str | None:
        """The subject's C."""
        return self.subject.get("C")

    @property
    def is_ca(self) -> bool:
        """Whether BasicConstraints say that this is a CA."""
        constraints = self.extensions.basic_constraints
        return constraints is not None and constraints.ca

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer have the same name; the signature is not looked at."""
        return self.subject == self.issuer

    @property
    def self_signed(self) -> bool:
        """Whether the certificate is signed by its own key."""
        return self.self_issued and self.signed_by(self)

    def signed_by(self, issuer: ReadCertificate) -> bool:
        """Return whether the issuer's key made the signature; names and extensions are not looked at."""
        return is_signed_by(self.tbs, self.signature, self.signature_algorithm, issuer.spki)

    def valid_at(self, moment: datetime) -> bool:
        """Return whether a moment lies within the validity, both ends included (RFC 5280 section 4.1.2.5)."""
        return self.validity.contains(moment)

    @property
    def validity(self) -> Validity:
        """The time in which it is valid."""
        return Validity.between(self.not_before, self.not_after)


# Chains repeat the same CAs; what is read is frozen. Bounded: peers decide how many certificates there are.
@lru_cache(maxsize=1024)
def read_certificate(der: bytes) -> ReadCertificate:
    """Read one certificate from DER.

    Raises:
        Unreadable: `empty`, `too-long`, `pem`, `base64`, `truncated`, `trailing-bytes` or `garbage`.
    """
    _check_frame(der)
    with warnings.catch_warnings(record=True) as caught:
        # By default Python tells each warning once per place: the second such certificate would seem sound.
        warnings.simplefilter("always")
        certificate, findings, refusal = _parse(der)
        read = _assemble(der, certificate)
    unusual = dict.fromkeys(str(warning.message).split(", which is disallowed")[0] for warning in caught)
    notes = tuple(map(_unusual, unusual))
    found = (*findings, *read.findings, *read.extensions.findings, *notes)
    if refusal and not found:
        # Never in silence: whatever made the strict parser refuse the bytes is a deviation.
        found = (Deviation("not-der", "certificate", "strict DER", words(refusal), "X.690 section 11"),)
    return replace(read, findings=found)


def read_certificate_text(text: object, *, where: str = "") -> ReadCertificate:
    """Read one certificate from a base64 member of the API, keeping what deviates from plain base64.

    Args:
        text: The member's value.
        where: The member's name, for errors and findings.

    Raises:
        Unreadable: The text is no base64, or the bytes are no certificate; `where` tells which member.
    """
    decoded = read_base64(text, where=where)
    try:
        certificate = read_certificate(decoded.data)
    except Unreadable as problem:
        # Raised anew with the place, which the cached reader below cannot know.
        raise Unreadable(problem.name, problem.what, where=where, hint=problem.hint) from None
    if not decoded.findings:
        return certificate
    return replace(certificate, findings=(*decoded.findings, *certificate.findings))


def _unusual(seen: str) -> Deviation:
    return Deviation("unusual-value", "certificate", "values within bounds", seen, "RFC 5280", Severity.WARN)


def _check_frame(der: bytes) -> None:
    """Refuse what is visibly not exactly one DER element, naming why."""
    if len(der) > MAX_CERTIFICATE_BYTES:
        raise Unreadable("too-long", f"{len(der)} bytes, a certificate has at most {MAX_CERTIFICATE_BYTES}")
    if not der.strip():
        raise Unreadable("empty", "expected a certificate, seen no bytes")
    if der.lstrip().startswith(b"-----BEGIN "):
        raise Unreadable("pem", "expected DER, seen PEM", hint="convert it: openssl x509 -outform DER")
    # Base64 of 30 82: a SEQUENCE whose length takes two octets, as that of every usual certificate.
    if der.startswith(b"MII"):
        raise Unreadable("base64", "expected DER, seen base64 text", hint="decode it once more")
    if der[0] != _der.SEQUENCE:
        raise Unreadable("garbage", f"expected a certificate in DER, seen a first byte 0x{der[0]:02x}")
    try:
        outer = _der.read_one(der)
    except _der.Truncated as error:
        raise Unreadable("truncated", f"the certificate is cut off: {error}") from None
    except _der.Malformed as error:
        raise Unreadable("garbage", f"this is no X.509 certificate: {error}") from None
    # Bytes behind the end are outside the signature: anybody could add some and change the fingerprint.
    if len(outer.raw) != len(der):
        extra = len(der) - len(outer.raw)
        raise Unreadable("trailing-bytes", f"{extra} bytes behind the end of the certificate")


def _parse(der: bytes) -> tuple[x509.Certificate, tuple[Deviation, ...], Exception | None]:
    """Load the certificate as it is or, where the strict parser refuses it, its strict copy.

    Returns:
        The certificate, what was not strict, and the refusal; None where there was none.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        # Parsed when first read, and refused then.
        certificate.extensions, certificate.subject, certificate.issuer  # noqa: B018
    except REFUSALS as refusal:
        return *_parse_repaired(der, refusal), refusal
    return certificate, (), None


def _parse_repaired(der: bytes, refusal: Exception) -> tuple[x509.Certificate, tuple[Deviation, ...]]:
    try:
        healed, findings = repair(der)
        certificate = x509.load_der_x509_certificate(healed)
    except REFUSALS:
        # The refusal of the bytes received, not of the copy: the latter speaks of what nobody sent.
        what = der_of(der)
        if what:
            hint = f"opnc pki check reads it as a file that holds {what}"
            raise Unreadable("garbage", f"expected a certificate, seen {what}", hint=hint) from None
        raise Unreadable("garbage", f"this is no X.509 certificate: {words(refusal)}") from None
    return certificate, findings


def _assemble(der: bytes, certificate: x509.Certificate) -> ReadCertificate:
    # Of the original even where the strict copy was parsed: the signature was made over these bytes.
    tbs, algorithm, signature = _der.read_one(der).children()
    if signature.content[:1] != b"\x00":
        raise Unreadable("garbage", "the signature is not a whole number of bytes")
    members = tbs.children()
    # Without the version, which is optional, they count the same in every certificate (RFC 5280 section 4.1).
    numbered = [member for member in members if member.tag != _VERSION]
    # Out of the bytes received: keys are compared by them, and the library could write them anew.
    spki = numbered[5].raw
    public_key, key_algorithm = read_public_key(spki)
    try:
        subject = _name(numbered[4].raw, certificate, "subject")
        issuer = _name(numbered[2].raw, certificate, "issuer")
    except REFUSALS as refusal:
        raise Unreadable("garbage", f"a name of the certificate cannot be read: {words(refusal)}") from None
    oid = certificate.signature_algorithm_oid.dotted_string
    return ReadCertificate(
        der=der,
        fingerprint=hashlib.sha256(der).hexdigest(),
        serial=certificate.serial_number,
        subject=subject,
        issuer=issuer,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        public_key=public_key,
        key_algorithm=key_algorithm,
        spki=spki,
        signature_algorithm=SIGNATURE_NAMES.get(oid, oid),
        tbs=tbs.raw,
        signature=signature.content[1:],
        extensions=_extensions.read(certificate),
        findings=tuple(check_syntax(members, algorithm)),
    )


def _name(
    octets: bytes, certificate: x509.Certificate, which: Literal["subject", "issuer"]
) -> DistinguishedName:
    """Return a name, by its octets: each CA has the same one in everything that it issues."""
    found = _NAMES.get(octets)
    if found is None:
        found = from_x509(getattr(certificate, which))
        # Emptied as a whole, for peers decide how many names there are.
        if len(_NAMES) >= _MAX_NAMES:
            _NAMES.clear()
        _NAMES[octets] = found
    return found
