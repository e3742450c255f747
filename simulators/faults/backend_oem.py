"""What the backend of a vehicle maker may do wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc import vehicles
from opnc.pki.testbed import ORDINARY
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


def _without_sub_ca_2(chain: Sequence[bytes]) -> dict[str, str]:
    members = vehicles.chain_object(chain)
    return {name: text for name, text in members.items() if name != "subCa2Certificate"}


def _in_pem(chain: Sequence[bytes]) -> dict[str, str]:
    """Write certificates as RFC 7468 does, where base64 of DER is wanted (ERR-033)."""
    return {
        name: "-----BEGIN CERTIFICATE-----\n"
        + "\n".join(text[i : i + 64] for i in range(0, len(text), 64))
        + "\n-----END CERTIFICATE-----\n"
        for name, text in vehicles.chain_object(chain).items()
    }


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
        "sub-ca-2-missing",
        "OEM-01",
        "A vehicle is published without the Sub-CA that has issued its certificate.",
        replaced={"oem.chain": _without_sub_ca_2},
    ),
    _fault(
        "root-as-sub-ca",
        "OEM-01",
        "The root is sent in the place of Sub-CA 1.",
        replaced={"oem.chain.certificates": lambda chain: (*chain[:-2], chain[-1])},
    ),
    _fault(
        "certificates-in-pem",
        "SYS-CLIENT-01",
        "Certificates are sent in PEM, armour and line breaks included.",
        replaced={"oem.chain": _in_pem},
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
    _fault(
        "renewal-by-old-certificate",
        "OEM-04",
        "A vehicle is renewed with the certificate that it has.",
        replaced={"oem.renew.issue": lambda: ORDINARY},
    ),
    _fault("removal-forgotten", "OEM-04", "A removed vehicle stays in the pool.", "oem.remove"),
    _fault(
        "other-default",
        "OEM-05",
        "Another contract than the one chosen is made the default.",
        replaced={"oem.default.emaid": _other},
    ),
    _fault(
        "default-swapped",
        "OEM-05",
        "PCID and EMAID are swapped in the path.",
        replaced={"oem.default.path": lambda path: {"pcid": path["emaid"], "emaid": path["pcid"]}},
    ),
    _fault(
        "contract-unchecked",
        "OEM-03",
        "Contracts are brought to vehicles whatever their status is.",
        "oem.check",
    ),
    _fault(
        "contract-events-ignored",
        "OEM-07",
        "Events about contracts are of no consequence.",
        "oem.contract-event",
    ),
    _fault(
        "other-contract-fetched",
        ("OEM-07", "OEM-08"),
        "Another contract is fetched than the one that was told of.",
        replaced={"oem.fetch.emaid": _other},
    ),
    _fault(
        "other-vehicle-listed",
        "OEM-08",
        "The contracts of another vehicle are listed.",
        replaced={"oem.list.pcid": _other},
    ),
)
