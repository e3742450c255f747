"""The string tables of EXI (W3C EXI 1.0, 7.3): one for all values, and one for each qualified name.

ISO 15118 switches them off (valuePartitionCapacity 0). They are kept here because some peers leave them on:
the reader then finds a number where a string should be, and the verifier of signatures tries their form.
"""

from __future__ import annotations


def index_width(entries: int) -> int:
    """Return the number of bits that hold a number below `entries`."""
    return (entries - 1).bit_length() if entries else 0


class StringsRead:
    """The strings a stream has written out so far, in the order of their numbers."""

    __slots__ = ("everywhere", "here")

    def __init__(self) -> None:
        self.everywhere: list[str] = []
        self.here: dict[str, list[str]] = {}

    def add(self, qname: str, value: str) -> None:
        """Enter a string that was written out; empty ones are never entered."""
        if value:
            self.everywhere.append(value)
            self.here.setdefault(qname, []).append(value)


class StringsWritten:
    """The numbers of the strings written out so far."""

    __slots__ = ("_everywhere", "_here")

    def __init__(self) -> None:
        self._everywhere: dict[str, int] = {}
        self._here: dict[str, dict[str, int]] = {}

    def find(self, qname: str, value: str) -> tuple[int, int, int] | None:
        """Look a string up.

        Returns:
            Table (0 that of the name, 1 that of all), number in it, and width of that number in bits; None
            for a string that was not written out yet.
        """
        # The table of the name before that of all: EXI has a hit there coded by the shorter number (7.3.3).
        for table, known in enumerate((self._here.get(qname, {}), self._everywhere)):
            if value in known:
                return table, known[value], index_width(len(known))
        return None

    def add(self, qname: str, value: str) -> None:
        """Enter a string that is written out; empty ones are never entered."""
        if value:
            self._everywhere[value] = len(self._everywhere)
            here = self._here.setdefault(qname, {})
            here[value] = len(here)
