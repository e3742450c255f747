"""Walks the states of a grammar: reads elements out of a stream, and writes them (W3C EXI 1.0, 8.5.4).

A state offers numbered productions: a step (attribute, element or content) or the end of the element. What
the states are is derived in `opnc.exi.grammar`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from opnc.exi.datatypes import SimpleType

if TYPE_CHECKING:
    from opnc.exi.reader import BitReader
    from opnc.exi.schema import Particle
    from opnc.exi.writer import BitWriter


class Readable(Protocol):
    """Something that stands in a stream: a value, or an element of simple or complex type."""

    def read(self, reader: BitReader) -> Any:
        """Take a value, or the fields of an element, from the reader's position on.

        Returns:
            Bytes, a string or an integer for simple content, else the dataclass of the complex type.

        Raises:
            DecodeError: Nothing of the kind stands there.
        """

    def write(self, writer: BitWriter, value: Any) -> None:
        """Append a value of the type that `read` returns.

        Raises:
            EncodeError: The value is of another type, or breaks a facet.
        """


@dataclass(slots=True, eq=False)
class Step:
    """One production that carries something.

    Attributes:
        name: Field it fills.
        many: Whether the field is a tuple.
        what: Reads and writes what it carries.
        next: The state after it.
        most: How often the schema allows it, where the grammar allows more; None otherwise.
    """

    name: str
    many: bool
    what: Readable
    next: State
    most: int | None = None


@dataclass(slots=True, eq=False)
class State:
    """One state of the grammar of an element.

    Attributes:
        width: Number of bits of its event codes.
        steps: The steps by event code.
        codes: The event codes by field.
        end: Event code of the end of the element; None where it may not end yet.
        refused: What the other event codes stand for.
        messages: Of which standard these are messages; empty where they are none.
        content: The content that may stand here; peers put an undeclared end there for an empty value.
        holds_list: Whether nothing but the first item of a list may stand here.
        looping: Whether peers are known to choose here between another element and the end.
    """

    width: int = 0
    steps: dict[int, Step] = field(default_factory=dict)
    codes: dict[str, tuple[int, Step]] = field(default_factory=dict)
    end: int | None = None
    refused: dict[int, str] = field(default_factory=dict)
    messages: str = ""
    content: Step | None = None
    looping: bool = False
    holds_list: bool = False


def _undeclared_end(reader: BitReader, datatype: SimpleType) -> Any:
    """Read the rest of an event code that ends an element without content: an empty value of some stacks."""
    # Where content is due the second level has five to seven productions, hence three bits, and the end of
    # the element is the first of them (W3C EXI 1.0, 8.5.4.4).
    if datatype.empty is None or reader.bits(3):
        reader.refuse("the second level of the grammar is not used by ISO 15118")
    reader.notice(
        "undeclared-end",
        "an empty value as content of length 0",
        "an end of element that the schema does not declare",
        "W3C EXI 1.0, 8.5.4.4",
    )
    # An empty value has to keep the facets too, in whatever form it came.
    datatype.check(reader, datatype.empty)
    return datatype.empty


def _empty_list(reader: BitReader) -> None:
    """Read the rest of an event code that ends a list without items."""
    # The first of the productions of the second level, as for values (W3C EXI 1.0, 8.5.4.4).
    if reader.bits(3):
        reader.refuse("the second level of the grammar is not used by ISO 15118")
    reader.tolerate("count-facet", "an empty list, at least 1 are needed")


class SimpleElement:
    """An element of simple content: content, then the end; each event code is one bit."""

    __slots__ = ("_type",)

    def __init__(self, datatype: SimpleType) -> None:
        self._type = datatype

    def read(self, reader: BitReader) -> Any:
        """Read the element after its start.

        Returns:
            The value of its simple type: bytes, a string or an integer.

        Raises:
            DecodeError: There is something else.
        """
        if reader.bits(1):
            # That was the end of the element already, no other follows.
            return _undeclared_end(reader, self._type)
        value = self._type.read(reader)
        if reader.bits(1):
            reader.refuse("the element should end here")
        return value

    def write(self, writer: BitWriter, value: Any) -> None:
        """Write the element after its start.

        Raises:
            EncodeError: The value has a fault.
        """
        writer.bits(0, 1)
        self._type.write(writer, value)
        writer.bits(0, 1)


class ComplexElement:
    """An element of a complex type: walks its states.

    Attributes:
        type: The dataclass of its values.
        particles: The fields, in schema order.
    """

    __slots__ = ("_start", "_tuples", "particles", "type")

    def __init__(self, cls: type[Any], parts: tuple[Particle, ...], start: State) -> None:
        self.type = cls
        self.particles = parts
        self._start = start
        self._tuples = tuple(part.name for part in parts if part.many)

    def read(self, reader: BitReader) -> Any:
        """Read the element after its start.

        Returns:
            The dataclass of its complex type (`type`).

        Raises:
            DecodeError: There is something else.
        """
        values: dict[str, Any] = {}
        state = self._start
        # One list for the whole stream, so that whoever refuses something can name the place.
        path = reader.path
        while True:
            code = reader.bits(state.width)
            step = state.steps.get(code)
            if step is None:
                break
            name = step.name
            if step.many:
                items = values.setdefault(name, [])
                path.append(f"{name}[{len(items) + 1}]")
                if step.most is not None and len(items) >= step.most:
                    fault = f"a list of more than {step.most}, at most {step.most} are allowed"
                    reader.tolerate("count-facet", fault)
                items.append(step.what.read(reader))
            else:
                path.append(name)
                values[name] = step.what.read(reader)
            path.pop()
            state = step.next
        self._end(reader, state, code, values)
        # Only now, for as long as items come they are appended.
        for name in self._tuples:
            if name in values:
                values[name] = tuple(values[name])
        return self.type(**values)

    @staticmethod
    def _end(reader: BitReader, state: State, code: int, values: dict[str, Any]) -> None:
        """Accept the event code as the end of the element, in one of the forms it has."""
        if code == state.end:
            # Behind a full list the parent ends, which is a 0 here. A 1 can only be the second bit of a peer
            # whose grammar still offers another item, such as that of the codec Josev brings along.
            if state.looping and reader.peek():
                reader.bits(1)
                reader.notice(
                    "looping-list", "the end in 1 bit after the last item", "2 bits", "XSD maxOccurs"
                )
        # A state that wants content has no declared end, so the first code behind its productions is the
        # escape.
        elif state.content and code == len(state.steps) + len(state.refused):
            content = state.content.what
            if isinstance(content, SimpleType):
                values[state.content.name] = _undeclared_end(reader, content)
        elif state.holds_list and code == len(state.steps) and not values:
            (name,) = state.codes
            _empty_list(reader)
            values[name] = []
        elif code in state.refused and state.messages:
            reader.leave(f"{state.messages} {state.refused[code]}")
        elif code in state.refused:
            reader.refuse(f"{state.refused[code]} is not used here by ISO 15118")
        else:
            expected = " or ".join(state.codes) or "the end of the element"
            reader.refuse(f"event code {code} of {state.width} bits, where {expected} is expected")

    def write(self, writer: BitWriter, value: Any) -> None:
        """Write the element after its start.

        Raises:
            EncodeError: The value is of another type or does not fit the grammar.
        """
        if type(value) is not self.type:
            writer.refuse(f"takes {self.type.__name__}, not {type(value).__name__}")
        state = self._start
        # In schema order, whatever order the value was made in: there is no other order in the stream.
        for part in self.particles:
            held = getattr(value, part.name)
            if held is None:
                continue
            for number, item in enumerate(self._items(writer, part, held), 1):
                code, step = state.codes.get(part.name) or self._misplaced(writer, state, part)
                writer.bits(code, state.width)
                writer.path.append(f"{part.name}[{number}]" if part.many else part.name)
                step.what.write(writer, item)
                writer.path.pop()
                state = step.next
        if state.holds_list and state is self._start and not writer.facets:
            writer.bits(len(state.steps), state.width)
            writer.bits(0, 3)
            return
        if state.end is None:
            writer.refuse(f"{' or '.join(state.codes)} is missing")
        writer.bits(state.end, state.width)

    @staticmethod
    def _items(writer: BitWriter, part: Particle, held: Any) -> tuple[Any, ...]:
        if not part.many:
            return (held,)
        if not isinstance(held, tuple):
            writer.refuse(f"{part.name} takes a tuple, not {type(held).__name__}")
        most = part.occurs.maximum
        if most is not None and len(held) > most and not writer.loose:
            writer.refuse_count(f"{len(held)} times {part.name}, at most {most} are allowed")
        return held

    @staticmethod
    def _misplaced(writer: BitWriter, state: State, part: Particle) -> tuple[int, Step]:
        if part.choice and part.name not in state.codes:
            writer.refuse(f"{part.name} stands beside another of the same choice")
        writer.refuse(f"{' or '.join(state.codes)} is missing")
