"""Certificates that are X.509 but not strict DER: what deviates, and a copy that a strict parser reads.

Real certificates of the OPNC text are of this kind (OPNC erratum ERR-034). The copy serves to read the fields
only; fingerprint and signature are always taken over the bytes received.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.pki import der
from opnc.pki.deviations import Deviation
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONSTRUCTED = 0x20
_EXTENSIONS = 0xA3
_PRINTABLE_STRING, _UTF8_STRING = 0x13, 0x0C
_NULL = bytes.fromhex("0500")
_BASIC_CONSTRAINTS = bytes.fromhex("0603551d13")
# The first is a prefix: its last octet, left out here, tells the hash.
_BARE_ALGORITHMS = tuple(map(bytes.fromhex, ("06082a8648ce3d0403", "06032b6571", "06032b6570")))
"""ecdsa-with-SHA2, Ed448 and Ed25519: their identifiers stand without parameters (RFC 5758, RFC 8410)."""

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
    healed = _heal(der.read_one(certificate), found)
    return healed, tuple(found.values())


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
        content = b"".join(_heal_members(element.children(), found, depth + 1))
    elif tag == der.INTEGER and _is_padded(content):
        _note(found, "integer-padded", "INTEGER", "the shortest form", "leading zero bytes")
        content = content.lstrip(b"\0")
        # One zero octet has to stay before a set top bit, which would turn the number negative.
        content = content if content and content[0] < 0x80 else b"\0" + content
    elif tag == _PRINTABLE_STRING and not _PRINTABLE.issuperset(content):
        _note(found, "printable-string", "PrintableString", "letters, digits and '()+,-./:=?", repr(content))
        # The characters stay as they are, only the type of the string widens to one that has them.
        tag, content = _UTF8_STRING, content.decode("utf-8", "replace").encode()
    strict = der.write(tag, content)
    # Tag and length together take more octets than needed.
    if len(strict) - len(content) != len(element.raw) - len(element.content):
        _note(found, "long-length", "length", "the shortest form", "a longer one")
    return strict


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
    for extension in holder.children():
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


def _heal_value(oid: der.Element, value: bytes, found: dict[str, Deviation]) -> bytes:
    """Return an extension's value in strict form: only BasicConstraints has defaults of its own."""
    if oid.raw != _BASIC_CONSTRAINTS:
        return value
    constraints, *trailing = der.read_all(value)
    if trailing:
        _note(found, "basic-constraints-trailing", "basicConstraints", "one SEQUENCE", "bytes behind it")
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
