"""How faults of one service are written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulators.kernel.fault_injection import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.kernel.fault_injection import Tamper


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the faults of a service, whose ids begin alike."""

    service: str
    prefix: str

    def __call__(
        self,
        name: str,
        requirements: tuple[str, ...] | str,
        summary: str,
        *disabled: str,
        tamper: Mapping[str, Tamper] | None = None,
        replaced: Mapping[str, Callable[..., Any]] | None = None,
        moved_first: str | None = None,
        only: Mapping[str, str] | None = None,
    ) -> Fault:
        """Return a fault; the arguments are the attributes of `Fault`."""
        return Fault(
            f"{self.prefix}.{name}",
            self.service,
            (requirements,) if isinstance(requirements, str) else requirements,
            summary,
            disabled=frozenset(disabled),
            tamper=tamper or {},
            moved_first=frozenset({moved_first} if moved_first else ()),
            replaced=replaced or {},
            only=only or {},
        )


def of(service: str, prefix: str | None = None) -> Maker:
    """Return what makes the faults of a service; their ids begin with its name, unless with another."""
    return Maker(service, prefix or service)
