"""Variants in how ids are read: of contracts, of vehicles, of the parties that headers name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc.identifiers import Emaid
from opnc.severity import Severity
from simulators.ccp.store import CONTRACTS, ContractRecord
from simulators.faults.headers import FROM_TYPE, TO_TYPE
from simulators.faults.identifiers import stated_ids
from simulators.faults.rights import SERVICES
from simulators.kernel.messages import Refusal
from simulators.variants.making import Variant
from simulators.variants.meeting import stating

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import ColumnElement

    from simulators.kernel.messages import Answer, Call

    Control = Callable[[Call], None]

_WITH_CHECK_DIGIT = 15
"""Characters of an EMAID with its check digit."""

OF_CONTRACTS, OF_VEHICLES = ("cps", "ccp"), ("pcp", "cps", "ccp")


def _after(services: Iterable[str], refuse: Control) -> dict[str, Callable[..., None]]:
    """Refuse some calls whose parameters and body are otherwise right."""

    def control_body(control: Control, call: Call) -> None:
        control(call)
        refuse(call)

    return {f"{service}.body": control_body for service in services}


def _not_documented(call: Call) -> None:
    for emaid in stated_ids(call, "emaid"):
        if not Emaid.valid_in_docs(emaid):
            raise Refusal(400, f"emaid: {emaid} has not the documented form")


def _in_lower_case(call: Call) -> None:
    for pcid in stated_ids(call, "pcid"):
        if pcid != pcid.upper():
            raise Refusal(404, f"pcid: {pcid} is not known")


# With its check digit, an EMAID is another one


def _whole(emaid: Emaid) -> Emaid:
    return replace(emaid, instance=emaid.instance + (emaid.check_digit or ""), check_digit=None)


def _kept_whole(store: Callable[[ContractRecord, Any], None], record: ContractRecord, key: object) -> None:
    store(replace(record, emaid=_whole(record.emaid)), key)


def _of_whole_emaid(call: Call) -> ColumnElement[bool]:
    return CONTRACTS.c.emaid == Emaid.parse(call.path["emaid"]).compact


# Headers


def _refused_for_headers(_call: Call, answer: Answer) -> bool:
    # Nothing else than a refusal follows from them.
    return answer.status == 400 and b"opnc-" in answer.content.lower()


def _without_headers(control: Control, call: Call) -> None:
    control(replace(call, headers={name: each for name, each in call.headers.items() if name[:5] != "opnc-"}))


def _names_long_ids(call: Call, _answer: Answer) -> bool:
    try:
        _short_ids(call)
    except Refusal:
        return True
    return False


def _short_ids(call: Call) -> None:
    for kind in (FROM_TYPE, TO_TYPE):
        name = call.headers.get(kind.replace("type", "id"), "")
        if call.headers.get(kind) in {"oem", "emsp", "cpo"} and len(name) not in {0, 3, 5}:
            raise Refusal(400, f"{kind}: {name} is not the id of such a party")


VARIANTS = (
    Variant(
        id="common.emaids-of-the-documentation",
        service="common",
        summary="EMAIDs have the documented form: all hyphens or none, and an instance of nine characters.",
        sources=("ERR-160",),
        unjudged=("CCP-EMAID-09",),
        leaves_out="Where all EMAIDs are of one length none is the beginning of another.",
        matters=stating("emaid", lambda text: not Emaid.valid_in_docs(text)),
        around=_after(OF_CONTRACTS, _not_documented),
    ),
    Variant(
        id="ccp.check-digit-part-of-the-id",
        service="ccp",
        summary="An EMAID with its check digit is another contract than the same without it.",
        sources=("ERR-161",),
        matters=stating("emaid", lambda text: len(text.replace("-", "")) == _WITH_CHECK_DIGIT),
        around={"ccp.store.add": _kept_whole},
        replaced=dict.fromkeys(("ccp.emaid.emaid", "ccp.fetch.emaid", "ccp.delete.scope"), _of_whole_emaid),
    ),
    Variant(
        id="common.pcids-case-sensitive",
        service="common",
        summary="A PCID in lower case is nobody's, in all services.",
        # Whose a PCID is that is nobody's, nobody knows: 404 to who may not see it is noted (ERR-156).
        sources=("ERR-162",),
        matters=stating("pcid", lambda text: text != text.upper()),
        around=_after(OF_VEHICLES, _in_lower_case),
    ),
    Variant(
        id="pcp.pcids-case-sensitive",
        service="pcp",
        summary="A PCID in lower case is nobody's in the PCP, and the vehicle's in the CCP.",
        sources=("ERR-162",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=stating("pcid", lambda text: text != text.upper()),
        around=_after(("pcp",), _in_lower_case),
    ),
    Variant(
        id="common.headers-ignored",
        service="common",
        summary="Nobody looks at the headers that name the parties of a request.",
        sources=("ERR-154",),
        matters=_refused_for_headers,
        around={f"{service}.parameters": _without_headers for service in SERVICES},
    ),
    Variant(
        id="common.headers-of-either-length",
        service="common",
        summary="Ids of providers and operators in headers may lack the country code.",
        sources=("ERR-154",),
        matters=_names_long_ids,
        around=_after(SERVICES, _short_ids),
    ),
)
