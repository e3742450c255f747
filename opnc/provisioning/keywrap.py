"""Transport of a contract key in ISO 15118-2: ephemeral ECDH to the vehicle's key, ConcatKDF, AES-128-CBC.

    wrapped = wrap_key(contract_key, vehicle_public_key)
    unwrapped = unwrap_key(wrapped, vehicle_key, contract_public_key)
    unwrapped.key, [finding.name for finding in unwrapped.findings]

The cipher authenticates nothing, so the receiver has to check the number that comes out ([V2G2-823]).
Source: [V2G2-815] to [V2G2-823]; NIST SP 800-56A for the key derivation.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF

from opnc.pki.deviations import Deviation

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x448 import X448PrivateKey

Randomness = Callable[[int], bytes]
"""Returns so many random octets; a seeded one makes every byte reproducible."""

CURVE = ec.SECP256R1()
_IV = 16
_SCALAR = 32
_POINT = 65
_FIELD = "ContractSignatureEncryptedPrivateKey"
_ALGORITHM_SENDER_RECEIVER = b"\x01UV"
_WITH_LENGTHS = b"\0\0\0\1\x01\0\0\0\1U\0\0\0\1V"


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A contract key on its way.

    Attributes:
        encrypted: Initialisation vector and ciphertext, 48 octets.
        public: The sender's ephemeral public key, an uncompressed point, 65 octets.
    """

    encrypted: bytes
    public: bytes


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """What came out of a wrapped key.

    Attributes:
        key: The contract key; None when there is none to be trusted.
        findings: What does not hold.
        inconclusive: Whether nothing can be said, because the standard's rule is not known.
    """

    key: ec.EllipticCurvePrivateKey | X448PrivateKey | None = field(repr=False)
    findings: tuple[Deviation, ...] = ()
    inconclusive: bool = False


def iso_kdf(shared: bytes) -> bytes:
    """Derive the session key as ISO 15118-2 wants it: ConcatKDF with SHA-256, one round ([V2G2-818]).

    OtherInfo is algorithm 01, sender `U`, receiver `V`, a single octet each.
    """
    return ConcatKDFHash(hashes.SHA256(), 16, _ALGORITHM_SENDER_RECEIVER).derive(shared)


def x963_kdf(shared: bytes) -> bytes:
    """Derive the session key as some stacks do instead: ANSI X9.63 with SHA-256, without shared info."""
    return X963KDF(hashes.SHA256(), 16, None).derive(shared)


def wrap_key(
    key: ec.EllipticCurvePrivateKey,
    recipient: ec.EllipticCurvePublicKey,
    random: Randomness = secrets.token_bytes,
) -> WrappedKey:
    """Encrypt a contract key for a vehicle.

    Args:
        key: The contract key, on secp256r1.
        recipient: The public key of the OEM provisioning certificate, or of the old contract for an update.
        random: Source of the ephemeral key and the initialisation vector.
    """
    # All 32 octets: RISE-V2G leaves leading zeros out, and then has no whole block to encrypt.
    scalar = key.private_numbers().private_value.to_bytes(_SCALAR, "big")
    return wrap_scalar(scalar, recipient, random)


def wrap_scalar(
    scalar: bytes,
    recipient: ec.EllipticCurvePublicKey,
    random: Randomness = secrets.token_bytes,
    kdf: Callable[[bytes], bytes] = iso_kdf,
) -> WrappedKey:
    """Encrypt any 32 octets for a vehicle, with any key derivation: right ones, or wrong ones on purpose."""
    ephemeral = ephemeral_key(CURVE, random)
    session_key = kdf(ephemeral.exchange(ec.ECDH(), recipient))
    iv = random(_IV)
    # Two whole blocks: there is nothing to pad, and the element takes no more than 48 octets.
    encryptor = Cipher(algorithms.AES128(session_key), modes.CBC(iv)).encryptor()
    encrypted = iv + encryptor.update(scalar) + encryptor.finalize()
    return WrappedKey(encrypted, uncompressed(ephemeral.public_key()))


