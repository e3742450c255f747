"""What services may do wrong with requests as such, whatever they are about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from opnc import contract, json_body, rights
from simulators.faults import making
from simulators.faults.rights import SERVICES
from simulators.faults.tampering import edited, everywhere, let_pass, when
from simulators.kernel.messages import JSON, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import falcon

    from simulators.kernel.fault_injection import Fault, Tamper
    from simulators.kernel.messages import Call

OPERATIONS = tuple(operation for operation in contract.load() if operation.service in SERVICES)

NAMESPACE = "xsdMsgDefNamespace"
EDITION_2, EDITION_20 = "urn:iso:15118:2:2013:MsgDef", "urn:iso:15118:20:2020:MsgDef"

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T")

TRACE = 'Traceback (most recent call last):\n  File "/srv/pool/app.py", line 42, in handle\nKeyError: 0'


_make = making.faults_of("common", "system")


def _fault(
    name: str,
    requirement: str | tuple[str, ...],
    summary: str,
    *,
    tamper: Mapping[str, Tamper] | None = None,
    replaced: Mapping[str, Callable[..., Any]] | None = None,
    unserved: Callable[[falcon.Request, falcon.HTTPError], Answer] | None = None,
    only: Mapping[str, str] | None = None,
) -> Fault:
    """Make a fault of all services."""
    answered = {f"{service}.unserved": unserved for service in SERVICES} if unserved else {}
    return _make(
        name, requirement, summary, tamper=tamper, replaced={**answered, **(replaced or {})}, only=only
    )


def _accepts(media_type: str) -> Callable[[Call], bool]:
    return lambda call: call.headers.get("accept") == media_type


def _served(_request: falcon.Request, _error: falcon.HTTPError) -> Answer:
    return Answer.json(200, {})


def _telling(_request: falcon.Request, error: falcon.HTTPError) -> Answer:
    return Answer.json(error.status_code, {"errorMessages": [TRACE]})


# What an error says


def _error(change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Tamper]:
    """Change the bodies of all errors."""

    def tamper(call: Call, answer: Answer) -> Answer:
        if answer.status not in {400, 404} or not answer.content:
            return answer
        return edited(change, status=answer.status)(call, answer)

    return everywhere(tamper)


ERRORS = (
    _fault(
        "trace-id-is-no-uuid",
        "SYS-ERR-01",
        "The trace id of an error is a running number.",
        # It might be missing; if it is there, it must be right (ERR-170).
        tamper=_error(lambda body: {**body, "traceId": "42"}),
    ),
    _fault(
        "no-messages",
        "SYS-ERR-01",
        "An error has an empty list of messages.",
        tamper=_error(lambda body: {**body, "errorMessages": []}),
    ),
    _fault(
        "one-trace-id",
        "SYS-ERR-02",
        "All errors have the same trace id.",
        tamper=_error(lambda body: {**body, "traceId": "00000000-0000-4000-8000-000000000000"}),
    ),
    _fault(
        "every-client-refused",
        "SYS-ERR-03",
        "Clients that understand everything are answered 406.",
        tamper=everywhere(when(_accepts("*/*"), 406)),
    ),
    _fault(
        "unknown-client-crashes",
        "SYS-ERR-03",
        "Clients that understand nothing of the answer bring a service down.",
        tamper=everywhere(when(_accepts("image/png"), 500)),
    ),
    _fault("any-method", "SYS-ERR-03", "Methods that do not exist are answered 200.", unserved=_served),
    _fault("traces-shown", "SYS-ERR-07", "Errors hold the stack trace of what failed.", unserved=_telling),
)

# What is not at the place it should be

PLACES = (
    _fault(
        "elsewhere",
        "SYS-VER-01",
        "The operations are not under /opnc/v1.",
        tamper=everywhere(lambda _call, _answer: Answer(404, media_type="")),
    ),
    _fault(
        "one-service-elsewhere",
        "SYS-VER-02",
        "One service is there under another version only.",
        # With a page, as servers answer paths that they do not know: without, it may be an empty list.
        tamper=everywhere(lambda _call, _answer: Answer(404, b"<h1>Not Found</h1>", "text/html"), ("event",)),
    ),
    _fault("any-version", "SYS-VER-03", "Every version is answered 200.", unserved=_served),
)


# What bodies may be


def _is_json(content: bytes) -> bool:
    return isinstance(json_body.decode_or_none(content), dict)


def _bodies() -> Iterator[Fault]:
    """Yield the faults of each operation that takes JSON."""
    for operation in OPERATIONS:
        if JSON not in operation.request:
            continue
        only = {"operation": rights.first_call(operation.id)}
        yield _fault(
            f"malformed-crashes.{operation.id}",
            "SYS-ERR-04",
            f"{operation.id} crashes over a body that is no JSON.",
            tamper={operation.id: when(lambda call: not _is_json(call.content), 500)},
            only=only,
        )
        yield _fault(
            f"any-media-type.{operation.id}",
            "SYS-JSON-01",
            f"{operation.id} takes a body of any media type.",
            tamper={operation.id: let_pass(400, 415)},
            only=only,
        )
        yield _fault(
            f"no-charset.{operation.id}",
            "SYS-JSON-01",
            f"{operation.id} does not know JSON when its charset is stated.",
            tamper={operation.id: when(lambda call: ";" in call.headers.get("content-type", ""), 415)},
            only=only,
        )
        yield _fault(
            f"closed.{operation.id}",
            "SYS-JSON-02",
            f"{operation.id} refuses a body with a member that it does not know.",
            tamper={operation.id: when(_has_unknown_member, 400)},
            only=only,
        )
        yield _fault(
            f"any-spelling.{operation.id}",
            "SYS-JSON-03",
            f"{operation.id} knows its members in any letter case.",
            tamper={operation.id: let_pass(400, 415)},
            only=only,
        )


def _has_unknown_member(call: Call) -> bool:
    known = call.operation.request[JSON].schema["properties"]
    return isinstance(call.body, dict) and not call.body.keys() <= known.keys()


def _hostile_ids() -> Iterator[Fault]:
    for operation in OPERATIONS:
        if "{" in operation.path:
            yield _fault(
                f"hostile-id-crashes.{operation.id}",
                "SYS-ERR-05",
                f"{operation.id} crashes over an id that is none.",
                tamper={operation.id: when(_has_hostile_id, 500)},
                only={"operation": rights.first_call(operation.id)},
            )


def _has_hostile_id(call: Call) -> bool:
    # Sound ids hold letters, digits and hyphens, and none has more than 36 characters.
    return any(len(value) > 100 or not value.replace("-", "").isalnum() for value in call.path.values())


# What messages hold


def _strings(value: Any) -> Iterator[str]:
    """Yield every text in a decoded body."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)
    elif isinstance(value, str):
        yield value


