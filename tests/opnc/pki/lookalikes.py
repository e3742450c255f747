"""Certificates with one deviation each, made by hand: what `cryptography` writes is always strict DER."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from opnc.pki import der
from opnc.pki.keys import Seed

if TYPE_CHECKING:
    from opnc.pki.signatures import PrivateKey

SIGNER = Seed("lookalikes").key("signer")
ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")


@dataclass(frozen=True)
class Parts:
    """The members of a TBSCertificate in DER, in their order (RFC 5280 section 4.1)."""

    version: bytes
    serial: bytes
    signature: bytes
    issuer: bytes
    validity: bytes
    subject: bytes
    spki: bytes
    extensions: bytes

    def signed(self, key: PrivateKey = SIGNER, algorithm: bytes = ECDSA_SHA256) -> bytes:
        """Return the certificate signed anew."""
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        members = (self.version, self.serial, self.signature, self.issuer)
        tbs = der.write(der.SEQUENCE, *members, self.validity, self.subject, self.spki, self.extensions)
        signature = key.sign(tbs, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        return der.write(der.SEQUENCE, tbs, algorithm, der.write(0x03, b"\0" + signature))

    def with_extension(self, oid: str, value: str, critical: str = "") -> Parts:
        """Return the parts with one extension more; all three in hex, the flag with tag and length."""
        holder = der.read_one(self.extensions)
        (listed,) = holder.children()
        kept = [one.raw for one in listed.children() if one.children()[0].raw.hex() != f"0603{oid}"]
        members = bytes.fromhex(f"0603{oid}"), bytes.fromhex(critical), bytes.fromhex(value)
        added = der.write(der.SEQUENCE, *members[:2], der.write(der.OCTET_STRING, members[2]))
        return replace(self, extensions=der.write(0xA3, der.write(der.SEQUENCE, *kept, added)))

    def with_subject(self, tag: int, value: bytes, oid: str = "550403") -> Parts:
        """Return the parts with one attribute as subject, its string type chosen by tag."""
        attribute = der.write(der.SEQUENCE, bytes.fromhex(f"0603{oid}"), der.write(tag, value))
        return replace(self, subject=der.write(der.SEQUENCE, der.write(der.SET, attribute)))


def take_apart(certificate: bytes) -> Parts:
    """Return the parts of a certificate."""
    tbs = der.read_one(certificate).children()[0]
    return Parts(*(member.raw for member in tbs.children()))


EXPLICIT_FALSE = (
    x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.19"), bytes.fromhex("3003010100")),
    True,
)
"""BasicConstraints as in real contract certificates: cA written out although FALSE is the default."""
