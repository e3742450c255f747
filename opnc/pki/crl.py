"""Certificate revocation lists (RFC 5280 section 5), built and read; nothing is fetched."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from opnc.pki import der
from opnc.pki.deviations import Deviation, Unreadable
from opnc.pki.library import REFUSALS, refused_as, words
from opnc.pki.names import DistinguishedName, from_x509
from opnc.pki.repair import repair_structure
from opnc.pki.revocation import GOOD, Revocation, Status
from opnc.pki.signatures import SIGNATURE_NAMES, deterministic, signing_hash
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from opnc.pki.issue import Issuer

MEDIA_TYPE = "application/pkix-crl"
MAX_CRL_BYTES = 16_777_216
"""Bytes of a CRL that are looked at."""


@dataclass(frozen=True, slots=True)
class ReadCrl:
    """A read CRL.

    Attributes:
        issuer: The CA's name.
        number: The CRL number; None where there is none.
        this_update: When it was issued.
        next_update: When the next one is due; None where it does not say.
        revoked: The revoked serial numbers.
        tbs: The signed part.
        signature: The signature value.
        signature_algorithm: Its name, for example `ecdsa-with-SHA256`.
        findings: What deviates from a CRL in DER, or forbids to use it.
    """

    issuer: DistinguishedName
    number: int | None
    this_update: datetime
    next_update: datetime | None
    revoked: Mapping[int, Revocation]
    tbs: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    signature_algorithm: str
    findings: tuple[Deviation, ...] = ()

    def status(self, serial: int) -> Status:
        """Return the status of a certificate of this issuer: a CRL knows good and revoked only."""
        revocation = self.revoked.get(serial)
        return Status("revoked", revocation) if revocation else GOOD


def build_crl(
    issuer: Issuer,
    revoked: Mapping[int, Revocation],
    number: int,
    this_update: datetime,
    next_update: datetime,
) -> bytes:
    """Return a signed CRL in DER: byte for byte the same for the same arguments.

    Args:
        issuer: The CA.
        revoked: The revoked serial numbers of this CA.
        number: The CRL number; rises with each CRL of a CA (RFC 5280 section 5.2.3).
        this_update: When it is issued, aware.
        next_update: When the next one is due, aware.
    """
    key_id = x509.AuthorityKeyIdentifier(issuer.key_identifier, None, None)
    builder = x509.CertificateRevocationListBuilder(
        issuer.name,
        this_update,
        next_update,
        [
            x509.Extension(x509.CRLNumber.oid, critical=False, value=x509.CRLNumber(number)),
            x509.Extension(x509.AuthorityKeyIdentifier.oid, critical=False, value=key_id),
        ],
        # Sorted, so that the bytes do not tell in which order certificates were revoked.
        [_entry(serial, revocation) for serial, revocation in sorted(revoked.items())],
    )
    key = issuer.key
    crl = builder.sign(key, signing_hash(key), ecdsa_deterministic=deterministic(key))
    return crl.public_bytes(Encoding.DER)


def _entry(serial: int, revocation: Revocation) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(revocation.at)
    if revocation.flag:
        builder = builder.add_extension(x509.CRLReason(revocation.flag), critical=False)
    return builder.build()


def read_crl(data: bytes) -> ReadCrl:
    """Read a CRL in DER; one in PEM is read and named. Whether it is good is asked of `opnc.pki.status`.

    Raises:
        Unreadable: `too-long` or `not-a-crl`.
    """
    if len(data) > MAX_CRL_BYTES:
        raise Unreadable("too-long", f"{len(data)} bytes, at most {MAX_CRL_BYTES} are read as a CRL")
    # Read all the same and named by a warning: the list in it is still good.
    armoured = data.lstrip().startswith(b"-----BEGIN ")
    pem = Deviation("pem-armour", "CRL", "DER", "PEM", "RFC 5280 section 4.2.1.13", Severity.WARN)
    with refused_as("not-a-crl", "this is no CRL"):
        octets = _unarmoured(data) if armoured else data
        # Inside the block: the library parses entries and extensions when they are asked for, and refuses
        # then.
        try:
            read = _take_over(x509.load_der_x509_crl(octets), octets)
        except REFUSALS:
            healed, findings = repair_structure(octets)
            read = _take_over(x509.load_der_x509_crl(healed), octets)
            read = replace(read, findings=(*findings, *read.findings))
    return replace(read, findings=(pem, *read.findings)) if armoured else read


def _unarmoured(data: bytes) -> bytes:
    body = re.search(rb"-----BEGIN [A-Z0-9 ]+-----(.*?)-----END ", data, re.DOTALL)
    if body is None:
        raise ValueError("its PEM has no end")
    return base64.b64decode(body[1])


def _take_over(crl: x509.CertificateRevocationList, octets: bytes) -> ReadCrl:
    """Take the fields from what the library has read, and what was signed from the bytes received."""
    tbs, algorithm, signature = der.read_one(octets).children()
    oid = crl.signature_algorithm_oid.dotted_string
    odd: dict[str, Deviation] = {}
    # The algorithm is the first sequence in the signed part (RFC 5280 section 5.1).
    inner = next(member for member in tbs.children() if member.tag == der.SEQUENCE)
    if inner.raw != algorithm.raw:
        _note(odd, "crl-signature-algorithm", "signatureAlgorithm", "that of the signed part", "another")
    revoked = {entry.serial_number: _revocation(entry, odd) for entry in crl}
    return ReadCrl(
        issuer=from_x509(crl.issuer),
        number=_number(crl.extensions),
        this_update=crl.last_update_utc,
        next_update=crl.next_update_utc,
        revoked=revoked,
        tbs=tbs.raw,
        signature=signature.content[1:],
        signature_algorithm=SIGNATURE_NAMES.get(oid, oid),
        findings=(*_scope(crl.extensions), *odd.values()),
    )


def _note(odd: dict[str, Deviation], name: str, field_: str, expected: str, seen: str) -> None:
    odd.setdefault(name, Deviation(name, field_, expected, seen, "RFC 5280 section 5"))


def _scope(extensions: x509.Extensions) -> Iterator[Deviation]:
    """Yield what makes a CRL say nothing about a certificate that it does not name (RFC 5280 section 5.2)."""
    for extension in extensions:
        value = extension.value
        if isinstance(value, x509.DeltaCRLIndicator):
            seen = f"the changes since CRL {value.crl_number}"
            yield Deviation(
                "crl-delta", "deltaCRLIndicator", "a complete CRL", seen, "RFC 5280 section 5.2.4"
            )
        elif isinstance(value, x509.IssuingDistributionPoint):
            yield from _limits(value)
        elif extension.critical:
            expected, seen = "no critical extension that is unknown", extension.oid.dotted_string
            yield Deviation("crl-critical-extension", "extensions", expected, seen, "RFC 5280 section 5.2")


def _limits(point: x509.IssuingDistributionPoint) -> Iterator[Deviation]:
    limits = {
        "CA certificates only": point.only_contains_ca_certs,
        "attribute certificates only": point.only_contains_attribute_certs,
        "some reasons only": point.only_some_reasons,
        "certificates of other issuers too": point.indirect_crl,
        "end entities only": point.only_contains_user_certs,
    }
    expected, clause = "a CRL about all certificates of its issuer", "RFC 5280 section 5.2.5"
    for seen, limited in limits.items():
        if limited:
            # Of the certificates that are looked up here most are end entities.
            severity = Severity.WARN if seen == "end entities only" else Severity.FAIL
            yield Deviation("crl-scope", "issuingDistributionPoint", expected, seen, clause, severity)


def _number(extensions: x509.Extensions) -> int | None:
    try:
        return extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        return None


def _revocation(entry: x509.RevokedCertificate, odd: dict[str, Deviation]) -> Revocation:
    try:
        extensions = entry.extensions
    except REFUSALS as refusal:
        # The serial number is what counts: it is revoked, for whatever reason.
        seen = f"{words(refusal)} (serial number {entry.serial_number:x})"
        _note(odd, "crl-entry", "crlEntryExtensions", "values as in RFC 5280", seen)
        return Revocation(entry.revocation_date_utc)
    reason = "unspecified"
    for extension in extensions:
        if isinstance(extension.value, x509.CRLReason):
            reason = extension.value.reason.value
        elif extension.critical and not isinstance(extension.value, x509.InvalidityDate):
            expected, seen = "no critical extension that is unknown", extension.oid.dotted_string
            _note(odd, "crl-critical-extension", "crlEntryExtensions", expected, seen)
    return Revocation(entry.revocation_date_utc, reason)