def _rewritten(write: Callable[[str], str]) -> Tamper:
    """Write every text of an answer in another way."""

    def rewrite(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: rewrite(each) for name, each in value.items()}
        if isinstance(value, list):
            return [rewrite(each) for each in value]
        return write(value) if isinstance(value, str) else value

    return edited(rewrite)


def _without_t(text: str) -> str:
    # The production `date-time` of RFC 3339 section 5.6 has a T; blanks are for readers.
    return text.replace("T", " ") if _DATE.match(text) else text


def _in_lines(text: str) -> str:
    return f"{text[:64]}\n{text[64:]}" if text.startswith("MII") else text


def _limited_to(length: int, status: int) -> dict[str, Tamper]:
    """Answer bodies that hold a longer text with a status."""
    return everywhere(when(lambda call: any(len(text) > length for text in _strings(call.body)), status))


def _names(namespace: str) -> Callable[[Call], bool]:
    """Tell whether a call states a namespace."""

    def names(call: Call) -> bool:
        stated = call.query.get(NAMESPACE) or (isinstance(call.body, dict) and call.body.get(NAMESPACE))
        return bool(stated == namespace)

    return names


CONTENT = (
    _fault(
        "encodings-crash",
        "SYS-JSON-01",
        "Bodies that are not in UTF-8 bring a service down.",
        tamper=everywhere(when(lambda call: "charset=utf-16" in call.headers.get("content-type", ""), 500)),
    ),
    _fault(
        "compressed-crash",
        "SYS-ERR-04",
        "Compressed bodies bring a service down.",
        tamper=everywhere(when(lambda call: "content-encoding" in call.headers, 500)),
    ),
    _fault(
        "dates-without-t",
        "SYS-JSON-04",
        "Dates have a blank between day and time.",
        tamper=everywhere(_rewritten(_without_t)),
    ),
    _fault(
        "certificates-in-lines",
        "SYS-DATA-01",
        "Certificates have line breaks.",
        tamper=everywhere(_rewritten(_in_lines)),
    ),
    _fault(
        "certificates-below-600-bytes",
        "SYS-DATA-02",
        "Certificates of 800 characters are refused.",
        # Base64 of 600 bytes, which every reading of the limit allows: a shorter limit is nobody's (ERR-030).
        tamper=_limited_to(799, 400),
    ),
    _fault(
        "long-certificates-crash",
        ("SYS-DATA-02", "SYS-DATA-03"),
        "Certificates of more than 800 characters bring the service down.",
        # To refuse them would be a warning: the literal limit (ERR-030).
        tamper=_limited_to(800, 500),
    ),
    _fault(
        "edition-2-unknown",
        "SYS-NS-01",
        "The namespace of ISO 15118-2 is refused.",
        tamper=everywhere(when(_names(EDITION_2), 400)),
    ),
    _fault(
        "edition-20-unknown",
        "SYS-NS-02",
        "The namespace of ISO 15118-20 is refused.",
        tamper=everywhere(when(_names(EDITION_20), 400)),
    ),
    _fault(
        "events-name-edition-2",
        "SYS-NS-03",
        "Events about ISO 15118-20 name ISO 15118-2.",
        replaced={"event.body.namespace": lambda _event: {NAMESPACE: EDITION_2}},
    ),
)

FAULTS: tuple[Fault, ...] = (*ERRORS, *PLACES, *_bodies(), *_hostile_ids(), *CONTENT)
