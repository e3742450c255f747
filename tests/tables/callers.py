"""Who may do what, and how it is said who somebody is: rights, ownership, tokens, party headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.access import shared as access
from fixtures.testdata import forged_tokens as forging
from opnc import catalogue, contract, rights
from tests.tables.rows import GUARDED, NAMES, Row, each_request, representatives, requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


def _cells(service: str, *, disputed: bool = False) -> list[rights.Cell]:
    return [cell for cell in rights.cells() if cell.row.service == service and bool(cell.erratum) == disputed]


def _cell(cell: rights.Cell) -> Row:
    return {"requirement": cell.requirement, "operation": cell.row.call, "party": NAMES[cell.party]}


def granted(service: str) -> Iterator[Row]:
    """Yield who may call what, the administrator apart."""
    return (_cell(cell) for cell in _cells(service) if cell.allowed and cell.party != "administrator")


def of_administrator(service: str) -> Iterator[Row]:
    """Yield what the administrator may call."""
    return (_cell(cell) for cell in _cells(service) if cell.allowed and cell.party == "administrator")


def granted_by_cell(service: str) -> Iterator[Row]:
    """Yield who may call what by the cell of the table, and may not by another reading."""
    return (_cell(cell) for cell in _cells(service, disputed=True) if cell.allowed)


def refused_by_cell(service: str) -> Iterator[Row]:
    """Yield who may not call what by the cell of the table, and may by another reading."""
    return (_cell(cell) for cell in _cells(service, disputed=True) if not cell.allowed)


OPEN = frozenset({"getCaCertsV1"})
"""Operations that may be open to everybody (ERR-103); whether they are, two answers tell."""


ADMINISTRATION = frozenset({"putRootCertificateV1", "deleteRootCertificateV1"})
"""Operations of the administrator, which a pool need not offer to others at all (ERR-014)."""


def refused(service: str) -> Iterator[Row]:
    """Yield who may not call what."""
    return (_cell(cell) for cell in _cells(service) if not cell.allowed and cell.row.operation not in OPEN)


def refused_unless_open(service: str) -> Iterator[Row]:
    """Yield who may not call what, unless it is open to everybody."""
    return (_cell(cell) for cell in _cells(service) if not cell.allowed and cell.row.operation in OPEN)


def anonymous(service: str) -> Iterator[Row]:
    """Yield what nobody may call without credentials."""
    for requirement, named in _without_credentials(service):
        if requirement.operation not in OPEN | ADMINISTRATION:
            yield {"requirement": requirement.id, "operation": named}


def anonymous_unless_open(service: str) -> Iterator[Row]:
    """Yield what nobody may call without credentials unless it is open to everybody, and who may not."""
    strangers = {cell.row.call: NAMES[cell.party] for cell in _cells(service) if not cell.allowed}
    for requirement, named in _without_credentials(service):
        if requirement.operation in OPEN:
            yield {"requirement": requirement.id, "operation": named, "party": strangers[named]}


def anonymous_administration(service: str) -> Iterator[Row]:
    """Yield what nobody may call without credentials and few may with them."""
    for requirement, named in _without_credentials(service):
        if requirement.operation in ADMINISTRATION:
            yield {"requirement": requirement.id, "operation": named}


def _without_credentials(service: str) -> Iterator[tuple[catalogue.Requirement, str]]:
    for requirement in catalogue.load().requirements.values():
        if requirement.id.startswith(f"AUTH-401-{service.upper()}-"):
            yield (
                requirement,
                next(named for each, named, _ in requests() if each.id == requirement.operation),
            )


def party_headers(*, of_administrator: bool) -> Iterator[Row]:
    """Yield the operations whose party headers the catalogue speaks of."""
    requirements = [each for each in catalogue.load().requirements.values() if each.group == "hdr"]
    for requirement in requirements:
        for operation, named, party in requests():
            if requirement.operation == operation.id and (party == "administrator") == of_administrator:
                yield {"requirement": requirement.id, "operation": named, "party": party}


def names_parties(operation: contract.Operation) -> bool:
    """Tell whether an operation defines the party headers."""
    return any(each.name == "OPNC-to-party-type" for each in operation.parameters)


def _with_party_headers() -> Iterator[tuple[str, str]]:
    """Yield one operation of each service that defines the party headers, and who may call it."""
    seen = set()
    for operation, named, party in requests():
        if operation.method == "GET" and names_parties(operation) and operation.service not in seen:
            seen.add(operation.service)
            yield named, party


STRANGERS: Mapping[str, tuple[str, str]] = {
    # A role that has one account only meets things of another role.
    "signContractDataV1": ("emsp", "emsp with own pki"),
    "addSignedContractDataV1": ("emsp", "emsp with own pki"),
    "deleteSignedContractDataByEmaidV1": ("emsp", "other emsp"),
    "getContractDataByEmaidV1": ("emsp", "other emsp"),
}
"""Operation to whose its object is, and who has the right to the operation but not to the object."""

OWNERSHIP = {"oem": "AUTH-OWN-01", "emsp": "AUTH-OWN-02", "cpo": "AUTH-OWN-03"}
"""Whose an object is, to the requirement that it is theirs alone."""

OF_NOBODY = frozenset(
    {
        "getCpsCertificatesV1",
        "getSignedContractDataByCertificateInstallationReqV1",  # any CPO may ask for any vehicle (ERR-158)
        "simpleEnrollCertV1 for cps",  # the name of a CPS is free
        "get-webhook-endpoints",
        "postEndpointV1",
    }
)
"""Requests that are about nothing that is anybody's."""

