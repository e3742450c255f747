"""Variants in the editions of ISO 15118: which are served, and what they are called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opnc.provisioning.namespaces import EVENT_NAMESPACES, NAMESPACES, version_of
from opnc.severity import Severity
from simulators.faults.tampering import everywhere
from simulators.kernel.messages import Refusal
from simulators.variants.making import Variant
from simulators.variants.meeting import holding, subscribing

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.events import Event
    from simulators.kernel.messages import Answer, Call

NAMESPACE = "xsdMsgDefNamespace"
OF_ISO = "urn:iso:std:iso:15118:-20:CommonMessages"
SERVICES = ("pcp", "cps", "ccp")


def _editions(call: Call) -> set[str]:
    """Return the names of editions in a request."""
    body = call.body if isinstance(call.body, dict) else {}
    return {str(stated) for stated in (call.query.get(NAMESPACE), body.get(NAMESPACE)) if stated}


def _refused(*names: str) -> Callable[..., None]:
    def control_edition(control: Callable[[Call], None], call: Call) -> None:
        control(call)
        if _editions(call) & set(names):
            raise Refusal(400, f"{NAMESPACE}: not a namespace that is known here")

    return control_edition


def _of_iso(_call: Call, answer: Answer) -> Answer:
    published, meant = NAMESPACES["ISO15118-20"].encode(), OF_ISO.encode()
    return replace(answer, content=answer.content.replace(published, meant))


def _of_interfaces(body: Callable[[Event], dict[str, str]], event: Event) -> dict[str, str]:
    in_events, in_interfaces = EVENT_NAMESPACES["ISO15118-20"], NAMESPACES["ISO15118-20"]
    return {name: in_interfaces if text == in_events else text for name, text in body(event).items()}


def _is_of_second_edition(call: Call, _answer: Answer) -> bool:
    return any("15118:-20" in name for name in _editions(call))


def _second_edition_alone(control: Callable[[Call], None], call: Call) -> None:
    control(call)
    if any(version_of(name) == "ISO15118-20" for name in _editions(call)):
        raise Refusal(400, f"{NAMESPACE}: ISO 15118-20 is not offered")


VARIANTS = (
    Variant(
        id="common.iso-name-refused",
        service="common",
        summary="ISO 15118-20 has to be called as the API files call it.",
        sources=("ERR-085",),
        matters=holding(OF_ISO.encode()),
        around=dict.fromkeys((f"{service}.body" for service in SERVICES), _refused(OF_ISO)),
    ),
    Variant(
        id="common.iso-name-sent",
        service="common",
        summary="Answers call ISO 15118-20 as its messages do.",
        sources=("ERR-085",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=everywhere(_of_iso, services=SERVICES),
    ),
    Variant(
        id="event.namespace-of-the-interfaces",
        service="event",
        summary="Events call ISO 15118-20 as the API files do.",
        sources=("ERR-085",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=subscribing(bool),
        around={"event.body.namespace": _of_interfaces},
    ),
    Variant(
        id="common.second-edition-alone",
        service="common",
        summary="ISO 15118-20 is not offered.",
        sources=("ERR-063",),
        declares={"declared": {"iso15118_20": False, "both_editions": False}},
        unjudged=("*",),
        leaves_out="What is not offered cannot be judged.",
        matters=_is_of_second_edition,
        around=dict.fromkeys((f"{service}.body" for service in SERVICES), _second_edition_alone),
    ),
)
