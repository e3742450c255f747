"""How faults of one service, or of each pool, are written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulators.kernel.fault_injection import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.kernel.fault_injection import Cell, Tamper


@dataclass(frozen=True, slots=True)
class FaultFactory:
    """Makes the faults of a service, whose ids begin alike."""

    service: str
    prefix: str

    def __call__(  # noqa: PLR0913 - the attributes of a fault, by their names
        self,
        name: str,
        requirements: tuple[str, ...] | str,
        summary: str,
        *disabled: str,
        tamper: Mapping[str, Tamper] | None = None,
        replaced: Mapping[str, Callable[..., Any]] | None = None,
        around: Mapping[str, Callable[..., Any]] | None = None,
        moved_first: str | None = None,
        rights: Mapping[Cell, bool] | None = None,
        only: Mapping[str, str] | None = None,
    ) -> Fault:
        """Return a fault; the arguments are its attributes, names in `disabled` one by one."""
        return Fault(
            f"{self.prefix}.{name}",
            self.service,
            (requirements,) if isinstance(requirements, str) else requirements,
            summary,
            disabled=frozenset(disabled),
            tamper=tamper or {},
            rights=rights or {},
            moved_first=frozenset({moved_first} if moved_first else ()),
            replaced=replaced or {},
            around=around or {},
            only=only or {},
        )


def faults_of(service: str, prefix: str | None = None) -> FaultFactory:
    """Return what makes the faults of a service; their ids begin with its name, unless with another."""
    return FaultFactory(service, prefix or service)


def for_each_pool(
    name: str,
    requirements: Mapping[str, tuple[str, ...] | str],
    summary: str,
    *disabled: str,
    replaced: Mapping[str, Callable[..., Any]] | None = None,
) -> tuple[Fault, ...]:
    """Return the same fault of several pools.

    Args:
        name: The fault, without the pool its id begins with.
        requirements: Name of the pool -> what it breaks there.
        summary: What the pool does wrong.
        disabled: Names of failpoints; `{pool}` in them stands for the name of the pool.
        replaced: By the name of a failpoint, with `{pool}` as before, what is done in its place.
    """
    return tuple(
        faults_of(pool)(
            name,
            broken,
            summary,
            *(each.format(pool=pool) for each in disabled),
            replaced={each.format(pool=pool): do for each, do in (replaced or {}).items()},
        )
        for pool, broken in requirements.items()
    )
