"""The catalogue of faults: what an implementation may do wrong, and which requirements that breaks.

Every module of this package that has `FAULTS` adds to it.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.kernel.fault_injection import Fault


def _all() -> Iterator[Fault]:
    for module in sorted(each.name for each in iter_modules(__path__)):
        yield from getattr(import_module(f"{__name__}.{module}"), "FAULTS", ())


FAULTS: tuple[Fault, ...] = tuple(_all())
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
