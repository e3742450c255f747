"""One fault for each cell of the rights table, and one for each service that asks nobody who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc import catalogue, rights
from simulators.kernel.fault_injection import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICES = ("rcp", "pcp", "pki", "cps", "ccp", "event")
"""The services that are simulated."""

OWNERSHIP: Mapping[str, frozenset[str]] = {
    "addProvisioningCertificateV1": frozenset({"pcp.put.wmi"}),
    "simpleEnrollCertV1": frozenset({"pki.enroll.owner"}),
    "revokeCertV1": frozenset({"pki.revoke.owner"}),
    "signContractDataV1": frozenset({"cps.sign.owner"}),
    "generateAndSignContractDataV1": frozenset({"cps.generate.owner"}),
    "addSignedContractDataV1": frozenset({"ccp.add.owner"}),
    "deleteSignedContractDataByEmaidV1": frozenset({"ccp.delete.owner"}),
    "getContractDataByEmaidV1": frozenset({"ccp.emaid.owner"}),
    "getContractDataByPcidV1": frozenset({"ccp.pcid.owner"}),
    "getSignedContractDataByEmaidAndPcidV1": frozenset({"ccp.fetch.owner"}),
    "setSignedContractDataAsDefaultV1": frozenset({"ccp.default.owner"}),
}
"""Controls by operation id that would refuse with the same status whom the table lets pass wrongly."""


def _turned(cell: rights.Cell) -> Fault:
    row = cell.row
    operation = row.operation if row.ca_domain is None else f"{row.operation}.{row.ca_domain}"
    verb = "may not" if cell.allowed else "may"
    return Fault(
        id=f"rights.{operation}.{cell.party}",
        service=row.service,
        requirements=(cell.requirement,),
        summary=f"The party {cell.party} {verb} call {operation}, against the rights table.",
        disabled=frozenset() if cell.allowed else OWNERSHIP.get(row.operation, frozenset()),
        rights={(row.operation, row.ca_domain, cell.party): not cell.allowed},
        only={"requirement": cell.requirement},
    )


def _open(service: str) -> Fault:
    prefix = f"AUTH-401-{service.upper()}-"
    return Fault(
        id=f"{service}.open-to-all",
        service=service,
        requirements=tuple(each for each in catalogue.load().requirements if each.startswith(prefix)),
        summary="Nobody is asked for an access token.",
        # Without a token there is nobody who could have the right.
        disabled=frozenset({f"{service}.token", f"{service}.right"}),
    )


FAULTS: tuple[Fault, ...] = (
    *(_turned(cell) for cell in rights.cells() if cell.row.service in SERVICES),
    *(_open(service) for service in SERVICES),
)
