"""The XML form of flat request objects: an element for each member, its text the value (ERR-065).

The contract names no elements and no namespace, so the members' own names are taken, in any namespace, below
a root element of any name.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from xml.parsers import expat

from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/xml"
MAX_DEPTH = 2
"""The root element and the members; nothing stands below them."""


def read_members(content: bytes) -> dict[str, str]:
    """Read a flat object.

    Args:
        content: The document; entities and document types are refused.

    Returns:
        Member to text, in the order of the document; empty for an empty element.

    Raises:
        Problem: It is no such document; says where.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)  # noqa: FBT003 - expat takes no keywords
    except (expat.ExpatError, LookupError) as error:  # the latter for encodings that nobody knows
        raise Problem(f"no well-formed XML: {error}") from error
    return reader.members


def write_members(root: str, members: Mapping[str, str]) -> bytes:
    """Write a flat object.

    Args:
        root: Name of the root element.
        members: The members; their names must be those of elements.
    """
    written = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in members.items())
    return f'<?xml version="1.0" encoding="UTF-8"?><{root}>{written}</{root}>'.encode()


class _Reader:
    """Collects the texts of the members."""

    def __init__(self) -> None:
        self.members: dict[str, str] = {}
        self._path: list[str] = []
        # A blank, for no name contains one. Expat itself, because it can refuse a document type before any
        # entity counts.
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _document_type(self, name: str, *_: object) -> None:
        raise Problem(f"a document type ({name}) is not taken", hint="leave out <!DOCTYPE ...>")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self._path.append(local)
        if len(self._path) > MAX_DEPTH:
            raise Problem("no element stands below a member", where="/".join(self._path))
        if len(self._path) == MAX_DEPTH:
            if local in self.members:
                raise Problem("the member stands there twice", where=local)
            self.members[local] = ""

    def _end(self, _name: str) -> None:
        self._path.pop()

    def _text(self, text: str) -> None:
        if len(self._path) == MAX_DEPTH:
            # Texts come in pieces: expat cuts them at line breaks and entities.
            self.members[self._path[-1]] += text
        elif text.strip():
            raise Problem(f"text {text.strip()[:40]!r} outside a member")
