from __future__ import annotations

from typing import Any

import pytest

from opnc.json_body import MAX_DEPTH, NotJson, decode, decode_or_none, object_or_empty

NESTED = b"[" * 100_000


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"a": [1, null]}', {"a": [1, None]}),
        ('"[[[[text"', "[[[[text"),
        (b"1", 1),
        (b"\xef\xbb\xbf{}", {}),
        (nested(MAX_DEPTH), None),
        ("[" + ",".join(["[]"] * 100) + "]", [[]] * 100),
    ],
)
def test_json_is_decoded(content: bytes | str, value: Any) -> None:
    decoded = decode(content)
    assert value is None or decoded == value


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"nothing", b"\xff", b"{'a': 1}", b"1" * 5000),
        *(NESTED, NESTED.decode(), b'{"a":' * 100_000, nested(MAX_DEPTH + 1), nested(500).encode("utf-16")),
    ],
    ids=range(11),
)
def test_whatever_else_comes_is_refused_by_one_exception(content: bytes | str) -> None:
    with pytest.raises(NotJson):
        decode(content)
    assert decode_or_none(content) is None
    assert object_or_empty(content) == {}


def test_the_depth_that_is_taken_can_be_given() -> None:
    assert decode(nested(3), max_depth=3) == [[[]]]
    with pytest.raises(NotJson, match="nested deeper than 2 levels"):
        decode(nested(3), max_depth=2)


@pytest.mark.parametrize(("content", "value"), [(b'{"a": 1}', {"a": 1}), (b"[1]", {}), (b"null", {})])
def test_an_object_or_none_at_all(content: bytes, value: dict[str, Any]) -> None:
    assert object_or_empty(content) == value
