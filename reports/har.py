"""The exchanges of one scenario as HTTP Archive 1.2, for browsers' network panels and other tools.

HAR has no place for two things, which therefore stand in fields of our own, marked by an underscore as the
format demands: `_error` (no answer came) and `_encoding` (a request body that is not text).
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from opnc.http_headers import Headers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.model import Body, Exchange, Request, Response, ScenarioResult, Suite

FOLDER = "har"
_UNKNOWN = -1
"""What HAR wants where a size is not known."""


def file_name(scenario: ScenarioResult) -> str:
    """Return the name of a scenario's archive: safe on every file system, unique by a hash of the id.

    Lower case letters, digits, dot, hyphen and underscore only, at most 113 characters.
    """
    slug = re.sub(r"[^a-z0-9._-]+", "-", scenario.id.lower()).strip(".-")[:99].rstrip(".-")
    # Ids that differ in other signs or beyond 99 of them have one slug; file systems may know no letter case.
    digest = hashlib.sha256(scenario.id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{slug or 'scenario'}-{digest[:8]}.har"


def render(scenario: ScenarioResult, suite: Suite) -> str:
    """Return the archive of one scenario as JSON text."""
    log = {
        "version": "1.2",
        "creator": {"name": suite.name, "version": suite.version},
        "pages": [],
        "entries": [_entry(exchange) for exchange in scenario.exchanges],
        "comment": f"{scenario.id}: {scenario.verdict.value}",
    }
    # ASCII with escapes: texts of peers may hold halves of surrogates, which UTF-8 cannot write.
    return json.dumps({"log": log})


def _entry(exchange: Exchange) -> dict[str, Any]:
    milliseconds = round(exchange.duration_s * 1000, 3)
    entry = {
        "startedDateTime": exchange.started.isoformat(),
        "time": milliseconds,
        "request": _request(exchange.request),
        "response": _response(exchange.response) if exchange.response else _NO_RESPONSE,
        "cache": {},
        # All three are mandatory (HAR 1.2), and only the whole was measured.
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": f"{exchange.party} to {exchange.service}: {exchange.operation or 'outside the contract'}",
    }
    return entry if exchange.error is None else entry | {"_error": exchange.error}


def _request(request: Request) -> dict[str, Any]:
    fields = {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(request.headers),
        "queryString": _query(request.url),
        "headersSize": _UNKNOWN,
        "bodySize": request.body.size,
    }
    return fields | {"postData": _post_data(request.body)} if request.body.size else fields


def _response(response: Response) -> dict[str, Any]:
    return {
        "status": response.status,
        "statusText": response.reason,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(response.headers),
        "content": _content(response.body),
        # Mandatory, empty where there is none (HAR 1.2).
        "redirectURL": Headers(response.headers).first("location") or "",
        "headersSize": _UNKNOWN,
        "bodySize": response.body.size,
    }


_NO_RESPONSE = {
    "status": 0,
    "statusText": "",
    "httpVersion": "",
    "cookies": [],
    "headers": [],
    "content": {"size": 0, "mimeType": "x-unknown"},
    "redirectURL": "",
    "headersSize": _UNKNOWN,
    "bodySize": _UNKNOWN,
}
"""How browsers write an exchange that got no answer."""


def _headers(headers: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _query(url: str) -> list[dict[str, str]]:
    try:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        # The URL was broken on purpose, or by a peer; it stands in `url` as it is.
        return []
    return _headers(pairs)


def _post_data(body: Body) -> dict[str, Any]:
    # HAR 1.2 knows an encoding of answers only; what it does not know begins with an underscore.
    data = {"mimeType": body.media_type or "", "text": body.text or "", **_part(body)}
    return data if body.base64 is None else data | {"text": body.base64, "_encoding": "base64"}


def _content(body: Body) -> dict[str, Any]:
    content: dict[str, Any] = {"size": body.size, "mimeType": body.media_type or "x-unknown", **_part(body)}
    if body.base64 is not None:
        return content | {"text": body.base64, "encoding": "base64"}
    return content if body.text is None else content | {"text": body.text}


def _part(body: Body) -> dict[str, str]:
    return {"comment": "recorded in part"} if body.truncated else {}
