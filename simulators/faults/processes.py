"""What may go wrong between the services, so that a business process does not come to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.faults import making
from simulators.faults.tampering import only_own

if TYPE_CHECKING:
    from simulators.kernel.fault_injection import Fault

_ccp, _pcp = making.faults_of("ccp"), making.faults_of("pcp")


FAULTS: tuple[Fault, ...] = (
    _ccp(
        "deliveries-untold",
        ("SYS-FLOW-01", "SYS-FLOW-02", "SYS-FLOW-03"),
        "The eMSP is not told that its contract has reached the vehicle.",
        "ccp.request.announce",
        "ccp.fetch.announce",
    ),
    _ccp(
        "renewal-ignored",
        "SYS-FLOW-04",
        "New data of a known contract are taken but not stored.",
        "ccp.store.replace",
    ),
    _pcp(
        "contracts-outlive-vehicle",
        ("SYS-FLOW-05", "PCP-DEL-04", "PCP-DEL-05", "PCP-DEL-06"),
        "The contracts of a vehicle that was deleted stay in the pool.",
        "pcp.delete.contracts",
    ),
    _ccp(
        "certificates-outlive-vehicle",
        "PCP-DEL-05",
        "The contract certificates of a vehicle that was deleted stay valid.",
        "ccp.withdraw.revoke",
    ),
    _ccp(
        "foreign-contracts-outlive-vehicle",
        "PCP-DEL-06",
        "A vehicle cannot be deleted that has a contract which was not issued here.",
        replaced={"ccp.withdraw.revoke": only_own},
    ),
    _pcp(
        "contracts-outlive-key",
        ("SYS-FLOW-06", "PCP-UPD-04"),
        "The contracts of a vehicle whose key has changed stay in the pool.",
        "pcp.put.contracts",
    ),
    _pcp(
        "renewal-drops-contracts",
        "PCP-UPD-05",
        "With each new certificate of a vehicle its contracts go, even if the key is the same.",
        replaced={"pcp.put.lost": lambda _kept, _leaf: True},
    ),
)
