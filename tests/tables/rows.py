"""What the tables of examples share: the requests there are, and who makes them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from fixtures.testdata.requests import REPRESENTATIVES
from opnc import contract, negatives, rights
from simulators.faults.rights import SERVICES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Row = dict[str, str]

NAMESPACE = "xsdMsgDefNamespace"

NAMES: Mapping[rights.Party, str] = {
    "oem": "oem",
    "cpo": "cpo",
    "emsp_own_pki": "emsp with own pki",
    "emsp": "emsp",
    "cps": "cps",
    "administrator": "administrator",
}
"""The parties as scenarios call them; who comes first is asked first."""


def requests() -> Iterator[tuple[contract.Operation, str, str]]:
    """Yield each operation of a simulated service, as scenarios name it, and who may call it."""
    for row, parties in rights.TABLE.items():
        if row.service in SERVICES:
            # Not by a cell that has another reading: nothing else is to fail for it.
            caller = next(
                name
                for party, name in NAMES.items()
                if party in parties and (row.operation, row.ca_domain, party) not in rights.DISPUTED
            )
            yield contract.load().operation(row.operation), row.call, caller


GUARDED: Mapping[str, tuple[str, str]] = {**REPRESENTATIVES, "pki": ("revokeCertV1", "cpo")}
"""As `REPRESENTATIVES`, but nothing that may be open to everybody, as CA certificates may be (ERR-103)."""


def representatives(
    chosen: Mapping[str, tuple[str, str]] = REPRESENTATIVES, **columns: Sequence[str]
) -> Iterator[Row]:
    """Yield the representative of each service with every combination of further values."""
    for service in SERVICES:
        operation, party = chosen[service]
        for values in itertools.product(*columns.values()):
            yield {"operation": operation, "party": party, **dict(zip(columns, values, strict=True))}


def each_request(wanted: Callable[[contract.Operation], bool], **columns: Sequence[str]) -> Iterator[Row]:
    """Yield the requests of some operations, each with every combination of further values."""
    for operation, named, party in requests():
        if wanted(operation) and named == rights.first_call(operation.id):
            for values in itertools.product(*columns.values()):
                yield {"operation": named, "party": party, **dict(zip(columns, values, strict=True))}


def takes_json(operation: contract.Operation) -> bool:
    """Tell whether an operation takes a JSON body."""
    return "application/json" in operation.request


def has_id(operation: contract.Operation) -> bool:
    """Tell whether the path of an operation holds an id."""
    return "{" in operation.path


def has_namespace(operation: contract.Operation) -> bool:
    """Tell whether requests of an operation may name an edition of ISO 15118."""
    return any(place.steps == (NAMESPACE,) for place in negatives.places(operation))


def states(name: str) -> Callable[[contract.Operation], bool]:
    """Tell whether requests of an operation state an id in their path or their body."""
    return lambda operation: any(place.steps[-1] == name for place in negatives.places(operation))
