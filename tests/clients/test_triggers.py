"""A backend is made to act by a hook or by a person; what goes wrong there is no failure of the backend."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
import respx

from fixtures import terminal
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.use_cases import ByHand, Hook
from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "https://oem.test/hooks/renew"
PCID = {"pcid": "WDB00000000000001"}


@pytest.fixture
def router() -> Iterator[respx.MockRouter]:
    """Stands in for the host of the hook."""
    with respx.mock() as router:
        yield router


def pull(token: str = "") -> dict[str, str]:
    with httpx.Client() as http:
        return dict(Hook(URL, token, http).trigger("renew-vehicle", PCID))


def test_a_hook_is_told_the_use_case_and_its_values(router: respx.MockRouter) -> None:
    called = router.post(URL).respond(200, json={"certificateInstallationRes": "QUJD", "n": 1})
    assert pull("token of the hook") == {"certificateInstallationRes": "QUJD"}
    request = called.calls.last.request
    assert json.loads(request.content) == {"useCase": "renew-vehicle", **PCID}
    assert request.headers["authorization"] == "Bearer token of the hook"


@pytest.mark.parametrize("body", [b"", b"done", b"[]", b"\xff"])
def test_a_hook_need_not_say_anything(router: respx.MockRouter, body: bytes) -> None:
    called = router.post(URL).respond(202, content=body)
    assert pull() == {}
    assert "authorization" not in called.calls.last.request.headers


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_hook_that_refuses_makes_the_scenario_inconclusive(router: respx.MockRouter, status: int) -> None:
    router.post(URL).respond(status)
    with pytest.raises(Inconclusive, match=f"{URL}: answered {status}, expected 2xx"):
        pull()


def test_a_hook_that_does_not_answer_makes_the_scenario_inconclusive(router: respx.MockRouter) -> None:
    router.post(URL).mock(side_effect=httpx.ConnectError("refused"))
    with pytest.raises(Inconclusive, match=f"{URL}: no answer"):
        pull()


def test_a_hook_whose_address_is_none_makes_the_scenario_inconclusive() -> None:
    with httpx.Client() as http, pytest.raises(Inconclusive, match="cannot be called"):
        Hook("https://[::1", "", http).trigger("renew-vehicle", PCID)


def test_a_person_is_told_what_to_do_and_with_what() -> None:
    told: list[tuple[str, float]] = []

    def ask(wanted: str, seconds: float) -> bool:
        told.append((wanted, seconds))
        return True

    assert ByHand("oem", 30, ask).trigger("renew-vehicle", PCID) == {}
    assert told == [
        ("OEM backend: publish a new provisioning certificate for the vehicle WDB00000000000001", 30)
    ]


def test_a_person_who_does_not_answer_makes_the_scenario_inconclusive() -> None:
    with pytest.raises(Inconclusive, match=r"nobody has done within 0\.1 s: remove the vehicle WDB0"):
        ByHand("oem", 0.1, lambda _wanted, _seconds: False).trigger("remove-vehicle", PCID)


def test_what_no_person_can_do_does_not_apply() -> None:
    with pytest.raises(NotApplicable, match="install-contract of the CPO backend needs a hook"):
        ByHand("cpo", 1, lambda _wanted, _seconds: True).trigger("install-contract", {})


class TestTerminal:
    """The terminal is asked past pytest."""

    @pytest.fixture
    def ends(self) -> Iterator[tuple[int, str]]:
        """The end where a person sits, and the name of the other."""
        person, tester = os.openpty()
        yield person, os.ttyname(tester)
        os.close(person)
        os.close(tester)

    def test_enter_says_that_it_is_done(self, ends: tuple[int, str]) -> None:
        person, name = ends
        with ThreadPoolExecutor(1) as sitting:
            read = sitting.submit(self._does_what_is_asked, person)
            assert terminal.ask("OEM backend: remove the vehicle", PATIENCE_S, name)
        assert b"OEM backend: remove the vehicle; then press Enter (within 120 s)" in read.result()

    def _does_what_is_asked(self, person: int) -> bytes:
        """Press Enter when asked: what is typed before does not count."""
        read = b""
        while b" s) " not in read:
            read += os.read(person, 1000)
        os.write(person, b"\n")
        return read

    def test_silence_is_no_answer(self, ends: tuple[int, str]) -> None:
        assert not terminal.ask("anything", 0.01, ends[1])

    def test_what_was_typed_before_is_no_answer(self, ends: tuple[int, str]) -> None:
        person, name = ends
        os.write(person, b"\n")
        assert not terminal.ask("anything", 0.01, name)

    def test_without_a_terminal_nobody_can_be_asked(self) -> None:
        with pytest.raises(NotApplicable, match="there is no terminal"):
            terminal.ask("anything", 1, "/nowhere/tty")
