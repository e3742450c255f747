"""The contract as values: services, operations, parameters, bodies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from opnc.severity import Severity

Schema = Mapping[str, Any]
"""A JSON Schema, Draft 2020-12, references resolved, with the extensions of the package's docstring."""

Location = Literal["path", "query", "header"]
Status = int | str
"""A status code, or a class of them such as `5XX`."""

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A parameter of an operation, or a header of an answer.

    Attributes:
        name: As published; header names are matched without regard to case.
        location: Where it stands.
        required: Whether it must be given.
        schema: What its value must be; a boolean is written `true` or `false`.
        default: The value that holds where it is absent; None for no default.
        errata: Errata that touch it.
    """

    name: str
    location: Location
    required: bool
    schema: Schema
    default: Any
    errata: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A body in one media type.

    Attributes:
        media_type: Type and subtype in lower case, without parameters.
        schema: What the decoded JSON, or the text of other types, must be.
        errata: Errata that touch this media type.
        severity: The weight of using this media type; None where it is the expected one.
        no_body: The weight of an empty body in its place.
    """

    media_type: str
    schema: Schema
    errata: tuple[str, ...]
    severity: Severity | None
    no_body: Severity


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """What an operation answers with one status.

    Attributes:
        status: The status or class of statuses.
        bodies: Media type to body; empty where none is defined, then any body is accepted.
        headers: Headers defined for the answer.
        errata: Errata that touch this status.
        severity: The weight of answering with this status; None where it is an expected one.
    """

    status: Status
    bodies: Mapping[str, Body]
    headers: tuple[Parameter, ...]
    errata: tuple[str, ...]
    severity: Severity | None


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One operation of a service.

    Attributes:
        id: The published operationId, for example `getRootCertificatesV1`.
        service: `rcp`, `pcp`, `cps`, `ccp`, `pki`, `event` or `webhook`.
        method: In upper case.
        path: Template below the service's base, for example `/rootcertificates/{rootCertificateId}`.
        also: Other templates that errata accept in place of `path`.
        parameters: In the order of the document.
        request: Media type to request body; empty where the operation has none.
        request_required: Whether the body must be there.
        responses: Status to answer, generally accepted statuses left out.
        errata: Errata that touch the operation as a whole.
        summary: One line on what it does.
    """

    id: str
    service: str
    method: str
    path: str
    also: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    request: Mapping[str, Body]
    request_required: bool
    responses: Mapping[Status, Response]
    errata: tuple[str, ...]
    summary: str

    def parameter(self, name: str) -> Parameter:
        """Return a parameter by name, without regard to case.

        Raises:
            KeyError: The operation has no such parameter.
        """
        for each in self.parameters:
            if each.name.lower() == name.lower():
                return each
        raise KeyError(f"{self.id} has no parameter {name}")

    def url(
        self,
        base: str,
        path_parameters: Mapping[str, str] = _NOTHING,
        query: Mapping[str, str] = _NOTHING,
    ) -> str:
        """Return the URL to call.

        Args:
            base: URL of the service with its prefix, for example `https://host/opnc/v1/rcp`.
            path_parameters: A value for every template of the path, not yet percent-encoded.
            query: Query parameters, not yet percent-encoded.

        Raises:
            KeyError: A template of the path has no value.
        """
        values = {name: _segment(value) for name, value in path_parameters.items()}
        url = base.rstrip("/") + self.path.format_map(values)
        # A blank as %20: a plus is a blank in forms only, not by RFC 3986.
        return f"{url}?{urlencode(query, quote_via=quote)}" if query else url


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """One service and its operations.

    Attributes:
        name: `rcp`, `pcp`, `cps`, `ccp`, `pki`, `event` or `webhook`.
        base: Path prefix below the host, for example `/opnc/v1/rcp`; empty for the webhook receiver.
        operations: By operationId, in the order of the document.
    """

    name: str
    base: str
    operations: Mapping[str, Operation]


def _segment(value: str) -> str:
    """Encode a path segment; dots alone are encoded too, or clients would resolve them (RFC 3986, 5.2.4)."""
    return quote(value, safe="") if value.strip(".") else value.replace(".", "%2E")
