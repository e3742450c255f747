"""Derives the grammar of a complex type from its table: states, event codes, widths (W3C EXI 1.0, 8.5.4).

Event codes take as many bits as hold the number of productions plus the escape to the second level, because
the stream is not strict. Nothing of the second level is used by ISO 15118.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opnc.exi.datatypes import SimpleType
from opnc.exi.engine import ComplexElement, Readable, SimpleElement, State, Step
from opnc.exi.schema import Content, Occurs, Particle, declaration, particles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(slots=True)
class _Group:
    """Particles of which one stands at a time: a single one, or a choice."""

    alternatives: tuple[Particle | str, ...]
    occurs: Occurs


def _groups(parts: Sequence[Particle]) -> list[_Group]:
    groups: list[_Group] = []
    done: set[int] = set()
    for part in parts:
        if part.choice is None:
            groups.append(_Group((part,), part.occurs))
        elif id(part.choice) not in done:
            done.add(id(part.choice))
            # By identity: two equal choices of one type would still be two choices.
            fields = {other.name: other for other in parts if other.choice is part.choice}
            alternatives = tuple(fields.get(name, name) for name in part.choice.among or fields)
            groups.append(_Group(alternatives, Occurs(0 if part.choice.optional else 1, 1)))
    return groups


class _Builder:
    """Makes the states of one complex type, each position once."""

    def __init__(self, cls: type[Any], parts: Sequence[Particle], *, loose: bool) -> None:
        self._loose = loose
        self._declaration = declaration(cls)
        self._groups = _groups(parts)
        self._states: dict[tuple[int, int], State] = {}

    def state(self, group: int, count: int) -> State:
        """Return the state after `count` elements of a group."""
        if (group, count) not in self._states:
            # Kept before it is filled, for a list without a bound leads back to its own state.
            made = self._states[group, count] = State()
            self._fill(made, group, count)
        return self._states[group, count]

    def _fill(self, state: State, group: int, count: int) -> None:
        productions = list(self._productions(group, count))
        # Not `len - 1`: one more code is the escape to the second level, even where nobody may use it.
        state.width = len(productions).bit_length()
        state.messages = self._declaration.messages
        for code, (what, after) in enumerate(productions):
            if isinstance(what, Particle):
                step = Step(what.name, what.many, _readable(what, loose=self._loose), self.state(*after))
                step.most = what.occurs.maximum if self._loose and what.many else None
                state.steps[code] = step
                state.codes[what.name] = code, step
                if isinstance(what.marker, Content):
                    state.content = step
            elif what:
                state.refused[code] = what
            else:
                state.end = code
        state.holds_list = state.end is None and [step.many for step in state.steps.values()] == [True]
        # A position (group, 0) is entered only when the group before it is full.
        full = self._groups[group - 1] if group and not count else None
        state.looping = full is not None and full.occurs.seen_looping

    def _productions(self, group: int, count: int) -> Iterator[tuple[Particle | str, tuple[int, int]]]:
        """Yield what may come next, in the order of the event codes; the empty string is the end."""
        while group < len(self._groups):
            here = self._groups[group]
            for alternative in here.alternatives:
                yield alternative, self._after(group, count + 1)
            # What may be left out lets the productions of the next group in beside its own.
            if count < here.occurs.minimum:
                return
            group, count = group + 1, 0
        nowhere = (group, 0)
        for name in self._declaration.refused:
            yield name, nowhere
        yield "", nowhere
        # Text comes behind the end: the order is attributes, elements, end, characters (W3C EXI 1.0, 8.5.4).
        if self._declaration.mixed:
            yield "text", nowhere

    def _after(self, group: int, count: int) -> tuple[int, int]:
        occurs = self._groups[group].occurs
        # From the minimum on all counts offer the same, so one state serves them all.
        if occurs.maximum is None or (self._loose and occurs.maximum > 1):
            return group, min(count, occurs.minimum)
        return (group + 1, 0) if count == occurs.maximum else (group, count)


def _readable(part: Particle, *, loose: bool = False) -> Readable:
    if not isinstance(part.type, SimpleType):
        return grammar_of(part.type, loose=loose)
    return part.type if part.marker else SimpleElement(part.type)


# Never emptied: there are as many types as the tables have. Types that contain each other do not occur, else
# deriving would not end.
_GRAMMARS: dict[tuple[type[Any], bool], ComplexElement] = {}


def grammar_of(cls: type[Any], *, loose: bool = False) -> ComplexElement:
    """Return the grammar of a complex type; it is derived once, when first asked for.

    Args:
        cls: The complex type.
        loose: Whether lists go on for ever, as for peers whose schema allows more items than ISO 15118.
    """
    made = _GRAMMARS.get((cls, loose))
    if made is None:
        parts = particles(cls)
        start = _Builder(cls, parts, loose=loose).state(0, 0)
        made = _GRAMMARS[cls, loose] = ComplexElement(cls, parts, start)
    return made


def element_fragment(cls: type[Any], elements: int, attributes: Sequence[str]) -> ComplexElement:
    """Return the schema-informed element fragment grammar of a type with one attribute and simple content.

    It applies to an element that the schemas declare with more than one type (W3C EXI 1.0, 8.5.3): whatever
    any schema declares may stand there, so its event codes count all of that.

    Args:
        cls: The complex type of the values.
        elements: Number of element names in the schemas.
        attributes: Qualified names of the attributes in the schemas, in the order of their event codes.
    """
    parts = particles(cls)
    attribute, content = parts
    any_element, end, text = elements, elements + 1, elements + 2
    before_text = len(attributes) + 1
    last = State(width=(text + 1).bit_length(), end=end)
    # Another attribute might follow the first by this grammar, hence the same productions and width as before
    # it.
    behind = State(width=(before_text + text + 1).bit_length())
    start = State(width=behind.width)
    for state, part, code, after in (
        (start, attribute, attributes.index(attribute.qname), behind),
        (behind, content, before_text + text, last),
    ):
        step = Step(part.name, many=False, what=_readable(part), next=after)
        state.steps[code] = step
        state.codes[part.name] = code, step
    last.refused[any_element] = "any element"
    return ComplexElement(cls, parts, start)
