"""The contract of OPNC v1 as data, and checks of exchanges against it.

One OpenAPI 3.1 document per service, written by us from the published API files and corrected by the
errata; what they share is in `components.yaml`. A plain schema is what is accepted. Beside it stand:

- `x-erratum`: the erratum, or a list of them, that touches this place.
- `x-strict`: a narrower schema, usually the literal one; a violation warns, and fails in the strict profile.
- `x-info`: as `x-strict`, but a violation is only noted, in either profile.
- `x-severity`: on a status or media type: how much it weighs to use it instead of an expected one.
- `x-no-body`: on a media type: how much it weighs to send nothing in its place (`fail` where absent).
- `x-also`: on a path: other paths that are accepted for it.
- `x-published`: what the published files say here where that is something else: keyword to literal value,
  null for a keyword they lack; as a whole null where they lack the place itself. For keywords that are not
  in it, `x-strict` and `x-info` are the literal text. Only `opnc contract diff` reads it.

Neither `x-strict` nor `x-info` stands below `anyOf` or `if`, where a violation would count as a mismatch.
"""

from __future__ import annotations

import difflib
import functools
from typing import TYPE_CHECKING

from opnc.contract.check import check_parameters, check_request_body, check_response, expected_response
from opnc.contract.deviation import Deviation, Kind, Profile
from opnc.contract.documents import SERVICES, document
from opnc.contract.generic import ACCEPTED_ANYWHERE
from opnc.contract.model import Body, Operation, Parameter, Response, Schema, Service, Status
from opnc.contract.reading import read_service
from opnc.contract.schema import ABSENT, AS_DATE_TIME, IN_BASE64, check_value
from opnc.problem import Problem
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "ABSENT",
    "ACCEPTED_ANYWHERE",
    "AS_DATE_TIME",
    "IN_BASE64",
    "SERVICES",
    "Body",
    "Contract",
    "Deviation",
    "Kind",
    "Operation",
    "Parameter",
    "Profile",
    "Response",
    "Schema",
    "Service",
    "Severity",
    "Status",
    "check_parameters",
    "check_request_body",
    "check_response",
    "check_value",
    "document",
    "expected_response",
    "load",
]


class Contract:
    """All operations of OPNC v1; a service's document is read when it is first asked for."""

    def __init__(self) -> None:
        self._services: dict[str, Service] = {}

    def __iter__(self) -> Iterator[Operation]:
        """Iterate over all operations, service by service."""
        for name in SERVICES:
            yield from self.service(name).operations.values()

    def service(self, name: str) -> Service:
        """Return a service by its name.

        Raises:
            Problem: There is no such service.
        """
        if name not in self._services:
            if name not in SERVICES:
                raise Problem(f"there is no service {name!r}", hint=f"services are {', '.join(SERVICES)}")
            self._services[name] = read_service(name)
        return self._services[name]

    def operation(self, operation_id: str) -> Operation:
        """Return an operation by its published operationId.

        Raises:
            Problem: There is no such operation.
        """
        # Services that were read come first: to read a document takes longer than all that follows.
        for name in sorted(SERVICES, key=lambda each: each not in self._services):
            if operation_id in self.service(name).operations:
                return self.service(name).operations[operation_id]
        close = difflib.get_close_matches(operation_id, [each.id for each in self], n=1)
        raise Problem(
            f"there is no operation {operation_id!r}", hint=f"did you mean {close[0]}?" if close else ""
        )


@functools.cache
def load() -> Contract:
    """Return the contract, the same object each time."""
    return Contract()
