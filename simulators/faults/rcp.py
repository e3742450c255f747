"""What a Root Certificate Pool may do wrong."""

from __future__ import annotations

from simulators.kernel.misbehaviour import Fault

FAULTS: tuple[Fault, ...] = (
    Fault(
        "rcp.filter-ignored",
        "rcp",
        ("RCP-LIST-02", "RCP-LIST-03", "RCP-LIST-04", "RCP-LIST-05"),
        "The filter pkiType is ignored: the list holds roots of all types.",
        without=frozenset({"rcp.list.type"}),
    ),
)
