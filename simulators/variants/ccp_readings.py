"""Variants of the CCP: which contract is delivered, and how it says that there is none."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from opnc.broadcast import HEADER, PASSED_ON, may_pass_on
from opnc.exi import encode
from opnc.problem import Problem
from opnc.provisioning.contract_data import Session
from opnc.provisioning.failures import Failure, failure_response
from opnc.provisioning.messages import schema_of
from opnc.provisioning.namespaces import NAMESPACES, version_of
from opnc.severity import Severity
from simulators.ccp.delivery import COLLECTION
from simulators.ccp.service import ADD, BY_EMAID, BY_PCID, REQUEST
from simulators.ccp.submission import MESSAGE
from simulators.faults.tampering import answered
from simulators.kernel.messages import Answer, NotFoundLocally, Refusal
from simulators.variants.making import Variant
from simulators.variants.meeting import refused_by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import MethodType

    from simulators.ccp.delivery import Contracts
    from simulators.ccp.installation_request import InstallationRequest
    from simulators.ccp.lifecycle import ContractLifecycle
    from simulators.ccp.store import ContractRecord
    from simulators.kernel.messages import Call

Control: TypeAlias = "Callable[[Call], None]"

NAMESPACE = "xsdMsgDefNamespace"
DEFAULT = NAMESPACES["ISO15118-2"]


def _is_negative(body: Any) -> bool:
    """Tell whether an answer to a vehicle refuses a contract: ours then says whose it is not."""
    items = body.get(COLLECTION, []) if isinstance(body, dict) else []
    return len(items) == 1 and "emaid" not in items[0]


def _error(call: Call, status: int, body: dict[str, Any]) -> Answer:
    return Answer.json(status, {"errorMessages": ["there is none"], "traceId": call.trace_id, **body})


def _message_in_error(call: Call, answer: Answer) -> Answer:
    body = answer.value() if answer.status == 200 else {}
    return _error(call, 404, {MESSAGE: body[COLLECTION][0][MESSAGE]}) if _is_negative(body) else answer


def _message_anyway(_call: Call, answer: Answer) -> Answer:
    """Add a message to the refusal of a request that could be read."""
    if answer.status != 404:
        return answer
    session = Session(bytes(8), datetime(2026, 1, 1, tzinfo=UTC))
    message = failure_response(Failure.NO_CONTRACT, "ISO15118-2", session)
    text = b64encode(encode(message, schema_of(message))).decode()
    return Answer.json(404, {**(answer.value() or {}), MESSAGE: text})


def _last_stored_as_default(
    add: Callable[[ContractRecord, Sequence[str]], None], record: ContractRecord, key: Sequence[str]
) -> None:
    add(record, key)
    lifecycle = cast("ContractLifecycle", cast("MethodType", add).__self__)
    lifecycle.set_default(record.emaid, record.pcid)


def _copies_of_default(becomes: Callable[[ContractRecord], bool], record: ContractRecord) -> bool:
    """Let nobody become the default but a further copy of the contract that was chosen."""
    lifecycle = cast("ContractLifecycle", cast("MethodType", becomes).__self__)
    return lifecycle.is_default(record.emaid, record.pcid) and becomes(record)


def _only_or_default(
    keep: Callable[[Contracts, InstallationRequest], Contracts],
    contracts: Contracts,
    request: InstallationRequest,
) -> Contracts:
    return contracts if len({each.emaid for each in contracts}) == 1 else keep(contracts, request)


def _any_digits(put: Callable[[Any, str], bytes], contract: Any, session: str) -> bytes:
    return put(contract, f"{'0' * (len(session) % 2)}{session}")


def _edition_not_found(control: Control, call: Call) -> None:
    try:
        control(call)
    except Refusal as refusal:
        if NAMESPACE in refusal.message:
            raise NotFoundLocally(404, refusal.message) from refusal
        raise


def _in_default_edition(call: Call) -> Call:
    """Return a call with the default edition in place of one that does not exist."""
    try:
        version_of(call.query.get(NAMESPACE) or DEFAULT)
    except Problem:
        return replace(call, query={**call.query, NAMESPACE: DEFAULT})
    return call


def _edition_ignored(control: Control, call: Call) -> None:
    control(_in_default_edition(call))


def _default_edition(condition: Callable[[Call], Any], call: Call) -> Any:
    """Find what is of the default edition where the stated one does not exist."""
    return condition(_in_default_edition(call))


VARIANTS = (
    Variant(
        id="ccp.200-for-201",
        service="ccp",
        summary="What was stored is answered 200.",
        sources=("ERR-064",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper={ADD: answered(200, 201)},
    ),
    Variant(
        id="ccp.unknown-vehicle-is-bad-content",
        service="ccp",
        summary="Contract data for an unknown vehicle are refused with 400.",
        sources=("ERR-067",),
        lenient=None,
        strict=None,
        tamper={ADD: answered(400, 404)},
    ),
    Variant(
        id="ccp.contract-moves",
        service="ccp",
        summary="Contract data with the EMAID that another vehicle has take the place of those.",
        sources=("ERR-071",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=refused_by("ccp", "cps"),
        disabled=frozenset({"ccp.add.unique"}),
        replaced={"ccp.store.key": lambda: ("emaid", "version", "root")},
    ),
    Variant(
        id="ccp.broadcast-asks-to-pass-on",
        service="ccp",
        summary="The header broadcast asks for a request to be passed on, as the CCP's own text says.",
        sources=("ERR-080",),
        lenient=None,
        strict=None,
        declares={"declared": {"ccp_broadcast": "B"}},
        replaced={
            "ccp.peers.unmarked": lambda call: may_pass_on(call.headers.get(HEADER), "B"),
            "ccp.peers.mark": lambda _reading: {HEADER: PASSED_ON["B"]},
        },
    ),
    Variant(
        id="ccp.failures-in-error-bodies",
        service="ccp",
        summary="The message that refuses a contract stands in the body of a 404.",
        sources=("ERR-081",),
        tamper={REQUEST: _message_in_error},
    ),
    Variant(
        id="ccp.failures-by-http",
        service="ccp",
        summary="A vehicle that gets no contract is told so by HTTP alone, whatever the CPO wants.",
        sources=("ERR-081",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        unjudged=("CPO-05",),
        leaves_out="A CPO that gets no message from the pool has none to hand on.",
        replaced={"ccp.request.always-exi": lambda _call: False},
    ),
    Variant(
        id="ccp.failures-by-message",
        service="ccp",
        summary="The message that refuses a contract is in the body though the CPO does not want it.",
        sources=("ERR-081",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper={REQUEST: _message_anyway},
    ),
    Variant(
        id="ccp.last-stored-is-default",
        service="ccp",
        summary="The contract that was stored last is the default.",
        sources=("ERR-082",),
        around={"ccp.store.add": _last_stored_as_default},
    ),
    Variant(
        id="ccp.no-default-unless-chosen",
        service="ccp",
        summary="Of several contracts none is the default until the OEM has chosen one.",
        sources=("ERR-082",),
        disabled=frozenset({"ccp.withdraw.successor"}),
        around={"ccp.default.first": _copies_of_default, "ccp.deliver.default": _only_or_default},
    ),
    Variant(
        id="ccp.odd-sessions",
        service="ccp",
        summary="A session of an odd number of digits gets a zero before them.",
        sources=("ERR-083",),
        around={"ccp.fetch.session": _any_digits},
    ),
    Variant(
        id="ccp.unknown-edition-not-found",
        service="ccp",
        summary="Of an edition that does not exist nothing is found.",
        sources=("ERR-084",),
        lenient=None,
        strict=None,
        matters=refused_by("ccp"),
        around={"ccp.parameters": _edition_not_found},
    ),
    Variant(
        id="ccp.unknown-edition-ignored",
        service="ccp",
        summary="An edition that does not exist is taken for none.",
        sources=("ERR-084",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=refused_by("ccp"),
        around={
            "ccp.parameters": _edition_ignored,
            **dict.fromkeys(("ccp.emaid.version", "ccp.pcid.version", "ccp.fetch.version"), _default_edition),
        },
    ),
    Variant(
        id="ccp.empty-deliveries",
        service="ccp",
        summary="A vehicle without contract gets an empty list where the CPO wants no message.",
        sources=("ERR-087",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper={REQUEST: answered(200, 404, json.dumps({COLLECTION: []}).encode())},
    ),
    Variant(
        id="ccp.empty-lists",
        service="ccp",
        summary="Where there is no contract the list is empty.",
        sources=("ERR-087",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=dict.fromkeys(
            (BY_EMAID, BY_PCID), answered(200, 404, json.dumps({"contractDataCollection": []}).encode())
        ),
    ),
)
