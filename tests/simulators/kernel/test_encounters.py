from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from simulators.kernel.encounters import Encounters
from simulators.kernel.fault_injection import Fault
from simulators.kernel.messages import Answer

if TYPE_CHECKING:
    from simulators.kernel.messages import Call

CALL = cast("Call", SimpleNamespace(operation=SimpleNamespace(id="getRootCertificateV1")))


def one(name: str, **parts: Any) -> Fault:
    return Fault(name, "rcp", (), "is otherwise", **parts)


def test_who_has_a_failpoint_that_is_passed_is_met() -> None:
    seen = Encounters([one("a", disabled=frozenset({"rcp.token"})), one("b", around={"rcp.right": print})])
    seen.passed("rcp.body")
    assert seen.met == set()
    seen.passed("rcp.right")
    assert seen.met == {"b"}


def test_who_turns_a_cell_that_is_read_is_met() -> None:
    seen = Encounters([one("a", rights={("x", None, "oem"): True})])
    seen.read(("x", None, "cpo"))
    assert seen.met == set()
    seen.read(("x", None, "oem"))
    assert seen.met == {"a"}


def test_who_would_change_an_answer_is_met() -> None:
    def gone(_call: Call, answer: Answer) -> Answer:
        return replace(answer, status=410) if answer.status == 404 else answer

    seen = Encounters([one("a", tamper={"getRootCertificateV1": gone}), one("b", tamper={"x": gone})])
    seen.answered(CALL, Answer(200))
    assert seen.met == set()
    seen.answered(CALL, Answer(404))
    assert seen.met == {"a"}


def test_whom_something_else_tells_about_is_met_by_that_alone() -> None:
    otherwise = one("a", disabled=frozenset({"rcp.token"}))
    seen = Encounters([otherwise], {"a": lambda _call, answer: answer.status == 404})
    seen.passed("rcp.token")
    seen.answered(CALL, Answer(200))
    assert seen.met == set()
    seen.answered(CALL, Answer(404))
    assert seen.met == {"a"}
