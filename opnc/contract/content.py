"""Reads a body in its media type and checks what it holds."""

from __future__ import annotations

import functools
import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NoReturn

from opnc.contract.deviation import Deviation, Kind, shortened
from opnc.contract.schema import check_value
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opnc.contract.model import Body

_BOM = b"\xef\xbb\xbf"
_REMEMBERED = 32_768
"""Bodies up to this many bytes are judged once: a run meets the same list of roots over and over."""


def check_content(bodies: Mapping[str, Body], content_type: str, body: bytes) -> Iterator[Deviation]:
    """Yield what is wrong with a body.

    Args:
        bodies: The media types that are defined here.
        content_type: Value of the header field; empty where there was none.
        body: The bytes.
    """
    if not body:
        # The first is the expected one; its type names what is missing, whatever Content-Type was sent.
        usual = next(iter(bodies.values()))
        yield Deviation(Kind.MISSING_BODY, "", _names(bodies), "no body", usual.errata, usual.no_body)
        return
    media_type, charset = _parsed(content_type)
    expected = bodies.get(media_type)
    if expected is None:
        yield Deviation(Kind.MEDIA_TYPE, "content-type", _names(bodies), shortened(content_type))
        return
    if expected.severity is not None:
        usual_names = _names({name: each for name, each in bodies.items() if each.severity is None})
        yield Deviation(
            Kind.MEDIA_TYPE, "content-type", usual_names, media_type, expected.errata, expected.severity
        )
    if media_type == "application/json" or media_type.endswith("+json"):
        # ASCII is a part of UTF-8; `charset` itself is not defined for JSON (RFC 8259 section 11).
        if charset not in {"", "utf-8", "us-ascii"}:
            yield _charset(charset)
        yield from _known_json(expected, body) if len(body) <= _REMEMBERED else _json(expected, body)
    elif expected.schema.get("type") == "string":
        yield from _text(expected, body)


# Bodies of one schema are judged alike wherever they come from. Bounded: a peer decides how many there are.
@functools.lru_cache(maxsize=128)
def _known_json(expected: Body, body: bytes) -> tuple[Deviation, ...]:
    return tuple(_json(expected, body))


def _json(expected: Body, body: bytes) -> Iterator[Deviation]:
    if body.startswith(_BOM):
        yield Deviation(
            Kind.ENCODING, "", "UTF-8 without byte order mark (RFC 8259, 8.1)", shortened(body[:8])
        )
    try:
        # Judged on without the mark: receivers may ignore it, so the rest still matters.
        yield from _members(body.removeprefix(_BOM).decode(), expected)
    except UnicodeDecodeError as error:
        yield _not_utf8(error)
    except (ValueError, RecursionError) as error:
        yield Deviation(Kind.NOT_JSON, "", "JSON (RFC 8259)", f"{shortened(body)}: {_reason(error)}")


def _members(text: str, expected: Body) -> list[Deviation]:
    """Return what is wrong in a text that is JSON; all at once, as comparing deep nesting may fail late."""
    value, repeated = _decoded(text)
    twice = [
        Deviation(
            Kind.DUPLICATE_MEMBER,
            "",
            "unique member names (RFC 8259, 4)",
            f"{shortened(name)} twice in one object",
            severity=Severity.WARN,
        )
        for name in dict.fromkeys(repeated)
    ]
    return [*twice, *check_value(value, expected.schema)]


def _text(expected: Body, body: bytes) -> Iterator[Deviation]:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        yield _not_utf8(error)
    else:
        yield from check_value(text, expected.schema)


def _decoded(text: str) -> tuple[Any, list[str]]:
    """Return the value and the names that some object has twice."""
    repeated: list[str] = []

    def unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(members)
        if len(found) < len(members):
            counts = Counter(name for name, _ in members)
            repeated.extend(name for name, count in counts.items() if count > 1)
        return found

    # The library takes NaN and Infinity, JSON does not (RFC 8259 section 6).
    return json.loads(text, object_pairs_hook=unique, parse_constant=_refused), repeated


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON value")


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _not_utf8(error: UnicodeDecodeError) -> Deviation:
    wrong = error.object[max(0, error.start - 10) : error.end]
    return Deviation(Kind.ENCODING, "", "UTF-8", f"{shortened(wrong)}: byte {error.start} is not UTF-8")


def _charset(charset: str) -> Deviation:
    return Deviation(
        Kind.CHARSET,
        "content-type",
        "UTF-8, which needs no charset",
        shortened(charset),
        severity=Severity.WARN,
    )


# Asked for each message, of a handful of types as a rule; bounded, for a peer may send any.
@functools.lru_cache(maxsize=64)
def _parsed(content_type: str) -> tuple[str, str]:
    """Return media type and charset in lower case, each empty where there is none."""
    media_type, *parameters = content_type.lower().split(";")
    values = dict(each.strip().partition("=")[::2] for each in parameters)
    return media_type.strip(), values.get("charset", "").strip('"')


def _names(bodies: Mapping[str, Body]) -> str:
    return " or ".join(bodies)
