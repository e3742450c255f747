"""What no implementation should send, for any service: a harness must name it, and must not fall over.

These are no part of the catalogue of faults, since they are not aimed at single requirements: each breaks all
answers of a service, and with them whatever a scenario wants to see.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64decode, b64encode
from dataclasses import replace
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from opnc import contract
from opnc.pki import der
from simulators.kernel.fault_injection import Fault
from simulators.kernel.messages import JSON, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Call

HTML = b"<!DOCTYPE html><title>It works</title>"

BODIES: Mapping[str, Callable[[bytes], bytes]] = {
    "html in JSON": lambda _content: HTML,
    "invalid UTF-8": lambda content: content[:-1] + b',"\xff\xfe":"\xc3\x28"}',
    "UTF-16": lambda content: content.decode().encode("utf-16"),
    "a byte order mark": lambda content: b"\xef\xbb\xbf" + content,
    "no body": lambda _content: b"",
    "blanks": lambda _content: b" \r\n\t ",
    "half of a body": lambda content: content[: len(content) // 2],
    "two bodies": lambda content: content + content,
    "a list": lambda content: b"[" + content + b"]",
    "null": lambda _content: b"null",
    "a number": lambda _content: b"42",
    "a string": lambda content: json.dumps(content.decode()).encode(),
    "an empty object": lambda _content: b"{}",
    # Decoders that recurse go some 1,000 deep in Python: far beyond, below and near it.
    "deep lists": lambda _content: b"[" * 100_000 + b"]" * 100_000,
    "deep objects": lambda content: b'{"a":' * 400 + content + b"}" * 400,
    "deeper objects": lambda content: b'{"a":' * 900 + content + b"}" * 900,
    "members twice": lambda content: b"{" + content[1:-1] + b"," + content[1:-1] + b"}",
    "NaN": lambda content: content[:-1] + b',"more":[NaN,-Infinity]}',
    # 1e999 becomes infinite, and CPython reads no integer of more than 4,300 digits from text.
    "endless numbers": lambda content: content[:-1] + b',"more":[1e999,' + b"9" * 5000 + b"]}",
    "five megabytes": lambda content: content + b" " * 5_000_000,
}
"""What becomes of the body of an answer."""

VALUES: Mapping[str, Any] = {
    "null": None,
    "a number": -1,
    "a large number": 10**30,
    "true": True,
    "an empty string": "",
    "control characters": "\x00\x1b[2J\r\n\u202e\ufeff",
    "half a character": "\ud800",
    "a long string": "A" * 70_000,
    "an empty list": [],
    "a list of everything": [None, 0, "", [], {}],
    "an empty object": {},
    "an object": {"": [{"": ""}]},
}
"""What becomes of single values in the body of an answer."""

STATUSES: Mapping[str, Answer] = {
    "an undocumented success": Answer(299, b"{}"),
    "an undocumented refusal": Answer(418, HTML, "text/html"),
    "a redirection": Answer(302, b"", "", {"Location": "https://elsewhere.opnc.test/"}),
    # No URL: its bracket is never closed.
    "a permanent redirection": Answer(308, HTML, "text/html", {"Location": "//[::1"}),
    "a server error": Answer(500, HTML, "text/html"),
    "an unknown server error": Answer(599, b"\xff"),
    "throttling": Answer(429, b"", "", {"Retry-After": "3600"}),
    "unavailability": Answer(503, HTML, "text/html", {"Retry-After": "never"}),
    "no authentication": Answer(401, b"null"),
}
"""Answers that come in place of all others."""

CERTIFICATE_FIELDS = {
    "serial number": 1,
    "signature algorithm": 2,
    "issuer": 3,
    "validity": 4,
    "subject": 5,
    "public key": 6,
    "extensions": 7,
}
"""Field of a certificate -> its place in TBSCertificate (RFC 5280 section 4.1)."""


def faults(service: str) -> tuple[Fault, ...]:
    """Return one fault for everything that a service may send and should not."""
    operations = contract.load().service(service).operations
    return tuple(
        Fault(
            id=f"{service}.hostile.{name.replace(' ', '-')}",
            service=service,
            requirements=(),
            summary=f"Every answer is spoilt: {name}.",
            tamper=dict.fromkeys(operations, tamper),
        )
        for name, tamper in _tampers().items()
    )


def _tampers() -> dict[str, Tamper]:
    return {
        **{name: _body(change) for name, change in BODIES.items()},
        **{f"values {name}": _values(value) for name, value in VALUES.items()},
        **{f"certificates {name}": _certificates(value) for name, value in VALUES.items()},
        **{f"{name} of garbage": _field(place) for name, place in CERTIFICATE_FIELDS.items()},
        **{name: _always(answer) for name, answer in STATUSES.items()},
        "another media type": lambda _call, answer: replace(answer, media_type="text/plain"),
        "a media type that is none": lambda _call, answer: replace(answer, media_type=";;, \x7f="),
        "another charset": lambda _call, answer: replace(answer, media_type=f"{JSON};charset=utf-7"),
        "gzip that is none": _with_header("Content-Encoding", "gzip"),
        "a bomb": _bomb,
    }


def _body(change: Callable[[bytes], bytes]) -> Tamper:
    def tamper(_call: Call, answer: Answer) -> Answer:
        return replace(answer, content=change(answer.content or b"{}"), media_type=JSON)

    return tamper


def _always(always: Answer) -> Tamper:
    return lambda _call, _answer: always


def _with_header(name: str, value: str) -> Tamper:
    return lambda _call, answer: replace(answer, headers={**answer.headers, name: value})


# Always the same, and packing it takes its time.
@cache
def _packed() -> bytes:
    return gzip.compress(bytes(50_000_000), 1)


def _bomb(_call: Call, answer: Answer) -> Answer:
    return replace(answer, content=_packed(), headers={"Content-Encoding": "gzip"})


def _edited(edit: Callable[[Any], Any]) -> Tamper:
    def tamper(_call: Call, answer: Answer) -> Answer:
        return replace(answer, content=json.dumps(edit(answer.value())).encode(), media_type=JSON)

    return tamper


def _values(value: Any) -> Tamper:
    """Replace values, another one in each answer, so that each of an object's members gets its turn."""
    turns = count()

    def edit(body: Any) -> Any:
        return _replaced(body, value, next(turns))

    return _edited(edit)


