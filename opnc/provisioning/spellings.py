"""The spellings of a signature or a digest that peers send instead of the octets ISO 15118 wants."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from opnc.provisioning.algorithms import is_der_signature_of, is_signature_of, raw_length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opnc.pki.signatures import PublicKey

RAW = "raw"
_LONGEST_TEXT = 400

SIGNATURE_SPELLINGS = {
    "signature-der": "DER",
    "signature-short": "r or s without its leading zeros",
    "signature-sign-octet": "r or s with the sign octet of an INTEGER",
    "signature-swapped": "s before r",
    "signature-text": "base64 or hexadecimal digits, as text",
}
"""What is seen in place of r and s, each as long as the order, by name of the finding."""


def spelling(key: PublicKey, method: str, value: bytes, data: bytes) -> str | None:
    """Return how a signature value of a key over octets is spelt.

    Args:
        key: The public key.
        method: Name of the signature algorithm.
        value: The signature value, as the message carries it.
        data: What should be signed.

    Returns:
        `raw`, as ISO 15118 wants it; a key of `SIGNATURE_SPELLINGS`; None where the key did not sign.
    """
    if is_signature_of(key, method, value, data):
        return RAW
    if is_der_signature_of(key, method, value, data):
        return "signature-der"
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return "signature-text" if _in_text(key, method, value, data) else None
    half = raw_length(key) // 2
    for r, s in _halves(value, half):
        if is_der_signature_of(key, method, _der(r, s), data):
            long = max(len(r), len(s)) > half
            return "signature-sign-octet" if long else "signature-short"
    if len(value) == 2 * half and is_der_signature_of(key, method, _der(value[half:], value[:half]), data):
        return "signature-swapped"
    return "signature-text" if _in_text(key, method, value, data) else None


def _halves(value: bytes, half: int) -> Iterator[tuple[bytes, bytes]]:
    """Cut a value of a wrong length wherever r may end: each half has lost zeros, or got one for its sign."""
    # Four octets of zeros in front happen once in four billion signatures.
    if len(value) == 2 * half or not 2 * half - 4 <= len(value) <= 2 * half + 2:
        return
    for end in range(len(value) - half - 1, half + 2):
        r, s = value[:end], value[end:]
        # One octet more can only be the zero that keeps an INTEGER positive.
        if all(len(part) <= half or part[0] == 0 for part in (r, s)):
            yield r, s


def _der(r: bytes, s: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))


def _in_text(key: PublicKey, method: str, value: bytes, data: bytes) -> bool:
    return any(
        is_signature_of(key, method, octets, data) or is_der_signature_of(key, method, octets, data)
        for octets in out_of_text(value)
    )


def out_of_text(value: bytes) -> Iterator[bytes]:
    """Yield what octets are as text: out of hexadecimal digits, out of base64."""
    text = value.decode("ascii", "replace").strip()
    if not 16 <= len(text) <= _LONGEST_TEXT:
        return
    if re.fullmatch("(?:[0-9A-Fa-f]{2})+", text):
        yield bytes.fromhex(text)
    if re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", text) and len(text) % 4 == 0:
        yield base64.b64decode(text)
