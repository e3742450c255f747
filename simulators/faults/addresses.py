"""What a service may do wrong about where it is reached."""

from __future__ import annotations

from opnc import contract
from simulators.faults.rights import SERVICES
from simulators.kernel.fault_injection import Fault
from simulators.kernel.messages import Answer


def _nowhere(*_: object) -> Answer:
    return Answer(404, b"<h1>Not Found</h1>", media_type="text/html")


FAULTS: tuple[Fault, ...] = (
    Fault(
        "addresses.fallbacks",
        "common",
        ("SYS-VER-01",),
        "The services are not found where OPNC says they are.",
        tamper={operation.id: _nowhere for operation in contract.load() if operation.service in SERVICES},
    ),
)