def _replaced(body: Any, value: Any, turn: int) -> Any:
    if isinstance(body, list) and body:
        return [_replaced(each, value, turn + place) for place, each in enumerate(body)]
    if isinstance(body, dict) and body:
        chosen = sorted(body)[turn % len(body)]
        return {
            name: _replaced(each, value, turn) if isinstance(each, (dict, list)) else each
            for name, each in body.items()
        } | ({} if isinstance(body[chosen], (dict, list)) and turn % 2 else {chosen: value})
    return value


def _certificates(value: Any) -> Tamper:
    return _edited(lambda body: _with_certificates(body, lambda _certificate: value))


def _field(place: int) -> Tamper:
    return _edited(lambda body: _with_certificates(body, lambda certificate: _garbled(certificate, place)))


def _with_certificates(body: Any, change: Callable[[str], Any]) -> Any:
    """Change every member that holds a certificate, wherever it stands."""
    if isinstance(body, list):
        return [_with_certificates(each, change) for each in body]
    if isinstance(body, dict):
        return {
            name: change(each) if name == "caCertificate" else _with_certificates(each, change)
            for name, each in body.items()
        }
    return body


def _garbled(certificate: str, place: int) -> str:
    """Overwrite one field of a certificate with garbage of the same length."""
    whole = b64decode(certificate)
    field = der.read_one(whole).children()[0].children()[place]
    # The first place with these octets: in a root, issuer and subject are the same.
    return b64encode(whole.replace(field.content, b"\xff" * len(field.content), 1)).decode()
