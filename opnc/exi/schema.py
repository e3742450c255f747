"""The words in which the tables of types are written: one frozen dataclass for each complex type.

A table reads like the schema it stands for. Fields are named as elements and attributes are, in schema order:

```python
@complex_type(DATA_TYPES)
class CertificateChainType:
    Id: Annotated[str | None, TEXT, Attribute(DATA_TYPES)] = None
    Certificate: Annotated[bytes, CERTIFICATE]
    SubCertificates: SubCertificatesType | None = None
```

An annotation holds a simple type for simple content; otherwise the field's own type is a complex one.
Whatever may be absent has the default None, whatever may repeat is a tuple with `Occurs`. Event codes and
widths are derived from this in `opnc.exi.grammar`; none is written down.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from opnc.exi.datatypes import SimpleType

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attribute:
    """Marks a field that is an XML attribute.

    Attributes:
        namespace: Its namespace; empty where the schema leaves attributes unqualified.
    """

    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """Marks the field that is the character content of a type with attributes."""


@dataclass(frozen=True, slots=True)
class Occurs:
    """How often an element stands there: fewest, most (None: any number) times.

    Attributes:
        minimum: Fewest times.
        maximum: Most times; None when unbounded.
        seen_looping: Whether peers are known to choose between another one and the end even after the last.
    """

    minimum: int
    maximum: int | None
    seen_looping: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Marks fields next to each other of which one stands there.

    Attributes:
        among: Names of all alternatives in schema order, those included that this codec refuses; empty when
            the fields are all there are.
        optional: Whether none may stand there as well.
    """

    among: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class In:
    """Names the namespace of one element, where it is not that of its siblings."""

    namespace: str


@dataclass(frozen=True, slots=True)
class Particle:
    """One attribute, element or character content of a complex type.

    Attributes:
        name: Local name, and name of the field.
        namespace: Namespace of the name.
        marker: What it is: attribute or content; None for an element.
        type: Simple type, or the dataclass of a complex one.
        occurs: How often it stands there.
        many: Whether the field is a tuple.
        choice: The choice it is an alternative of.
    """

    name: str
    namespace: str
    marker: Attribute | Content | None
    type: SimpleType | type[Any]
    occurs: Occurs
    many: bool
    choice: Choice | None

    @property
    def qname(self) -> str:
        """The name as string tables know it."""
        return f"{{{self.namespace}}}{self.name}"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the decorator says of a complex type.

    Attributes:
        namespace: Namespace of its child elements.
        refused: Productions the schema allows before the end of the element and this codec refuses: no
            message of ISO 15118 may use them, but they take part in the numbering.
        mixed: Whether the schema allows text there as well, which is refused too.
        messages: Of which standard the refused productions are messages; empty where they are none.
    """

    namespace: str
    refused: tuple[str, ...]
    mixed: bool
    messages: str


_DECLARED: dict[type[Any], Declaration] = {}


@dataclass_transform(kw_only_default=True, frozen_default=True)
def complex_type(
    namespace: str, *, refused: tuple[str, ...] = (), mixed: bool = False, messages: str = ""
) -> Callable[[type[T]], type[T]]:
    """Make a class a frozen value and a row of the tables.

    Args:
        namespace: Namespace of its child elements.
        refused: Productions before the end of the element that are numbered and refused.
        mixed: Whether text is numbered after the end of the element, and refused.
        messages: Of which standard what is refused here are messages; empty where they are none.
    """

    def make(cls: type[T]) -> type[T]:
        # With slots the decorator makes a new class; that one is what values have as their type.
        made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        _DECLARED[made] = Declaration(namespace, refused, mixed, messages)
        return made

    return make


def declaration(cls: type[Any]) -> Declaration:
    """Return what the decorator said of a complex type."""
    return _DECLARED[cls]


def particles(cls: type[Any]) -> tuple[Particle, ...]:
    """Read the fields of a complex type, in schema order."""
    hints = get_type_hints(cls, include_extras=True)
    namespace = _DECLARED[cls].namespace
    return tuple(
        _particle(field.name, hints[field.name], namespace, optional=field.default is not MISSING)
        for field in fields(cls)
    )


def _particle(name: str, hint: Any, namespace: str, *, optional: bool) -> Particle:
    # By type, for a field has one mark of each kind; simple types are found by their base class below.
    marks = {type(mark): mark for mark in getattr(hint, "__metadata__", ())}
    bare = get_args(hint)[0] if marks else hint
    marker = marks.get(Attribute) or marks.get(Content)
    # Attributes do not inherit the namespace of the element: unqualified is the default of XML Schema.
    inside = marks.get(In, In(marker.namespace if isinstance(marker, Attribute) else namespace))
    simple = next((mark for mark in marks.values() if isinstance(mark, SimpleType)), None)
    many = get_origin(bare) is tuple
    return Particle(
        name=name,
        namespace=inside.namespace,
        marker=marker,
        type=simple.named(f"{{{inside.namespace}}}{name}") if simple else _bare_type(bare),
        occurs=marks.get(Occurs) or Occurs(0 if optional else 1, 1),
        many=many,
        choice=marks.get(Choice),
    )


def _bare_type(hint: Any) -> type[Any]:
    """Take the complex type out of `X | None` or `tuple[X, ...]`."""
    while get_origin(hint) in {tuple, Union, UnionType}:
        hint = get_args(hint)[0]
    return hint  # type: ignore[no-any-return]  # a class, by the rules of the tables
