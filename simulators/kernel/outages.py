"""Services that are out of operation: nobody reaches them, and who depends on them has to say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc import contract
from opnc.problem import Problem
from simulators.kernel.failpoints import failpoint
from simulators.kernel.messages import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulators.kernel.fault_injection import FaultInjector


class Outages:
    """The services of an ecosystem that are out of operation; none to begin with.

    Attributes:
        down: Their short names.
        injector: What those who depend on them do wrong.
    """

    def __init__(self, injector: FaultInjector) -> None:
        self.injector = injector
        self.down: frozenset[str] = frozenset()

    def set(self, services: Iterable[str]) -> None:
        """Take exactly these services out of operation.

        Raises:
            Problem: If there is no such service.
        """
        down = frozenset(services)
        if unknown := sorted(down - set(contract.SERVICES)):
            raise Problem(
                f"there is no service {unknown[0]!r}", hint=f"known: {', '.join(contract.SERVICES)}"
            )
        self.down = down

    def demand(self, service: str) -> None:
        """Make sure that a service can be reached by another one.

        Raises:
            Refusal: If not, with the status of `outage.status`.
        """
        if service in self.down:
            raise Refusal(self._status(), f"the {service} does not answer")

    @failpoint("outage.status")
    def _status(self) -> int:
        """Return how a service answers that needs one which is out of operation (RFC 9110 section 15.6.4)."""
        return 503
