"""Writes the primitives of bit-packed EXI (W3C EXI 1.0, 7.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from opnc.exi.errors import EncodeError, TooMany

if TYPE_CHECKING:
    from opnc.exi.strings import StringsWritten


class BitWriter:
    """A growing stream, with the names of the elements being written.

    Attributes:
        tolerant: Whether values that only peers outside the norm write (an empty eMAID) are written too.
        facets: Whether values that break a facet of the schema, such as a length, are refused.
        loose: Whether a list may be longer than the schema allows: the grammar written by has no ends then.
        strings: String tables to use; none, as ISO 15118 wants it, except to see what such a peer signed.
    """

    __slots__ = ("_octets", "_pending", "_width", "facets", "loose", "path", "strings", "tolerant")

    def __init__(
        self, *, tolerant: bool = False, facets: bool = True, strings: StringsWritten | None = None
    ) -> None:
        self._octets = bytearray()
        self._pending = 0  # the bits not yet moved into whole octets, and how many they are
        self._width = 0
        self.path: list[str] = []
        self.tolerant = tolerant
        self.facets = facets
        self.loose = False
        self.strings = strings

    def refuse(self, reason: str) -> NoReturn:
        """Stop writing.

        Raises:
            EncodeError: Always; with the path reached and the reason given.
        """
        raise EncodeError("/".join(self.path), reason)

    def refuse_count(self, reason: str) -> NoReturn:
        """Stop writing a list that is too long.

        Raises:
            TooMany: Always; with the path reached and the reason given.
        """
        raise TooMany("/".join(self.path), reason)

    def bits(self, value: int, width: int) -> None:
        """Write an n-bit unsigned integer, most significant bit first."""
        # Stays a small integer: event codes are short, and each value of octets or text moves what is
        # pending.
        self._pending = self._pending << width | value
        self._width += width

    def unsigned(self, value: int) -> None:
        """Write an EXI Unsigned Integer (7.1.6)."""
        if value < 0x80:
            self.bits(value, 8)
        else:
            self.octets(_groups(value))

    def octets(self, data: bytes) -> None:
        """Write whole octets, wherever in an octet they start."""
        # One shift for a whole certificate, for it seldom starts at the border of an octet.
        self._pending = self._pending << 8 * len(data) | int.from_bytes(data, "big")
        self._width += 8 * len(data)
        spare = self._width & 7
        self._octets += (self._pending >> spare).to_bytes(self._width >> 3, "big")
        self._pending &= (1 << spare) - 1
        self._width = spare

    def text(self, value: str, qname: str) -> None:
        """Write a String (7.1.10): written out, unless string tables are in use and know it.

        Args:
            value: The characters.
            qname: Name of the element or attribute it is the value of; it has its own string table.
        """
        if self.strings:
            hit = self.strings.find(qname, value)
            if hit:
                table, index, width = hit
                self.unsigned(table)
                self.bits(index, width)
                return
            # Only what is written out enters the tables, a hit does not (W3C EXI 1.0, 7.3.3).
            self.strings.add(qname, value)
        self.unsigned(len(value) + 2)
        self.octets(
            value.encode() if value.isascii() else b"".join([_groups(ord(character)) for character in value])
        )

    def finish(self) -> bytes:
        """Return the stream, its last octet filled up with zero bits."""
        padding = -self._width & 7
        rest = (self._pending << padding).to_bytes((self._width + padding) >> 3, "big")
        return bytes(self._octets) + rest


def _groups(value: int) -> bytes:
    """Cut a number into groups of seven bits, least significant first; the top bit says that more follow."""
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)
