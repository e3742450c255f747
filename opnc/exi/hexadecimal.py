"""Octets in hexadecimal digits, as logs, debuggers and source code write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ESCAPED = re.compile(r"\\x([0-9A-Fa-f]{2})")
_BETWEEN = re.compile(r"0[xX]|\\[xX]|[\s:;,._{}\[\]()'\"<>|-]+")
_DIGITS = re.compile(r"[0-9A-Fa-f]*")
_OFFSET = re.compile(r"(?:^|[\s|>\]])(?:0x)?([0-9A-Fa-f]{3,8})[:|]?[ \t]+(?=[0-9A-Fa-f]{2})")
_GROUP = re.compile(r"(?:[0-9A-Fa-f]{2}){1,16}")
_RUN = re.compile(
    r"(?<![0-9A-Za-z+/])(?:0x)?(?:80|01[\s:,.-]*(?:0x)?[fF][eE])(?:[\s:;,.-]{0,3}(?:0x)?[0-9A-Fa-f]{2}){3,}"
    r"(?![0-9A-Za-z+/=])"
)
_ROW_OCTETS = 32
"""The most octets that a row of a dump has."""


def read_hex(text: str) -> bytes:
    """Return the octets of a text that is nothing but hexadecimal digits and what separates them; else none.

    Blanks, line breaks, colons, commas, hyphens, `0x`, backslash and x, brackets and quotes separate.
    """
    # A prefix before a text of digits only: `b"\x80"` of Python, `h'80'` of CBOR.
    body = re.sub(r"^[bh](?=['\"])", "", text.strip())
    digits = _BETWEEN.sub("", body)
    if not digits or len(digits) % 2 or not _DIGITS.fullmatch(digits):
        return b""
    return bytes.fromhex(digits)


def read_dump(text: str) -> bytes:
    """Return the octets of a hex dump: rows of offset, octets and, mostly, their characters; else none.

    `xxd`, `hexdump -C`, `od -A x -t x1`, `tcpdump -X` and Wireshark write such rows; a log may put more
    before the offset.
    """
    octets = bytearray()
    width = 0
    for line in text.splitlines():
        row = _row(line, len(octets), width)
        octets += row
        width = width or len(row)
    return bytes(octets)


def _row(line: str, offset: int, width: int) -> bytes:
    for match in _OFFSET.finditer(line):
        # Offsets go on by what the rows before held: that tells them from octets and from times of day.
        if int(match[1], 16) == offset:
            return _octets(line[match.end() :].partition("|")[0], width or _ROW_OCTETS)
    return b""


def _octets(columns: str, most: int) -> bytes:
    row = b""
    # Two blanks or more may separate the characters on the right, or the halves of a row: whatever is no pair
    # of digits, or one pair too many, ends the octets.
    for word in columns.split():
        if not _GROUP.fullmatch(word) or len(row) + len(word) // 2 > most:
            break
        row += bytes.fromhex(word)
    return row


def runs(text: str) -> Iterator[tuple[int, bytes]]:
    """Yield where in a text runs of digits begin that may be a message, and their octets."""
    for match in _RUN.finditer(text):
        octets = read_hex(match[0])
        if octets:
            yield match.start(), octets
