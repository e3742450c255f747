"""Checks exchanges against the contract. Whatever a peer sends gives deviations, never an exception."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc.contract.content import check_content
from opnc.contract.deviation import Deviation, Kind, Profile, shortened, weighed
from opnc.contract.generic import ACCEPTED_ANYWHERE
from opnc.contract.schema import check_value
from opnc.http_headers import Headers
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from opnc.contract.model import Operation, Parameter, Response

    Values = Mapping[str, str | Sequence[str]]
    Fields = Headers | Mapping[str, str] | Iterable[tuple[str, str]]


def check_parameters(
    operation: Operation,
    *,
    path: Mapping[str, str],
    query: Values,
    headers: Fields,
    profile: Profile = "lenient",
) -> tuple[Deviation, ...]:
    """Check the parameters of a request; what the operation does not define is tolerated.

    Args:
        operation: The operation called.
        path: Values of the path's templates, percent-decoded.
        query: Query parameters, percent-decoded; one that is repeated as a list.
        headers: Header fields; names in any case, each as often as it was sent.
        profile: How warnings weigh.
    """
    given: dict[str, Values] = {"path": path, "query": query, "header": _by_lower_name(Headers.of(headers))}
    found = (
        deviation
        for parameter in operation.parameters
        for deviation in _parameter(parameter, given[parameter.location])
    )
    return weighed(found, profile)


def check_request_body(
    operation: Operation, headers: Fields, body: bytes, profile: Profile = "lenient"
) -> tuple[Deviation, ...]:
    """Check the body of a request; a body where none is defined is tolerated.

    Args:
        operation: The operation called.
        headers: Header fields; names in any case, each as often as it was sent.
        body: The bytes received.
        profile: How warnings weigh.
    """
    # A body may be sent with any request: where none is defined it means nothing.
    if not operation.request or not (body or operation.request_required):
        return ()
    content_type = Headers.of(headers).get("content-type") or ""
    return weighed(check_content(operation.request, content_type, body), profile)


def check_response(
    operation: Operation,
    status: int,
    headers: Fields,
    body: bytes,
    profile: Profile = "lenient",
) -> tuple[Deviation, ...]:
    """Check an answer: its status, its headers, its body.

    Args:
        operation: The operation called.
        status: The status code received.
        headers: Header fields; names in any case, each as often as it was sent.
        body: The bytes received, content codings undone.
        profile: How warnings weigh.
    """
    response = expected_response(operation, status)
    if response is None:
        return (_undocumented(operation, status),)
    given = Headers.of(headers)
    fields = _by_lower_name(given)
    found: list[Deviation] = []
    if response.severity is not None:
        found.append(_undocumented(operation, status, response))
    for header in response.headers:
        found.extend(_parameter(header, fields))
    # An answer without a defined body may have any, an error page for one.
    if response.bodies:
        found.extend(check_content(response.bodies, given.get("content-type") or "", body))
    return weighed(found, profile)


def expected_response(operation: Operation, status: int) -> Response | None:
    """Return what the contract says about a status; None where it is undocumented.

    Args:
        operation: The operation called.
        status: The status code received.
    """
    family = f"{status // 100}XX"
    for table in (operation.responses, ACCEPTED_ANYWHERE):
        # The status itself before its class, and what the operation says before what holds anywhere.
        response = table.get(status) or table.get(family)
        if response is not None:
            return response
    return None


def _undocumented(operation: Operation, status: int, graded: Response | None = None) -> Deviation:
    expected = (str(each.status) for each in operation.responses.values() if each.severity is None)
    return Deviation(
        kind=Kind.STATUS,
        where="status",
        expected=f"one of {', '.join(expected)}",
        seen=str(status),
        errata=graded.errata if graded else (),
        severity=(graded.severity if graded else None) or Severity.FAIL,
    )


def _parameter(parameter: Parameter, given: Values) -> Iterator[Deviation]:
    header = parameter.location == "header"
    value = given.get(parameter.name.lower() if header else parameter.name)
    if value is None:
        if parameter.required:
            kind = Kind.MISSING_HEADER if header else Kind.MISSING_PARAMETER
            yield Deviation(kind, parameter.name, "a value", "none", parameter.errata)
        return
    if not isinstance(value, str):
        if len(value) != 1:
            repeated = Kind.REPEATED_HEADER if header else Kind.REPEATED_PARAMETER
            yield Deviation(repeated, parameter.name, "one value", shortened(list(value)))
            return
        value = value[0]
    kind = Kind.HEADER if header else Kind.PARAMETER
    for found in check_value(_decoded(value, parameter), parameter.schema):
        yield Deviation(kind, parameter.name, found.expected, found.seen, found.errata, found.severity)


def _decoded(value: str, parameter: Parameter) -> Any:
    if parameter.schema.get("type") == "boolean":
        # Other spellings stay text and then break the schema, which says so with the value.
        return {"true": True, "false": False}.get(value, value)
    return value


def _by_lower_name(headers: Headers) -> Values:
    """Return the values by name; none of the contract is a list, so those of one name are not joined."""
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value)
    return values
