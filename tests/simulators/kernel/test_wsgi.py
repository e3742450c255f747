from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from simulators.kernel.wsgi import App, call, dispatcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Pieces:
    """The body of an answer, which is to be closed (PEP 3333)."""

    def __init__(self) -> None:
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield b"one "
        yield b"two"

    def close(self) -> None:
        self.closed = True


def named(name: str) -> App:
    def app(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("x-name", name)])
        return [name.encode()]

    return app


def test_an_answer_comes_whole_and_is_closed() -> None:
    pieces = Pieces()

    def app(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("202 Accepted", [("a", "1"), ("a", "2")])
        return pieces

    assert call(app, {}) == ("202 Accepted", [("a", "1"), ("a", "2")], b"one two")
    assert pieces.closed


def test_the_last_start_counts() -> None:
    def app(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        start_response("500 Internal Server Error", [], None)
        return [b""]

    assert call(app, {})[0] == "500 Internal Server Error"


@pytest.mark.parametrize(
    ("path", "name"), [("/rcp", "rcp"), ("/rcp/v1", "rcp"), ("/rcp2", None), ("/", None), ("/pcp/", "pcp")]
)
def test_requests_go_to_the_app_for_their_path(path: str, name: str | None) -> None:
    app = dispatcher({"/rcp": named("rcp"), "/pcp": named("pcp")})
    status, _, content = call(app, {"PATH_INFO": path})
    if name is None:
        assert status == "404 Not Found"
        assert json.loads(content) == {"errorMessages": ["there is no service at this path"]}
    else:
        assert (status, content) == ("200 OK", name.encode())
