"""The few lines of DER (X.690) that the `cryptography` library does not offer: walking and writing elements.

Reading is tolerant: lengths longer than needed and indefinite ones (BER) are read, so that what deviates can
be named.
"""

from __future__ import annotations

from dataclasses import dataclass

BOOLEAN = 0x01
INTEGER = 0x02
OCTET_STRING = 0x04
SEQUENCE = 0x30
SET = 0x31

MAX_DEPTH = 16
"""Levels of nesting that are read; a certificate has eight."""

_INDEFINITE = 0x80
_END = b"\0\0"


class Malformed(ValueError):
    """The bytes are not a well-formed sequence of DER elements."""


class Truncated(Malformed):
    """The bytes end before the element does."""


@dataclass(frozen=True, slots=True)
class Element:
    """One tag-length-value element.

    Attributes:
        tag: The identifier octet; multi-byte tags do not occur in X.509.
        content: The value's bytes.
        raw: The whole element, as received.
    """

    tag: int
    content: bytes
    raw: bytes

    def children(self) -> tuple[Element, ...]:
        """Return the elements inside a constructed element.

        Raises:
            Malformed: The content is not a sequence of elements.
        """
        return read_all(self.content)


def read_one(data: bytes, start: int = 0, depth: int = 0) -> Element:
    """Read the element that starts at an offset; `depth` counts the elements of indefinite length around it.

    Raises:
        Truncated: The data end early.
        Malformed: A length takes more than four bytes, or the nesting is too deep.
    """
    if len(data) < start + 2:
        raise Truncated(f"the data end at byte {len(data)}, inside an element that starts at {start}")
    length, body = data[start + 1], start + 2
    if length == _INDEFINITE:
        # Here alone reading goes into itself: an element that tells its length is passed over as a whole.
        return _read_indefinite(data, start, depth + 1)
    # Four octets tell 4 GiB; whoever calls this accepts far less.
    if length > 0x84:
        raise Malformed(f"length octet 0x{length:02x} at byte {start + 1} is not used by DER")
    if length > 0x80:
        octets = length & 0x7F
        length = int.from_bytes(data[body : body + octets], "big")
        body += octets
    end = body + length
    if end > len(data):
        raise Truncated(f"the element at byte {start} needs {end - len(data)} bytes more than there are")
    return Element(data[start], data[body:end], data[start:end])


def _read_indefinite(data: bytes, start: int, depth: int) -> Element:
    """Read an element of the BER form that ends with two zero bytes instead of telling its length."""
    if depth > MAX_DEPTH:
        raise Malformed(f"elements nested more than {MAX_DEPTH} deep")
    end = start + 2
    while data[end : end + 2] != _END:
        end += len(read_one(data, end, depth).raw)
    return Element(data[start], data[start + 2 : end], data[start : end + 2])


def read_all(data: bytes) -> tuple[Element, ...]:
    """Read elements until the data end.

    Raises:
        Malformed: The data are not a sequence of elements.
    """
    elements: list[Element] = []
    offset = 0
    while offset < len(data):
        element = read_one(data, offset)
        elements.append(element)
        offset += len(element.raw)
    return tuple(elements)


def write(tag: int, *contents: bytes) -> bytes:
    """Encode an element with the shortest length, its content being the parts joined."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def dotted(oid: bytes) -> str:
    """Write the content of an OBJECT IDENTIFIER in dots (X.690 section 8.19)."""
    arcs, value = [], 0
    for octet in oid:
        value = value << 7 | octet & 0x7F
        if octet < 0x80:
            arcs.append(value)
            value = 0
    if not arcs:
        return ""
    # The first two arcs share one number, 40 times the first plus the second; only below arc 2 may the second
    # exceed 39.
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, [first, arcs[0] - 40 * first, *arcs[1:]]))
