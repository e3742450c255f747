"""What the backend of a vehicle maker may do wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc import vehicles
from simulators.faults import making

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulators.kernel.fault_injection import Fault


_fault = making.faults_of("oem")


def _leaf_alone(chain: Sequence[bytes]) -> dict[str, str]:
    return vehicles.chain_object(chain[:1])


def _reversed_chain(chain: Sequence[bytes]) -> dict[str, str]:
    leaf, *above = chain
    return vehicles.chain_object((leaf, *reversed(above)))


def _as_list(chain: Sequence[bytes]) -> dict[str, Any]:
    return {"certificate": list(vehicles.chain_object(chain).values())}


def _other(name: str) -> str:
    return name[:-1] + ("0" if name[-1] != "0" else "1")


FAULTS: tuple[Fault, ...] = (
    _fault(
        "sub-cas-missing",
        "OEM-01",
        "A vehicle is published without the Sub-CAs of its certificate.",
        # Sub-CA 1 is required beside the leaf (ERR-031).
        replaced={"oem.chain": _leaf_alone},
    ),
    _fault(
        "sub-cas-swapped",
        "OEM-01",
        "The Sub-CAs are sent in the wrong order.",
        # Sub-CA 1 is the one below the root (ERR-032).
        replaced={"oem.chain": _reversed_chain},
    ),
    _fault(
        "chain-as-list",
        ("OEM-01", "SYS-CLIENT-01"),
        "The chain is sent as a list, which the schema does not know.",
        replaced={"oem.chain": _as_list},
    ),
    _fault(
        "pcid-twice",
        "OEM-01",
        "Every vehicle is published under the same PCID.",
        replaced={"oem.pcid": lambda: "WDB00000000000007"},
    ),
    _fault(
        "pcid-of-other-maker",
        "OEM-01",
        "PCIDs begin with the WMI of another OEM.",
        replaced={"oem.pcid": lambda: "VF100000000000007"},
    ),
    _fault("roots-unread", "OEM-02", "V2G roots are never read from the pool.", "oem.roots"),
    _fault(
        "renewal-renames",
        "OEM-04",
        "A renewed certificate is published under another PCID.",
        replaced={"oem.renew.pcid": _other},
    ),
    _fault("removal-forgotten", "OEM-04", "A removed vehicle stays in the pool.", "oem.remove"),
    _fault(
        "other-default",
        "OEM-05",
        "Another contract than the one chosen is made the default.",
        replaced={"oem.default.emaid": _other},
    ),
)