PERSONAL = frozenset({"pcp", "cps", "ccp", "pki", "event"})
"""Services that keep things of their users."""


def _personal() -> Iterator[tuple[contract.Operation, str, str, str]]:
    """Yield what is about something of somebody: the operation, its name, the owner, and a stranger."""
    for operation, named, party in requests():
        public = operation.service not in PERSONAL or operation.id == "getCaCertsV1"
        if not public and named not in OF_NOBODY:
            yield operation, named, *STRANGERS.get(named, (party, f"other {party}"))


def foreign_objects() -> Iterator[Row]:
    """Yield every request about something of somebody, and a stranger who makes it."""
    for operation, named, owner, stranger in _personal():
        owners = [(owner, stranger)]
        if operation.service == "event":
            owners.append(("emsp", "other emsp"))
        for whose, whose_not in owners:
            yield {
                "requirement": OWNERSHIP[whose],
                "operation": named,
                "owner": whose,
                "party": whose_not,
            }


def refused_writes() -> Iterator[Row]:
    """Yield what changes something, and a stranger to it."""
    for operation, named, owner, stranger in _personal():
        if operation.method != "GET":
            yield {"operation": named, "owner": owner, "party": stranger}


def refused_writes_of_administrator() -> Iterator[Row]:
    """Yield what the administrator alone may change, and somebody else."""
    for operation, named, owner in requests():
        if owner == "administrator" and operation.method != "GET":
            yield {"operation": named, "owner": owner, "party": "oem"}


OTHER_ROLES = (
    ("deleteProvisioningCertificateV1", "oem", "cpo"),
    ("revokeCertV1", "cpo", "cps"),
    ("generateAndSignContractDataV1", "emsp", "oem"),
    ("getContractDataByPcidV1", "oem", "emsp"),
)
"""An operation of each service that has roles of participants, who may call it, and who may not."""


def header_types() -> Iterable[Row]:
    """Yield every operation that defines the party headers, with a type that does not exist."""
    return each_request(names_parties, header=("OPNC-from-party-type", "OPNC-to-party-type"), value=("foo",))


def header_names() -> Iterator[Row]:
    for operation, party in _with_party_headers():
        for value in ("oem", "foo"):
            yield {
                "requirement": "HDR-TYPE-02",
                "operation": operation,
                "party": party,
                "header": "OPNC-from-party-type",
                "other spelling": "opnc-FROM-party-TYPE",
                "value": value,
            }


OF_SERVICE: Mapping[str, Callable[[str], Iterable[Row]]] = {
    "granted": granted,
    "granted by the cell": granted_by_cell,
    "refused by the cell": refused_by_cell,
    "administrator": of_administrator,
    "refused": refused,
    "refused unless open": refused_unless_open,
    "anonymous": anonymous,
    "anonymous unless open": anonymous_unless_open,
    "anonymous administration": anonymous_administration,
}
"""Name of a table to its rows for one service."""

TABLES: Mapping[str, Callable[[], Iterable[Row]]] = {
    "party_headers": lambda: party_headers(of_administrator=False),
    "party_headers_of_administrator": lambda: party_headers(of_administrator=True),
    "header_types": header_types,
    "header_names": header_names,
    "foreign_objects": foreign_objects,
    "refused_writes": refused_writes,
    "refused_writes_of_administrator": refused_writes_of_administrator,
    "other_roles": lambda: (
        dict(zip(("operation", "owner", "party"), each, strict=True)) for each in OTHER_ROLES
    ),
    "guarded": lambda: representatives(GUARDED),
    "token_schemes": lambda: representatives(GUARDED, scheme=("Bearer", "bearer", "BEARER")),
    "no_credentials": lambda: representatives(GUARDED, what=tuple(access.NO_CREDENTIALS)),
    "forged_tokens": lambda: representatives(GUARDED, forgery=forging.FORGERIES),
}
"""Name of a table to its rows."""
