"""Frozen dataclasses to JSON data and back, by their type hints alone.

Reading is strict: a missing, unknown or mistyped key is a `Problem` that names its place. Decoders are built
once per type, since a results file holds some hundred thousand values.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, KeysView, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from opnc.problem import Problem

T = TypeVar("T")
Decoder = Callable[[Any], Any]

_KEY = "key"

_PLAIN = frozenset({str, int, float, bool, types.NoneType})

DAMAGED = "the file was damaged, edited by hand or written by another version; make it anew"
"""What to tell of a file that does not hold what it should."""


class _Mismatch(Exception):
    """A value does not fit; the path to it grows while the exception travels outwards."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
        self.path: list[str] = []

    def within(self, part: str) -> _Mismatch:
        # At the front: the innermost place is known first.
        self.path.insert(0, part)
        return self


def to_data(value: Any) -> Any:
    """Turn a value of dataclasses, tuples, mappings, enums and times into what `json` can write.

    Keys keep the order of the fields. Times are ISO 8601 with their offset.

    Returns:
        An object for a dataclass, keys being its fields (or see `stored_as`), a list for a tuple.

    Raises:
        TypeError: It holds something that has no JSON form here; a mistake in this suite.
    """
    kind: Any = type(value)
    # By exact type, for enumerations of strings are strings as well; first, for most values are plain.
    if kind in _PLAIN:
        return value
    if keys := _keys(kind):
        return {key: to_data(getattr(value, name)) for name, key in keys}
    # Not strings, which are sequences too; any other sequence is a mistake of ours.
    if kind in (tuple, list):
        return [to_data(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_data(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form here: {value!r}")


def from_data(cls: type[T], data: Any, *, where: str) -> T:
    """Turn decoded JSON into a value of a dataclass.

    Args:
        cls: The class to make.
        data: Decoded JSON.
        where: File or URL the data came from, for the error message.

    Raises:
        Problem: The data does not have the form of the class.
    """
    hint: Any = cls
    try:
        return cast("T", _decoder(hint)(data))
    except _Mismatch as mismatch:
        place = f"{where}, {'.'.join(mismatch.path)}" if mismatch.path else where
        raise Problem(mismatch.what, where=place, hint=DAMAGED) from None


def stored_as(key: str) -> Mapping[str, str]:
    """Return the metadata of a field that has another name in JSON.

    A key can change with the version of its schema only, a field when a better word is found.
    """
    return {_KEY: key}


@cache
def _keys(kind: Any) -> tuple[tuple[str, str], ...]:
    """Return the fields of a dataclass with their keys in JSON, nothing for any other type."""
    return tuple((f.name, _key(f)) for f in fields(kind)) if is_dataclass(kind) else ()


def _key(f: Field[Any]) -> str:
    return str(f.metadata.get(_KEY, f.name))


# Types are few and live as long as the program, so the cache needs no bound.
@cache
def _decoder(hint: Any) -> Decoder:
    """Build the decoder of one type hint."""
    if is_dataclass(hint):
        return _record(hint)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    # `X | None` is the only union of the model.
    if origin is types.UnionType:
        return _optional(_decoder(next(a for a in arguments if a is not types.NoneType)))
    if origin is tuple:
        return _array(_decoder(arguments[0]), None if arguments[-1] is Ellipsis else len(arguments))
    if origin is Mapping:
        return _mapping(_decoder(arguments[1]))
    return _scalar(hint)


def _scalar(hint: Any) -> Decoder:
    if hint is Any:
        return lambda data: data
    if hint in _TIMES:
        return _parsed(_TIMES[hint])
    return _parsed(hint) if issubclass(hint, Enum) else _plain(hint)


def _moment(text: str) -> datetime:
    """Read a time of RFC 3339: without an offset it could not be set beside others."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("it has no offset from UTC")
    return moment


_TIMES: Mapping[Any, Callable[[str], Any]] = {datetime: _moment, date: date.fromisoformat}


def _plain(kind: type[Any]) -> Decoder:
    # JSON has one kind of number: a duration of exactly 2 s may stand there as 2.
    accepted = (int, float) if kind is float else (kind,)

    def decode(data: Any) -> Any:
        # Not `isinstance`: true is an int in Python, and not a number in JSON.
        if type(data) not in accepted:
            raise _Mismatch(f"expected {kind.__name__}, found {_named(data)}")
        return data

    return decode


def _parsed(parse: Callable[[str], Any]) -> Decoder:
    def decode(data: Any) -> Any:
        try:
            return parse(data)
        except (TypeError, ValueError) as error:
            raise _Mismatch(f"{_named(data)} is not understood: {error}") from None

    return decode


def _optional(inner: Decoder) -> Decoder:
    return lambda data: None if data is None else inner(data)


def _array(inner: Decoder, length: int | None) -> Decoder:
    def decode(data: Any) -> Any:
        if not isinstance(data, list) or (length is not None and len(data) != length):
            raise _Mismatch(f"expected a list{f' of {length}' if length else ''}, found {_named(data)}")
        found: list[Any] = []
        try:
            for item in data:
                found.append(inner(item))  # noqa: PERF401 - its length tells the place of a mismatch
        except _Mismatch as mismatch:
            raise mismatch.within(str(len(found))) from None
        return tuple(found)

    return decode


def _mapping(inner: Decoder) -> Decoder:
    def decode(data: Any) -> Any:
        if not isinstance(data, dict):
            raise _Mismatch(f"expected an object, found {_named(data)}")
        return _values(dict.fromkeys(data, inner), data)

    return decode


def _record(cls: Any) -> Decoder:
    # Annotations are strings here, so names used in them have to exist at run time.
    hints = typing.get_type_hints(cls)
    decoders = {_key(f): _decoder(hints[f.name]) for f in fields(cls)}
    required = {_key(f) for f in fields(cls) if _is_required(f)}
    renamed = {_key(f): f.name for f in fields(cls) if _key(f) != f.name}

    def decode(data: Any) -> Any:
        if not isinstance(data, dict):
            raise _Mismatch(f"expected an object, found {_named(data)}")
        # Keys that all fit, as nearly always, cost one comparison.
        if data.keys() != decoders.keys():
            _check_keys(data.keys(), required, decoders.keys())
        values = _values(decoders, data)
        return cls(**({renamed.get(key, key): value for key, value in values.items()} if renamed else values))

    return decode


def _values(decoders: Mapping[str, Decoder], data: Mapping[str, Any]) -> dict[str, Any]:
    """Decode each member of an object; one `try` for all: this runs for every value of a file."""
    values = {}
    try:
        for name, item in data.items():
            values[name] = decoders[name](item)
    except _Mismatch as mismatch:
        raise mismatch.within(name) from None
    return values


def _check_keys(found: KeysView[str], required: set[str], known: KeysView[str]) -> None:
    if missing := required - found:
        raise _Mismatch(f"the key {min(missing)!r} is missing")
    if unknown := found - known:
        raise _Mismatch(f"the key {min(unknown)!r} is unknown")


def _is_required(f: Field[Any]) -> bool:
    return f.default is MISSING and f.default_factory is MISSING


def _named(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 60 else f"{text[:57]}..."
