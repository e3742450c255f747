"""Variants in who may do what: cells with two readings, doors that stay open, ways to refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opnc import rights
from opnc.severity import Severity
from simulators.faults.tampering import everywhere
from simulators.kernel.messages import Answer
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from simulators.kernel.fault_injection import Cell
    from simulators.kernel.messages import Call

LISTS_OF_CONTRACTS = ("getContractDataByEmaidV1", "getContractDataByPcidV1")


def _open_ca_certificates(control: Callable[[Call], None], call: Call) -> None:
    if call.operation.id != "getCaCertsV1":
        control(call)


def _administration_elsewhere(_call: Call, answer: Answer) -> Answer:
    if answer.status not in {401, 403}:
        return answer
    return Answer(405, media_type="", headers={"Allow": "GET"})


def _owner_unless_turned(cells: Collection[Cell]) -> Callable[[Callable[[Call], None], Call], None]:
    """Return a control of ownership that does not ask who is let in by a turned cell, and owns nothing."""

    def control_others(control: Callable[[Call], None], call: Call) -> None:
        party = call.principal.party if call.principal else None
        if (call.operation.id, call.query.get("caDomain"), party) not in cells:
            control(call)

    return control_others


def _turned(erratum: str, service: str, name: str) -> Variant:
    """Return a service that reads every cell the other way that an erratum says has two readings."""
    cells = [cell for cell in rights.cells() if (cell.erratum, cell.row.service) == (erratum, service)]
    turned: dict[Cell, bool] = {
        (cell.row.operation, cell.row.ca_domain, cell.party): not cell.allowed for cell in cells
    }
    owner = {"ccp": "ccp.add.owner", "pki": "pki.revoke.owner"}
    return Variant(
        id=f"{service}.{name}",
        service=service,
        summary="Cells of the rights table that can be read in two ways are read in the other.",
        sources=(erratum,),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        rights=turned,
        around={owner[service]: _owner_unless_turned(turned)} if service in owner else {},
    )


def _hidden(_call: Call, answer: Answer) -> Answer:
    return replace(answer, status=404) if answer.status == 403 else answer


def _unauthorized(_call: Call, answer: Answer) -> Answer:
    if answer.status != 403:
        return answer
    challenge = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
    return replace(answer, status=401, headers={**answer.headers, **challenge})


def _bad_content(_call: Call, answer: Answer) -> Answer:
    return replace(answer, status=400) if answer.status == 403 else answer


def _nothing_listed(call: Call, answer: Answer) -> Answer:
    # Whoever has no right to list at all is refused.
    lists = call.principal is not None and rights.allowed(call.operation.id, call.principal.party, None)
    empty = answer.status == 403 and lists
    return Answer.json(200, {"contractDataCollection": []}) if empty else answer


VARIANTS = (
    Variant(
        id="pki.open-ca-certificates",
        service="pki",
        summary="CA certificates are open to everybody.",
        sources=("ERR-103", "RFC 7030 4.1.1"),
        around={"pki.token": _open_ca_certificates, "pki.right": _open_ca_certificates},
    ),
    Variant(
        id="rcp.administration-elsewhere",
        service="rcp",
        summary="Only the administrator is offered PUT and DELETE.",
        sources=("ERR-014", "OPNC docs/components/01"),
        tamper=dict.fromkeys(("putRootCertificateV1", "deleteRootCertificateV1"), _administration_elsewhere),
    ),
    *(_turned("ERR-151", service, "grant-column") for service in ("rcp", "pcp", "pki")),
    _turned("ERR-150", "ccp", "post-cell"),
    Variant(
        id="common.404-for-403",
        service="common",
        summary="What somebody has no right to is not found, so that nobody learns what there is.",
        sources=("ERR-156", "RFC 9110 15.5.4"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=everywhere(_hidden),
    ),
    Variant(
        id="common.401-for-403",
        service="common",
        summary="Whoever lacks a right is asked to authenticate as somebody who has it.",
        sources=("ERR-156",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=everywhere(_unauthorized),
    ),
    Variant(
        id="common.400-for-403",
        service="common",
        summary="A right that lacks is told like any other thing that is wrong with a request.",
        sources=("ERR-156", "ERR-044"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=everywhere(_bad_content, services={"pcp", "cps", "ccp", "event"}),
    ),
    Variant(
        id="pcp.vehicles-of-others-readable",
        service="pcp",
        summary="An OEM may read and look up the vehicles of other OEMs: the table limits writing alone.",
        sources=("ERR-053",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        disabled=frozenset({"pcp.read.owner"}),
    ),
    Variant(
        id="ccp.contracts-of-others-not-listed",
        service="ccp",
        summary="A list of contracts of somebody else is an empty list.",
        sources=("ERR-156", "ERR-087"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=dict.fromkeys(LISTS_OF_CONTRACTS, _nothing_listed),
    ),
)
