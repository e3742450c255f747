"""Transport of contract keys in ISO 15118-20: what is public of it, and what stays open."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, x448
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from opnc.pki.keys import Seed
from opnc.problem import Problem
from opnc.provisioning import curve448
from opnc.provisioning.keywrap20 import (
    CURVE,
    WrappedKey20,
    additional_data,
    session_key,
    unwrap_key_20,
    wrap_key_20,
    wrap_octets_20,
)

Random = Callable[[int], bytes]
BOUND = additional_data("WP0TESTPCID0000101", bytes.fromhex("4b45ff8225fc1096"))
SEED = Seed("-20")
KINDS = [pytest.param("secp521r1", id="SECP521"), pytest.param("ed448", id="X448")]


def pair(kind: str) -> tuple[Any, Any]:
    """The vehicle's key and the contract's."""
    return SEED.key("vehicle", kind), SEED.key("contract", kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_comes_out_as_it_went_in(random: Random, kind: str) -> None:
    vehicle, contract = pair(kind)
    wrapped = wrap_key_20(contract, vehicle.public_key(), BOUND, random)
    unwrapped = unwrap_key_20(wrapped, vehicle, contract.public_key(), BOUND)
    assert unwrapped.findings == ()
    assert unwrapped.key is not None
    if kind == "ed448":
        assert unwrapped.key.public_key() == curve448.x448_public(contract.public_key())
    else:
        assert unwrapped.key.public_key() == contract.public_key()


@pytest.mark.parametrize(
    ("kind", "curve", "lengths"), [("secp521r1", "SECP521", (94, 133)), ("ed448", "X448", (84, 57))]
)
def test_the_lengths_are_those_of_the_schema(
    random: Random, kind: str, curve: str, lengths: tuple[int, int]
) -> None:
    vehicle, contract = pair(kind)
    wrapped = wrap_key_20(contract, vehicle.public_key(), BOUND, random)
    assert (wrapped.curve, (len(wrapped.encrypted), len(wrapped.public))) == (curve, lengths)
    assert wrapped.element == f"{curve}_EncryptedPrivateKey"


def test_the_additional_data_bind_pcid_and_contract() -> None:
    assert BOUND == b"WP0TESTPCID0000101" + b"4B45FF8225FC1096"
    assert additional_data("wp0-testpcid000010-1", bytes.fromhex("4b45ff8225fc1096")) == BOUND


@pytest.mark.parametrize(
    ("pcid", "identifier", "where"),
    [("WP0TESTPCID000010", bytes(8), "PCID"), ("WP0TESTPCID0000101", bytes(20), "subjectKeyIdentifier")],
)
def test_lengths_the_standard_does_not_bind_are_named(pcid: str, identifier: bytes, where: str) -> None:
    with pytest.raises(Problem) as caught:
        additional_data(pcid, identifier)
    assert caught.value.where == where
    assert caught.value.hint


def test_a_wrapped_key_is_aes_gcm_worked_out_by_hand(random: Random) -> None:
    vehicle, contract = pair("secp521r1")
    wrapped = wrap_key_20(contract, vehicle.public_key(), BOUND, random)
    point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, wrapped.public)
    key = session_key(vehicle.exchange(ec.ECDH(), point))
    plain = AESGCM(key).decrypt(wrapped.encrypted[:12], wrapped.encrypted[12:], BOUND)
    assert len(plain) == 66
    assert int.from_bytes(plain, "big") == contract.private_numbers().private_value


def test_the_assumed_derivation_is_one_round_of_sha_512() -> None:
    assert session_key(b"Z") == hashlib.sha512(bytes.fromhex("00000001") + b"Z").digest()[:32]


@pytest.mark.parametrize("kind", KINDS)
def test_what_does_not_open_proves_nothing(random: Random, kind: str) -> None:
    vehicle, contract = pair(kind)
    wrapped = wrap_key_20(contract, vehicle.public_key(), BOUND, random)
    damaged = replace(wrapped, encrypted=wrapped.encrypted[:-1] + bytes([wrapped.encrypted[-1] ^ 1]))
    for opened in (
        unwrap_key_20(damaged, vehicle, contract.public_key(), BOUND),
        unwrap_key_20(wrapped, vehicle, contract.public_key(), BOUND[::-1]),
        unwrap_key_20(wrapped, SEED.key("other", kind), contract.public_key(), BOUND),
    ):
        assert opened.key is None
        assert opened.inconclusive
        assert [(finding.name, finding.severity) for finding in opened.findings] == [
            ("key-not-opened", "warn")
        ]


@pytest.mark.parametrize(
    ("octets", "name"),
    [
        (bytes(66), "scalar-zero"),
        (CURVE.group_order.to_bytes(66, "big"), "scalar-out-of-range"),
        (bytes(65) + b"\x05", "key-mismatch"),
    ],
)
def test_a_number_that_is_no_key_is_named(random: Random, octets: bytes, name: str) -> None:
    vehicle, contract = pair("secp521r1")
    wrapped = wrap_octets_20(octets, vehicle.public_key(), BOUND, random)
    opened = unwrap_key_20(wrapped, vehicle, contract.public_key(), BOUND)
    assert ([finding.name for finding in opened.findings], opened.inconclusive) == ([name], False)


def test_an_x448_key_of_another_contract_is_named(random: Random) -> None:
    vehicle, contract = pair("ed448")
    wrapped = wrap_octets_20(bytes(range(56)), vehicle.public_key(), BOUND, random)
    opened = unwrap_key_20(wrapped, vehicle, contract.public_key(), BOUND)
    assert [finding.name for finding in opened.findings] == ["key-mismatch"]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"encrypted": bytes(93)}, "encrypted-key-length"),
        ({"public": bytes(133)}, "dh-public-key-form"),
        ({"public": b"\x04" + bytes(131) + b"\x01"}, "point-not-on-curve"),
        ({"curve": "X448", "encrypted": bytes(84)}, "ecdh-curve"),
    ],
)
def test_the_form_of_a_wrapped_key_is_checked(random: Random, change: dict[str, Any], name: str) -> None:
    vehicle, contract = pair("secp521r1")
    wrapped = replace(wrap_key_20(contract, vehicle.public_key(), BOUND, random), **change)
    opened = unwrap_key_20(wrapped, vehicle, contract.public_key(), BOUND)
    assert [finding.name for finding in opened.findings] == [name]


@pytest.mark.parametrize(
    ("public", "name"),
    [
        (bytes(55), "dh-public-key-form"),
        (b"\x01" + bytes(56), "dh-public-key-form"),
        (bytes(57), "point-not-on-curve"),
    ],
)
def test_the_form_of_an_x448_point_is_checked(public: bytes, name: str) -> None:
    vehicle, contract = pair("ed448")
    wrapped = WrappedKey20("X448", bytes(84), public)
    opened = unwrap_key_20(wrapped, vehicle, contract.public_key(), BOUND)
    assert [finding.name for finding in opened.findings] == [name]


@pytest.mark.parametrize(
    "kinds", [("secp256r1", "secp256r1"), ("secp521r1", "ed448"), ("ed448", "secp521r1")]
)
def test_keys_that_do_not_go_together_are_refused(random: Random, kinds: tuple[str, str]) -> None:
    contract, vehicle = (SEED.key("any", kind) for kind in kinds)
    with pytest.raises(Problem) as caught:
        wrap_key_20(contract, vehicle.public_key(), BOUND, random)
    assert caught.value.hint == "both keys on secp521r1, or both Ed448"


def test_the_conversion_of_ed448_keys_is_that_of_rfc_7748() -> None:
    """The base point of edwards448 is that of curve448; private and public conversion belong together."""
    one = ed448.Ed448PublicKey.from_public_bytes(
        bytes.fromhex(
            "14fa30f25b790898adc8d74e2c13bdfdc4397ce61cffd33ad7c2a0051e9c78874098a36c7373ea4b62c7c9563720768824bcb66e"
            "71463f6900"
        )
    )
    assert curve448.x448_public(one).public_bytes_raw() == b"\x05" + bytes(55)
    for number in range(20):
        key = SEED.key(str(number), "ed448")
        assert isinstance(key, ed448.Ed448PrivateKey)
        converted = curve448.x448_private(key)
        assert isinstance(converted, x448.X448PrivateKey)
        assert converted.public_key() == curve448.x448_public(key.public_key())


@pytest.mark.parametrize(
    ("derive", "bound_to", "told"),
    [
        (
            lambda z: hashlib.sha256(b"\0\0\0\1" + z + b"\x01UV").digest(),
            BOUND,
            "ConcatKDF with SHA-256 and 01 55 56",
        ),
        (session_key, b"", "no additional data"),
        (lambda z: hashlib.sha512(z).digest()[:32], BOUND[:18], "SHA-512, the PCID alone"),
    ],
)
def test_a_rule_by_which_a_key_opens_all_the_same_is_named(
    random: Random, derive: Callable[[bytes], bytes], bound_to: bytes, told: str
) -> None:
    vehicle, contract = pair("secp521r1")
    sender = ec.derive_private_key(7, CURVE)
    numbers = sender.public_key().public_numbers()
    public = b"\x04" + numbers.x.to_bytes(66, "big") + numbers.y.to_bytes(66, "big")
    iv = random(12)
    scalar = contract.private_numbers().private_value.to_bytes(66, "big")
    sealed = AESGCM(derive(sender.exchange(ec.ECDH(), vehicle.public_key()))).encrypt(iv, scalar, bound_to)
    unwrapped = unwrap_key_20(
        WrappedKey20("SECP521", iv + sealed, public), vehicle, contract.public_key(), BOUND
    )
    assert unwrapped.inconclusive
    (finding,) = unwrapped.findings
    assert (finding.name, finding.severity) == ("key-other-rule", "warn")
    assert told in finding.seen
    assert "opens to the contract key" in finding.seen
