"""One fault for each cell of the rights table, and one for each service that asks nobody who they are."""

from __future__ import annotations

from opnc import catalogue, rights
from simulators.kernel.misbehaviour import Fault

SERVICES = ("rcp", "event")
"""The services that are simulated."""


def _turned(cell: rights.Cell) -> Fault:
    row = cell.row
    operation = row.operation if row.ca_domain is None else f"{row.operation}.{row.ca_domain}"
    verb = "may not" if cell.allowed else "may"
    return Fault(
        id=f"rights.{operation}.{cell.party}",
        service=row.service,
        requirements=(cell.requirement,),
        summary=f"The party {cell.party} {verb} call {operation}, against the rights table.",
        rights={(row.operation, row.ca_domain, cell.party): not cell.allowed},
    )


def _open(service: str) -> Fault:
    prefix = f"AUTH-401-{service.upper()}-"
    return Fault(
        id=f"{service}.open-to-all",
        service=service,
        requirements=tuple(each for each in catalogue.load().requirements if each.startswith(prefix)),
        summary="Nobody is asked for an access token.",
        without=frozenset({f"{service}.token", f"{service}.right"}),
    )


FAULTS: tuple[Fault, ...] = (
    *(_turned(cell) for cell in rights.cells() if cell.row.service in SERVICES),
    *(_open(service) for service in SERVICES),
)
