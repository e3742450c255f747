"""Certificate revocation lists (RFC 5280 section 5), built and read; nothing is fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from opnc.pki.deviations import Deviation, Unreadable
from opnc.pki.library import refused_as
from opnc.pki.names import DistinguishedName, from_x509
from opnc.pki.revocation import GOOD, Revocation, Status
from opnc.pki.signatures import SIGNATURE_NAMES, deterministic, signing_hash
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
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
        findings: What deviates from a CRL in DER.
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
    with refused_as("not-a-crl", "this is no CRL"):
        crl = x509.load_pem_x509_crl(data) if armoured else x509.load_der_x509_crl(data)
        # Inside the block: the library parses entries and extensions when they are asked for, and refuses
        # then.
        return _take_over(crl, armoured=armoured)


def _take_over(crl: x509.CertificateRevocationList, *, armoured: bool) -> ReadCrl:
    oid = crl.signature_algorithm_oid.dotted_string
    pem = Deviation("pem-armour", "CRL", "DER", "PEM", "RFC 5280 section 4.2.1.13", Severity.WARN)
    return ReadCrl(
        issuer=from_x509(crl.issuer),
        number=_number(crl.extensions),
        this_update=crl.last_update_utc,
        next_update=crl.next_update_utc,
        revoked={entry.serial_number: _revocation(entry) for entry in crl},
        tbs=crl.tbs_certlist_bytes,
        signature=crl.signature,
        signature_algorithm=SIGNATURE_NAMES.get(oid, oid),
        findings=(pem,) if armoured else (),
    )


def _number(extensions: x509.Extensions) -> int | None:
    try:
        return extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        return None


def _revocation(entry: x509.RevokedCertificate) -> Revocation:
    try:
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value
    except x509.ExtensionNotFound:
        reason = "unspecified"
    return Revocation(entry.revocation_date_utc, reason)
