"""Variants in answers: error bodies, statuses of conflicts, members that need not be there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from opnc.severity import Severity
from simulators.faults.ccp_delivery import asks_for_something_else
from simulators.faults.tampering import each, everywhere, when
from simulators.kernel.messages import Answer, Refusal
from simulators.variants.making import Variant
from simulators.variants.meeting import refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Call

REQUEST = "getSignedContractDataByCertificateInstallationReqV1"
LISTS = ("getContractDataByEmaidV1", "getContractDataByPcidV1")
INFORMATIVE = frozenset({"defaultContract", "certValidFrom", "certValidTo"})


def _problem_details(_call: Call, answer: Answer) -> Answer:
    if answer.status < 400 or answer.media_type != "application/json":
        return answer
    problem = {"type": "about:blank", "title": "-", "status": answer.status}
    return Answer(answer.status, json.dumps(problem).encode(), "application/problem+json", answer.headers)


def _conflict(control: Callable[[Call], None], call: Call) -> None:
    try:
        control(call)
    except Refusal as refusal:
        raise Refusal(409, refusal.message) from refusal


def _of_lists(change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Tamper]:
    """Change every entry of the lists of contracts."""
    return {
        operation: tamper
        for operation_listing in LISTS
        for operation, tamper in each(operation_listing, "contractDataCollection", change).items()
    }


def _without_informative(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in INFORMATIVE}


VARIANTS = (
    Variant(
        id="common.problem-details",
        service="common",
        summary="Errors have the body of RFC 9457.",
        sources=("ERR-170", "RFC 9457 3"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=everywhere(_problem_details),
    ),
    Variant(
        id="ccp.informative-members-left-out",
        service="ccp",
        summary="Lists of contracts hold neither dates nor which is the default.",
        sources=("ERR-172",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        unjudged=("CCP-DEF-*", "CCP-PCID-02", "SYS-JSON-04"),
        leaves_out="What is delivered alone shows then which contract is the default, and until when.",
        tamper=_of_lists(_without_informative),
    ),
    Variant(
        id="common.409-for-conflicts",
        service="common",
        summary="What clashes with what is there already is answered 409.",
        sources=("ERR-174", "RFC 9110 15.5.10"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=refused(
            "addSignedContractDataV1", "signContractDataV1", "generateAndSignContractDataV1", "revokeCertV1"
        ),
        around=dict.fromkeys(
            ("ccp.add.unique", "cps.sign.unique", "cps.generate.unique", "pki.revoke.fresh"), _conflict
        ),
    ),
    Variant(
        id="ccp.updates-not-implemented",
        service="ccp",
        summary="A CertificateUpdateReq, for which there is no operation, is answered 501.",
        sources=("ERR-177",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper={REQUEST: when(asks_for_something_else, 501)},
    ),
)
