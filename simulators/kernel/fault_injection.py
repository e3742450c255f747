"""Faults: single deviations from the protocol, switched on to prove that a scenario can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Protocol, Self

from opnc.rights import Party
from simulators.kernel.failpoints import names
from simulators.kernel.messages import Answer, Call

if TYPE_CHECKING:
    from simulators.kernel.failpoints import F, Failpoint

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
        in_process_only: Why it shows in process only; empty where it does on sockets as well.
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
    in_process_only: str = ""


class Behaviour(Protocol):
    """What switches failpoints: a fault, or a variant; attributes as those of `Fault`."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def disabled(self) -> frozenset[str]:
        """What is left out."""

    @property
    def tamper(self) -> Mapping[str, Tamper]:
        """What happens to answers."""

    @property
    def rights(self) -> Mapping[Cell, bool]:
        """What becomes of cells of the rights table."""

    @property
    def moved_first(self) -> frozenset[str]:
        """What runs earlier."""

    @property
    def replaced(self) -> Mapping[str, Callable[..., Any]]:
        """What is done in whose place."""


@dataclass(frozen=True, slots=True)
class ActiveFaults:
    """The faults that are on at a moment, and what follows from them for failpoints; never changes.

    Attributes:
        faults: In the order they were given, each id once.
        disabled: Names of failpoints.
        replaced: By the name of a failpoint, what is done in its place.
        moved_first: Names of failpoints.
    """

    faults: tuple[Behaviour, ...] = ()
    disabled: frozenset[str] = frozenset()
    replaced: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    moved_first: frozenset[str] = frozenset()

    @classmethod
    def of(cls, faults: Iterable[Behaviour]) -> Self:
        """Put faults together.

        Raises:
            LookupError: If one names a failpoint that does not exist.
        """
        chosen = tuple({fault.id: fault for fault in faults}.values())
        for fault in chosen:
            _demand_known(fault)
        return cls(
            chosen,
            frozenset(name for fault in chosen for name in fault.disabled),
            {name: do for fault in chosen for name, do in fault.replaced.items()},
            frozenset(name for fault in chosen for name in fault.moved_first),
        )


class FaultInjector:
    """The faults that are switched on in one ecosystem; none to begin with.

    Attributes:
        active: What is on, in one object: backends answer while others switch faults, and must not see the
            half of a fault.
    """

    def __init__(self) -> None:
        self.active = ActiveFaults()

    def __iter__(self) -> Iterator[Behaviour]:
        return iter(self.active.faults)

    def set(self, faults: Iterable[Behaviour]) -> None:
        """Switch exactly these faults on.

        Raises:
            LookupError: If one names a failpoint that does not exist; then nothing has changed.
        """
        self.active = ActiveFaults.of(faults)

    def enabled(self, pieces: Iterable[Failpoint[F]]) -> Iterator[F]:
        """Yield what failpoints do in their order, unless a fault leaves out, replaces or reorders them."""
        active = self.active
        if active.moved_first:
            # Sorting is stable: all others keep their order.
            pieces = sorted(pieces, key=lambda piece: piece.name not in active.moved_first)
        # A fault's replacement has the signature of the piece.
        return (
            active.replaced.get(piece.name, piece.default)
            for piece in pieces
            if piece.name not in active.disabled
        )

    def resolve(self, piece: Failpoint[F]) -> F:
        """Return what a failpoint does, or what a fault does in its place; it cannot be left out."""
        do: F = self.active.replaced.get(piece.name, piece.default)
        return do

    def apply_tampering(self, call: Call, answer: Answer) -> Answer:
        """Pass an answer through every active tampering with its operation."""
        for fault in self:
            if tamper := fault.tamper.get(call.operation.id):
                answer = tamper(call, answer)
        return answer

    def right(self, cell: Cell) -> bool | None:
        """Return what an active fault makes of a cell of the rights table; None where it is untouched."""
        # The first that speaks of a cell decides; faults are on one at a time in proofs.
        for fault in self:
            if cell in fault.rights:
                return fault.rights[cell]
        return None


def _demand_known(fault: Behaviour) -> None:
    known = names()
    for name in sorted({*fault.disabled, *fault.replaced, *fault.moved_first} - known):
        if not name.startswith(_UNREGISTERED):
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise LookupError(f"fault {fault.id}: there is no failpoint {name}{hint}")


# Pools make those of their collaboration when they are made themselves, which may be later than faults are
# set.
_UNREGISTERED = ("ccp.peers.", "pcp.peers.")
