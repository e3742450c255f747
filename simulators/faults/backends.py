"""What the backend of any party may do wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.faults import making

if TYPE_CHECKING:
    from simulators.kernel.fault_injection import Fault

_fault = making.faults_of("common", "backends")

FAULTS: tuple[Fault, ...] = (
    _fault(
        "request-storm",
        "SYS-CLIENT-02",
        "Every request is sent a dozen times, though the first was answered.",
        replaced={"client.repetitions": lambda: 11},
    ),
)
