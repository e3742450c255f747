"""Certificates that are X.509 but not strict DER: what deviates, and a copy that a strict parser reads.

Real certificates of the OPNC text are of this kind (OPNC erratum ERR-034). The copy serves to read the fields
only; fingerprint and signature are always taken over the bytes received.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from opnc.pki import der
from opnc.pki.deviations import Deviation
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONSTRUCTED = 0x20
_VERSION, _VERSION_3 = 0xA0, bytes.fromhex("a003020102")
_EARLIER = (bytes.fromhex("020100"), bytes.fromhex("020101"))
_EXTENSIONS = 0xA3
_PRINTABLE_STRING, _UTF8_STRING = 0x13, 0x0C
_NULL = bytes.fromhex("0500")
_BASIC_CONSTRAINTS = bytes.fromhex("0603551d13")
# The first is a prefix: its last octet, left out here, tells the hash.
_BARE_ALGORITHMS = tuple(map(bytes.fromhex, ("06082a8648ce3d0403", "06032b6571", "06032b6570")))
"""ecdsa-with-SHA2, Ed448 and Ed25519: their identifiers stand without parameters (RFC 5758, RFC 8410)."""

_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_IA5_STRING, _TELETEX_STRING = 0x16, 0x14
_TIME = re.compile(rb"(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:[.,](\d+))?(Z|[+-]\d{4})?")

_PRINTABLE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?")


def repair(certificate: bytes) -> tuple[bytes, tuple[Deviation, ...]]:
    """Rewrite a certificate as strict DER.

    Args:
        certificate: The certificate as received.

    Returns:
        The rewritten bytes, whose signature no longer fits, and what was not strict.

    Raises:
        Malformed: The bytes are not a sequence of DER elements.
    """
    found: dict[str, Deviation] = {}
    healed = _heal(_of_version_3(der.read_one(certificate)), found)
    return healed, tuple(found.values())


def _of_version_3(certificate: der.Element) -> der.Element:
    """Return a certificate of another version as one of version 3; `opnc.pki.syntax` judges what it had."""
    tbs, *rest = certificate.children()
    version, *members = tbs.children()
    if version.tag != _VERSION or version.content not in _EARLIER:
        return certificate
    changed = der.write(der.SEQUENCE, _VERSION_3, *(member.raw for member in members))
    return der.read_one(der.write(der.SEQUENCE, changed, *(member.raw for member in rest)))


def repair_structure(data: bytes) -> tuple[bytes, tuple[Deviation, ...]]:
    """Rewrite any other structure of certificates as strict DER: a request, a CRL, an answer of OCSP.

    Raises:
        Malformed: The bytes are not a sequence of DER elements.
    """
    found: dict[str, Deviation] = {}
    whole = der.read_one(data)
    if len(whole.raw) != len(data):
        raise der.Malformed(f"{len(data) - len(whole.raw)} bytes behind the end")
    # Extensions of a CRL and of OCSP stand behind other tags, where their defaults stay as they are.
    return _heal(whole, found), tuple(found.values())


def _note(found: dict[str, Deviation], name: str, field: str, expected: str, seen: str) -> None:
    found.setdefault(name, Deviation(name, field, expected, seen, "ERR-034; X.690 section 11", Severity.INFO))


def _heal(element: der.Element, found: dict[str, Deviation], depth: int = 0) -> bytes:
    if depth > der.MAX_DEPTH:
        raise der.Malformed(f"elements nested more than {der.MAX_DEPTH} deep")
    content = element.content
    tag = element.tag
    if tag == _EXTENSIONS:
        content = b"".join(_heal_extensions(holder, found) for holder in element.children())
    elif tag & _CONSTRUCTED:
        members = _heal_members(element.children(), found, depth + 1)
        if tag == der.SET and members != sorted(members):
            _note(found, "set-order", "SET OF", "members in ascending order", "another order")
            members.sort()
        content = b"".join(members)
    elif tag == der.INTEGER and _is_padded(content):
        _note(found, "integer-padded", "INTEGER", "the shortest form", "leading zero bytes")
        content = content.lstrip(b"\0")
        # One zero octet has to stay before a set top bit, which would turn the number negative.
        content = content if content and content[0] < 0x80 else b"\0" + content
    elif tag == _PRINTABLE_STRING and not _PRINTABLE.issuperset(content):
        _note(found, "printable-string", "PrintableString", "letters, digits and '()+,-./:=?", repr(content))
        # The characters stay as they are, only the type of the string widens to one that has them.
        tag, content = _UTF8_STRING, content.decode("utf-8", "replace").encode()
    elif tag in (_UTC_TIME, _GENERALIZED_TIME):
        tag, content = _heal_time(element, found)
    elif tag in (_UTF8_STRING, _IA5_STRING, _TELETEX_STRING):
        tag, content = _heal_string(element, found)
    strict = der.write(tag, content)
    # Tag and length together take more octets than needed.
    if len(strict) - len(content) != len(element.raw) - len(element.content):
        _note(found, "long-length", "length", "the shortest form", "a longer one")
    return strict


def _heal_time(element: der.Element, found: dict[str, Deviation]) -> tuple[int, bytes]:
    """Return a time in the one form that RFC 5280 has: to the second, in UTC."""
    match = _TIME.fullmatch(element.content)
    if match is None:
        return element.tag, element.content
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    wide = element.tag == _GENERALIZED_TIME
    if second and not fraction and zone == b"Z" and len(year) == (4 if wide else 2):
        return element.tag, element.content
    seen = element.content.decode("ascii")
    expected = "YYYYMMDDHHMMSSZ" if wide else "YYMMDDHHMMSSZ"
    clause = "RFC 5280 section 4.1.2.5"
    found.setdefault("time-form", Deviation("time-form", "validity", expected, seen, clause))
    digits = b"".join((year, month, day, hour, minute, second or b"00")).decode("ascii")
    if zone in (None, b"Z"):
        return element.tag, f"{digits}Z".encode()
    try:
        moment = datetime.strptime(digits + zone.decode(), f"%{'Y' if len(year) == 4 else 'y'}%m%d%H%M%S%z")
    except ValueError:
        return element.tag, element.content
    return element.tag, f"{moment.astimezone(UTC):{'%Y' if wide else '%y'}%m%d%H%M%SZ}".encode()


def _heal_string(element: der.Element, found: dict[str, Deviation]) -> tuple[int, bytes]:
    """Return a string that its type can hold: in UTF-8 where it cannot."""
    encoding = "utf-8" if element.tag == _UTF8_STRING else "ascii"
    try:
        element.content.decode(encoding)
    except UnicodeDecodeError:
        name = {_UTF8_STRING: "UTF8String", _IA5_STRING: "IA5String", _TELETEX_STRING: "TeletexString"}[
            element.tag
        ]
        # Umlauts of old tools are in ISO 8859-1, which has a character for every octet.
        text = element.content.decode("latin-1")
        expected, seen = f"characters of a {name}", repr(element.content[:40])
        clause = "RFC 5280 section 4.1.2.4"
        found.setdefault("string-form", Deviation("string-form", name, expected, seen, clause))
        return _UTF8_STRING, text.encode()
    return element.tag, element.content


def _is_padded(content: bytes) -> bool:
    return len(content) > 1 and content[0] == 0 and content[1] < 0x80


def _heal_members(members: Sequence[der.Element], found: dict[str, Deviation], depth: int) -> list[bytes]:
    algorithm = bool(members) and members[0].raw.startswith(_BARE_ALGORITHMS)
    healed = []
    for member in members:
        # A habit from RSA, whose identifiers do have a NULL there.
        if algorithm and member.raw == _NULL:
            _note(found, "algorithm-null", "AlgorithmIdentifier", "no parameters", "NULL")
        else:
            healed.append(_heal(member, found, depth))
    return healed


def _heal_extensions(holder: der.Element, found: dict[str, Deviation]) -> bytes:
    extensions: dict[bytes, bytes] = {}
    _expect_sequence(holder, "extensions", found)
    for extension in holder.children():
        _expect_sequence(extension, "extension", found)
        oid, *rest = extension.children()
        # The first one counts: the library reads no certificate that has one twice.
        if oid.raw in extensions:
            expected, seen = "each extension once", f"{der.dotted(oid.content)} twice"
            twice = Deviation("extension-twice", "extensions", expected, seen, "RFC 5280 section 4.2")
            found.setdefault(twice.name, twice)
            continue
        if [member.tag for member in rest] not in ([der.OCTET_STRING], [der.BOOLEAN, der.OCTET_STRING]):
            raise der.Malformed(f"the extension {der.dotted(oid.content)} is no flag and value")
        flag = _flag(rest[0], "extension-critical", "critical", found) if len(rest) == 2 else b""
        value = der.write(der.OCTET_STRING, _heal_value(oid, rest[-1].content, found))
        extensions[oid.raw] = der.write(der.SEQUENCE, oid.raw, flag, value)
    return der.write(der.SEQUENCE, *extensions.values())


def _expect_sequence(element: der.Element, field: str, found: dict[str, Deviation]) -> None:
    """Note where something else stands in place of a SEQUENCE, which it is written anew as."""
    if element.tag != der.SEQUENCE:
        name, seen = f"{field}-tag", f"an element of tag {element.tag:#04x}"
        found.setdefault(name, Deviation(name, field, "a SEQUENCE", seen, "RFC 5280 section 4.2"))


def _heal_value(oid: der.Element, value: bytes, found: dict[str, Deviation]) -> bytes:
    """Return an extension's value in strict form: only BasicConstraints has defaults of its own."""
    if oid.raw != _BASIC_CONSTRAINTS:
        return value
    constraints, *trailing = der.read_all(value)
    if trailing:
        _note(found, "basic-constraints-trailing", "basicConstraints", "one SEQUENCE", "bytes behind it")
    _expect_sequence(constraints, "basicConstraints", found)
    members = [
        _flag(member, "basic-constraints-ca", "basicConstraints.cA", found)
        if member.tag == der.BOOLEAN
        else _heal(member, found)
        for member in constraints.children()
    ]
    return der.write(der.SEQUENCE, *members)


def _flag(element: der.Element, name: str, field: str, found: dict[str, Deviation]) -> bytes:
    """Return a BOOLEAN DEFAULT FALSE in strict form: absent, or the byte FF."""
    if element.content == b"\0":
        _note(found, f"{name}-default-encoded", field, "FALSE left out", "FALSE written out")
        return b""
    if element.content != b"\xff":
        _note(found, f"{name}-boolean", field, "TRUE as FF", f"TRUE as {element.content.hex()}")
    return der.write(der.BOOLEAN, b"\xff")
