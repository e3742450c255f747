"""Faults: single deviations from the protocol, switched on to prove that a scenario can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from opnc.rights import Party
from simulators.kernel.messages import Answer, Call

if TYPE_CHECKING:
    from simulators.kernel.handling import F, Failpoint

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
        disabled: Names of controls, effects and other named pieces that are left out.
        tamper: By operation id, what happens to its answers.
        rights: Cells of the rights table that are turned round.
        moved_first: Names of pieces that run before those they should follow.
        replaced: By the name of a named piece, what is done in its place.
        only: Values by column that a row of Examples has if it is to notice; empty: any row may.
    """

    id: str
    service: str
    requirements: tuple[str, ...]
    summary: str
    disabled: frozenset[str] = frozenset()
    tamper: Mapping[str, Tamper] = field(default_factory=dict)
    rights: Mapping[Cell, bool] = field(default_factory=dict)
    moved_first: frozenset[str] = frozenset()
    replaced: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)


class FaultInjector:
    """The faults that are switched on in one ecosystem; none to begin with."""

    def __init__(self) -> None:
        self._active: dict[str, Fault] = {}
        self._disabled: frozenset[str] = frozenset()
        self._replaced: dict[str, Any] = {}
        self._moved_first: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._active.values())

    def set(self, faults: Iterable[Fault]) -> None:
        """Switch exactly these faults on."""
        self._active = {fault.id: fault for fault in faults}
        self._disabled = frozenset(name for fault in self for name in fault.disabled)
        self._replaced = {name: do for fault in self for name, do in fault.replaced.items()}
        self._moved_first = frozenset(name for fault in self for name in fault.moved_first)

    def enabled(self, pieces: Iterable[Failpoint[F]]) -> Iterator[F]:
        """Yield what the named pieces do in their order, unless a fault leaves out, replaces or reorders."""
        if self._moved_first:
            pieces = sorted(pieces, key=lambda piece: piece.name not in self._moved_first)
        return (self.resolve(piece) for piece in pieces if piece.name not in self._disabled)

    def resolve(self, piece: Failpoint[F]) -> F:
        """Return what a named piece does, or what a fault does in its place."""
        # A fault's replacement has the signature of the piece.
        do: F = self._replaced.get(piece.name, piece.default)
        return do

    def apply_tampering(self, call: Call, answer: Answer) -> Answer:
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
