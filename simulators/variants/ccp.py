"""Variants of the CCP."""

from __future__ import annotations

from opnc.severity import Severity
from simulators.faults.tampering import when
from simulators.variants.making import Variant

VARIANTS = (
    Variant(
        id="ccp.short-sessions",
        service="ccp",
        summary="A session of more than 8 characters is refused, as the published message says.",
        sources=("ERR-083",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper={
            "getSignedContractDataByEmaidAndPcidV1": when(
                lambda call: len(call.query.get("sessionID", "")) > 8, 400
            )
        },
    ),
)
