"""Variants in how answers look: error bodies of common frameworks, statuses that nobody lists."""

from __future__ import annotations

import json
import re
import ssl
from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc.contract import expected_response
from opnc.severity import Severity
from simulators.faults.tampering import everywhere
from simulators.kernel.messages import JSON, Answer, Refusal
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.messages import Call


LONGEST = 2136
"""Characters that a certificate may have in JSON; PEM of the longest of ISO 15118-20 would have more."""


def _has_schema(call: Call, answer: Answer) -> bool:
    published = expected_response(call.operation, answer.status)
    return answer.status >= 400 and published is not None and bool(published.bodies)


def _of_spring(call: Call, answer: Answer) -> Answer:
    body = {"timestamp": "2026-01-01T00:00:00Z", "status": answer.status, "error": "-", "path": "/"}
    return Answer.json(answer.status, body) if _has_schema(call, answer) else answer


def _without_body(call: Call, answer: Answer) -> Answer:
    return Answer(answer.status, media_type="") if _has_schema(call, answer) else answer


def _bare_404(call: Call, answer: Answer) -> Answer:
    published = expected_response(call.operation, answer.status)
    bare = published is not None and not published.bodies
    return Answer(404, media_type="") if answer.status == 404 and bare else answer


def _content_refused_by_422(_call: Call, answer: Answer) -> Answer:
    return replace(answer, status=422) if answer.status == 400 else answer


def _deleted_by_204(call: Call, answer: Answer) -> Answer:
    done = call.operation.method == "DELETE" and answer.status == 200
    return Answer(204, media_type="") if done else answer


LARGEST = 2136
"""Characters that the contract gives to a certificate."""


def _in_pem(_call: Call, answer: Answer) -> Answer:
    if not answer.content or answer.media_type != JSON:
        return answer
    return replace(answer, content=json.dumps(_armoured(answer.value())).encode())


def _armoured(value: Any, name: str = "") -> Any:
    """Return a JSON value in which every member that holds a certificate holds base64 of its PEM."""
    if isinstance(value, dict):
        return {member: _armoured(each, member) for member, each in value.items()}
    if isinstance(value, list):
        return [_armoured(each, name) for each in value]
    # `MI`: a SEQUENCE of at least 128 bytes, as every certificate is.
    if not isinstance(value, str) or not name.lower().endswith("certificate") or value[:2] != "MI":
        return value
    pem = b64encode(ssl.DER_cert_to_PEM_cert(b64decode(value)).encode()).decode()
    # The limit of ISO 15118-20 holds for PEM as well (ERR-030).
    return pem if len(pem) <= LARGEST else value


def _at_most_800(control: Callable[[Call], None], call: Call) -> None:
    control(call)
    if re.search(rb'[^"]{801}', call.content):
        raise Refusal(400, "a certificate is too long")


def _is_long(call: Call, _answer: Answer) -> bool:
    return bool(re.search(rb'[^"]{801}', call.content))


VARIANTS = (
    Variant(
        id="common.certificates-in-pem",
        service="common",
        summary="Certificates in answers are base64 of PEM, as some descriptions have it.",
        sources=("ERR-033",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        unjudged=("POOL-CCP-01", "POOL-CCP-08", "POOL-SYNC-01", "SYS-FLOW-07"),
        leaves_out="Other ecosystems read DER alone, and make no contract for a vehicle that is told in PEM.",
        tamper=everywhere(_in_pem, services={"rcp", "pcp", "cps", "ccp"}),
    ),
    Variant(
        id="common.literal-length",
        service="common",
        summary="Certificates of more than 800 characters are refused, as the schemas say.",
        sources=("ERR-030",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        unjudged=("*",),
        leaves_out="A chain of ISO 15118-20 is longer than that, so nobody can claim that edition.",
        matters=_is_long,
        declares={"declared": {"iso15118_20": False, "both_editions": False}},
        around={f"{service}.body": _at_most_800 for service in ("rcp", "pcp")},
    ),
    Variant(
        id="common.errors-of-spring",
        service="common",
        summary="Errors have the body of Spring's default, which error.v1 neither demands nor forbids.",
        sources=("ERR-170",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=everywhere(_of_spring),
    ),
    Variant(
        id="common.errors-without-body",
        service="common",
        summary="Errors come without a body where a schema is given for one.",
        sources=("ERR-170",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=everywhere(_without_body),
    ),
    Variant(
        id="common.bare-404",
        service="common",
        summary="A 404 has no body where the operation describes none.",
        sources=("ERR-087",),
        tamper=everywhere(_bare_404),
    ),
    Variant(
        id="common.422-for-400",
        service="common",
        summary="Bad content is refused by 422, as frameworks that validate do.",
        sources=("ERR-174", "RFC 9110 15.5.21"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=everywhere(_content_refused_by_422),
    ),
    Variant(
        id="common.204-for-deletion",
        service="common",
        summary="What was deleted is answered 204, which has no body.",
        sources=("ERR-174", "RFC 9110 9.3.5"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=everywhere(_deleted_by_204),
    ),
)
