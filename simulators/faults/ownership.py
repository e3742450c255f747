"""What services may do wrong with what belongs to one party and not to another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opnc import contract
from simulators.faults import rights
from simulators.faults.rights import SERVICES
from simulators.faults.tampering import answered
from simulators.kernel.fault_injection import Fault
from simulators.kernel.messages import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulators.kernel.messages import Call, Principal

CONTROLS: Mapping[str, frozenset[str]] = {
    **rights.OWNERSHIP,
    "getProvisioningCertificateV1": frozenset({"pcp.read.owner"}),
    "lookupVehicleV1": frozenset({"pcp.read.owner"}),
    "deleteProvisioningCertificateV1": frozenset({"pcp.delete.owner"}),
    "getEndpointByIdV1": frozenset({"event.owner"}),
    "updateEndpointByIdV1": frozenset({"event.owner"}),
    "deleteEndpointByIdV1": frozenset({"event.owner"}),
}
"""Operation id -> the controls by which it keeps to everybody what is their own."""

_SUBSCRIPTIONS = ("getEndpointByIdV1", "updateEndpointByIdV1", "deleteEndpointByIdV1")

OWNED: Mapping[str, tuple[str, ...]] = {
    "AUTH-OWN-01": (
        *("addProvisioningCertificateV1", "deleteProvisioningCertificateV1"),
        *("getContractDataByPcidV1", "getSignedContractDataByEmaidAndPcidV1"),
        *("setSignedContractDataAsDefaultV1", "revokeCertV1"),
        *("simpleEnrollCertV1 for oem", "simpleEnrollCertV1 for veh"),
        *_SUBSCRIPTIONS,
    ),
    "AUTH-OWN-02": (
        *("signContractDataV1", "generateAndSignContractDataV1", "addSignedContractDataV1"),
        *("deleteSignedContractDataByEmaidV1", "getContractDataByEmaidV1"),
        "simpleEnrollCertV1 for emsp",
        *_SUBSCRIPTIONS,
    ),
    "AUTH-OWN-03": ("simpleEnrollCertV1 for cpo",),
}
"""Requirement -> the calls about what an OEM, an eMSP, a CPO owns, as scenarios name them."""


def _open() -> Iterator[Fault]:
    for requirement, calls in OWNED.items():
        for call in calls:
            operation = call.partition(" ")[0]
            yield Fault(
                id=f"ownership.{requirement.removeprefix('AUTH-OWN-')}.{call.replace(' ', '-')}",
                service=contract.load().operation(operation).service,
                requirements=(requirement,),
                summary=f"{call} does not ask whose the object is.",
                disabled=CONTROLS[operation],
                only={"operation": call},
            )


def _crashing() -> Iterator[Fault]:
    # To tell an OEM of the vehicles of others is a warning at most, so it takes a crash (ERR-053).
    for operation in ("getProvisioningCertificateV1", "lookupVehicleV1"):
        yield Fault(
            id=f"ownership.01.{operation}",
            service="pcp",
            requirements=("AUTH-OWN-01",),
            summary=f"{operation} about the vehicle of another OEM is answered 500.",
            tamper={operation: answered(500, 403, b"")},
            only={"operation": operation},
        )


def _first_only(principal: Principal | None, _headers: Mapping[str, str]) -> Principal | None:
    if principal is None:
        return None
    return replace(
        principal,
        wmis=_first(principal.wmis),
        provider_ids=_first(principal.provider_ids),
        operator_ids=_first(principal.operator_ids),
    )


def _first(ids: frozenset[str]) -> frozenset[str]:
    return frozenset(sorted(ids)[:1])


def _denied(_call: Call, answer: Answer) -> Answer:
    return Answer(403, media_type="") if answer.status < 300 else answer


FAULTS: tuple[Fault, ...] = (
    *_open(),
    *_crashing(),
    Fault(
        "ownership.first-only",
        "common",
        ("AUTH-OWN-05",),
        "Of several ids of an account only the first gives it rights.",
        replaced={f"{service}.caller": _first_only for service in SERVICES},
    ),
    Fault(
        "ownership.done-though-refused",
        "common",
        ("AUTH-OWN-06",),
        "Who has no right is answered 403, and what was asked is done.",
        # No control stops it, so it is done; the answer is made a refusal afterwards.
        disabled=frozenset[str]().union(*CONTROLS.values()) | {f"{service}.right" for service in SERVICES},
        tamper={
            each.id: _denied for each in contract.load() if each.service in SERVICES and each.method != "GET"
        },
    ),
)
