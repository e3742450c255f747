"""Requests that services should refuse for one flaw and do not: a fault for each place a flaw can be in."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from opnc import contract, negatives, rights
from simulators.faults.rights import SERVICES
from simulators.kernel.fault_injection import Fault
from simulators.kernel.messages import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opnc.contract import Operation
    from opnc.negatives import Case, Place
    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Call


def _answering(status: int, place: Place) -> Tamper:
    """Answer requests that have a flaw in a place with a status."""

    def tamper(call: Call, answer: Answer) -> Answer:
        return Answer(status, media_type="") if _flawed(call, place) else answer

    return tamper


def _flawed(call: Call, place: Place) -> bool:
    deviations = (
        *contract.check_parameters(call.operation, path=call.path, query=call.query, headers=call.headers),
        *contract.check_request_body(call.operation, call.headers, call.content),
    )
    where = place.name
    if place.location == "body":
        where = "/" + "/".join(step for step in place.steps if step != negatives.ENTRY)
    return any(found.where.startswith(where) for found in deviations)


def _success(operation: Operation) -> int:
    return min(status for status in operation.responses if isinstance(status, int))


def _fault(operation: Operation, place: Place, cases: list[Case], *, let_pass: bool) -> Fault:
    what = "is let pass" if let_pass else "brings the service down"
    status = _success(operation) if let_pass else 500
    return Fault(
        id=f"flaws.{operation.id}.{'.'.join(place.steps)}.{'let-pass' if let_pass else 'crash'}",
        service=operation.service,
        requirements=tuple(dict.fromkeys(case.requirement for case in cases)),
        summary=f"A request of {operation.id} with a flaw in {place.name} {what}.",
        tamper={operation.id: _answering(status, place)},
        only={"operation": rights.first_call(operation.id), "place": place.name},
    )


# An edition that does not exist may be taken for none (ERR-084), with a warning.
_TOLERATED = {("getContractDataByEmaidV1", "xsdMsgDefNamespace")}


def _faults(operation: Operation) -> Iterator[Fault]:
    for place, cases in groupby(negatives.cases(operation), key=lambda case: case.place):
        found = list(cases)
        if refused := [case for case in found if case.requirement != negatives.SHOULD]:
            yield _fault(operation, place, refused, let_pass=(operation.id, place.name) not in _TOLERATED)
        # To let pass what only should be refused is a warning: no more than a crash turns its scenario red.
        if noted := [case for case in found if case.requirement == negatives.SHOULD]:
            yield _fault(operation, place, noted, let_pass=False)


FAULTS: tuple[Fault, ...] = tuple(
    fault for operation in contract.load() if operation.service in SERVICES for fault in _faults(operation)
)
