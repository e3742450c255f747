"""Transport of a contract key in ISO 15118-20: ephemeral ECDH to the vehicle's key, AES-256-GCM.

What is public is kept to: the lengths, the initialisation vector of 96 bits, the tag of 128 bits and the
additional data that bind a key to PCID and contract ([V2G20-2492], [V2G20-2497] to [V2G20-2510]). How the
session key is derived is not: see `session_key`. So a key that does not open proves nothing about its
sender.
"""

from __future__ import annotations

import binascii
import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, ed448
from cryptography.hazmat.primitives.asymmetric.x448 import X448PrivateKey, X448PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from opnc.pki.deviations import Deviation
from opnc.pki.keys import algorithm_of
from opnc.problem import Problem
from opnc.provisioning.curve448 import OCTETS, x448_private, x448_public
from opnc.provisioning.keywrap import Unwrapped, check_scalar, ephemeral_key, read_point, uncompressed
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.pki.signatures import PrivateKey, PublicKey
    from opnc.provisioning.keywrap import Randomness

CURVE = ec.SECP521R1()
_IV = 12
_TAG = 16
_SCALAR = 66
_PCID = 18
_CLAUSE = "[V2G20-2510]"
_KINDS = "both keys on secp521r1, or both Ed448"


@dataclass(frozen=True, slots=True)
class WrappedKey20:
    """A contract key on its way.

    Attributes:
        curve: `SECP521` or `X448`, as ECDHCurve names it.
        encrypted: Initialisation vector, ciphertext and tag: 94 octets for SECP521, 84 for X448.
        public: The sender's ephemeral public key: 133 octets for SECP521, 57 for X448.
    """

    curve: str
    encrypted: bytes
    public: bytes

    @property
    def element(self) -> str:
        """Name of the element that carries the encrypted key."""
        return f"{self.curve}_EncryptedPrivateKey"


def session_key(shared: bytes) -> bytes:
    """Derive the session key of 32 octets from the shared secret.

    ASSUMPTION: the rule ([V2G20-2529], [V2G20-2530]) is in no public source. This is ConcatKDF with SHA-512
    and empty OtherInfo, one round, as the only public implementation guesses too. Change it here, and only
    here.
    """
    return hashlib.sha512(b"\x00\x00\x00\x01" + shared).digest()[:32]


def additional_data(pcid: str, key_identifier: bytes) -> bytes:
    """Return what binds a wrapped key to vehicle and contract: PCID and key identifier in hexadecimal digits.

    Args:
        pcid: The PCID; case and separators do not count.
        key_identifier: SubjectKeyIdentifier of the contract certificate.

    Raises:
        Problem: The PCID has not 18 characters, or the key identifier not 8 octets.
    """
    # Upper case without separators, as [V2G20-2492] has it: one character else and no tag fits.
    plain = "".join(character for character in pcid if character.isalnum()).upper()
    if len(plain) != 18 or not plain.isascii():
        raise Problem(
            f"{pcid!r} has {len(plain)} characters, ISO 15118-20 binds keys to a PCID of 18",
            where="PCID",
            hint="use the PCID with its check digit",
        )
    if len(key_identifier) != 8:
        raise Problem(
            f"{len(key_identifier)} octets, ISO 15118-20 binds keys to an identifier of 8",
            where="subjectKeyIdentifier",
            hint="make the key identifier by RFC 5280 4.2.1.2 method 2",
        )
    return (plain + key_identifier.hex().upper()).encode("ascii")


def wrap_key_20(
    key: PrivateKey, recipient: PublicKey, bound_to: bytes, random: Randomness = secrets.token_bytes
) -> WrappedKey20:
    """Encrypt a contract key for a vehicle.

    Args:
        key: The contract key: on secp521r1, or Ed448.
        recipient: The public key of the OEM provisioning certificate, of the same kind.
        bound_to: The additional data, see `additional_data`.
        random: Source of the ephemeral key and the initialisation vector.

    Raises:
        Problem: The two keys are not of one kind that ISO 15118-20 knows.
    """
    if algorithm_of(key) != algorithm_of(recipient):
        raise Problem(
            f"a contract key of {algorithm_of(key)} cannot be wrapped for one of {algorithm_of(recipient)}",
            hint=_KINDS,
        )
    return wrap_octets_20(_octets(key), recipient, bound_to, random)


