"""Faults: single deviations from the protocol, switched on to prove that a scenario can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from opnc.rights import Party
from simulators.kernel.messages import Answer, Call

Tamper = Callable[[Call, Answer], Answer]
"""Changes an answer on its way out."""

Cell = tuple[str, str | None, Party]
"""One cell of the rights table: operation id, CA domain where the row has one, party."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which an implementation may break requirements.

    Attributes:
        id: Name of the fault, for example `rcp.filter-ignored`.
        service: The service that misbehaves.
        requirements: Each of these must have a scenario that turns red while the fault is on.
        summary: What the implementation does wrong, one sentence.
        without: Names of controls, effects and other named pieces that are left out.
        instead: By the name of a named piece, what is done in its place.
        tamper: By operation id, what happens to its answers.
        rights: Cells of the rights table that are turned round.
    """

    id: str
    service: str
    requirements: tuple[str, ...]
    summary: str
    without: frozenset[str] = frozenset()
    instead: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    tamper: Mapping[str, Tamper] = field(default_factory=dict)
    rights: Mapping[Cell, bool] = field(default_factory=dict)


class Misbehaviour:
    """The faults that are switched on in one ecosystem; none to begin with."""

    def __init__(self) -> None:
        self._active: dict[str, Fault] = {}
        self._without: frozenset[str] = frozenset()
        self._instead: dict[str, Callable[..., Any]] = {}

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._active.values())

    def set(self, faults: Iterable[Fault]) -> None:
        """Switch exactly these faults on."""
        self._active = {fault.id: fault for fault in faults}
        self._without = frozenset(name for fault in self for name in fault.without)
        self._instead = {name: do for fault in self for name, do in fault.instead.items()}

    def leaves_out(self, name: str) -> bool:
        """Tell whether the named piece is left out."""
        return name in self._without

    def replacement(self, name: str) -> Callable[..., Any] | None:
        """Return what is done in place of the named piece; None where it is left as it is."""
        return self._instead.get(name)

    def tampered(self, call: Call, answer: Answer) -> Answer:
        """Pass an answer through every active tampering with its operation."""
        for fault in self:
            if tamper := fault.tamper.get(call.operation.id):
                answer = tamper(call, answer)
        return answer

    def right(self, cell: Cell) -> bool | None:
        """Return what an active fault makes of a cell of the rights table; None where it is untouched."""
        for fault in self:
            if cell in fault.rights:
                return fault.rights[cell]
        return None
