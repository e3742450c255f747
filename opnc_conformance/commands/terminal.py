"""What is safe on a terminal: a peer's octets must neither erase nor forge lines of a report."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return a text with everything that is no visible character or blank spelt out as an escape."""
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    # Control characters, marks of direction and line separators of Unicode alike.
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
