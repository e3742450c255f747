"""The simple types of numbers, and booleans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opnc.exi.datatypes import SimpleType
from opnc.exi.reader import WIDEST_INTEGER

if TYPE_CHECKING:
    from opnc.exi.reader import BitReader
    from opnc.exi.writer import BitWriter

_WIDEST = 1 << WIDEST_INTEGER


def _range_fault(value: int, minimum: int, maximum: int) -> str:
    return "" if minimum <= value <= maximum else f"{value}, not within {minimum} to {maximum}"


@dataclass(frozen=True, slots=True)
class Integer(SimpleType):
    """`xs:integer` and `xs:short`: a sign bit and an Unsigned Integer.

    In JSON it is a string of digits: serial numbers are larger than what many readers of JSON keep exactly.

    Attributes:
        minimum: Smallest value; that of the codec when the schema sets none.
        maximum: Largest value, likewise.
    """

    minimum: int = -_WIDEST
    maximum: int = _WIDEST - 1

    facet = "range-facet"

    def fault(self, value: Any) -> str:
        """Say whether the value is out of bounds."""
        if type(value) is not int:
            return f"takes an integer, not {type(value).__name__}"
        # Bounds of the schema are short and worth printing; that of the codec has 310 digits.
        if not -_WIDEST <= value < _WIDEST:
            return f"has more than {WIDEST_INTEGER} bits"
        return self.facet_fault(value)

    def facet_fault(self, value: Any) -> str:
        """Say whether the value is out of the bounds of the schema."""
        return _range_fault(value, self.minimum, self.maximum)

    def read(self, reader: BitReader) -> int:
        """Read the sign, then the magnitude."""
        # Less one, so that zero has one form only (W3C EXI 1.0, 7.1.5).
        value = -reader.unsigned() - 1 if reader.bits(1) else reader.unsigned()
        self.check(reader, value)
        return value

    def put(self, writer: BitWriter, value: int) -> None:
        """Write the sign, then the magnitude."""
        writer.bits(value < 0, 1)
        writer.unsigned(-value - 1 if value < 0 else value)

    def from_json(self, value: Any) -> int:
        """Take the value out of a string of digits, or a number.

        Raises:
            ValueError: It is something else; says what it should be.
        """
        if type(value) is int:
            return value
        # 400 digits hold the largest integer of the codec and stay below the length at which `int` itself
        # refuses.
        if isinstance(value, str) and re.fullmatch("-?[0-9]{1,400}", value):
            return int(value)
        raise ValueError("takes an integer: a string of digits, or a number")


@dataclass(frozen=True, slots=True)
class Unsigned(SimpleType):
    """`xs:unsignedLong`, `xs:unsignedByte` and the like.

    Attributes:
        maximum: Largest value.
        minimum: Smallest value.
    """

    maximum: int
    minimum: int = 0

    facet = "range-facet"

    @property
    def width(self) -> int:
        """Number of bits where the range has at most 4096 values (W3C EXI 1.0, 7.1.5), 0 otherwise."""
        span = self.maximum - self.minimum
        return span.bit_length() if span < 4096 else 0

    def fault(self, value: Any) -> str:
        """Say whether the value is out of bounds."""
        # `isinstance` would let booleans pass, which are integers in Python.
        if type(value) is not int:
            return f"takes an integer, not {type(value).__name__}"
        return _range_fault(value, self.minimum, self.maximum)

    def facet_fault(self, value: Any) -> str:
        """Say whether the value is out of bounds, and yet has a code."""
        # 20 values take five bits, so twelve codes stand for values above the largest.
        coded = value - self.minimum if self.width else value
        most = (1 << self.width) - 1 if self.width else _WIDEST - 1
        return _range_fault(value, self.minimum, self.maximum) if 0 <= coded <= most else ""

    def read(self, reader: BitReader) -> int:
        """Read n bits, or groups of seven."""
        value = reader.bits(self.width) + self.minimum if self.width else reader.unsigned()
        self.check(reader, value)
        return value

    def put(self, writer: BitWriter, value: int) -> None:
        """Write n bits, or groups of seven."""
        if self.width:
            writer.bits(value - self.minimum, self.width)
        else:
            writer.unsigned(value)

    def to_json(self, value: int) -> int:
        """Return the number itself."""
        return value

    def from_json(self, value: Any) -> int:
        """Take the value out of a number.

        Raises:
            ValueError: It is something else; says what it should be.
        """
        if type(value) is int:
            return value
        raise ValueError("takes a whole number")


@dataclass(frozen=True, slots=True)
class Boolean(SimpleType):
    """`xs:boolean`: one bit."""

    def fault(self, value: Any) -> str:
        """Say whether the value is no boolean."""
        return "" if isinstance(value, bool) else f"takes true or false, not {value!r:.40}"

    def read(self, reader: BitReader) -> bool:
        """Read the bit."""
        return bool(reader.bits(1))

    def put(self, writer: BitWriter, value: bool) -> None:  # noqa: FBT001 - a value, no switch
        """Write the bit."""
        writer.bits(value, 1)

    def lexical(self, value: bool) -> str:  # noqa: FBT001 - as above
        """Spell the value as XML does."""
        return "true" if value else "false"

    def to_json(self, value: bool) -> bool:  # noqa: FBT001 - as above
        """Return the value itself."""
        return value

    def from_json(self, value: Any) -> bool:
        """Take the value.

        Raises:
            ValueError: It is something else.
        """
        if isinstance(value, bool):
            return value
        raise ValueError("takes true or false")
