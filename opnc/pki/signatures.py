"""Signatures over certificates, requests and revocation data: one place that knows the algorithms."""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from opnc.pki.library import REFUSALS

PublicKey = ec.EllipticCurvePublicKey | ed448.Ed448PublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey
PrivateKey = ec.EllipticCurvePrivateKey | ed448.Ed448PrivateKey

SIGNATURE_NAMES = {
    "1.2.840.10045.4.1": "ecdsa-with-SHA1",
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.3.101.112": "ed25519",
    "1.3.101.113": "ed448",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
    "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
}
"""Names of RFC 5758, RFC 8410 and RFC 4055 by OID."""

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "ecdsa-with-SHA1": hashes.SHA1(),  # noqa: S303 - a peer's signature is judged, none is made with it
    "ecdsa-with-SHA256": hashes.SHA256(),
    "ecdsa-with-SHA384": hashes.SHA384(),
    "ecdsa-with-SHA512": hashes.SHA512(),
    "sha1WithRSAEncryption": hashes.SHA1(),  # noqa: S303 - as above
    "sha256WithRSAEncryption": hashes.SHA256(),
    "sha384WithRSAEncryption": hashes.SHA384(),
    "sha512WithRSAEncryption": hashes.SHA512(),
}


def signing_hash(key: PrivateKey) -> hashes.SHA256 | hashes.SHA512 | None:
    """Return the hash ISO 15118 pairs with a key: SHA-256 for 256 bits, SHA-512 for 521, none for Ed448."""
    if isinstance(key, ed448.Ed448PrivateKey):
        return None
    # The hash follows from the key alone: ISO 15118 has one suite for each curve.
    return hashes.SHA512() if key.key_size > 256 else hashes.SHA256()


def deterministic(key: PrivateKey) -> bool | None:
    """Return what makes `cryptography` sign without randomness: None for Ed448, which never uses any."""
    return True if isinstance(key, ec.EllipticCurvePrivateKey) else None


# Bounded, for bytes and signatures come from peers.
@lru_cache(maxsize=2048)
def is_signed_by(signed: bytes, signature: bytes, algorithm: str, spki: bytes) -> bool:
    """Return whether a key made a signature. Cached: the same four values always give the same answer.

    Args:
        signed: The bytes that were signed.
        signature: The signature value; ECDSA in DER.
        algorithm: A name of `SIGNATURE_NAMES`; anything else verifies nothing.
        spki: The SubjectPublicKeyInfo of the key in DER.
    """
    try:
        _verify(_loaded(spki), signature, signed, _HASHES.get(algorithm), algorithm)
    except (InvalidSignature, *REFUSALS):
        return False
    return True


@lru_cache(maxsize=1024)
def _loaded(spki: bytes) -> object:
    """Load a key; the keys of CAs and responders are needed again and again."""
    return load_der_public_key(spki)


def _verify(
    key: object, signature: bytes, signed: bytes, digest: hashes.HashAlgorithm | None, algorithm: str
) -> None:
    if isinstance(key, ec.EllipticCurvePublicKey) and digest and algorithm.startswith("ecdsa"):
        key.verify(signature, signed, ec.ECDSA(digest))
    elif isinstance(key, rsa.RSAPublicKey) and digest and algorithm.endswith("RSAEncryption"):
        # RSA is none of ISO 15118: verified all the same, so that a wrong algorithm is told from a wrong
        # signature.
        key.verify(signature, signed, padding.PKCS1v15(), digest)
    elif isinstance(key, ed448.Ed448PublicKey | ed25519.Ed25519PublicKey) and digest is None:
        key.verify(signature, signed)
    else:
        # An algorithm of another kind of key: no error of ours, the signature just cannot be right.
        raise InvalidSignature


def der_of_raw(signature: bytes) -> bytes:
    """Return an ECDSA signature of two bare numbers, r and s, in DER; empty where it cannot be one."""
    half = len(signature) // 2
    if half not in (32, 48, 66) or len(signature) % 2:
        return b""
    return encode_dss_signature(
        int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    )
