"""Transport of contract keys in ISO 15118-2, against the rule worked out by hand and wrong on purpose."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from opnc.provisioning.keywrap import (
    CURVE,
    Unwrapped,
    WrappedKey,
    iso_kdf,
    unwrap_key,
    wrap_key,
    wrap_scalar,
    x963_kdf,
)

Random = Callable[[int], bytes]
VEHICLE = ec.derive_private_key(0xEC, CURVE)
ORDER = CURVE.group_order


def contract(scalar: int = 0xC0117AC7) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(scalar, CURVE)


def unwrap(wrapped: WrappedKey, scalar: int = 0xC0117AC7) -> Unwrapped:
    return unwrap_key(wrapped, VEHICLE, contract(scalar).public_key())


def names(unwrapped: Unwrapped) -> list[str]:
    assert unwrapped.key is None
    return [finding.name for finding in unwrapped.findings]


def octets(scalar: int) -> bytes:
    return scalar.to_bytes(32, "big")


def test_a_key_comes_out_as_it_went_in(random: Random) -> None:
    wrapped = wrap_key(contract(), VEHICLE.public_key(), random)
    assert (len(wrapped.encrypted), len(wrapped.public), wrapped.public[0]) == (48, 65, 4)
    unwrapped = unwrap(wrapped)
    assert isinstance(unwrapped.key, ec.EllipticCurvePrivateKey)
    assert unwrapped.key.private_numbers().private_value == 0xC0117AC7
    assert unwrapped.findings == ()


@pytest.mark.parametrize("scalar", [1, 0xFF, 1 << 200, 1 << 247, ORDER - 1])
def test_leading_zero_octets_are_kept(random: Random, scalar: int) -> None:
    wrapped = wrap_key(contract(scalar), VEHICLE.public_key(), random)
    assert len(wrapped.encrypted) == 48
    assert unwrap(wrapped, scalar).key is not None


def test_the_rule_is_that_of_the_standard_worked_out_by_hand(random: Random) -> None:
    """SHA-256 over 00000001, the x-coordinate, 01, U, V; the first 16 octets; AES-128-CBC, IV first."""
    wrapped = wrap_key(contract(), VEHICLE.public_key(), random)
    point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, wrapped.public)
    shared = VEHICLE.exchange(ec.ECDH(), point)
    key = hashlib.sha256(bytes.fromhex("00000001") + shared + bytes.fromhex("015556")).digest()[:16]
    decryptor = Cipher(algorithms.AES128(key), modes.CBC(wrapped.encrypted[:16])).decryptor()
    assert decryptor.update(wrapped.encrypted[16:]) + decryptor.finalize() == octets(0xC0117AC7)


def test_the_other_derivation_is_that_of_x963_worked_out_by_hand() -> None:
    shared = bytes(range(32))
    assert x963_kdf(shared) == hashlib.sha256(shared + bytes.fromhex("00000001")).digest()[:16]
    assert iso_kdf(shared) != x963_kdf(shared)


def test_the_same_randomness_gives_the_same_octets() -> None:
    same = [wrap_key(contract(), VEHICLE.public_key(), lambda size: b"\x07" * size) for _ in range(2)]
    assert same[0] == same[1]
    assert wrap_key(contract(), VEHICLE.public_key()) != wrap_key(contract(), VEHICLE.public_key())


def test_the_x963_derivation_is_recognised_by_name(random: Random) -> None:
    wrapped = wrap_scalar(octets(0xC0117AC7), VEHICLE.public_key(), random, kdf=x963_kdf)
    assert names(unwrap(wrapped)) == ["kdf-x963"]


def test_a_key_for_another_vehicle_does_not_fit(random: Random) -> None:
    other = ec.derive_private_key(0xEE, CURVE)
    assert names(unwrap(wrap_key(contract(), other.public_key(), random))) == ["key-mismatch"]


def test_the_key_of_another_contract_does_not_fit(random: Random) -> None:
    assert names(unwrap(wrap_key(contract(5), VEHICLE.public_key(), random))) == ["key-mismatch"]


@pytest.mark.parametrize(
    ("scalar", "name"),
    [(0, "scalar-zero"), (ORDER, "scalar-out-of-range"), (2**256 - 1, "scalar-out-of-range")],
)
def test_a_number_that_is_no_key_is_named(random: Random, scalar: int, name: str) -> None:
    assert names(unwrap(wrap_scalar(octets(scalar), VEHICLE.public_key(), random))) == [name]


def test_a_scalar_beyond_the_order_is_refused_though_it_gives_the_right_point(random: Random) -> None:
    """1 and n + 1 have the same public key; only the former is a private key."""
    wrapped = wrap_scalar(octets(ORDER + 1), VEHICLE.public_key(), random)
    assert names(unwrap(wrapped, 1)) == ["scalar-out-of-range"]


def test_lengths_are_named(random: Random) -> None:
    wrapped = wrap_key(contract(), VEHICLE.public_key(), random)
    encrypted = wrapped.encrypted
    assert names(unwrap(replace(wrapped, encrypted=encrypted[16:]))) == ["iv-missing"]
    for wrong in (encrypted[:47], encrypted + b"\x00", b"", encrypted[:16]):
        assert names(unwrap(replace(wrapped, encrypted=wrong))) == ["encrypted-key-length"]


def test_the_form_of_the_public_key_is_checked(random: Random) -> None:
    wrapped = wrap_key(contract(), VEHICLE.public_key(), random)
    point = wrapped.public
    for wrong in (b"", point[:64], point + b"\x00", b"\x02" + point[1:33], b"\x05" + point[1:]):
        assert names(unwrap(replace(wrapped, public=wrong))) == ["dh-public-key-form"]


def test_a_point_that_is_not_on_the_curve_is_named(random: Random) -> None:
    wrapped = wrap_key(contract(), VEHICLE.public_key(), random)
    wrong = wrapped.public[:-1] + bytes([wrapped.public[-1] ^ 1])
    assert names(unwrap(replace(wrapped, public=wrong))) == ["point-not-on-curve"]


def test_every_defect_is_told_at_once(random: Random) -> None:
    wrapped = wrap_key(contract(), VEHICLE.public_key(), random)
    both = WrappedKey(wrapped.encrypted[:47], wrapped.public[:-1])
    assert names(unwrap(both)) == ["dh-public-key-form", "encrypted-key-length"]
