"""Variants of the CPS."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc.severity import Severity
from simulators.variants.making import Variant
from simulators.variants.meeting import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.kernel.messages import Answer, Call

_BUNDLE = "contractCertificateBundle"

_NOBODYS = "ZZZ99999999999999"
"""A vehicle that nobody publishes, which stands for none."""


def _body_that_may_name_no_vehicle(control: Callable[[Call], None], call: Call) -> None:
    bundle = call.body.get(_BUNDLE) if isinstance(call.body, dict) else None
    if call.operation.id != "signContractDataV1" or not isinstance(bundle, dict) or "pcid" in bundle:
        control(call)
        return
    named = {**call.body, _BUNDLE: {**bundle, "pcid": _NOBODYS}}
    control(replace(call, content=json.dumps(named).encode()))
    # In place, for the controls that follow.
    bundle["pcid"] = _NOBODYS


def _vehicle_if_named(control: Callable[[Call], None], call: Call) -> None:
    if call.body[_BUNDLE]["pcid"] != _NOBODYS:
        control(call)


def _stored_if_named(store: Callable[[Mapping[str, Any]], None], signed: Mapping[str, Any]) -> None:
    if signed["pcid"] != _NOBODYS:
        store(signed)


def _names_no_vehicle(call: Call, _answer: Answer) -> bool:
    bundle = call.body.get(_BUNDLE) if isinstance(call.body, dict) else None
    return isinstance(bundle, dict) and "pcid" not in bundle


VARIANTS = (
    Variant(
        id="cps.sign-only",
        service="cps",
        summary="Contract data that name no vehicle are signed and not stored.",
        sources=("ERR-060", "OPNC docs/02"),
        matters=_names_no_vehicle,
        around={
            "cps.body": _body_that_may_name_no_vehicle,
            "cps.sign.vehicle": _vehicle_if_named,
            "cps.sign.store": _stored_if_named,
        },
    ),
    Variant(
        id="cps.unknown-vehicles-signed",
        service="cps",
        summary="Contract data for a vehicle that no pool knows are signed: the eMSP will know.",
        sources=("ERR-067",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=refused("signContractDataV1", by=(400, 404)),
        disabled=frozenset({"cps.sign.vehicle"}),
    ),
    Variant(
        id="cps.any-subscription-url",
        service="cps",
        summary="The subscriptionUrl of an order, which is used for nothing, is not looked at.",
        sources=("ERR-069",),
        lenient=Severity.INFO,
        strict=Severity.INFO,
        matters=refused("generateAndSignContractDataV1"),
        disabled=frozenset({"cps.generate.url"}),
    ),
)
