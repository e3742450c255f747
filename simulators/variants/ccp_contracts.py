"""Variants of the CCP in what it keeps apart, and in how it delivers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.severity import Severity
from simulators.variants.making import Variant

_SIDE_BY_SIDE = (
    *("CCP-ADD-16", "CCP-CIR-24", "CCP-CIR-26", "CCP-EMAID-03", "CCP-SCD-09", "POOL-MR-04", "CPS-SIGN-28"),
)

if TYPE_CHECKING:
    from simulators.ccp.delivery import Contracts
    from simulators.ccp.installation_request import InstallationRequest
    from simulators.kernel.messages import Answer, Call


def _newest_first(contracts: Contracts, _request: InstallationRequest) -> Contracts:
    return contracts[::-1]


def _names_edition_or_root(call: Call, _answer: Answer) -> bool:
    """Tell whether a call says by which of the others than EMAID and PCID contract data are told apart."""
    named = f"{call.query} ".encode() + call.content
    return b"15118:-20" in named or b"cpsV2GRootCertificateFingerprint" in named


def _keyed_by(name: str, what: str, *columns: str) -> Variant:
    """Return a pool that keeps the last of all contract data that agree in some columns."""
    return Variant(
        id=f"ccp.keyed-by-{name}",
        service="ccp",
        summary=f"Of all contract data with one {what} the last alone are kept.",
        sources=("ERR-097", "ERR-045"),
        matters=_names_edition_or_root,
        unjudged=_SIDE_BY_SIDE,
        leaves_out="What cannot be kept side by side cannot be delivered.",
        declares={"declared": {"both_editions": False, "several_roots": False}},
        replaced={"ccp.store.key": lambda: columns},
    )


VARIANTS = (
    Variant(
        id="ccp.session-of-the-cps",
        service="ccp",
        summary="A vehicle gets its contract in the session in which it was stored.",
        sources=("ERR-091",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        disabled=frozenset({"ccp.deliver.session"}),
    ),
    Variant(
        id="ccp.newest-first",
        service="ccp",
        summary="Several contracts are delivered in an order of the pool's own.",
        sources=("ERR-092",),
        replaced={"ccp.deliver.order": _newest_first},
    ),
    Variant(
        id="ccp.any-root",
        service="ccp",
        summary="Nobody looks at the roots that the vehicle trusts.",
        sources=("ERR-096",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        replaced={"ccp.deliver.root": lambda _request: frozenset()},
    ),
    _keyed_by("emaid-and-pcid", "EMAID and PCID", "emaid", "pcid"),
    _keyed_by("emaid", "EMAID", "emaid"),
)
