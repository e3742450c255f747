"""The simple types of the messages: how each is coded, which values it takes, how it looks in JSON and XML.

A simple type says no to a value through `fault`, in a few words; reader and writer add the place. A facet
(length, range, list of names) changes nothing about how the rest of a stream is coded, so a reader may go on
after a value that breaks one: `facet_fault`.
"""

from __future__ import annotations

import base64
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opnc.exi.reader import BitReader
    from opnc.exi.writer import BitWriter

_NO_XML_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class SimpleType(ABC):
    """What the engine and the text forms need of a simple type.

    Attributes:
        empty: The value without content, where there is one: peers may write it as an end of element.
        facet: Name of the finding about a value that breaks a facet.
    """

    __slots__ = ()

    empty: Any = None
    facet: str = "length-facet"

    @abstractmethod
    def fault(self, value: Any) -> str:
        """Say what is wrong with a value; empty when nothing is."""

    @abstractmethod
    def read(self, reader: BitReader) -> Any:
        """Take one value of this type from the reader's position on.

        Returns:
            Bytes, a string or an integer, as the type says.

        Raises:
            DecodeError: There is no such value at the reader's position.
        """

    @abstractmethod
    def put(self, writer: BitWriter, value: Any) -> None:
        """Write a value that has no fault."""

    def facet_fault(self, value: Any) -> str:  # noqa: ARG002 - not every type has facets
        """Say which facet a value of this type breaks that can be coded all the same; empty when none."""
        return ""

    def write(self, writer: BitWriter, value: Any) -> None:
        """Append one value after looking whether it keeps to the facets.

        Raises:
            EncodeError: The value breaks a facet or is of another type.
        """
        fault = self.fault(value)
        if fault and (writer.facets or fault != self.facet_fault(value)):
            writer.refuse(fault)
        self.put(writer, value)

    def check(self, reader: BitReader, value: Any) -> None:
        """Refuse a value that was read and has a fault; of a broken facet a tolerant reader takes note.

        Raises:
            DecodeError: The value breaks a facet.
        """
        fault = self.fault(value)
        if fault and fault != self.facet_fault(value):
            reader.refuse(fault)
        elif fault:
            reader.tolerate(self.facet, fault)

    def named(self, qname: str) -> SimpleType:  # noqa: ARG002 - only strings have tables by name
        """Return the type as it is used for one element or attribute."""
        return self

    def lexical(self, value: Any) -> str:
        """Return the value as XML character data, not yet escaped."""
        return str(value)

    def to_json(self, value: Any) -> str | int:
        """Return the value as it stands in JSON."""
        return self.lexical(value)

    def from_json(self, value: Any) -> Any:
        """Return the value that stands in JSON; facets are checked when it is written.

        Returns:
            Bytes, a string or an integer: what `read` returns for the same value.

        Raises:
            ValueError: It is not one of this type; the message says what is expected.
        """
        if isinstance(value, str):
            return value
        raise ValueError("takes a string")


def _length_fault(length: int, minimum: int, maximum: int | None, unit: str) -> str:
    if maximum is not None and length > maximum:
        return f"{length} {unit}, at most {maximum} are allowed"
    if length < minimum:
        return f"{length} {unit}, at least {minimum} are needed"
    return ""


@dataclass(frozen=True, slots=True)
class Octets(SimpleType):
    """`xs:base64Binary`, or `xs:hexBinary`: the same bits, spelt otherwise in text.

    Attributes:
        minimum: Smallest number of octets.
        maximum: Largest number of octets; none when unbounded.
        hexadecimal: Whether text spells it in hexadecimal digits.
    """

    minimum: int = 0
    maximum: int | None = None
    hexadecimal: bool = False

    empty = b""

    def fault(self, value: Any) -> str:
        """Say whether the number of octets is out of bounds."""
        if isinstance(value, bytes):
            return self.facet_fault(value)
        return f"takes bytes, not {type(value).__name__}"

    def facet_fault(self, value: Any) -> str:
        """Say whether the number of octets is out of bounds."""
        return _length_fault(len(value), self.minimum, self.maximum, "octets")

    def read(self, reader: BitReader) -> bytes:
        """Read the length, then the octets."""
        count = reader.unsigned()
        fault = _length_fault(count, self.minimum, self.maximum, "octets")
        if fault and 8 * count > reader.left:
            # A broken facet says more than a stream that ends too early.
            reader.refuse(fault)
        if fault:
            reader.tolerate(self.facet, fault)
        return reader.octets(count)

    def put(self, writer: BitWriter, value: bytes) -> None:
        """Write the length, then the octets."""
        writer.unsigned(len(value))
        writer.octets(value)

    def lexical(self, value: bytes) -> str:
        """Spell the octets in base64 or hexadecimal digits."""
        return value.hex().upper() if self.hexadecimal else base64.b64encode(value).decode("ascii")

    def from_json(self, value: Any) -> bytes:
        """Take the octets out of their spelling.

        Raises:
            ValueError: It is something else; says what it should be.
        """
        try:
            return bytes.fromhex(value) if self.hexadecimal else base64.b64decode(value, validate=True)
        except (TypeError, ValueError) as error:
            spelling = "hexadecimal digits" if self.hexadecimal else "base64"
            raise ValueError(f"takes a string of {spelling}") from error


