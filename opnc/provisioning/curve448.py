"""X448 keys out of Ed448 keys: certificates of ISO 15118-20 carry Ed448, its key agreement needs X448.

Both curves are the same up to an isogeny (RFC 7748, 4.2), and both keys use the same clamped scalar (RFC
8032, 5.2.5), so that the two conversions belong together: the public key of a converted private key is the
converted public key. That ISO 15118-20 means this conversion where it derives parameters from EdDSA keys
([V2G20-2491]) is an assumption.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.x448 import X448PrivateKey, X448PublicKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey, Ed448PublicKey

_P = 2**448 - 2**224 - 1
_D = -39081
OCTETS = 56
"""Length of an X448 key, private or public."""


def x448_private(key: Ed448PrivateKey) -> X448PrivateKey:
    """Return the private key of the same scalar; X448 clamps it as Ed448 does."""
    # The second half is what Ed448 takes its nonces from (RFC 8032, 5.2.6); the scalar is the first.
    digest = hashlib.shake_256(key.private_bytes_raw()).digest(114)
    return X448PrivateKey.from_private_bytes(digest[:OCTETS])


def x448_public(key: Ed448PublicKey) -> X448PublicKey:
    """Return the public key of the same point: u = y²/x², with x² from the equation of the curve.

    Raises:
        ValueError: The point has no counterpart.
    """
    # The last octet holds the sign of x alone (RFC 8032, 5.2.2), and u does not depend on it.
    y = int.from_bytes(key.public_bytes_raw()[:OCTETS], "little")
    square = y * y % _P
    u = square * (1 - _D * square) * pow(1 - square, -1, _P) % _P
    return X448PublicKey.from_public_bytes(u.to_bytes(OCTETS, "little"))
