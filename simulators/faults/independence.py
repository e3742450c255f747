"""What services may do wrong that have to work beside those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.faults import making

if TYPE_CHECKING:
    from simulators.kernel.fault_injection import Fault

_fault = making.faults_of("common", "independence")

FAULTS: tuple[Fault, ...] = (
    _fault(
        "signed-for-oneself",
        "POOL-MR-05",
        "What a CPS has signed or made gets into no CCP.",
        "cps.sign.store",
        "cps.generate.store",
    ),
    _fault(
        "outage-told-as-missing",
        "SYS-ERR-06",
        "That another service does not answer is told as something that is not there.",
        replaced={"outage.status": lambda: 404},
    ),
)
