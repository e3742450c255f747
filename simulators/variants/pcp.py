"""Variants of the Provisioning Certificate Pool: the order of its control steps."""

from __future__ import annotations

from opnc.severity import Severity
from simulators.variants.making import Variant
from simulators.variants.meeting import refused

BEFORE_THE_STATUS = (
    *("pcp.token", "pcp.right", "pcp.parameters", "pcp.body"),
    *("pcp.put.format", "pcp.put.pcid", "pcp.put.leaf", "pcp.put.wmi", "pcp.put.validity"),
)

VARIANTS = (
    Variant(
        id="pcp.chain-first",
        service="pcp",
        summary="The chain is looked at before the OCSP responders that it names are asked.",
        sources=("ERR-044",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=refused("addProvisioningCertificateV1", by=range(400, 500)),
        moved_first=frozenset({*BEFORE_THE_STATUS, "pcp.put.chain"}),
    ),
)
