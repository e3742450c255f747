"""How faults of one service are written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from simulators.kernel.misbehaviour import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.kernel.misbehaviour import Tamper


class Maker(Protocol):
    """Makes a fault."""

    def __call__(
        self,
        name: str,
        requirements: tuple[str, ...] | str,
        summary: str,
        *without: str,
        tamper: Mapping[str, Tamper] | None = None,
        instead: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Fault:
        """Return a fault; the arguments are the attributes of `Fault`."""


def of(service: str) -> Maker:
    """Return what makes the faults of a service: they carry its name."""

    def make(
        name: str,
        requirements: tuple[str, ...] | str,
        summary: str,
        *without: str,
        tamper: Mapping[str, Tamper] | None = None,
        instead: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Fault:
        return Fault(
            f"{service}.{name}",
            service,
            (requirements,) if isinstance(requirements, str) else requirements,
            summary,
            without=frozenset(without),
            tamper=tamper or {},
            instead=instead or {},
        )

    return make
