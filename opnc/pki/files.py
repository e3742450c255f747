"""Certificates and keys in the forms that lie on disks: PEM, PKCS#12, DER, base64."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from opnc.pki import der
from opnc.pki.deviations import Unreadable
from opnc.pki.est import encode_body, read_certificates
from opnc.pki.reading import read_certificate, read_certificate_text
from opnc.pki.texts import read_base64

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opnc.pki.credentials import Credential
    from opnc.pki.reading import ReadCertificate
    from opnc.pki.signatures import PrivateKey

MAX_FILE_BYTES = 1_048_576
"""Bytes of a file that are looked at."""

OF_PKCS7, OF_PKCS12 = 0x06, der.INTEGER
"""What a PKCS#7 (the OID of its content) and a PKCS#12 (its version) begin with; no certificate does."""

_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)


def to_pem(certificates: Iterable[bytes]) -> bytes:
    """Return certificates as PEM (RFC 7468), one block each, in the order given."""
    # `encode_body` wraps at 64 characters, which is what PEM wants (RFC 7468 section 2).
    first, last = b"-----BEGIN CERTIFICATE-----\n", b"-----END CERTIFICATE-----\n"
    return b"".join(first + encode_body(certificate) + last for certificate in certificates)


def key_to_pem(key: PrivateKey) -> bytes:
    """Return a private key as PEM, PKCS#8, not encrypted."""
    # Not encrypted: these keys follow from a printed seed, there is nothing to protect.
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def to_pkcs12(credential: Credential, name: str, password: str) -> bytes:
    """Return a credential with its chain as PKCS#12; its salt is random, so no two are equal.

    Args:
        credential: Key and certificates.
        name: The friendly name.
        password: Protects the key.
    """
    own, *above = map(x509.load_der_x509_certificate, credential.chain)
    encryption = BestAvailableEncryption(password.encode())
    return serialize_key_and_certificates(name.encode(), credential.key, own, above, encryption)


def read_file(data: bytes) -> Iterator[ReadCertificate]:
    """Read all certificates of a file in PEM, DER, PKCS#7 or base64.

    Raises:
        Unreadable: The file holds none, or what is none; `where` tells the place in a PEM file.
    """
    if len(data) > MAX_FILE_BYTES:
        raise Unreadable("too-long", f"{len(data)} bytes, at most {MAX_FILE_BYTES} are read")
    if blocks := _BLOCK.findall(data):
        yield from _read_blocks(blocks)
        return
    # "0" is a digit of base64 too; a length octet above 0x7F is no text.
    bare = data[:1] == b"0" and data[1:2] >= b"\x80"
    text = "" if bare else "".join(data.decode("latin-1").split())
    inside = first_tag(data if bare else read_base64(text).data)
    if inside == OF_PKCS12:
        hint = "take out the certificates: openssl pkcs12 -in FILE -nokeys -out certificates.pem"
        raise Unreadable("pkcs12", "this is PKCS#12, which needs its password", hint=hint)
    if inside == OF_PKCS7:
        yield from read_certificates(data).certificates
    else:
        yield read_certificate(data) if bare else read_certificate_text(text)


def first_tag(content: bytes) -> int:
    """Return the tag of the first element inside a DER element; 0 where there is none."""
    length = content[1] if len(content) > 1 else 0
    start = 2 + (length & 0x7F if length > 0x80 else 0)
    return content[start] if len(content) > start else 0


def _read_blocks(blocks: list[tuple[bytes, bytes]]) -> Iterator[ReadCertificate]:
    found = 0
    for place, (kind, body) in enumerate(blocks, 1):
        if kind in (b"PKCS7", b"CMS"):
            yield from read_certificates(body).certificates
            found += 1
        # Also `X509 CERTIFICATE`, an old label (RFC 7468 section 5.1). Keys in between are passed over.
        elif kind.endswith(b"CERTIFICATE"):
            yield read_certificate_text("".join(body.decode("latin-1").split()), where=f"PEM block {place}")
            found += 1
    if not found:
        kinds = ", ".join(kind.decode() for kind, _ in blocks)
        raise Unreadable("no-certificate", f"no certificate among the PEM blocks: {kinds}")
