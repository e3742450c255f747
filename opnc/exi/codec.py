"""From octets to values and back: header, root, content, end (EXI profile of ISO 15118)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from opnc.exi import iso20
from opnc.exi.errors import DecodeError, NoRoot, TooMany
from opnc.exi.grammar import grammar_of
from opnc.exi.reader import BitReader
from opnc.exi.strings import StringsWritten
from opnc.exi.writer import BitWriter

if TYPE_CHECKING:
    from opnc.exi.roots import Root, Roots, SchemaSet
    from opnc.pki.deviations import Deviation

_HEADER = 0x80
"""Distinguishing bits, no options, version 1."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A stream that was read.

    Attributes:
        value: The value of the root element: a dataclass of the set's tables, for example `V2GMessage`.
        schema: The set of schemas it is coded by.
        fragment: Whether it is a fragment; a document otherwise.
        findings: What was read although it is outside the norm.
    """

    value: Any
    schema: SchemaSet = field(repr=False)
    fragment: bool = False
    findings: tuple[Deviation, ...] = ()

    @property
    def root(self) -> Root:
        """The root element."""
        roots = self.schema.roots(fragment=self.fragment)
        return roots.known[roots.by_type[type(self.value)][0]]


def decode(
    data: bytes, schema: SchemaSet, *, fragment: bool = False, strict: bool = False, loose: bool = False
) -> Decoded:
    """Read a stream.

    What real peers do outside the norm is read and reported: hits in string tables, an undeclared end of
    element for an empty value, one zero octet or a line break too many at the end, a list of 20 roots closed
    as if it could go on, an empty eMAID, a value that breaks a facet (length, range, list of names).

    Args:
        data: The octets; time and memory are linear in their number.
        schema: The set of schemas it is coded by.
        fragment: Whether a fragment is expected; a document otherwise.
        strict: Whether a value that breaks a facet is refused, as a service does that goes by the schema.
        loose: Whether lists end as if the schema allowed any number of items.

    Raises:
        NotRead: It is a message that this codec does not read.
        DecodeError: It is anything else; says where and why.
    """
    decoded, rest = decode_first(data, schema, fragment=fragment, strict=strict, loose=loose)
    _refuse_rest(rest, len(data))
    return decoded


def decode_first(
    data: bytes, schema: SchemaSet, *, fragment: bool = False, strict: bool = False, loose: bool = False
) -> tuple[Decoded, bytes]:
    """Read a stream from which others may follow.

    Args:
        data: The octets.
        schema: As for `decode`.
        fragment: As for `decode`.
        strict: As for `decode`.
        loose: As for `decode`.

    Returns:
        The first stream, and the octets behind it.

    Raises:
        NotRead: It is a message that this codec does not read.
        DecodeError: It is anything else.
    """
    reader = BitReader(data, strict=strict)
    # EXI would allow a cookie and an options document here. ISO 15118 settles the options out of band, so any
    # other first octet is another profile and cannot be read by these grammars.
    if reader.bits(8) != _HEADER:
        reader.refuse(f"the EXI header is 0x80 in ISO 15118, not {data[0]:#04x}")
    roots = schema.roots(fragment=fragment)
    value = _read_root(reader, roots, loose=loose)
    # The end of a document takes no bits, for nothing else may stand there; behind the element of a fragment
    # another one might follow, so its end is coded.
    if fragment and reader.bits(roots.width) != roots.end:
        reader.refuse("the fragment should end here")
    rest = _read_padding(reader, data)
    return Decoded(value, schema, fragment, reader.findings()), rest


def _read_root(reader: BitReader, roots: Roots, *, loose: bool = False) -> Any:
    code = reader.bits(roots.width)
    root = roots.known.get(code)
    # The header first: a code of six bits alone says nothing, any octets have one.
    if root is None and code in roots.others and not reader.bits(1):
        grammar_of(iso20.MessageHeaderType).read(reader)
        reader.leave(f"{roots.standard} {roots.others[code]}")
    if root is None:
        known = ", ".join(f"{known.name} ({number})" for number, known in roots.known.items())
        raise NoRoot(
            reader.position, "", f"event code {code} is none of the root elements {known or 'of this kind'}"
        )
    reader.path.append(root.name)
    value = (roots.loosely if loose else roots.by_type)[root.type][1].read(reader)
    reader.path.pop()
    return value


_TAILS = {b"\0": "one zero octet", b"\n": "a line break", b"\r\n": "a line break"}
"""What was seen behind the end of real messages: more zeros, or other octets, are data of something else."""


def _read_padding(reader: BitReader, data: bytes) -> bytes:
    """Read up to the next whole octet and return what follows."""
    if reader.bits(reader.left % 8):
        reader.refuse("the last octet is not filled up with zero bits")
    rest = data[len(data) - reader.left // 8 :]
    if rest in _TAILS:
        reader.notice("trailing-octet", "nothing after the end", _TAILS[rest], "W3C EXI 1.0, 4")
        return b""
    return rest


def _refuse_rest(rest: bytes, length: int) -> None:
    if rest:
        second = ": another message begins there" if begins_message(rest) else ""
        raise DecodeError(8 * (length - len(rest)), "", f"{len(rest)} octets follow the end{second}")


def begins_message(octets: bytes) -> bool:
    """Tell whether octets begin as an EXI stream of ISO 15118 does."""
    return len(octets) > 1 and octets[0] == _HEADER


def encode(
    value: Any,
    schema: SchemaSet,
    *,
    fragment: bool = False,
    tolerant: bool = False,
    facets: bool = True,
    strings: StringsWritten | None = None,
) -> bytes:
    """Write a stream; its root element follows from the type of the value.

    Args:
        value: The value of the root element.
        schema: The set of schemas to code it by.
        fragment: Whether to write a fragment, as signatures need; a document otherwise.
        tolerant: Whether to write what only peers outside the norm write: an empty eMAID.
        facets: Whether values that break a facet of the schema, such as a length, are refused; a digest over
            what a peer has sent needs them as they are.
        strings: String tables, for the form of peers that leave them on; none in ISO 15118.

    Raises:
        EncodeError: The value does not fit; says which element and which facet.
    """
    written = partial(_write, value, schema, fragment=fragment)
    make = partial(BitWriter, tolerant=tolerant, facets=facets)
    try:
        return written(make(strings=strings))
    except TooMany:
        if facets:
            raise
        # String tables fill while writing, so they are begun anew.
        return written(make(strings=StringsWritten() if strings else None), loose=True)


def _write(value: Any, schema: SchemaSet, writer: BitWriter, *, fragment: bool, loose: bool = False) -> bytes:
    writer.loose = loose
    roots = schema.roots(fragment=fragment)
    # The type alone finds the root: that is why no two roots of one table share a type.
    if type(value) not in roots.by_type:
        names = ", ".join(kind.__name__ for kind in roots.by_type)
        writer.refuse(f"{type(value).__name__} is no root of {schema.name}; one of {names} is")
    code, grammar = (roots.loosely if loose else roots.by_type)[type(value)]
    writer.path.append(roots.known[code].name)
    writer.bits(_HEADER, 8)
    writer.bits(code, roots.width)
    grammar.write(writer, value)
    if fragment:
        writer.bits(roots.end, roots.width)
    return writer.finish()
