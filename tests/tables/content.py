"""How requests are sent and what may be wrong with them: ids, JSON, errors, flaws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.messages import shared as messages
from fixtures.evidence import schema_paths
from fixtures.testdata import body_mutations as flawed
from fixtures.testdata import spellings
from opnc import contract, negatives, rights
from tests.tables.rows import (
    Row,
    each_request,
    has_id,
    has_namespace,
    representatives,
    requests,
    states,
    takes_json,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


def keeps(operation: contract.Operation) -> bool:
    """Tell whether an operation is about a contract that is there already."""
    return "{emaid}" in operation.path


def known_emaids() -> Iterator[Row]:
    """Yield the operations about a contract that is there, and spellings of its EMAID."""
    known = {"in lower case": "IDS-EMAID-01", "with hyphens": "IDS-EMAID-02"}
    for row in each_request(keeps, written=tuple(known)):
        yield {"requirement": known[row["written"]], **row}


def wrong_emaids() -> Iterator[Row]:
    """Yield the operations that take an EMAID, and texts that are none."""
    known = {
        "of 13 characters": "IDS-EMAID-06",
        "of 37 characters": "IDS-EMAID-06",
        "that begins with a digit": "IDS-EMAID-07",
    }
    for row in each_request(states("emaid"), wrong=tuple(spellings.INVALID_EMAIDS)):
        yield {"requirement": known.get(row["wrong"], "IDS-EMAID-10"), **row}


def pcids() -> Iterator[Row]:
    """Yield the operations that take a PCID, with either length."""
    for row in each_request(states("pcid"), length=("17", "18")):
        yield {"requirement": "IDS-PCID-01", "owner": row["party"], **row}


JSON_MEDIA_TYPES = ("application/json; charset=utf-8", "Application/JSON")
"""How JSON may be called as well (RFC 9110 section 8.3.1)."""


def explains(status: int) -> Callable[[contract.Operation], bool]:
    """Tell whether an operation has an error body for a status."""
    return lambda operation: status in operation.responses and bool(operation.responses[status].bodies)


def errors_of_content() -> Iterator[Row]:
    """Yield a flaw for each operation that explains what is wrong with what was sent."""
    for row in each_request(explains(400)):
        operation = contract.load().operation(row["operation"].partition(" ")[0])
        if case := next(iter(negatives.cases(operation)), None):
            yield {**row, "place": case.place.name, "flaw": case.flaw}


def errors_of_absence() -> Iterator[Row]:
    """Yield the operations that explain that there is no such object."""
    return each_request(lambda operation: has_id(operation) and explains(404)(operation))


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
    for row in each_request(takes_json):
        for place in negatives.demanded_members(contract.load().operation(row["operation"])):
            name = place.steps[-1]
            other = name.lower() if name.lower() != name else name.capitalize()
            yield {**row, "member": place.name, "spelling": other}


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
    "flaws_refused": lambda service: flaws(service, refused=True),
    "flaws_noted": lambda service: flaws(service, refused=False),
}
"""Name of a table to its rows for one service."""

TABLES: Mapping[str, Callable[[], Iterable[Row]]] = {
    "representatives": representatives,
    "unknown_versions": lambda: representatives(version=("v9",)),
    "changed_paths": lambda: representatives(changed=tuple(messages.CHANGED_PATHS)),
    "other_methods": lambda: representatives(method=("PATCH", "TRACE")),
    "provoked_errors": lambda: representatives(means=tuple(messages.MEANS)),
    "errors_of_content": errors_of_content,
    "errors_of_absence": errors_of_absence,
    "two_errors": two_errors,
    "hostile_ids": lambda: each_request(has_id, id=tuple(flawed.HOSTILE_IDS)),
    "json_requests": lambda: each_request(takes_json),
    "malformed_json": lambda: each_request(takes_json, content=tuple(flawed.MALFORMED_BODIES)),
    "json_media_types": lambda: each_request(takes_json, **{"media type": JSON_MEDIA_TYPES}),
    "json_encodings": lambda: each_request(takes_json, encoding=("utf-16", "iso-8859-1")),
    "misspelled_members": misspelled_members,
    "namespaced_requests": lambda: each_request(has_namespace),
    "answers_with_dates": lambda: each_request(
        lambda each: schema_paths.may_contain(schema_paths.is_date, each)
    ),
    "answers_with_certificates": lambda: each_request(
        lambda each: schema_paths.may_contain(schema_paths.is_certificate, each)
    ),
    "known_emaids": known_emaids,
    "wrong_emaids": wrong_emaids,
    "pcids": pcids,
    "wrong_pcids": lambda: each_request(states("pcid"), wrong=tuple(spellings.INVALID_PCIDS)),
}
"""Name of a table to its rows."""
