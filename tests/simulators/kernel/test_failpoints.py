from __future__ import annotations

import pytest

from simulators.ecosystem import Ecosystem
from simulators.faults import FAULTS
from simulators.kernel import failpoint, failpoint_function
from simulators.kernel.failpoints import names
from simulators.kernel.fault_injection import Fault, FaultInjector


class Clock:
    """Strikes, unless a fault says otherwise."""

    def __init__(self, name: str = "tower") -> None:
        self.name = name
        self.injector = FaultInjector()
        self.struck: list[int] = []

    @failpoint("test.clock.strike")
    def strike(self, times: int) -> None:
        self.struck.append(times)

    @failpoint("test.clock.hour", without=0)
    def hour(self) -> int:
        return 12

    @failpoint("test.clock.{service}", services=("tower", "wrist"))
    def place(self) -> str:
        return self.name


class SilentClock(Clock):
    """Overrides a failpoint and calls what it has overridden."""

    @failpoint("test.clock.silence")
    def strike(self, times: int) -> None:
        super().strike(times + 100)


@failpoint_function("test.function")
def function() -> str:
    return "sound"


def fault(**parts: object) -> Fault:
    return Fault("x", "rcp", (), "Does something wrong.", **parts)  # type: ignore[arg-type] # as they come


def test_a_method_does_what_it_does() -> None:
    clock = Clock()
    clock.strike(3)
    assert (clock.struck, clock.hour(), clock.place()) == ([3], 12, "tower")


def test_a_fault_disables_a_method() -> None:
    clock = Clock()
    clock.injector.set([fault(disabled=frozenset({"test.clock.strike", "test.clock.hour"}))])
    clock.strike(3)
    assert (clock.struck, clock.hour()) == ([], 0)
    clock.injector.set([])
    clock.strike(4)
    assert (clock.struck, clock.hour()) == ([4], 12)


def test_a_fault_replaces_a_method_which_gets_no_self() -> None:
    clock = Clock()
    clock.injector.set([fault(replaced={"test.clock.strike": lambda times: clock.struck.append(-times)})])
    clock.strike(3)
    assert clock.struck == [-3]


def test_methods_are_done_in_their_turn() -> None:
    clock = Clock()
    pieces = (clock.hour, clock.place)
    assert [do() for do in clock.injector.enabled(pieces)] == [12, "tower"]
    clock.injector.set([fault(moved_first=frozenset({"test.clock.tower"}))])
    assert [do() for do in clock.injector.enabled(pieces)] == ["tower", 12]


def test_each_object_has_its_own_faults_and_its_own_name() -> None:
    tower, wrist = Clock(), Clock("wrist")
    tower.injector.set([fault(disabled=frozenset({"test.clock.hour"}))])
    assert (tower.hour(), wrist.hour()) == (0, 12)
    assert wrist.place.name == "test.clock.wrist"


def test_what_overrides_a_failpoint_stays_where_it_is() -> None:
    clock = SilentClock()
    clock.strike(1)
    clock.strike(2)
    assert clock.struck == [101, 102]
    assert clock.strike.name == "test.clock.silence"


def test_a_name_that_no_class_has_stated_is_an_error() -> None:
    with pytest.raises(LookupError, match=r"test\.clock\.pocket"):
        Clock("pocket").place()


def test_names_are_known_when_the_class_is_made() -> None:
    assert {"test.clock.strike", "test.clock.tower", "test.clock.wrist", "test.function"} <= names()


def test_a_function_is_resolved() -> None:
    injector = FaultInjector()
    assert injector.resolve(function)() == "sound"
    injector.set([fault(replaced={"test.function": lambda: "broken"})])
    assert injector.resolve(function)() == "broken"


@pytest.mark.parametrize("part", ["disabled", "moved_first", "replaced"])
def test_a_misspelt_name_is_an_error_and_changes_nothing(part: str) -> None:
    injector = FaultInjector()
    injector.set([fault(disabled=frozenset({"test.function"}))])
    before = injector.active
    misspelt = {"test.funktion": str} if part == "replaced" else frozenset({"test.funktion"})
    with pytest.raises(LookupError, match=r"x: .* no failpoint test\.funktion; did you mean test\.function"):
        injector.set([fault(**{part: misspelt})])
    assert injector.active is before


def test_every_name_that_a_fault_speaks_of_exists() -> None:
    ecosystem = Ecosystem()
    for each in FAULTS:
        ecosystem.inject_faults([each])
        assert ecosystem.faults == (each,)