def ephemeral_key(curve: ec.EllipticCurve, random: Randomness) -> ec.EllipticCurvePrivateKey:
    """Return a fresh key; eight octets more than the order keep the remainder unbiased (FIPS 186-5 A.2.1)."""
    number = int.from_bytes(random((curve.key_size + 7) // 8 + 8), "big")
    return ec.derive_private_key(number % (curve.group_order - 1) + 1, curve)


def uncompressed(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key as an uncompressed point: 04, x, y (SEC 1, 2.3.3)."""
    numbers = key.public_numbers()
    size = (key.curve.key_size + 7) // 8
    return b"\x04" + numbers.x.to_bytes(size, "big") + numbers.y.to_bytes(size, "big")


def unwrap_key(
    wrapped: WrappedKey, recipient: ec.EllipticCurvePrivateKey, contract: ec.EllipticCurvePublicKey
) -> Unwrapped:
    """Decrypt a contract key and check that it is that of the contract certificate.

    Args:
        wrapped: The encrypted key and the sender's ephemeral public key.
        recipient: The vehicle's private key.
        contract: The public key of the contract certificate.
    """
    point, findings = read_point(wrapped.public, CURVE, "DHpublickey", "[V2G2-819]")
    findings += _check_length(wrapped.encrypted)
    # Both defects are told, and neither leaves anything to decrypt.
    if point is None or findings:
        return Unwrapped(None, findings)
    shared = recipient.exchange(ec.ECDH(), point)
    scalar = decrypt(iso_kdf(shared), wrapped.encrypted[:_IV], wrapped.encrypted[_IV:])
    number = int.from_bytes(scalar, "big")
    if fits(number, contract):
        return Unwrapped(ec.derive_private_key(number, CURVE))
    mistakes = _mistakes(shared, wrapped.encrypted, contract)
    return Unwrapped(None, mistakes or (check_scalar(number, CURVE, _FIELD, "[V2G2-823]"),))


def _concat_kdf(other_info: bytes) -> Callable[[bytes], bytes]:
    return lambda shared: hashlib.sha256(b"\0\0\0\1" + shared + other_info).digest()[:16]


_KDFS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "": ("", iso_kdf),
    "kdf-x963": ("one of the X9.63 key derivation", x963_kdf),
    "kdf-without-other-info": ("one of ConcatKDF without OtherInfo", _concat_kdf(b"")),
    "kdf-other-info": ("one of ConcatKDF with an OtherInfo that has lengths", _concat_kdf(_WITH_LENGTHS)),
    "kdf-parties-alone": ("one of ConcatKDF with the parties alone", _concat_kdf(b"UV")),
    "kdf-parties-swapped": ("one of ConcatKDF with the parties swapped", _concat_kdf(b"\x01VU")),
    "kdf-plain-hash": ("the hash of the shared secret", lambda shared: hashlib.sha256(shared).digest()[:16]),
    "kdf-last-half": (
        "the last 16 octets of ConcatKDF",
        lambda shared: hashlib.sha256(b"\0\0\0\1" + shared + _ALGORITHM_SENDER_RECEIVER).digest()[16:],
    ),
    "kdf-none": ("the first 16 octets of the shared secret", lambda shared: shared[:16]),
    "kdf-none-last": ("the last 16 octets of the shared secret", lambda shared: shared[16:]),
}
"""The derivations of the session key that peers use, by name of the finding; the first is right."""

_LAYOUTS: dict[str, tuple[str, Callable[[bytes], tuple[bytes, bytes]]]] = {
    "": ("", lambda octets: (octets[:_IV], octets[_IV:])),
    "iv-last": (
        "the initialisation vector behind the ciphertext",
        lambda octets: (octets[-_IV:], octets[:-_IV]),
    ),
    "iv-zero": ("a ciphertext made with an initialisation vector of zeros", lambda o: (bytes(_IV), o[_IV:])),
    "iv-ignored": ("a ciphertext of 48 octets without its vector", lambda octets: (bytes(_IV), octets)),
}
_READINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "": ("", lambda octets: octets),
    "scalar-little-endian": ("the number with its least octet first", lambda octets: octets[::-1]),
    # A number that was shorter than 32 octets, and was filled up behind.
    "scalar-stripped": (
        "the number without its leading zeros, filled up behind",
        lambda octets: octets[: -octets[-1]] if 0 < octets[-1] <= _IV else octets.rstrip(b"\0"),
    ),
    "scalar-middle": ("the number within padding", lambda octets: octets[:_SCALAR]),
}


def _mistakes(shared: bytes, encrypted: bytes, contract: ec.EllipticCurvePublicKey) -> tuple[Deviation, ...]:
    """Name the mistakes by which a wrapped key is that of the contract all the same; empty where none are.

    A peer that is told which rule it has used knows what to change.
    """
    for kdf, (derivation, derive) in _KDFS.items():
        session_key = derive(shared)
        for layout, (arrangement, cut) in _LAYOUTS.items():
            octets = decrypt(session_key, *cut(encrypted))
            for reading, (spelt, read) in _READINGS.items():
                if fits(int.from_bytes(read(octets), "big"), contract):
                    found = (
                        (kdf, "a session key of ConcatKDF", derivation, "[V2G2-818]"),
                        (layout, "initialisation vector, then ciphertext", arrangement, "[V2G2-817]"),
                        (reading, "32 octets, the greatest first", spelt, "[V2G2-816]"),
                    )
                    return tuple(
                        Deviation(name, _FIELD, expected, seen, clause)
                        for name, expected, seen, clause in found
                        if name
                    )
    return ()


def read_point(
    octets: bytes, curve: ec.EllipticCurve, name: str, clause: str
) -> tuple[ec.EllipticCurvePublicKey | None, tuple[Deviation, ...]]:
    """Read an uncompressed point; None with a finding when it is none of the curve.

    Args:
        octets: The point.
        curve: The curve.
        name: Name of the element it comes from.
        clause: Where its form is written.
    """
    length = 2 * ((curve.key_size + 7) // 8) + 1
    if len(octets) != length or octets[0] != 0x04:
        start = f", starting with {octets[0]:#04x}" if octets else ""
        expected, seen = f"04, x, y: {length} octets", f"{len(octets)} octets{start}"
        return None, (Deviation("dh-public-key-form", name, expected, seen, clause),)
    try:
        # Refuses points off the curve. It has to: the vehicle's key is static, and such points would reveal
        # it piece by piece.
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, octets), ()
    except ValueError:
        expected, seen = f"a point on {curve.name}", "one that is not on the curve"
        return None, (Deviation("point-not-on-curve", name, expected, seen, clause),)


def _check_length(encrypted: bytes) -> tuple[Deviation, ...]:
    length, expected = len(encrypted), f"{_IV + _SCALAR} octets: initialisation vector and ciphertext"
    if length == _IV + _SCALAR:
        return ()
    # Told apart, because it is the one length that says what was forgotten.
    if length == _SCALAR:
        return (Deviation("iv-missing", _FIELD, expected, "32 octets: the ciphertext alone", "[V2G2-817]"),)
    padded = ": the number was padded before it was encrypted" if length == _IV + _SCALAR + _IV else ""
    return (Deviation("encrypted-key-length", _FIELD, expected, f"{length} octets{padded}", "[V2G2-815]"),)


def decrypt(session_key: bytes, iv: bytes, ciphertext: bytes) -> bytes:
    """Return the octets in a ciphertext of AES-128-CBC; whole blocks, for nothing is padded."""
    decryptor = Cipher(algorithms.AES128(session_key), modes.CBC(iv)).decryptor()
    return decryptor.update(ciphertext) + decryptor.finalize()


def fits(scalar: int, public: ec.EllipticCurvePublicKey) -> bool:
    """Return whether a number is the private key of a public one."""
    # Asked first, for the library raises on any other number.
    if not 0 < scalar < public.curve.group_order:
        return False
    return ec.derive_private_key(scalar, public.curve).public_key() == public


def check_scalar(scalar: int, curve: ec.EllipticCurve, name: str, clause: str) -> Deviation:
    """Say why a number that came out is not the contract key: it is already known not to fit.

    Args:
        scalar: The number.
        curve: The curve of the contract certificate.
        name: Name of the element it comes from.
        clause: Where the check is written.
    """
    if scalar == 0:
        return Deviation("scalar-zero", name, "1 to n-1", "0", clause)
    if scalar >= curve.group_order:
        return Deviation("scalar-out-of-range", name, f"less than the order of {curve.name}", "more", clause)
    expected = "the key of the contract certificate"
    seen = "another number: wrapped for another vehicle, by another derivation, or changed"
    return Deviation("key-mismatch", name, expected, seen, clause)