def _octets(key: PrivateKey) -> bytes:
    if isinstance(key, ed448.Ed448PrivateKey):
        return x448_private(key).private_bytes_raw()
    # 528 bits: the 521 of the scalar are padded in front ([V2G20-2497]).
    return key.private_numbers().private_value.to_bytes(_SCALAR, "big")


def wrap_octets_20(
    octets: bytes, recipient: PublicKey, bound_to: bytes, random: Randomness = secrets.token_bytes
) -> WrappedKey20:
    """Encrypt any octets for a vehicle: the right ones, or wrong ones on purpose.

    Raises:
        Problem: ISO 15118-20 knows no such key.
    """
    if isinstance(recipient, ed448.Ed448PublicKey):
        own = X448PrivateKey.from_private_bytes(random(OCTETS))
        shared = own.exchange(x448_public(recipient))
        # 57 octets, as many as an Ed448 key has: the 56 of X448 behind a zero.
        curve, public = "X448", b"\x00" + own.public_key().public_bytes_raw()
    elif isinstance(recipient, ec.EllipticCurvePublicKey) and recipient.curve.name == CURVE.name:
        sender = ephemeral_key(CURVE, random)
        shared = sender.exchange(ec.ECDH(), recipient)
        curve, public = "SECP521", uncompressed(sender.public_key())
    else:
        # Vehicles of ISO 15118-2 end up here: the two transports cannot be mixed.
        raise Problem(f"ISO 15118-20 wraps no key for one of {algorithm_of(recipient)}", hint=_KINDS)
    iv = random(_IV)
    return WrappedKey20(curve, iv + AESGCM(session_key(shared)).encrypt(iv, octets, bound_to), public)


def unwrap_key_20(
    wrapped: WrappedKey20, recipient: PrivateKey, contract: PublicKey, bound_to: bytes
) -> Unwrapped:
    """Decrypt a contract key and check that it is that of the contract certificate.

    Args:
        wrapped: The encrypted key and the sender's ephemeral public key.
        recipient: The vehicle's private key.
        contract: The public key of the contract certificate.
        bound_to: The additional data, see `additional_data`.
    """
    size = OCTETS if wrapped.curve == "X448" else _SCALAR
    # Before decrypting: a wrong length is a defect of the sender whatever the session key is.
    if len(wrapped.encrypted) != _IV + size + _TAG:
        expected = f"{_IV + size + _TAG} octets: initialisation vector, ciphertext, tag"
        seen = f"{len(wrapped.encrypted)} octets"
        found = Deviation("encrypted-key-length", wrapped.element, expected, seen, "[V2G20-2499]")
        return Unwrapped(None, (found,))
    shared, findings = _shared_secret(wrapped, recipient)
    if findings:
        return Unwrapped(None, findings)
    iv, sealed = wrapped.encrypted[:_IV], wrapped.encrypted[_IV:]
    try:
        octets = AESGCM(session_key(shared)).decrypt(iv, sealed, bound_to)
    except InvalidTag:
        # Inconclusive, no failure: how the session key is derived is not public in full.
        found = _by_other_rule(shared, wrapped, contract, bound_to) or _not_opened(wrapped)
        return Unwrapped(None, (found,), inconclusive=True)
    return _checked(octets, contract, wrapped)


def _shared_secret(wrapped: WrappedKey20, recipient: PrivateKey) -> tuple[bytes, tuple[Deviation, ...]]:
    clause = "[V2G20-2491]"
    if wrapped.curve == "X448" and isinstance(recipient, ed448.Ed448PrivateKey):
        # 56 and 57 octets are taken, and 133 too, to which earlier schemas fixed this element.
        if len(wrapped.public) < OCTETS or any(wrapped.public[:-OCTETS]):
            expected, seen = "56 octets, behind zeros only", f"{len(wrapped.public)} octets"
            return b"", (Deviation("dh-public-key-form", "DHPublicKey", expected, seen, clause),)
        point = X448PublicKey.from_public_bytes(wrapped.public[-OCTETS:])
        try:
            # The library refuses the shared secret of zeros that points of small order give.
            return x448_private(recipient).exchange(point), ()
        except ValueError:
            expected, seen = "a point of large order", "one of small order"
            return b"", (Deviation("point-not-on-curve", "DHPublicKey", expected, seen, "RFC 7748, 6.2"),)
    if (
        wrapped.curve == "SECP521"
        and isinstance(recipient, ec.EllipticCurvePrivateKey)
        and recipient.curve.name == CURVE.name
    ):
        secp521, findings = read_point(wrapped.public, CURVE, "DHPublicKey", clause)
        return (recipient.exchange(ec.ECDH(), secp521) if secp521 else b""), findings
    expected = f"the curve of the vehicle's key ({algorithm_of(recipient)})"
    return b"", (Deviation("ecdh-curve", "ECDHCurve", expected, wrapped.curve, clause),)


