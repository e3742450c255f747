"""Reads the primitives of bit-packed EXI (W3C EXI 1.0, 7.1), never further than the stream goes.

Only the octets concerned are touched, so the time is linear in the input, and a length that the rest of the
stream cannot hold is refused before anything is allocated.
"""

from __future__ import annotations

import re
from typing import NoReturn

from opnc.exi.errors import DecodeError, NotRead, Truncated
from opnc.exi.strings import StringsRead, index_width
from opnc.pki.deviations import Deviation

# Without a bound each octet would make a longer integer to shift: quadratic in the input.
WIDEST_INTEGER = 147 * 7
"""Bits of the largest integer read or written; the largest legitimate one, a serial number, has 160."""

LENGTH_FACET = "length-facet"
"""The finding about a value that is shorter or longer than its schema allows."""

_INDEX = re.compile(r"\[\d+\]")
_EXPANSION = 16  # string table hits may deliver so many characters for each octet of input


class BitReader:
    """A position in a stream, with the names of the elements it lies in and what was noticed on the way."""

    __slots__ = ("_budget", "_data", "_noticed", "_size", "_strict", "path", "position", "strings")

    def __init__(self, data: bytes, *, strict: bool = False) -> None:
        self._data = data
        self._strict = strict
        self._size = len(data) * 8
        # A hit of a few bits may stand for a long string, again and again: without a budget a small stream
        # would fill the memory.
        self._budget = len(data) * _EXPANSION
        self._noticed: dict[str, tuple[int, Deviation]] = {}
        self.position = 0
        self.path: list[str] = []
        self.strings = StringsRead()

    @property
    def left(self) -> int:
        """Number of bits not yet read."""
        return self._size - self.position

    def refuse(self, reason: str) -> NoReturn:
        """Stop reading.

        Raises:
            DecodeError: Always; with the position and path reached, and the reason given.
        """
        raise DecodeError(self.position, "/".join(self.path), reason)

    def leave(self, message: str) -> NoReturn:
        """Stop reading at a message that the codec does not read.

        Raises:
            NotRead: Always; with the name of the message.
        """
        raise NotRead(self.position, "/".join(self.path), message)

    def tolerate(self, facet: str, fault: str) -> None:
        """Note a value that breaks a facet of the schema, such as a length; a strict reader refuses it.

        Args:
            facet: Name of the finding.
            fault: What is there, a comma, and what is allowed or needed.

        Raises:
            DecodeError: The reader is strict.
        """
        if self._strict:
            self.refuse(fault)
        seen, _, bound = fault.partition(", ")
        allowed = bound.removeprefix("not within ").removesuffix(" are allowed").removesuffix(" are needed")
        # By element, not by place: the elements of a schema are few, their repetitions are not.
        once = _INDEX.sub("", "/".join(self.path))
        self.notice(facet, allowed or "a value of the schema", seen, "XSD facets", once=once)

    def _end_early(self, reason: str) -> NoReturn:
        raise Truncated(self.position, "/".join(self.path), reason)

    def notice(self, name: str, expected: str, seen: str, clause: str, once: str = "") -> None:
        """Note something outside the norm that real peers send; the same thing again is only counted.

        Args:
            name: The kind of deviation.
            expected: What the norm wants.
            seen: What is there.
            clause: Where that is written.
            once: What tells it from others of its kind; empty: nothing does.
        """
        kind = name + once
        if kind in self._noticed:
            count, first = self._noticed[kind]
            self._noticed[kind] = (count + 1, first)
        else:
            seen = f"{seen} (bit {self.position})"
            self._noticed[kind] = (1, Deviation(name, "/".join(self.path) or "EXI", expected, seen, clause))

    def findings(self) -> tuple[Deviation, ...]:
        """Return what was noticed: one entry for each kind, naming the first place."""
        return tuple(
            first.at(f"the first of {count}") if count > 1 else first
            for count, first in self._noticed.values()
        )

    def bits(self, width: int) -> int:
        """Read an n-bit unsigned integer, most significant bit first."""
        start = self.position
        end = start + width
        if end > self._size:
            self._end_early(f"the stream ends, {self._size - start} of {width} bits are left")
        self.position = end
        octets = int.from_bytes(self._data[start >> 3 : (end + 7) >> 3], "big")
        return (octets >> (-end & 7)) & ((1 << width) - 1)

    def peek(self) -> int:
        """Return the next bit without reading it; 0 at the end of the stream."""
        if not self.left:
            return 0
        return (self._data[self.position >> 3] >> (~self.position & 7)) & 1

    def unsigned(self) -> int:
        """Read an EXI Unsigned Integer (7.1.6): groups of seven bits, least significant first."""
        octet = self.bits(8)
        if octet < 0x80:
            return octet
        value, shift = octet & 0x7F, 7
        while octet & 0x80:
            octet = self.bits(8)
            value |= (octet & 0x7F) << shift
            shift += 7
            if shift > WIDEST_INTEGER:
                self.refuse(f"an integer of more than {WIDEST_INTEGER} bits")
        # A last group of zeros would be a second form of the same number, and two forms of a fragment have
        # two digests.
        if not octet:
            self.refuse("an integer is not in its shortest form")
        return value

    def octets(self, count: int) -> bytes:
        """Read whole octets, wherever in an octet they start."""
        start = self.position
        end = start + 8 * count
        if end > self._size:
            self._end_early(f"{count} octets announced, {self.left // 8} left")
        self.position = end
        first, offset = start >> 3, start & 7
        if not offset:
            return self._data[first : first + count]
        window = int.from_bytes(self._data[first : first + count + 1], "big")
        return (window >> (8 - offset)).to_bytes(count + 1, "big")[1:]

    def text(self, qname: str) -> str:
        """Read a String (7.1.10) written out, or one from the string tables with a notice.

        Args:
            qname: Name of the element or attribute the string is the value of; it has its own string table.
        """
        code = self.unsigned()
        if code < 2:
            return self._known_string(qname, everywhere=code == 1)
        count = code - 2
        if 8 * count > self.left:
            self._end_early(f"{count} characters announced, {self.left // 8} octets left")
        start = self.position
        # A character below 128 takes one octet, so nearly all strings are one run of octets. Where one is
        # not, reading starts anew, character by character.
        run = self.octets(count)
        if run.isascii():
            value = run.decode("ascii")
        else:
            self.position = start
            value = "".join([self._character() for _ in range(count)])
        self.strings.add(qname, value)
        return value

    def _character(self) -> str:
        code = self.unsigned()
        if code > 0x10FFFF:
            self.refuse(f"no Unicode character has the number {code:#x}")
        # Surrogates pass here; `Text` refuses them with all else that is no character of XML.
        return chr(code)

    def _known_string(self, qname: str, *, everywhere: bool) -> str:
        table = self.strings.everywhere if everywhere else self.strings.here.get(qname, [])
        index = self.bits(index_width(len(table)))
        if index >= len(table):
            self.refuse(f"string table entry {index} of {len(table)}")
        value = table[index]
        # Charged by characters delivered, not by hits: a table may hold long strings.
        self._budget -= len(value)
        if self._budget < 0:
            self.refuse(f"string table hits blow the stream up more than {_EXPANSION} times")
        self.notice(
            "string-table-hit",
            "each string written out (valuePartitionCapacity 0)",
            f"entry {index} of the {'global' if everywhere else 'local'} string table",
            "W3C EXI 1.0, 7.3; EXI profile of ISO 15118",
        )
        return value
