"""Variants of the Provisioning Certificate Pool: the order of its control steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc.severity import Severity
from simulators.variants.making import Variant
from simulators.variants.meeting import refused

if TYPE_CHECKING:
    from simulators.kernel.messages import Call


def _chain_first(control: Any, call: Call) -> None:
    """Look at the chain, then ask for the status."""
    control.__self__._demand_chain_to_root(call)  # noqa: SLF001 - a step of the same pool, moved
    control(call)


VARIANTS = (
    Variant(
        id="pcp.chain-first",
        service="pcp",
        summary="The chain is looked at before the OCSP responders that it names are asked.",
        sources=("ERR-044",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=refused("addProvisioningCertificateV1", by=range(400, 500)),
        around={"pcp.put.status": _chain_first},
    ),
)
