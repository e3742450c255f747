"""Fills in the tables of examples that follow from data: `python tests/example_tables.py`.

A table stands in its feature file below a line `# table: NAME`. The files are kept in the repository, so that
they are read, linted and collected like all others.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING

from features.steps import system, tokens
from fixtures import flawed, forging, places
from fixtures.requests import REPRESENTATIVES
from opnc import catalogue, contract, negatives, rights
from simulators.faults.rights import SERVICES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

FEATURES = Path(__file__).parent.parent / "features"

NAMES: Mapping[rights.Party, str] = {
    "oem": "oem",
    "cpo": "cpo",
    "emsp_own_pki": "emsp with own pki",
    "emsp": "emsp",
    "cps": "cps",
    "administrator": "administrator",
}
"""The parties as scenarios call them; who comes first is asked first."""

_TABLE = re.compile(r"^( *)# table: (.+)\n(?: *\|.*\n)*", re.MULTILINE)

Row = dict[str, str]


def files() -> list[Path]:
    """Return the feature files that hold such tables."""
    return [path for path in sorted(FEATURES.rglob("*.feature")) if "# table: " in path.read_text("utf-8")]


def filled(text: str) -> str:
    """Return a feature file with its tables as they follow from the data."""

    def fill(found: re.Match[str]) -> str:
        return f"{found[0].splitlines()[0]}\n{table(rows(found[2]), found[1])}"

    return _TABLE.sub(fill, text)


def rows(name: str) -> Iterable[Row]:
    """Return what stands in a table."""
    kind, _, service = name.partition(" of ")
    return OF_SERVICE[kind](service) if service else TABLES[name]()


def table(content: Iterable[Row], indent: str) -> str:
    """Return rows as Gherkin writes them."""
    lines = list(content)
    cells: list[Sequence[str]] = [list(lines[0]), *(list(line.values()) for line in lines)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return "".join(
        f"{indent}| "
        + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        + " |\n"
        for row in cells
    )


def requests() -> Iterator[tuple[contract.Operation, str, str]]:
    """Yield each operation of a simulated service, as scenarios name it, and who may call it."""
    for row, parties in rights.TABLE.items():
        if row.service in SERVICES:
            caller = next(name for party, name in NAMES.items() if party in parties)
            yield contract.load().operation(row.operation), row.call, caller


def _cells(service: str) -> list[rights.Cell]:
    return [cell for cell in rights.cells() if cell.row.service == service]


def _cell(cell: rights.Cell) -> Row:
    return {"requirement": cell.requirement, "operation": cell.row.call, "party": NAMES[cell.party]}


def granted(service: str) -> Iterator[Row]:
    """Yield who may call what, the administrator apart."""
    return (_cell(cell) for cell in _cells(service) if cell.allowed and cell.party != "administrator")


def of_administrator(service: str) -> Iterator[Row]:
    """Yield what the administrator may call."""
    return (_cell(cell) for cell in _cells(service) if cell.allowed and cell.party == "administrator")


def refused(service: str) -> Iterator[Row]:
    """Yield who may not call what."""
    return (_cell(cell) for cell in _cells(service) if not cell.allowed)


def anonymous(service: str) -> Iterator[Row]:
    """Yield what nobody may call without credentials."""
    for requirement in catalogue.load().requirements.values():
        if requirement.id.startswith(f"AUTH-401-{service.upper()}-"):
            named = next(named for operation, named, _ in requests() if operation.id == requirement.operation)
            yield {"requirement": requirement.id, "operation": named}


def party_headers(*, of_administrator: bool) -> Iterator[Row]:
    """Yield the operations whose party headers the catalogue speaks of."""
    requirements = [each for each in catalogue.load().requirements.values() if each.group == "hdr"]
    for requirement in requirements:
        for operation, named, party in requests():
            if requirement.operation == operation.id and (party == "administrator") == of_administrator:
                yield {"requirement": requirement.id, "operation": named, "party": party}


def _with_party_headers() -> Iterator[tuple[str, str]]:
    """Yield one operation of each service that defines the party headers, and who may call it."""
    seen = set()
    for operation, named, party in requests():
        reads = operation.method == "GET" and any(
            each.name == "OPNC-to-party-type" for each in operation.parameters
        )
        if reads and operation.service not in seen:
            seen.add(operation.service)
            yield named, party


def refused_writes(*, of_administrator: bool) -> Iterator[Row]:
    """Yield what changes something, and somebody whose it is not."""
    for operation, named, owner in requests():
        anybody = operation.id in CREATING_FOR_ANYBODY or named in NAMED_FREELY
        if operation.method == "GET" or anybody or (owner == "administrator") != of_administrator:
            continue
        yield {"operation": named, "owner": owner, "party": "oem" if of_administrator else f"other {owner}"}


CREATING_FOR_ANYBODY = frozenset({"postEndpointV1", "getSignedContractDataByCertificateInstallationReqV1"})
"""Operations that are about nothing that is anybody's: any CPO may ask for any vehicle (ERR-158)."""

NAMED_FREELY = frozenset({"simpleEnrollCertV1 for cps"})
"""Requests whose object bears no id of an owner: the name of a CPS is free."""

JSON_MEDIA_TYPES = ("application/json; charset=utf-8", "Application/JSON")
"""How JSON may be called as well (RFC 9110 section 8.3.1)."""

OTHER_ROLES = (
    ("putRootCertificateV1", "administrator", "oem"),
    ("deleteProvisioningCertificateV1", "oem", "cpo"),
    ("revokeCertV1", "cpo", "cps"),
)
"""An operation of each service that has roles, who may call it, and who may not."""


