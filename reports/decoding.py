"""Long base64 in bodies, read for people: certificates, certificate bags and signing requests.

A decoder takes DER and returns what it recognises, or nothing. Another kind of content is one more row of
`DECODERS`.
"""

from __future__ import annotations

import base64
import binascii
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7

_UNREADABLE = (
    ValueError,
    TypeError,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
)
"""What `cryptography` raises on content that it cannot or will not read."""

Facts = tuple[tuple[str, str], ...]

LONG_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]|\\/|\\[rn]|[\r\n]){100,}={0,2}")
"""A run of base64 as it stands in a body: bare, in lines (EST, PEM), or in a JSON string with its escapes."""

_NOT_BASE64 = re.compile(r"\\[rn]|[\\\r\n]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Something recognised in a body: what it is, and its facts as pairs of name and value."""

    title: str
    facts: Facts


Decoder = Callable[[bytes], tuple[Decoded, ...]]


@lru_cache(maxsize=4096)
def decode(run: str) -> tuple[Decoded, ...]:
    """Return what a run of base64 holds; empty where nothing is recognised. Never raises on bad content."""
    try:
        content = base64.b64decode(_NOT_BASE64.sub("", run), validate=True)
    except binascii.Error:
        return ()
    # DER of anything that long begins with a SEQUENCE whose length takes two bytes or more (X.690, 8.1.3.5)
    if content[:1] != b"\x30":
        return ()
    return next(filter(None, (_attempt(decoder, content) for decoder in DECODERS)), ())


def _attempt(decoder: Decoder, content: bytes) -> tuple[Decoded, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return decoder(content)
        except _UNREADABLE:
            return ()


def _certificate(content: bytes) -> tuple[Decoded, ...]:
    return (_described(x509.load_der_x509_certificate(content)),)


def _bag(content: bytes) -> tuple[Decoded, ...]:
    return tuple(map(_described, pkcs7.load_der_pkcs7_certificates(content)))


def _request(content: bytes) -> tuple[Decoded, ...]:
    request = x509.load_der_x509_csr(content)
    subject = _fact(request.subject.rfc4514_string)
    facts = (("Subject", subject), ("Public key", _fact(lambda: _key(request.public_key()))))
    return (Decoded(f"signing request {subject}", facts),)


DECODERS: tuple[Decoder, ...] = (_certificate, _bag, _request)


def _described(certificate: x509.Certificate) -> Decoded:
    subject = _fact(certificate.subject.rfc4514_string)
    facts = (
        ("Subject", subject),
        ("Issuer", _fact(certificate.issuer.rfc4514_string)),
        ("Valid from", _fact(lambda: f"{certificate.not_valid_before_utc:%Y-%m-%d %H:%M:%S} UTC")),
        ("Valid until", _fact(lambda: f"{certificate.not_valid_after_utc:%Y-%m-%d %H:%M:%S} UTC")),
        ("Serial number", _fact(lambda: f"{certificate.serial_number:x}")),
        ("Public key", _fact(lambda: _key(certificate.public_key()))),
        ("SHA-256 fingerprint", certificate.fingerprint(hashes.SHA256()).hex()),
    )
    return Decoded(f"certificate {subject}", facts)


def _fact(read: Callable[[], str]) -> str:
    """Return one fact; a field that cannot be read says so and does not hide the others."""
    try:
        return read()
    except _UNREADABLE as error:
        return f"not readable: {error}"


def _key(key: object) -> str:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    name = type(key).__name__.removeprefix("_").removesuffix("PublicKey")
    return f"{name} {getattr(key, 'key_size', '')}".strip()
