"""What an ecosystem may do wrong that has several roots, or vehicles and roots of other ecosystems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc.broadcast import HEADER
from simulators.cps.bundles import chain_of
from simulators.cps.service import GENERATE, SIGN
from simulators.faults import making
from simulators.faults.tampering import edited, when
from simulators.pcp.publication import read_publication
from simulators.pcp.service import PUT

if TYPE_CHECKING:
    from simulators.kernel import Call

_rcp, _pcp, _ccp, _cps = (making.faults_of(service) for service in ("rcp", "pcp", "ccp", "cps"))

LIST, ROOTS = "getRootCertificatesV1", "rootCertificateCollection"


def _one_of_each_type(body: dict[str, Any]) -> dict[str, Any]:
    """Keep the latest root of each set of types."""
    return {ROOTS: list({str(sorted(root["rootTypeList"])): root for root in body[ROOTS]}.values())}


def _is_below(call: Call, name: str) -> bool:
    # By the name: those of test roots hold their type and their ecosystem.
    return name in str(read_publication(call.body).certificates[-1].issuer)


def _is_contract_below(call: Call, name: str) -> bool:
    return name in str(chain_of(call.body)[-1].issuer)


FAULTS = (
    _rcp(
        "one-root-of-each-type",
        "POOL-MR-01",
        "Of several roots of one type only the latest is offered.",
        tamper={LIST: edited(_one_of_each_type)},
    ),
    _pcp(
        "oem-roots-only",
        "POOL-MR-02",
        "Vehicles below a V2G root are refused.",
        tamper={PUT: when(lambda call: _is_below(call, "V2G"), 400)},
    ),
    _pcp(
        "own-roots-only",
        "POOL-MR-02",
        "Vehicles below roots that others have brought are refused.",
        tamper={PUT: when(lambda call: not _is_below(call, "alpha"), 400)},
    ),
    _cps(
        "contracts-below-emsp-roots-only",
        "POOL-MR-03",
        "Contracts below a V2G root are refused.",
        tamper={SIGN: when(lambda call: _is_contract_below(call, "V2G"), 400)},
    ),
    _cps(
        "own-contract-roots-only",
        "POOL-MR-03",
        "Contracts below roots of other ecosystems are refused.",
        tamper={SIGN: when(lambda call: _is_contract_below(call, "beta"), 400)},
    ),
    _ccp(
        "any-root-fetched",
        "POOL-MR-04",
        "A contract is fetched below whichever V2G root comes first.",
        "ccp.fetch.root",
    ),
    _cps(
        "mark-refused",
        "POOL-CPS-01",
        "An order with the mark of a broadcast is refused.",
        tamper={GENERATE: when(lambda call: HEADER in call.headers, 400)},
    ),
    _pcp(
        "deleted-vehicles-known-to-others",
        "POOL-SYNC-01",
        "Vehicles that were deleted are still told to other pools.",
        "pcp.delete.remove",
    ),
    _cps(
        "no-vehicles-of-others",
        "CPS-GEN-27",
        "Contracts are made for vehicles of the own ecosystem only.",
        "cps.vehicle.peers",
    ),
)
