"""Faults: single deviations from the protocol, switched on to prove that a scenario can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, Self, cast

from opnc.rights import Party
from simulators.kernel.failpoints import names
from simulators.kernel.messages import Answer, Call

if TYPE_CHECKING:
    from simulators.kernel.encounters import Encounters
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
        around: By the name of a named piece, what is done around it: gets the piece, then its arguments.
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
    around: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
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

    @property
    def around(self) -> Mapping[str, Callable[..., Any]]:
        """What is done around whom."""


@dataclass(frozen=True, slots=True)
class ActiveFaults:
    """The faults that are on at a moment, and what follows from them for failpoints; never changes.

    Attributes:
        faults: In the order they were given, each id once.
        disabled: Names of failpoints.
        replaced: By the name of a failpoint, what is done in its place.
        around: By the name of a failpoint, what is done around it.
        moved_first: Names of failpoints.
    """

    faults: tuple[Behaviour, ...] = ()
    disabled: frozenset[str] = frozenset()
    replaced: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    around: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
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
            {name: do for fault in chosen for name, do in fault.around.items()},
            frozenset(name for fault in chosen for name in fault.moved_first),
        )

    def done_at(self, name: str, default: F) -> F:
        """Return what is done at a failpoint that is not disabled."""
        do: F = self.replaced.get(name, default)
        if name in self.around:
            # A fault's replacement has the signature of the piece.
            return cast("F", partial(self.around[name], do))
        return do


class FaultInjector:
    """The faults that are switched on in one ecosystem; none to begin with.

    Attributes:
        active: What is on, in one object: backends answer while others switch faults, and must not see the
            half of a fault.
        encounters: Watches what is done, where a proof wants to know which behaviours would matter.
    """

    def __init__(self) -> None:
        self.active = ActiveFaults()
        self.encounters: Encounters | None = None

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
        if self.encounters is not None:
            pieces = tuple(pieces)
            for piece in pieces:
                self.encounters.passed(piece.name)
        if active.moved_first:
            # Sorting is stable: all others keep their order.
            pieces = sorted(pieces, key=lambda piece: piece.name not in active.moved_first)
        return (
            active.done_at(piece.name, piece.default) for piece in pieces if piece.name not in active.disabled
        )

    def resolve(self, piece: Failpoint[F]) -> F:
        """Return what a failpoint does, or what a fault does in its place; it cannot be left out."""
        if self.encounters is not None:
            self.encounters.passed(piece.name)
        return self.active.done_at(piece.name, piece.default)

    def apply_tampering(self, call: Call, answer: Answer) -> Answer:
        """Pass an answer through every active tampering with its operation."""
        if self.encounters is not None:
            self.encounters.answered(call, answer)
        for fault in self:
            if tamper := fault.tamper.get(call.operation.id):
                answer = tamper(call, answer)
        return answer

    def right(self, cell: Cell) -> bool | None:
        """Return what an active fault makes of a cell of the rights table; None where it is untouched."""
        if self.encounters is not None:
            self.encounters.read(cell)
        # The first that speaks of a cell decides; faults are on one at a time in proofs.
        for fault in self:
            if cell in fault.rights:
                return fault.rights[cell]
        return None


def _demand_known(fault: Behaviour) -> None:
    known = names()
    for name in sorted({*fault.disabled, *fault.replaced, *fault.around, *fault.moved_first} - known):
        if not name.startswith(_UNREGISTERED):
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise LookupError(f"fault {fault.id}: there is no failpoint {name}{hint}")


# Pools make those of their collaboration when they are made themselves, which may be later than faults are
# set.
_UNREGISTERED = ("ccp.peers.", "pcp.peers.")
