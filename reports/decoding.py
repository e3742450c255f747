"""Long base64 in bodies, read for people: certificates, certificate bags, signing requests, EXI messages.

A reader takes octets and returns what it recognises, or nothing. Another kind of content is one more row of
`READERS`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from opnc.exi.reading import decode_any
from opnc.exi.roots import STANDARDS
from opnc.pki import est
from opnc.pki.reading import read_certificate
from opnc.pki.requests import read_request
from opnc.problem import Problem
from opnc.provisioning.summary import summarise, title

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opnc.pki.deviations import Deviation
    from opnc.pki.reading import ReadCertificate

Facts = tuple[tuple[str, str], ...]

_BASE64 = r"(?:[A-Za-z0-9+/]|\\/|\\[rn]|[\r\n])"
_INSTALLATION = r"certificateInstallationRe[qs]"
LONG_BASE64 = re.compile(
    rf'(?<![A-Za-z0-9+/])(?:(?:(?<={_INSTALLATION}":")|(?<={_INSTALLATION}": ")){_BASE64}{{8,}}+'
    rf"|{_BASE64}{{100,}}+)={{0,2}}"
)
"""A run of base64 as it stands in a body: bare, in lines (EST, PEM), or in a JSON string with its escapes. In
the members that hold EXI it may be short: a refusal takes a few octets. Where no word begins no run does, and
what a run has taken it never gives back: without either the search would take four times as long."""

_NOT_BASE64 = re.compile(r"\\[rn]|[\\\r\n]")

MAX_XML_CHARACTERS = 20_000
"""Characters of a message that are shown."""

MAX_DEVIATIONS = 12
"""Deviations that are shown of one certificate or message."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Something recognised in a body.

    Attributes:
        title: What it is.
        facts: Pairs of name and value.
        text: The whole of it spelt out, or null.
    """

    title: str
    facts: Facts
    text: str | None = None


Reader = Callable[[bytes], tuple[Decoded, ...]]


# A certificate stands in many bodies, and to decode EXI takes milliseconds.
@lru_cache(maxsize=4096)
def describe_base64(run: str) -> tuple[Decoded, ...]:
    """Return what a run of base64 holds; empty where nothing is recognised. Never raises on bad content."""
    try:
        # Strict: most long words are no base64, and a guess would call them something.
        content = base64.b64decode(_NOT_BASE64.sub("", run), validate=True)
    except binascii.Error:
        return ()
    # The first octet sorts nearly all out before any reader is tried.
    readers = READERS.get(content[:1], ())
    return next(filter(None, (_attempt(reader, content) for reader in readers)), ())


def _attempt(reader: Reader, content: bytes) -> tuple[Decoded, ...]:
    try:
        return reader(content)
    # Every refusal is one; another exception is a mistake of ours and has to be seen.
    except Problem:
        return ()


def _certificate(content: bytes) -> tuple[Decoded, ...]:
    return (_described(read_certificate(content)),)


def _bag(content: bytes) -> tuple[Decoded, ...]:
    return tuple(map(_described, est.read_certificates(content).certificates))


def _request(content: bytes) -> tuple[Decoded, ...]:
    request = read_request(content)
    facts = (
        ("Subject", str(request.subject)),
        ("Public key", request.key_algorithm),
        *_deviations(request.proof()),
    )
    return (Decoded(f"signing request {request.subject}", facts),)


def _exi(content: bytes) -> tuple[Decoded, ...]:
    message = decode_any(content)
    xml, findings = summarise(message)
    # Cut after decoding: half a message would be no message.
    left_out = len(xml) - MAX_XML_CHARACTERS
    shown = f"{xml[:MAX_XML_CHARACTERS]}\n… {left_out} more characters" if left_out > 0 else xml
    version = STANDARDS[message.schema.name]
    return (Decoded(f"{title(message)} of {version}", _deviations((*message.findings, *findings)), shown),)


READERS: dict[bytes, tuple[Reader, ...]] = {
    b"\x30": (_certificate, _bag, _request),  # DER of a SEQUENCE (X.690, 8.9)
    b"\x80": (_exi,),  # the header of EXI in ISO 15118
}
"""Who may know what to do with content that begins with an octet."""


def _described(certificate: ReadCertificate) -> Decoded:
    facts = (
        ("Subject", str(certificate.subject)),
        ("Issuer", str(certificate.issuer)),
        ("Valid from", f"{certificate.not_before:%Y-%m-%d %H:%M:%S} UTC"),
        ("Valid until", f"{certificate.not_after:%Y-%m-%d %H:%M:%S} UTC"),
        ("Serial number", f"{certificate.serial:x}"),
        ("Public key", certificate.key_algorithm),
        ("SHA-256 fingerprint", certificate.fingerprint),
        *_deviations(certificate.findings),
    )
    return Decoded(f"certificate {certificate.subject}", facts)


def _deviations(found: Iterable[Deviation]) -> Facts:
    # A peer decides how many there are, and a report is read by people.
    return tuple(("Deviation", str(deviation)) for deviation in [*found][:MAX_DEVIATIONS])
