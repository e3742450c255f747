"""How faults of one service are written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulators.kernel.misbehaviour import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.kernel.misbehaviour import Tamper


@dataclass(frozen=True, slots=True)
class FaultFactory:
    """Makes the faults of a service, whose ids begin alike."""

    service: str
    prefix: str

    def __call__(
        self,
        name: str,
        requirements: tuple[str, ...] | str,
        summary: str,
        *without: str,
        tamper: Mapping[str, Tamper] | None = None,
        instead: Mapping[str, Callable[..., Any]] | None = None,
        ahead: str | None = None,
        only: Mapping[str, str] | None = None,
    ) -> Fault:
        """Return a fault; the arguments are the attributes of `Fault`."""
        return Fault(
            f"{self.prefix}.{name}",
            self.service,
            (requirements,) if isinstance(requirements, str) else requirements,
            summary,
            without=frozenset(without),
            tamper=tamper or {},
            ahead=frozenset({ahead} if ahead else ()),
            instead=instead or {},
            only=only or {},
        )


def faults_of(service: str, prefix: str | None = None) -> FaultFactory:
    """Return what makes the faults of a service; their ids begin with its name, unless with another."""
    return FaultFactory(service, prefix or service)
