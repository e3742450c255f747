"""Several WSGI apps on one host, told apart by the beginning of the path."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""A WSGI app (PEP 3333)."""


def dispatcher(paths: Mapping[str, App]) -> App:
    """Return an app that hands each request to the app for the beginning of its path."""

    def dispatch(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        for beginning, app in paths.items():
            if path.startswith(beginning) and path[len(beginning) : len(beginning) + 1] in {"", "/"}:
                return app(environ, start_response)
        start_response("404 Not Found", [("content-type", "application/json")])
        return [json.dumps({"errorMessages": ["there is no service at this path"]}).encode()]

    return dispatch
