"""The rights table: which party may call which operation.

Source: `processes/docs/04_authentication.md`, section Roles&Rights, of the OPNC specification, its cells read
by ERR-150, ERR-151 and ERR-153. What is not granted is denied.

Two columns and two rows are ours: the administrator (named beside the published table; it must list the roots
to learn their ids, ERR-014), the peer pool (ERR-152), and the domain of vehicle certificates (ERR-149).

Rights on single objects (own WMI, own provider id, own operator id) come on top: see `opnc.identifiers`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Party = Literal["oem", "cpo", "emsp_own_pki", "emsp", "cps", "administrator", "peer"]
"""Who calls. `emsp` has no PKI of its own but uses the operator's; `peer` is another ecosystem's pool."""

PARTIES: Final[tuple[Party, ...]] = get_args(Party)

_PUBLISHED: Final[Mapping[Party, str]] = {
    "oem": "OEM",
    "cpo": "CPO",
    "emsp_own_pki": "EMSP-OWNPKI",
    "emsp": "EMSP-V2GPKI",
    "cps": "CPS",
}
"""The published columns, and how requirement ids write them."""

_GRANTED = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table.

    Attributes:
        service: `rcp`, `pcp`, `cps`, `ccp`, `pki` or `event`.
        name: The method as the published table, and so the requirement ids, call it.
        operation: Its `operationId`.
        ca_domain: The value of `caDomain` the row is about; None for operations without that parameter.
        erratum: The erratum that adds the row; None for a published row.
    """

    service: str
    name: str
    operation: str
    ca_domain: str | None = None
    erratum: str | None = None

    @property
    def call(self) -> str:
        """The call as scenarios name it: the operation, with the domain where the row is about one."""
        return f"{self.operation} for {self.ca_domain}" if self.ca_domain else self.operation


DISPUTED: Final[Mapping[tuple[str, str | None, Party], str]] = MappingProxyType(
    {
        ("getRootCertificateV1", None, "cps"): "ERR-151",
        ("getRootCertificatesV1", None, "cps"): "ERR-151",
        ("getProvisioningCertificateV1", None, "cps"): "ERR-151",
        ("lookupVehicleV1", None, "cps"): "ERR-151",
        ("addSignedContractDataV1", None, "oem"): "ERR-150",
        ("simpleEnrollCertV1", "cps", "emsp"): "ERR-151",
        ("getCaCertsV1", "cps", "emsp"): "ERR-151",
        ("revokeCertV1", None, "emsp_own_pki"): "ERR-151",
    }
)
"""Cells that can be read either way, by operation, CA domain and party, to the erratum that says so."""


class Cell(NamedTuple):
    """One published decision, the requirement that demands it, the erratum if there are two readings."""

    row: Row
    party: Party
    allowed: bool
    requirement: str
    erratum: str | None = None


def _read(lines: Iterable[str]) -> Iterator[tuple[Row, frozenset[Party]]]:
    head, *body = [[cell.strip() for cell in line] for line in csv.reader(lines)]
    for line in body:
        # By the head, so that a column more or in another place grants nothing by mistake.
        cells = dict(zip(head, line, strict=True))
        row = Row(
            service=cells["service"],
            name=cells["name"],
            operation=cells["operation"],
            ca_domain=cells["ca_domain"] or None,
            erratum=cells["erratum"] or None,
        )
        # A misspelt cell is an error here: else it would deny a right without a word.
        yield row, frozenset(party for party in PARTIES if _GRANTED[cells[party]])


TABLE: Final[Mapping[Row, frozenset[Party]]] = MappingProxyType(
    dict(_read(Path(__file__).with_suffix(".csv").read_text(encoding="utf-8").splitlines()))
)
"""Row to the parties that may call it: 32 published rows and two by ERR-149."""

_GRANTS = {(row.operation, row.ca_domain): parties for row, parties in TABLE.items()}


def allowed(operation_id: str, party: Party, ca_domain: str | None = None) -> bool:
    """Say whether a party may call an operation at all.

    Args:
        operation_id: As in the contract.
        party: Who calls.
        ca_domain: The query parameter of the EST operations; None for all others.

    Returns:
        False for everything that the table does not grant, unknown operations and domains included.
    """
    return party in _GRANTS.get((operation_id, ca_domain), ())


def first_call(operation_id: str) -> str:
    """Return the call of the first row about an operation.

    Raises:
        KeyError: If the table has none.
    """
    for row in TABLE:
        if row.operation == operation_id:
            return row.call
    raise KeyError(operation_id)


def cells() -> Iterator[Cell]:
    """Yield every decision that a requirement demands: one scenario and one fault each.

    Those are the published rows times columns, and the administrator's writes, which share `AUTH-ROLE-ADMIN`.
    """
    for row, parties in TABLE.items():
        # Rows of ours are in no published table, so no requirement demands them.
        if row.erratum:
            continue
        for party, suffix in _PUBLISHED.items():
            requirement = f"AUTH-ROLE-{row.service.upper()}-{row.name}-{suffix}"
            erratum = DISPUTED.get((row.operation, row.ca_domain, party))
            yield Cell(row, party, party in parties, requirement, erratum)
        if row.operation in {"putRootCertificateV1", "deleteRootCertificateV1"}:
            yield Cell(row, "administrator", "administrator" in parties, "AUTH-ROLE-ADMIN")
