from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import httpx
import pytest

from opnc.http_headers import Headers

TWICE = Headers((("Accept", "a"), ("X-Once", "1"), ("ACCEPT", "b")))


def test_a_name_is_found_in_any_letter_case_and_as_often_as_it_stands() -> None:
    assert TWICE.all("accept") == ("a", "b")
    assert (TWICE.get("aCCept"), TWICE.first("accept"), TWICE.get("x-once")) == ("a, b", "a", "1")
    assert (TWICE.all("absent"), TWICE.get("absent"), TWICE.first("absent")) == ((), None, None)
    assert ("x-ONCE" in TWICE, "absent" in TWICE, len(TWICE)) == (True, False, 3)
    assert list(TWICE) == [("Accept", "a"), ("X-Once", "1"), ("ACCEPT", "b")]


def test_changes_make_others() -> None:
    assert TWICE.without("accept", "absent").pairs == (("X-Once", "1"),)
    assert TWICE.with_("accept", "c").pairs == (("X-Once", "1"), ("accept", "c"))
    assert len(TWICE) == 3
    with pytest.raises(FrozenInstanceError):
        setattr(TWICE, "pairs", ())  # noqa: B010 - an assignment that mypy would refuse


@pytest.mark.parametrize(
    "fields",
    [
        TWICE,
        [("Accept", "a"), ("X-Once", "1"), ("ACCEPT", "b")],
        iter(TWICE.pairs),
    ],
)
def test_fields_are_taken_over_with_their_repetitions(fields: Any) -> None:
    assert Headers.of(fields) == TWICE


def test_fields_of_a_client_keep_their_repetitions() -> None:
    assert Headers.of(httpx.Headers([("Accept", "a"), ("accept", "b")])).all("accept") == ("a", "b")
    assert Headers.of({"Accept": "a"}).pairs == (("Accept", "a"),)
    assert Headers.of({}).pairs == ()


def test_fields_of_a_wsgi_request() -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "HTTP_X_REQUEST_ID": "1",
        "HTTP_ACCEPT": "",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": "",
        "wsgi.input": object(),
    }
    assert Headers.from_environ(environ).pairs == (
        ("x-request-id", "1"),
        ("content-type", "application/json"),
    )
