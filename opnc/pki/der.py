"""The few lines of DER (X.690) that the `cryptography` library does not offer: walking and writing elements.

Reading is tolerant: lengths longer than needed are read, so that what deviates can be named.
"""

from __future__ import annotations

from dataclasses import dataclass

BOOLEAN = 0x01
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
OBJECT_IDENTIFIER = 0x06
SEQUENCE = 0x30
SET = 0x31


class Malformed(ValueError):
    """The bytes are not a well-formed sequence of DER elements."""


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


def read_one(data: bytes, start: int = 0) -> Element:
    """Read the element that starts at an offset.

    Raises:
        Malformed: The data end early, or the length is indefinite (BER) or longer than four bytes.
    """
    if len(data) < start + 2:
        raise Malformed(f"the data end at byte {len(data)}, inside an element that starts at {start}")
    length, body = data[start + 1], start + 2
    if length == 0x80 or length > 0x84:
        raise Malformed(f"length octet 0x{length:02x} at byte {start + 1} is not used by DER")
    if length > 0x80:
        octets = length & 0x7F
        length = int.from_bytes(data[body : body + octets], "big")
        body += octets
    end = body + length
    if end > len(data):
        raise Malformed(f"the element at byte {start} needs {end - len(data)} bytes more than there are")
    return Element(data[start], data[body:end], data[start:end])


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
