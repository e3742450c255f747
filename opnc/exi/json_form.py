"""Values as JSON: objects with the names of the schema, octets in base64 (a SessionID in hexadecimal digits).

```json
{"schema": "iso2", "kind": "document", "root": "V2G_Message", "value": {"Header": {"SessionID": "00"}, ...}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc.exi.datatypes import SimpleType
from opnc.exi.errors import EncodeError
from opnc.exi.grammar import grammar_of
from opnc.exi.roots import SCHEMA_SETS

if TYPE_CHECKING:
    from opnc.exi.codec import Decoded
    from opnc.exi.roots import Root, SchemaSet
    from opnc.exi.schema import Particle

_KINDS = ("document", "fragment")


def to_json(decoded: Decoded) -> dict[str, Any]:
    """Return a stream that was read as an object for `json.dumps`.

    Returns:
        `schema` (a name of `SCHEMA_SETS`), `kind` (`document` or `fragment`), `root` (a local name) and
        `value`: the members of the root by name, in schema order, lists where one may repeat.
    """
    return {
        "schema": decoded.schema.name,
        "kind": _KINDS[decoded.fragment],
        "root": decoded.root.name,
        "value": _object(decoded.value),
    }


def _object(value: Any) -> dict[str, Any]:
    return {
        part.name: _member(part, held)
        for part in grammar_of(type(value)).particles
        if (held := getattr(value, part.name)) is not None
    }


def _member(part: Particle, held: Any) -> Any:
    form = part.type.to_json if isinstance(part.type, SimpleType) else _object
    return [form(item) for item in held] if part.many else form(held)


def from_json(document: Any) -> tuple[Any, SchemaSet, bool]:
    """Take a value out of an object as `to_json` makes it.

    Returns:
        The value, the set of schemas it is coded by, and whether it is a fragment: the arguments of `encode`.

    Raises:
        EncodeError: Something is missing, unknown or of another type; says which member.
    """
    if not isinstance(document, dict) or set(document) != {"schema", "kind", "root", "value"}:
        raise EncodeError("", "the JSON is an object with the members schema, kind, root and value")
    schema = SCHEMA_SETS.get(str(document["schema"]))
    if schema is None:
        raise EncodeError("schema", f"{document['schema']!r} is none of {', '.join(SCHEMA_SETS)}")
    if document["kind"] not in _KINDS:
        raise EncodeError("kind", f"{document['kind']!r} is none of {', '.join(_KINDS)}")
    fragment = document["kind"] == "fragment"
    root = _root(schema, document["root"], fragment=fragment)
    return _value(root.type, document["value"], root.name), schema, fragment


def _root(schema: SchemaSet, name: Any, *, fragment: bool) -> Root:
    known = {root.name: root for root in schema.roots(fragment=fragment).known.values()}
    if name not in known:
        raise EncodeError("root", f"{name!r} is no root of {schema.name}; one of {', '.join(known)} is")
    return known[name]


def _value(cls: type[Any], members: Any, path: str) -> Any:
    if not isinstance(members, dict):
        raise EncodeError(path, f"takes an object, not {members!r:.40}")
    parts = {part.name: part for part in grammar_of(cls).particles}
    # Named before what is missing: a misspelt name is both, and this says which word to mend.
    unknown = members.keys() - parts
    if unknown:
        # The least, for a set has no order and the message should be the same each time.
        raise EncodeError(path, f"{min(map(str, unknown))} is none of {', '.join(parts)}")
    # A member that is null counts as absent, as many JSON libraries write it.
    missing = [name for name, part in parts.items() if part.occurs.minimum and members.get(name) is None]
    if missing:
        raise EncodeError(path, f"{missing[0]} is missing")
    return cls(
        **{
            name: _held(parts[name], member, f"{path}/{name}")
            for name, member in members.items()
            if member is not None
        }
    )


def _held(part: Particle, member: Any, path: str) -> Any:
    if not part.many:
        return _single(part, member, path)
    if not isinstance(member, list):
        raise EncodeError(path, "takes an array")
    return tuple(_single(part, item, f"{path}[{number}]") for number, item in enumerate(member, 1))


def _single(part: Particle, member: Any, path: str) -> Any:
    if not isinstance(part.type, SimpleType):
        return _value(part.type, member, path)
    try:
        return part.type.from_json(member)
    except ValueError as error:
        raise EncodeError(path, str(error)) from error
