"""The signature algorithms of ISO 15118 and their names in XML signatures.

ISO 15118-2 signs with ECDSA on secp256r1 over SHA-256; ISO 15118-20 on secp521r1 over SHA-512, or with
Ed448 and SHAKE256 digests ([V2G20-2473] to [V2G20-2476]). An ECDSA signature is r and s, each as long as
the order of the curve, not DER.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.pki.signatures import PrivateKey, PublicKey

CANONICAL_EXI = "http://www.w3.org/TR/canonical-exi/"
ED448 = "urn:iso:std:iso:15118:-20:Security:xmldsig#Ed448"

DIGESTS: dict[str, Callable[[bytes], bytes]] = {
    "http://www.w3.org/2001/04/xmlenc#sha256": lambda data: hashlib.sha256(data).digest(),
    "http://www.w3.org/2001/04/xmldsig-more#sha384": lambda data: hashlib.sha384(data).digest(),
    "http://www.w3.org/2001/04/xmlenc#sha512": lambda data: hashlib.sha512(data).digest(),
    "urn:iso:std:iso:15118:-20:Security:xmlenc#SHAKE256": lambda data: hashlib.shake_256(data).digest(64),
}
"""Digest functions by the name a DigestMethod gives; peers use all of them."""

_ECDSA: dict[str, hashes.HashAlgorithm] = {
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256": hashes.SHA256(),
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384": hashes.SHA384(),
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512": hashes.SHA512(),
}


@dataclass(frozen=True, slots=True)
class Suite:
    """The algorithms that go with a kind of key.

    Attributes:
        key: The kind of key.
        signature: Name of the signature algorithm.
        digest: Name of the digest algorithm.
    """

    key: str
    signature: str
    digest: str


SUITES = {
    suite.key: suite
    for suite in (
        Suite(
            "secp256r1",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            "http://www.w3.org/2001/04/xmlenc#sha256",
        ),
        Suite(
            "secp521r1",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
            "http://www.w3.org/2001/04/xmlenc#sha512",
        ),
        Suite("ed448", ED448, "urn:iso:std:iso:15118:-20:Security:xmlenc#SHAKE256"),
    )
}
"""What ISO 15118 signs with, by kind of key."""


def suite_of(key_algorithm: str) -> Suite:
    """Return the algorithms that go with a key, as `opnc.pki` names its algorithm.

    Raises:
        Problem: ISO 15118 signs with no such key.
    """
    if key_algorithm not in SUITES:
        raise Problem(f"ISO 15118 does not sign with a key of {key_algorithm!r}", hint=", ".join(SUITES))
    return SUITES[key_algorithm]


def make_signature_value(key: PrivateKey, method: str, data: bytes) -> bytes:
    """Sign octets; ECDSA deterministically (RFC 6979), so that a seed reproduces every byte.

    Args:
        key: The private key.
        method: Name of the signature algorithm.
        data: What is signed.
    """
    if isinstance(key, ed448.Ed448PrivateKey):
        return key.sign(data)
    der = key.sign(data, ec.ECDSA(_ECDSA[method], deterministic_signing=True))
    # By the key, not by the numbers: one with leading zero octets has to keep its width.
    half = raw_length(key.public_key()) // 2
    return b"".join(number.to_bytes(half, "big") for number in decode_dss_signature(der))


def raw_length(key: PublicKey) -> int:
    """Return the length of a signature value in octets; 0 where ISO 15118 knows no signature of the key."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        # Rounded up: 521 bits take 66 octets.
        return 2 * ((key.key_size + 7) // 8)
    return 114 if isinstance(key, ed448.Ed448PublicKey) else 0


def is_signature_of(key: PublicKey, method: str, value: bytes, data: bytes) -> bool:
    """Return whether a signature value in raw form is that of a key over octets.

    Args:
        key: The public key.
        method: Name of the signature algorithm.
        value: The signature value, as the message carries it.
        data: What should be signed.
    """
    # Halves are r and s only at the exact length; anything else would be read as two wrong numbers.
    if len(value) != raw_length(key):
        return False
    if isinstance(key, ed448.Ed448PublicKey):
        return method == ED448 and _verifies(lambda: key.verify(value, data))
    half = len(value) // 2
    # The library verifies DER only.
    r, s = int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big")
    return is_der_signature_of(key, method, encode_dss_signature(r, s), data)


def is_der_signature_of(key: PublicKey, method: str, value: bytes, data: bytes) -> bool:
    """Return whether a signature in DER, which ISO 15118 does not use, is that of a key over octets."""
    if not isinstance(key, ec.EllipticCurvePublicKey) or method not in _ECDSA:
        return False
    return _verifies(lambda: key.verify(value, data, ec.ECDSA(_ECDSA[method])))


def _verifies(verify: Callable[[], None]) -> bool:
    try:
        verify()
    except InvalidSignature:
        return False
    return True
