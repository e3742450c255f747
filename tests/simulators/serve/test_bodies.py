"""Which requests are waited for because a body comes with them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from simulators.serve.scheduling import has_body


def scope(version: str, method: str, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(http_version=version, method=method, headers=named)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (scope("1.1", "GET"), False),
        (scope("1.1", "POST", content_length="5"), True),
        (scope("1.1", "POST", content_length="0"), False),
        (scope("1.1", "POST", transfer_encoding="chunked"), True),
        (scope("1.1", "POST"), False),
        # Clients that stream over HTTP/2 tell no length: Java, Go, Node and .NET do so.
        (scope("2", "POST"), True),
        (scope("2.0", "PUT"), True),
        (scope("2", "POST", content_length="0"), False),
        (scope("2", "POST", content_length="5"), True),
        (scope("2", "GET"), False),
        (scope("2", "DELETE"), False),
        (scope("2", "DELETE", content_length="5"), True),
    ],
)
def test_a_body_is_waited_for_where_one_may_come(request_: Any, expected: bool) -> None:  # noqa: FBT001 - a parameter
    assert has_body(request_) is expected