_RULES: dict[str, Callable[[bytes], bytes]] = {
    "ConcatKDF with SHA-512": session_key,
    "ConcatKDF with SHA-512 and 01 55 56": lambda z: hashlib.sha512(b"\0\0\0\1" + z + b"\x01UV").digest()[
        :32
    ],
    "ConcatKDF with SHA-256": lambda z: hashlib.sha256(b"\0\0\0\1" + z).digest(),
    "ConcatKDF with SHA-256 and 01 55 56": lambda z: hashlib.sha256(b"\0\0\0\1" + z + b"\x01UV").digest(),
    "X9.63 with SHA-512": lambda z: hashlib.sha512(z + b"\0\0\0\1").digest()[:32],
    "X9.63 with SHA-256": lambda z: hashlib.sha256(z + b"\0\0\0\1").digest(),
    "SHA-512": lambda z: hashlib.sha512(z).digest()[:32],
    "SHA-256": lambda z: hashlib.sha256(z).digest(),
    "the first 32 octets of the shared secret": lambda z: z[:32],
}
"""Rules by which peers derive the session key; the first is the assumption of this project."""


def _by_other_rule(
    shared: bytes, wrapped: WrappedKey20, contract: PublicKey, bound_to: bytes
) -> Deviation | None:
    """Name the rule and the additional data by which a key opens all the same; None where none does."""
    iv, sealed = wrapped.encrypted[:_IV], wrapped.encrypted[_IV:]
    bindings = {
        "the data of the standard": bound_to,
        "no additional data": b"",
        "the PCID alone": bound_to[:_PCID],
        "lower case": bound_to.lower(),
    }
    with suppress(binascii.Error):
        bindings["the key identifier as octets"] = bound_to[:_PCID] + binascii.unhexlify(bound_to[_PCID:])
    for rule, derive in _RULES.items():
        for binding, data in bindings.items():
            try:
                octets = AESGCM(derive(shared)).decrypt(iv, sealed, data)
            except InvalidTag:
                continue
            fits = _checked(octets, contract, wrapped).key is not None
            what = "the contract key" if fits else "another key than that of the contract certificate"
            return Deviation(
                "key-other-rule",
                wrapped.element,
                "a session key as this project assumes it, and the data of [V2G20-2492]",
                f"{rule}, {binding}: opens to {what}",
                "[V2G20-2492], [V2G20-2529]",
                Severity.WARN,
            )
    return None


def _not_opened(wrapped: WrappedKey20) -> Deviation:
    return Deviation(
        "key-not-opened",
        wrapped.element,
        "a tag that fits the session key as this project assumes it",
        "another tag: wrapped for another vehicle or contract, changed, or by the rule that is not public",
        "[V2G20-2505], [V2G20-2529]",
        Severity.WARN,
    )


def _checked(octets: bytes, contract: PublicKey, wrapped: WrappedKey20) -> Unwrapped:
    if wrapped.curve == "X448":
        return _checked_x448(octets, contract, wrapped)
    scalar = int.from_bytes(octets, "big")
    if 0 < scalar < CURVE.group_order:
        key = ec.derive_private_key(scalar, CURVE)
        if key.public_key() == contract:
            return Unwrapped(key)
    return Unwrapped(None, (check_scalar(scalar, CURVE, wrapped.element, _CLAUSE),))


def _checked_x448(octets: bytes, contract: PublicKey, wrapped: WrappedKey20) -> Unwrapped:
    # Any 56 octets are a key here, for X448 clamps them; so only the public key can tell.
    key = X448PrivateKey.from_private_bytes(octets)
    if isinstance(contract, ed448.Ed448PublicKey) and key.public_key() == x448_public(contract):
        return Unwrapped(key)
    expected, seen = "the key of the contract certificate", "another key"
    return Unwrapped(None, (Deviation("key-mismatch", wrapped.element, expected, seen, _CLAUSE),))
