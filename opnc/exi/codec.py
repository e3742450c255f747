"""From octets to values and back: header, root, content, end (EXI profile of ISO 15118)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from opnc.exi.reader import BitReader
from opnc.exi.writer import BitWriter

if TYPE_CHECKING:
    from opnc.exi.roots import Root, Roots, SchemaSet
    from opnc.exi.strings import StringsWritten
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


def decode(data: bytes, schema: SchemaSet, *, fragment: bool = False, strict: bool = False) -> Decoded:
    """Read a stream.

    What real peers do outside the norm is read and reported: hits in string tables, an undeclared end of
    element for an empty value, one zero octet too many at the end, a list of 20 roots closed as if it could
    go on, an empty eMAID, a value that is shorter or longer than the schema allows.

    Args:
        data: The octets; time and memory are linear in their number.
        schema: The set of schemas it is coded by.
        fragment: Whether a fragment is expected; a document otherwise.
        strict: Whether a value of another length than the schema allows is refused, as a service does that
            goes by the schema.

    Raises:
        DecodeError: It is anything else; says where and why.
    """
    reader = BitReader(data, strict=strict)
    # EXI would allow a cookie and an options document here. ISO 15118 settles the options out of band, so any
    # other first octet is another profile and cannot be read by these grammars.
    if reader.bits(8) != _HEADER:
        reader.refuse(f"the EXI header is 0x80 in ISO 15118, not {data[0]:#04x}")
    roots = schema.roots(fragment=fragment)
    value = _read_root(reader, roots)
    # The end of a document takes no bits, for nothing else may stand there; behind the element of a fragment
    # another one might follow, so its end is coded.
    if fragment and reader.bits(roots.width) != roots.end:
        reader.refuse("the fragment should end here")
    _read_padding(reader)
    return Decoded(value, schema, fragment, reader.findings())


def _read_root(reader: BitReader, roots: Roots) -> Any:
    code = reader.bits(roots.width)
    root = roots.known.get(code)
    if root is None:
        known = ", ".join(f"{known.name} ({number})" for number, known in roots.known.items())
        reader.refuse(f"event code {code} is none of the root elements {known}")
    reader.path.append(root.name)
    value = roots.by_type[root.type][1].read(reader)
    reader.path.pop()
    return value


def _read_padding(reader: BitReader) -> None:
    if reader.bits(reader.left % 8):
        reader.refuse("the last octet is not filled up with zero bits")
    # One zero octet more was seen behind a captured response; two, or one that is not zero, are data of
    # something else.
    surplus = reader.left // 8
    if surplus > 1 or reader.bits(8 * surplus):
        reader.refuse(f"{surplus} octets follow the end")
    if surplus:
        reader.notice("trailing-octet", "nothing after the end", "one zero octet", "W3C EXI 1.0, 4")


def encode(
    value: Any,
    schema: SchemaSet,
    *,
    fragment: bool = False,
    tolerant: bool = False,
    lengths: bool = True,
    strings: StringsWritten | None = None,
) -> bytes:
    """Write a stream; its root element follows from the type of the value.

    Args:
        value: The value of the root element.
        schema: The set of schemas to code it by.
        fragment: Whether to write a fragment, as signatures need; a document otherwise.
        tolerant: Whether to write what only peers outside the norm write: an empty eMAID.
        lengths: Whether values that are shorter or longer than the schema allows are refused; a digest over
            what a peer has sent needs them as they are.
        strings: String tables, for the form of peers that leave them on; none in ISO 15118.

    Raises:
        EncodeError: The value does not fit; says which element and which facet.
    """
    writer = BitWriter(tolerant=tolerant, lengths=lengths, strings=strings)
    roots = schema.roots(fragment=fragment)
    # The type alone finds the root: that is why no two roots of one table share a type.
    if type(value) not in roots.by_type:
        names = ", ".join(kind.__name__ for kind in roots.by_type)
        writer.refuse(f"{type(value).__name__} is no root of {schema.name}; one of {names} is")
    code, grammar = roots.by_type[type(value)]
    writer.path.append(roots.known[code].name)
    writer.bits(_HEADER, 8)
    writer.bits(code, roots.width)
    grammar.write(writer, value)
    if fragment:
        writer.bits(roots.end, roots.width)
    return writer.finish()
