"""Which of some behaviours would have made a difference: so a proof tries those alone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from simulators.kernel.fault_injection import Behaviour, Cell
    from simulators.kernel.messages import Answer, Call

    Matters = Callable[[Call, Answer], object]


class Encounters:
    """Watches what an ecosystem does, and notes whose turn it would have been.

    Attributes:
        met: Ids of the behaviours whose failpoint was passed, whose cell of the rights table was read, or
            whose tampering would have changed an answer.
    """

    def __init__(self, behaviours: Iterable[Behaviour], matters: Mapping[str, Matters] | None = None) -> None:
        """Get ready.

        Args:
            behaviours: Whom to watch for.
            matters: By the id of a behaviour, what alone tells whether it matters.
        """
        self.met: set[str] = set()
        self._matters = dict(matters or {})
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._by_cell: dict[Cell, set[str]] = defaultdict(set)
        self._by_operation: dict[str, list[Behaviour]] = defaultdict(list)
        for each in behaviours:
            if each.id in self._matters:
                continue
            for name in (*each.disabled, *each.replaced, *each.around, *each.moved_first):
                self._by_name[name].add(each.id)
            for cell in each.rights:
                self._by_cell[cell].add(each.id)
            for operation in each.tamper:
                self._by_operation[operation].append(each)

    def passed(self, failpoint: str) -> None:
        """Note that a failpoint was passed."""
        self.met |= self._by_name.get(failpoint, set())

    def read(self, cell: Cell) -> None:
        """Note that a cell of the rights table was read."""
        self.met |= self._by_cell.get(cell, set())

    def answered(self, call: Call, answer: Answer) -> None:
        """Note an answer, as a sound service gave it."""
        self.met |= {
            name for name, matters in self._matters.items() if name not in self.met and matters(call, answer)
        }
        for each in self._by_operation.get(call.operation.id, ()):
            if each.id not in self.met and each.tamper[call.operation.id](call, answer) != answer:
                self.met.add(each.id)
