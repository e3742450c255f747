"""The catalogue of faults: what an implementation may do wrong, and which requirements that breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.problem import Problem
from simulators.faults.event import FAULTS as EVENT
from simulators.faults.pcp import FAULTS as PCP
from simulators.faults.rcp import FAULTS as RCP
from simulators.faults.rights import FAULTS as RIGHTS

if TYPE_CHECKING:
    from simulators.kernel.misbehaviour import Fault

FAULTS: tuple[Fault, ...] = (*RCP, *PCP, *EVENT, *RIGHTS)
_BY_ID = {fault.id: fault for fault in FAULTS}


def by_id(fault_id: str) -> Fault:
    """Return a fault by its id.

    Raises:
        Problem: If there is no such fault.
    """
    try:
        return _BY_ID[fault_id]
    except KeyError:
        raise Problem(f"there is no fault {fault_id!r}", hint="opnc prove --list names them") from None
