"""Variants of the Certificate Provisioning Service: what may be signed, and what an order may hold."""

from __future__ import annotations

from opnc.severity import Severity
from simulators.variants.making import Variant

VARIANTS = (
    Variant(
        id="cps.unknown-vehicles-signed",
        service="cps",
        summary="Contract data for a vehicle that no pool knows are signed: the eMSP will know.",
        sources=("ERR-067",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        disabled=frozenset({"cps.sign.vehicle"}),
    ),
    Variant(
        id="cps.any-subscription-url",
        service="cps",
        summary="The subscriptionUrl of an order, which is used for nothing, is not looked at.",
        sources=("ERR-069",),
        lenient=Severity.INFO,
        strict=Severity.INFO,
        disabled=frozenset({"cps.generate.url"}),
    ),
)
