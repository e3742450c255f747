"""What services may do wrong with what belongs to one party and not to another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opnc import contract
from simulators.faults.rights import SERVICES
from simulators.kernel.messages import Answer
from simulators.kernel.misbehaviour import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.kernel.messages import Call, Principal

CONTROLS: Mapping[str, str] = {
    "addProvisioningCertificateV1": "pcp.put.wmi",
    "getProvisioningCertificateV1": "pcp.read.owner",
    "lookupVehicleV1": "pcp.read.owner",
    "deleteProvisioningCertificateV1": "pcp.delete.owner",
    "getEndpointByIdV1": "event.owner",
    "updateEndpointByIdV1": "event.owner",
    "deleteEndpointByIdV1": "event.owner",
}
"""Operation id -> the control by which it keeps to everybody what is their own."""


def _open(operation: str, control: str) -> Fault:
    return Fault(
        id=f"ownership.{operation}",
        service=contract.load().operation(operation).service,
        requirements=("AUTH-OWN-01",),
        summary=f"{operation} does not ask whose the object is.",
        without=frozenset({control}),
        only={"operation": operation},
    )


def _first_only(principal: Principal | None, _headers: Mapping[str, str]) -> Principal | None:
    return principal and replace(principal, wmis=frozenset(sorted(principal.wmis)[:1]))


def _denied(_call: Call, answer: Answer) -> Answer:
    return Answer(403, media_type="") if answer.status < 300 else answer


FAULTS: tuple[Fault, ...] = (
    *(_open(operation, control) for operation, control in CONTROLS.items()),
    Fault(
        "ownership.first-only",
        "common",
        ("AUTH-OWN-05",),
        "Of several WMIs of an account only the first gives it rights.",
        instead={f"{service}.caller": _first_only for service in SERVICES},
    ),
    Fault(
        "ownership.done-though-refused",
        "common",
        ("AUTH-OWN-06",),
        "Who has no right is answered 403, and what was asked is done.",
        without=frozenset(CONTROLS.values()) | {f"{service}.right" for service in SERVICES},
        tamper={
            each.id: _denied for each in contract.load() if each.service in SERVICES and each.method != "GET"
        },
    ),
)
