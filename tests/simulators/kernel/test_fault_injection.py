from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simulators.kernel import Failpoint
from simulators.kernel.fault_injection import Fault, FaultInjector

if TYPE_CHECKING:
    from collections.abc import Callable

PIECES: tuple[Failpoint[Callable[[], str]], ...] = (
    Failpoint("a", lambda: "a"),
    Failpoint("b", lambda: "b"),
    Failpoint("c", lambda: "c"),
)
SOUND = Fault("x", "rcp", (), "Does something wrong.")


def done(fault: Fault) -> list[str]:
    injector = FaultInjector()
    injector.set((fault,))
    return [do() for do in injector.enabled(PIECES)]


def test_without_a_fault_everything_is_done_in_order() -> None:
    assert done(SOUND) == ["a", "b", "c"]


def test_a_fault_leaves_a_piece_out() -> None:
    assert done(replace(SOUND, disabled=frozenset({"b"}))) == ["a", "c"]


def test_a_fault_puts_a_piece_ahead() -> None:
    assert done(replace(SOUND, moved_first=frozenset({"c"}))) == ["c", "a", "b"]


def test_a_fault_does_something_else_instead() -> None:
    assert done(replace(SOUND, replaced={"b": lambda: "z"})) == ["a", "z", "c"]
