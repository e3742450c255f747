"""Private keys and serial numbers out of a seed: the same seed and label always give the same ones.

Test data only: who knows the seed knows every key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509 import SubjectKeyIdentifier

from opnc.pki import der
from opnc.pki.library import REFUSALS
from opnc.pki.signatures import PublicKey
from opnc.problem import Problem

if TYPE_CHECKING:
    from opnc.pki.signatures import PrivateKey

# secp384r1 is none of ISO 15118: certificates with such keys are refused.
_CURVES: dict[str, ec.EllipticCurve] = {
    "secp256r1": ec.SECP256R1(),
    "secp384r1": ec.SECP384R1(),
    "secp521r1": ec.SECP521R1(),
}
_ED448_BYTES = 57
_EC_PUBLIC_KEY, _OID = "1.2.840.10045.2.1", 0x06
_NAMED = {
    "1.2.840.10045.3.1.7": "secp256r1, so its point is not on it",
    "1.3.132.0.34": "secp384r1, so its point is not on it",
    "1.3.132.0.35": "secp521r1, so its point is not on it",
}
_SERIAL_BYTES = 8


@dataclass(frozen=True, slots=True)
class Seed:
    """A source of reproducible keys and serial numbers.

    Attributes:
        value: The seed, as printed and stored with a run.
    """

    value: str

    def octets(self, label: str, size: int) -> bytes:
        """Return bytes that depend on seed and label only."""
        # An extendable output: as many bytes as a curve needs, without a scheme of counters.
        return hashlib.shake_256(f"{self.value}\n{label}".encode()).digest(size)

    def key(self, label: str, algorithm: str = "secp256r1") -> PrivateKey:
        """Return the private key of a label.

        Args:
            label: What the key is for.
            algorithm: `secp256r1`, `secp384r1`, `secp521r1` or `ed448`.

        Raises:
            Problem: Keys of that algorithm cannot be derived.
        """
        if algorithm not in (*_CURVES, "ed448"):
            raise Problem(f"cannot derive a key of {algorithm!r}", hint=f"ed448, {', '.join(_CURVES)}")
        # The algorithm is part of the label: keys of two curves out of the same bytes would be related.
        label = f"key\n{algorithm}\n{label}"
        if algorithm == "ed448":
            return ed448.Ed448PrivateKey.from_private_bytes(self.octets(label, _ED448_BYTES))
        curve = _CURVES[algorithm]
        # Eight bytes more than the order keep the remainder unbiased (FIPS 186-5 A.2.1).
        number = int.from_bytes(self.octets(label, curve.key_size // 8 + 9), "big")
        return ec.derive_private_key(number % (curve.group_order - 1) + 1, curve)

    def serial(self, label: str) -> int:
        """Return the serial number of a label: positive, always eight bytes long."""
        # First bit 0, so that it is positive; second bit 1, so that no leading zero shortens it.
        first, *rest = self.octets(f"serial\n{label}", _SERIAL_BYTES)
        return int.from_bytes(bytes((0x40 | first & 0x3F, *rest)), "big")


def key_identifier(key: PublicKey) -> bytes:
    """Return the 8-byte key identifier of a key: 0100 and the last 60 bits of its SHA-1.

    ISO 15118-20 binds a contract key to a key identifier of exactly this length ([V2G20-2492]).
    Source: RFC 5280 section 4.2.1.2 method 2.
    """
    digest = SubjectKeyIdentifier.from_public_key(key).digest
    return bytes((0x40 | digest[-8] & 0x0F,)) + digest[-7:]


def algorithm_of(key: PublicKey | PrivateKey) -> str:
    """Return the name of a key's algorithm as OPNC's parameter `algorithm` writes it, or `rsa-2048`."""
    if isinstance(key, ec.EllipticCurvePublicKey | ec.EllipticCurvePrivateKey):
        return key.curve.name
    if isinstance(key, rsa.RSAPublicKey):
        return f"rsa-{key.key_size}"
    return "ed448" if isinstance(key, ed448.Ed448PublicKey | ed448.Ed448PrivateKey) else "ed25519"


def read_public_key(spki: bytes) -> tuple[PublicKey | None, str]:
    """Read a SubjectPublicKeyInfo.

    Returns:
        The key and the name of its algorithm; None and the dotted OID where that is unknown, or what keeps a
        key on a curve from being read.
    """
    try:
        key = load_der_public_key(spki)
    except REFUSALS:
        key = None
    kind, *parameters = der.read_one(spki).children()[0].children()
    spelt_out = bool(parameters) and parameters[0].tag == der.SEQUENCE
    # The library loads other kinds too (X25519, DSA), which sign no certificate here.
    if isinstance(key, PublicKey):
        # No named curve, whatever curve the parameters are those of (RFC 5480 section 2.1.1).
        name = algorithm_of(key)
        return key, f"{name}, its parameters spelt out" if spelt_out and name.startswith("secp") else name
    name = der.dotted(kind.content)
    if name != _EC_PUBLIC_KEY:
        return None, name
    curve = der.dotted(parameters[0].content) if parameters and parameters[0].tag == _OID else "none"
    return None, f"an EC key that cannot be read: the curve is {_NAMED.get(curve, curve)}"