@dataclass(frozen=True, slots=True)
class Text(SimpleType):
    """`xs:string` and its kin (`xs:anyURI`, `xs:ID`).

    Attributes:
        minimum: Smallest number of characters.
        maximum: Largest number of characters; none when unbounded.
        seen_empty: Whether peers are known to send it empty although `minimum` forbids it.
        qname: Name of the element or attribute it is the value of; it has a string table of its own.
    """

    minimum: int = 0
    maximum: int | None = None
    seen_empty: bool = False
    qname: str = ""

    empty = ""

    def named(self, qname: str) -> Text:
        """Return the type with the name whose string table it uses."""
        return replace(self, qname=qname)

    def fault(self, value: Any) -> str:
        """Say whether a character or the number of characters is out of bounds."""
        if not isinstance(value, str):
            return f"takes a string, not {type(value).__name__}"
        # All that XML forbids is not printable either: one fast call spares the search for nearly every
        # value.
        if not value.isprintable():
            stray = _NO_XML_CHARACTER.search(value)
            if stray:
                return f"U+{ord(stray[0]):04X} is no character of XML"
        return self.facet_fault(value)

    def facet_fault(self, value: Any) -> str:
        """Say whether the number of characters is out of bounds."""
        return _length_fault(len(value), self.minimum, self.maximum, "characters")

    def read(self, reader: BitReader) -> str:
        """Read the length, then one number for each character."""
        value = reader.text(self.qname)
        self.check(reader, value)
        return value

    def check(self, reader: BitReader, value: str) -> None:
        """Refuse a faulty value, but an empty one of a kind that peers send is only noticed."""
        if value or not self.seen_empty:
            SimpleType.check(self, reader, value)
        elif self.fault(value):
            reader.notice("empty-value", f"{self.minimum} to {self.maximum} characters", "none", "XSD facets")

    def put(self, writer: BitWriter, value: str) -> None:
        """Write the length, then one number for each character."""
        writer.text(value, self.qname)

    def write(self, writer: BitWriter, value: Any) -> None:
        """Write a value; a tolerant writer takes an empty one of a kind that peers send."""
        if value == "" and self.seen_empty and writer.tolerant:
            self.put(writer, value)
        else:
            SimpleType.write(self, writer, value)


@dataclass(frozen=True, slots=True)
class Enumeration(SimpleType):
    """A string out of a list: its index in the order of the schema, in as few bits as hold the list.

    Attributes:
        names: The values, in the order of the schema document.
    """

    names: tuple[str, ...]

    facet = "enumeration-facet"

    @property
    def width(self) -> int:
        """Number of bits of the index."""
        return (len(self.names) - 1).bit_length()

    def fault(self, value: Any) -> str:
        """Say whether the value is missing from the list."""
        return "" if value in self.names else f"{value!r} is none of {', '.join(self.names)}"

    def facet_fault(self, value: Any) -> str:
        """Say whether the value is missing from the list, and yet has a code."""
        return "" if self._stray(value) is None else self.fault(value)

    def _stray(self, value: Any) -> int | None:
        """Return the index of a value that was read as `#27`; None for anything else."""
        if not isinstance(value, str) or not re.fullmatch("#[0-9]{1,4}", value):
            return None
        index = int(value[1:])
        return index if len(self.names) <= index < 1 << self.width else None

    def read(self, reader: BitReader) -> str:
        """Read the index."""
        index = reader.bits(self.width)
        if index < len(self.names):
            return self.names[index]
        # 26 names take five bits, so six indexes stand for nothing.
        value = f"#{index}"
        reader.tolerate(self.facet, f"index {index} into an enumeration of {len(self.names)}")
        return value

    def put(self, writer: BitWriter, value: str) -> None:
        """Write the index."""
        stray = self._stray(value)
        writer.bits(self.names.index(value) if stray is None else stray, self.width)
