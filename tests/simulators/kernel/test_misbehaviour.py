from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simulators.kernel import Named
from simulators.kernel.misbehaviour import Fault, Misbehaviour

if TYPE_CHECKING:
    from collections.abc import Callable

PIECES: tuple[Named[Callable[[], str]], ...] = (
    Named("a", lambda: "a"),
    Named("b", lambda: "b"),
    Named("c", lambda: "c"),
)
SOUND = Fault("x", "rcp", (), "Does something wrong.")


def done(fault: Fault) -> list[str]:
    misbehaviour = Misbehaviour()
    misbehaviour.set((fault,))
    return [do() for do in misbehaviour.enabled(PIECES)]


def test_without_a_fault_everything_is_done_in_order() -> None:
    assert done(SOUND) == ["a", "b", "c"]


def test_a_fault_leaves_a_piece_out() -> None:
    assert done(replace(SOUND, without=frozenset({"b"}))) == ["a", "c"]


def test_a_fault_puts_a_piece_ahead() -> None:
    assert done(replace(SOUND, ahead=frozenset({"c"}))) == ["c", "a", "b"]


def test_a_fault_does_something_else_instead() -> None:
    assert done(replace(SOUND, instead={"b": lambda: "z"})) == ["a", "z", "c"]
