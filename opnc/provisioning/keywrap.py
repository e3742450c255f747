"""Transport of a contract key in ISO 15118-2: ephemeral ECDH to the vehicle's key, ConcatKDF, AES-128-CBC.

    wrapped = wrap_key(contract_key, vehicle_public_key)
    unwrapped = unwrap_key(wrapped, vehicle_key, contract_public_key)
    unwrapped.key, [finding.name for finding in unwrapped.findings]

The cipher authenticates nothing, so the receiver has to check the number that comes out ([V2G2-823]).
Source: [V2G2-815] to [V2G2-823]; NIST SP 800-56A for the key derivation.
"""

from __future__ import annotations

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
    # Also as WWCP derives it: a peer that is told which rule it has used knows what to change.
    candidates = {kdf: _decrypt(wrapped.encrypted, kdf(shared)) for kdf in (iso_kdf, x963_kdf)}
    fitting = [kdf for kdf, scalar in candidates.items() if _fits(scalar, contract)]
    # First, although both can hardly fit: what is right is not to be called wrong.
    if iso_kdf in fitting:
        return Unwrapped(ec.derive_private_key(candidates[iso_kdf], CURVE))
    if fitting:
        expected, seen = "a session key of ConcatKDF", "one of the X9.63 key derivation"
        return Unwrapped(None, (Deviation("kdf-x963", _FIELD, expected, seen, "[V2G2-818]"),))
    return Unwrapped(None, (check_scalar(candidates[iso_kdf], CURVE, _FIELD, "[V2G2-823]"),))


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
    return (Deviation("encrypted-key-length", _FIELD, expected, f"{length} octets", "[V2G2-815]"),)


def _decrypt(encrypted: bytes, session_key: bytes) -> int:
    decryptor = Cipher(algorithms.AES128(session_key), modes.CBC(encrypted[:_IV])).decryptor()
    return int.from_bytes(decryptor.update(encrypted[_IV:]) + decryptor.finalize(), "big")


def _fits(scalar: int, public: ec.EllipticCurvePublicKey) -> bool:
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
