"""Mistakes in signatures, digests and wrapped keys that have a name: seen at peers, made here on purpose."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from opnc.exi import ISO2, XMLDSIG, encode, iso2, iso20
from opnc.pki.testbed import V2G_20, V2G_20_ED448, SeededPki
from opnc.provisioning.algorithms import SUITES, make_signature_value
from opnc.provisioning.contract_data import ContractBundle, Session, installation_response
from opnc.provisioning.keywrap import CURVE, WrappedKey, ephemeral_key, iso_kdf, uncompressed, unwrap_key
from opnc.provisioning.messages import signed_elements, with_signature
from opnc.provisioning.signing import reference, seal, sign, signed_info
from opnc.provisioning.verification import verify, verify_digests

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.exi.xmldsig import ReferenceType
    from opnc.pki.credentials import Credential
    from opnc.provisioning.messages import Message

SUITE = SUITES["secp256r1"]


@pytest.fixture(scope="module")
def cps(pki: SeededPki) -> Credential:
    return pki.cps()


@pytest.fixture(scope="module")
def response(pki: SeededPki, cps: Credential) -> Message:
    bundle = ContractBundle(
        pcid="WP0TESTPCID000010",
        emaid="DEABCC12345678",
        chain=pki.contract("DEABCC12345678").chain[:3],
        encrypted_key=bytes(range(48)),
        dh_public_key=bytes(65),
    )
    return installation_response(bundle, cps, Session(b"\x00"))


def found(message: Message, key: Any) -> list[str]:
    return [finding.name for finding in verify(message, key).findings]


def with_value(message: Message, change: Callable[[bytes], bytes]) -> Message:
    signature = message.Header.Signature
    assert signature
    value = change(signature.SignatureValue.value)
    return with_signature(
        message, replace(signature, SignatureValue=replace(signature.SignatureValue, value=value))
    )


def of_a_number_with_leading_zero(message: Message, cps: Credential, place: int) -> Message:
    """Sign until r (0) or s (32) begins with a zero octet: another Id gives another signature."""
    for number in range(5000):
        references = [reference(element, SUITE.digest) for element in signed_elements(message)]
        info = replace(signed_info(references, SUITE), Id=f"i{number}")
        signed = with_signature(message, seal(info, cps.key))
        assert signed.Header.Signature
        if signed.Header.Signature.SignatureValue.value[place] == 0:
            return signed
    raise AssertionError("no such signature")


@pytest.mark.parametrize("place", [0, 32])
def test_a_number_that_lost_its_leading_zero_is_named(response: Message, cps: Credential, place: int) -> None:
    signed = of_a_number_with_leading_zero(response, cps, place)
    short = with_value(signed, lambda value: value[:place] + value[place + 1 :])
    assert found(short, cps.certificate.public_key) == ["signature-short"]


SPELLINGS: dict[str, list[Callable[[bytes], bytes]]] = {
    "signature-sign-octet": [
        lambda value: b"\0" + value,
        lambda value: value[:32] + b"\0" + value[32:],
        lambda value: b"\0" + value[:32] + b"\0" + value[32:],
    ],
    "signature-swapped": [lambda value: value[32:] + value[:32]],
    "signature-text": [base64.b64encode, lambda value: value.hex().encode()],
}


@pytest.mark.parametrize(
    ("name", "change"), [(name, change) for name, changes in SPELLINGS.items() for change in changes]
)
def test_a_signature_in_another_spelling_is_named(
    response: Message, cps: Credential, name: str, change: Callable[[bytes], bytes]
) -> None:
    assert found(with_value(response, change), cps.certificate.public_key) == [name]


def test_a_key_of_the_other_generation_signs_nothing(pki: SeededPki, response: Message) -> None:
    late = pki.cps(tree=V2G_20)
    names = found(sign(response, late.key), late.certificate.public_key)
    assert names == ["signer-key", "signature-algorithm", *["digest-algorithm"] * 4]


@pytest.mark.parametrize("tree", [V2G_20, V2G_20_ED448])
def test_a_message_of_20_is_not_signed_as_in_2(pki: SeededPki, cps: Credential, tree: Any) -> None:
    chain = iso20.ContractCertificateChainType(
        Certificate=b"1", SubCertificates=iso20.SubCertificatesType(Certificate=(b"2",))
    )
    mode = iso20.PnC_AReqAuthorizationModeType(
        Id="id1", GenChallenge=bytes(16), ContractCertificateChain=chain
    )
    request = iso20.AuthorizationReqType(
        Header=Session(bytes(8), datetime(2026, 3, 1, tzinfo=UTC)).header_20(),
        SelectedAuthorizationService="PnC",
        PnC_AReqAuthorizationMode=mode,
    )
    right = pki.cps(tree=tree)
    assert found(sign(request, right.key), right.certificate.public_key) == []
    names = found(sign(request, cps.key), cps.certificate.public_key)
    assert names == ["signer-key", "signature-algorithm", "digest-algorithm"]


def resealed(message: Message, cps: Credential, change: Callable[[ReferenceType], ReferenceType]) -> Message:
    references = [change(reference(element, SUITE.digest)) for element in signed_elements(message)]
    return with_signature(message, seal(signed_info(references, SUITE), cps.key))


DIGESTS: dict[str, list[Callable[[bytes], bytes]]] = {
    "digest-text": [base64.b64encode, lambda value: value.hex().encode()],
    "digest-length": [lambda value: value[:20], lambda value: value + b"\0", lambda _: b""],
}


@pytest.mark.parametrize(
    ("name", "change"), [(name, change) for name, changes in DIGESTS.items() for change in changes]
)
def test_a_digest_in_another_spelling_is_named(
    response: Message, cps: Credential, name: str, change: Callable[[bytes], bytes]
) -> None:
    message = resealed(response, cps, lambda each: replace(each, DigestValue=change(each.DigestValue)))
    assert found(message, cps.certificate.public_key) == [name] * 4


def test_a_digest_of_another_algorithm_is_named(response: Message, cps: Credential) -> None:
    values = {
        f"#{element.id}": hashlib.sha512(encode(element.value, ISO2, fragment=True)).digest()
        for element in signed_elements(response)
    }
    message = resealed(response, cps, lambda each: replace(each, DigestValue=values[str(each.URI)]))
    findings = verify(message, cps.certificate.public_key).findings  # type: ignore[arg-type]  # known kinds
    assert {(finding.name, finding.seen) for finding in findings} == {
        ("digest-length", "64 octets, that of http://www.w3.org/2001/04/xmlenc#sha512")
    }


def test_a_digest_over_the_whole_message_is_named(response: Message, cps: Credential) -> None:
    assert isinstance(response, iso2.V2GMessage)
    wholes = [
        encode(with_signature(response, None), ISO2),
        encode(response.Body.CertificateInstallationRes, ISO2, fragment=True),
    ]
    for whole in wholes:
        digest = hashlib.sha256(whole).digest()
        message = resealed(response, cps, lambda each, digest=digest: replace(each, DigestValue=digest))  # type: ignore[misc]  # bound now
        assert found(message, cps.certificate.public_key) == ["digest-whole-message"] * 4


def test_a_reference_without_its_number_sign_is_named(response: Message, cps: Credential) -> None:
    message = resealed(response, cps, lambda each: replace(each, URI=str(each.URI)[1:]))
    assert found(message, cps.certificate.public_key) == ["reference-uri"] * 4


def test_signed_info_signed_in_another_form_is_named(response: Message, cps: Credential) -> None:
    assert response.Header.Signature
    references = tuple(
        replace(each, Id=f"r{number}")
        for number, each in enumerate(response.Header.Signature.SignedInfo.Reference)
    )
    info = replace(response.Header.Signature.SignedInfo, Id="s", Reference=references)
    bare = replace(info, Id=None, Reference=tuple(replace(each, Id=None) for each in references))
    standard = encode(info, XMLDSIG, fragment=True)
    forms = {
        "without-ids": encode(bare, XMLDSIG, fragment=True),
        "without-ids-message-schema": encode(bare, ISO2, fragment=True),
        "document": encode(info, XMLDSIG),
        "digested-twice": hashlib.sha256(standard).digest(),
        "digest-text": base64.b64encode(hashlib.sha256(standard).digest()),
    }
    for form, octets in forms.items():
        value = make_signature_value(cps.key, SUITE.signature, octets)
        signed = with_value(
            with_signature(response, seal(info, cps.key)),
            lambda _, value=value: value,  # type: ignore[misc]  # bound now
        )
        assert found(signed, cps.certificate.public_key) == [f"signed-info-{form}"]


def test_a_signature_by_another_method_than_it_names_is_told(response: Message, cps: Credential) -> None:
    assert response.Header.Signature
    info = response.Header.Signature.SignedInfo
    named = replace(
        info, SignatureMethod=replace(info.SignatureMethod, Algorithm=SUITES["secp521r1"].signature)
    )
    value = make_signature_value(cps.key, SUITE.signature, encode(named, XMLDSIG, fragment=True))
    signed = with_value(
        with_signature(response, replace(response.Header.Signature, SignedInfo=named)), lambda _: value
    )
    assert found(signed, cps.certificate.public_key) == ["signature-algorithm", "signature-other-method"]


def test_digests_are_checked_without_a_key(response: Message, cps: Credential) -> None:
    assert [check.form for check in verify_digests(response)[0]] == ["standard"] * 4
    wrong = resealed(response, cps, lambda each: replace(each, DigestValue=bytes(32)))
    assert [finding.name for finding in verify_digests(wrong)[1]] == ["digest-wrong"] * 4


VEHICLE = ec.derive_private_key(0xEC, CURVE)
SCALAR = 0xC0117AC7 << 216  # 31 octets


def wrapped(
    random: Callable[[int], bytes],
    kdf: Callable[[bytes], bytes] = iso_kdf,
    scalar: bytes = SCALAR.to_bytes(32, "big"),
    arrange: Callable[[bytes, bytes], bytes] = lambda iv, text: iv + text,
    iv: bytes | None = None,
) -> WrappedKey:
    """Wrap a key by any rule."""
    sender = ephemeral_key(CURVE, random)
    shared = sender.exchange(ec.ECDH(), VEHICLE.public_key())
    vector = random(16)
    encryptor = Cipher(algorithms.AES128(kdf(shared)), modes.CBC(vector if iv is None else iv)).encryptor()
    text = encryptor.update(scalar) + encryptor.finalize()
    return WrappedKey(arrange(vector, text), uncompressed(sender.public_key()))


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


WRONG: dict[str, dict[str, Any]] = {
    "kdf-without-other-info": {"kdf": lambda shared: sha(b"\0\0\0\1", shared)[:16]},
    "kdf-plain-hash": {"kdf": lambda shared: sha(shared)[:16]},
    "kdf-parties-alone": {"kdf": lambda shared: sha(b"\0\0\0\1", shared, b"UV")[:16]},
    "kdf-parties-swapped": {"kdf": lambda shared: sha(b"\0\0\0\1", shared, b"\x01VU")[:16]},
    "kdf-last-half": {"kdf": lambda shared: sha(b"\0\0\0\1", shared, b"\x01UV")[16:]},
    "kdf-none": {"kdf": lambda shared: shared[:16]},
    "kdf-none-last": {"kdf": lambda shared: shared[16:]},
    "iv-last": {"arrange": lambda iv, text: text + iv},
    "iv-zero": {"iv": bytes(16)},
    "scalar-little-endian": {"scalar": SCALAR.to_bytes(32, "little")},
    "scalar-stripped": {"scalar": (SCALAR.to_bytes(32, "big").lstrip(b"\0") + b"\x01")[-32:]},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_key_wrapped_by_a_known_mistake_is_named(random: Callable[[int], bytes], name: str) -> None:
    contract = ec.derive_private_key(SCALAR, CURVE).public_key()
    unwrapped = unwrap_key(wrapped(random, **WRONG[name]), VEHICLE, contract)
    assert unwrapped.key is None
    assert [finding.name for finding in unwrapped.findings] == [name]


def test_two_mistakes_at_once_are_both_named(random: Callable[[int], bytes]) -> None:
    contract = ec.derive_private_key(SCALAR, CURVE).public_key()
    both = WRONG["kdf-plain-hash"] | WRONG["iv-last"]
    unwrapped = unwrap_key(wrapped(random, **both), VEHICLE, contract)
    assert [finding.name for finding in unwrapped.findings] == ["kdf-plain-hash", "iv-last"]


def test_a_number_that_was_padded_before_it_was_encrypted_is_told(random: Callable[[int], bytes]) -> None:
    contract = ec.derive_private_key(SCALAR, CURVE).public_key()
    padded = SCALAR.to_bytes(32, "big") + b"\x10" * 16
    (finding,) = unwrap_key(wrapped(random, scalar=padded), VEHICLE, contract).findings
    assert finding.name == "encrypted-key-length"
    assert "padded before it was encrypted" in finding.seen
