"""JSON of a peer: whatever comes is decoded, or refused by one exception."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
"""What decoded JSON can be."""

JsonObject: TypeAlias = "dict[str, JsonValue]"

MAX_DEPTH = 64
"""Levels of nesting that are read; no document of OPNC has more than ten."""


class NotJson(ValueError):
    """What came is not JSON, or nested too deeply to be worked with."""


def decode(content: bytes | str, *, max_depth: int = MAX_DEPTH) -> JsonValue:
    """Decode a body or a text.

    Args:
        content: JSON; bytes in UTF-8, UTF-16 or UTF-32, as RFC 4627 section 3 tells them apart.
        max_depth: Levels of lists and objects that are taken; text and numbers alone have none.

    Raises:
        NotJson: It is no JSON (RFC 8259), or nested more deeply.
    """
    try:
        value: JsonValue = json.loads(content)
    except ValueError as error:
        raise NotJson(str(error)) from None
    except RecursionError as error:
        raise NotJson(f"nested deeper than {max_depth} levels: {error}") from None
    # What is nested deeply can be read and then break whatever walks through it.
    if _brackets(content) > max_depth and _depth(value) > max_depth:
        raise NotJson(f"nested deeper than {max_depth} levels")
    return value


def decode_or_none(content: bytes | str) -> JsonValue:
    """Decode a body or a text; None where it is no JSON, as for the JSON `null`."""
    try:
        return decode(content)
    except NotJson:
        return None


def object_or_empty(content: bytes | str) -> JsonObject:
    """Decode a body or a text that should be an object; without members where it is anything else."""
    value = decode_or_none(content)
    return value if isinstance(value, dict) else {}


def _brackets(content: bytes | str) -> int:
    """Return how many lists and objects there can be at most: counting is quicker than walking."""
    if isinstance(content, str):
        return content.count("[") + content.count("{")
    return content.count(b"[") + content.count(b"{")


def _depth(value: JsonValue) -> int:
    """Return how deeply lists and objects are nested."""
    # Level by level: recursion is what must not happen.
    depth, level = 0, [value]
    while held := [each for each in level if isinstance(each, (dict, list))]:
        depth += 1
        level = [item for each in held for item in (each.values() if isinstance(each, dict) else each)]
    return depth


def strings(value: JsonValue, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts in a JSON value with their JSON pointers (RFC 6901)."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from strings(member, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for place, member in enumerate(value):
            yield from strings(member, f"{pointer}/{place}")