def representatives(**columns: Sequence[str]) -> Iterator[Row]:
    """Yield the representative of each service with every combination of further values."""
    for service in SERVICES:
        operation, party = REPRESENTATIVES[service]
        for values in itertools.product(*columns.values()):
            yield {"operation": operation, "party": party, **dict(zip(columns, values, strict=True))}


def each_request(wanted: Callable[[contract.Operation], bool], **columns: Sequence[str]) -> Iterator[Row]:
    """Yield the requests of some operations, each with every combination of further values."""
    for operation, named, party in requests():
        if wanted(operation) and named == rights.first_call(operation.id):
            for values in itertools.product(*columns.values()):
                yield {"operation": named, "party": party, **dict(zip(columns, values, strict=True))}


def _takes_json(operation: contract.Operation) -> bool:
    return "application/json" in operation.request


def _has_id(operation: contract.Operation) -> bool:
    return "{" in operation.path


def _has_namespace(operation: contract.Operation) -> bool:
    return any(place.steps == (system.NAMESPACE,) for place in negatives.places(operation))


def _explains(status: int) -> Callable[[contract.Operation], bool]:
    """Tell whether an operation has an error body for a status."""
    return lambda operation: status in operation.responses and bool(operation.responses[status].bodies)


def errors_of_content() -> Iterator[Row]:
    """Yield a flaw for each operation that explains what is wrong with what was sent."""
    for row in each_request(_explains(400)):
        operation = contract.load().operation(row["operation"].partition(" ")[0])
        if case := next(iter(negatives.cases(operation)), None):
            yield {**row, "place": case.place.name, "flaw": case.flaw}


def errors_of_absence() -> Iterator[Row]:
    """Yield the operations that explain that there is no such object."""
    return each_request(lambda operation: _has_id(operation) and _explains(404)(operation))


def two_errors() -> Iterator[Row]:
    """Yield the first of them for each service."""
    seen = set()
    for row in errors_of_absence():
        service = contract.load().operation(row["operation"]).service
        if service not in seen:
            seen.add(service)
            yield row


def misspelled_members() -> Iterator[Row]:
    """Yield every required member with another spelling."""
    for row in each_request(_takes_json):
        for place in negatives.places(contract.load().operation(row["operation"])):
            if place.location == "body" and place.required:
                name = place.steps[-1]
                other = name.lower() if name.lower() != name else name.capitalize()
                yield {**row, "member": place.name, "spelling": other}


def header_types() -> Iterator[Row]:
    for operation, party in _with_party_headers():
        for header in ("OPNC-from-party-type", "OPNC-to-party-type"):
            for value in ("foo", "oem, emsp"):
                yield {
                    "requirement": "HDR-TYPE-01",
                    "operation": operation,
                    "party": party,
                    "header": header,
                    "value": value,
                }


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


def flaws(service: str, *, refused: bool) -> Iterator[Row]:
    """Yield what can be wrong with requests to a service: what is refused for sure, or only should be."""
    for operation, named, party in requests():
        wanted = operation.service == service and named == rights.first_call(operation.id)
        for case in negatives.cases(operation) if wanted else ():
            if (case.requirement != negatives.SHOULD) == refused:
                yield {
                    "requirement": case.requirement,
                    "operation": named,
                    "party": party,
                    "place": case.place.name,
                    "flaw": case.flaw,
                }


OF_SERVICE: Mapping[str, Callable[[str], Iterable[Row]]] = {
    "granted": granted,
    "administrator": of_administrator,
    "refused": refused,
    "anonymous": anonymous,
    "flaws_refused": lambda service: flaws(service, refused=True),
    "flaws_noted": lambda service: flaws(service, refused=False),
}
"""Name of a table to its rows for one service; the service stands behind the name."""

TABLES: Mapping[str, Callable[[], Iterable[Row]]] = {
    "party_headers": lambda: party_headers(of_administrator=False),
    "party_headers_of_administrator": lambda: party_headers(of_administrator=True),
    "refused_writes": lambda: refused_writes(of_administrator=False),
    "refused_writes_of_administrator": lambda: refused_writes(of_administrator=True),
    "unknown_versions": lambda: representatives(version=("v9",)),
    "changed_paths": lambda: representatives(changed=tuple(system.CHANGED_PATHS)),
    "other_methods": lambda: representatives(method=("PATCH", "TRACE")),
    "errors_of_content": errors_of_content,
    "errors_of_absence": errors_of_absence,
    "two_errors": two_errors,
    "malformed_json": lambda: each_request(_takes_json, content=tuple(flawed.MALFORMED)),
    "json_requests": lambda: each_request(_takes_json),
    "json_media_types": lambda: each_request(_takes_json, **{"media type": JSON_MEDIA_TYPES}),
    "misspelled_members": misspelled_members,
    "hostile_ids": lambda: each_request(_has_id, id=tuple(flawed.HOSTILE)),
    "namespaced_requests": lambda: each_request(_has_namespace),
    "provoked_errors": lambda: representatives(means=tuple(system.PROVOCATIONS)),
    "answers_with_dates": lambda: each_request(lambda each: places.occurs(places.is_date, each)),
    "answers_with_certificates": lambda: each_request(
        lambda each: places.occurs(places.is_certificate, each)
    ),
    "header_types": header_types,
    "header_names": header_names,
    "representatives": representatives,
    "token_schemes": lambda: representatives(scheme=("Bearer", "bearer", "BEARER")),
    "no_credentials": lambda: representatives(what=tuple(tokens.NO_CREDENTIALS)),
    "forged_tokens": lambda: representatives(forgery=forging.FORGERIES),
    "other_roles": lambda: (
        dict(zip(("operation", "owner", "party"), each, strict=True)) for each in OTHER_ROLES
    ),
}
"""Name of a table to its rows."""


if __name__ == "__main__":
    for each in files():
        each.write_text(filled(each.read_text("utf-8")), encoding="utf-8")
