"""What the bytes of a certificate say against each other, before any profile: RFC 5280 section 4.1."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from opnc.pki import der
from opnc.pki.deviations import Deviation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_VERSION, _EXTENSIONS = 0xA0, 0xA3
_EC_PUBLIC_KEY = bytes.fromhex("06072a8648ce3d0201")
_NULL = b"\x05\x00"
_STRINGS = frozenset((0x0C, 0x12, 0x13, 0x14, 0x16, 0x1A, 0x1C, 0x1E))
_OID = 0x06


def check_syntax(tbs: Sequence[der.Element], algorithm: der.Element) -> Iterator[Deviation]:
    """Yield what of a certificate contradicts itself, or is told in a way that RFC 5280 does not know.

    Args:
        tbs: The members of the TBSCertificate.
        algorithm: The signature algorithm outside of it.
    """
    version = next((member.content for member in tbs if member.tag == _VERSION), b"")
    members = [member for member in tbs if member.tag != _VERSION]
    inner, spki = members[1], members[5]
    if inner.raw != algorithm.raw and _bare(inner) != _bare(algorithm):
        # Whoever reads one of the two alone verifies with another algorithm than who reads the other.
        expected, seen = f"that of the signed part, {_named(inner)}", _named(algorithm)
        yield Deviation(
            "signature-algorithm-mismatch", "signatureAlgorithm", expected, seen, "RFC 5280 section 4.1.1.2"
        )
    for field, name in (("issuer", members[2]), ("subject", members[4])):
        tag = _no_string(name.raw)
        if tag is not None:
            expected, seen = "values that are strings", f"one of tag {tag:#04x}"
            yield Deviation("name-value-type", field, expected, seen, "RFC 5280 section 4.1.2.4")
    number = version[-1] + 1 if version else 1
    if number != 3 and any(member.tag == _EXTENSIONS for member in tbs):
        expected, clause = "version 3, for it has extensions", "RFC 5280 section 4.1.2.1"
        yield Deviation("certificate-version", "version", expected, f"version {number}", clause)
    if _has_parameters(spki):
        expected, seen = "a named curve", "the parameters of a curve spelt out"
        yield Deviation("curve-parameters", "subjectPublicKeyInfo", expected, seen, "RFC 5480 section 2.1.1")


# The same few names stand in all certificates of a chain.
@lru_cache(maxsize=1024)
def _no_string(name: bytes) -> int | None:
    """Return the tag of a value in a name that is no string; None where all are."""
    for rdn in der.read_one(name).children():
        for attribute in rdn.children():
            tag = attribute.children()[-1].tag
            if tag not in _STRINGS:
                return tag
    return None


def _bare(algorithm: der.Element) -> bytes:
    """Return an algorithm without the NULL that a habit from RSA leaves behind it: that has its own note."""
    return algorithm.content.removesuffix(_NULL)


def _named(algorithm: der.Element) -> str:
    members = algorithm.children()
    return der.dotted(members[0].content) if members and members[0].tag == _OID else algorithm.raw.hex()[:40]


def _has_parameters(spki: der.Element) -> bool:
    # Looked up by its octets, for nearly all keys have a named curve there: an OID.
    place = spki.raw.find(_EC_PUBLIC_KEY, 0, 16)
    # On points that are not on the curve such parameters may say anything (CVE-2020-0601).
    return place >= 0 and spki.raw[place + len(_EC_PUBLIC_KEY)] == der.SEQUENCE


@lru_cache(maxsize=512)
def name_octets(tbs: bytes) -> tuple[bytes, bytes]:
    """Return issuer and subject of a certificate in the octets of its signed part."""
    members = [member for member in der.read_one(tbs).children() if member.tag != _VERSION]
    return members[2].raw, members[4].raw
