"""The way out: what is reached, what is not, and how little a peer can do about it."""

from __future__ import annotations

from itertools import islice
from threading import Event
from typing import TYPE_CHECKING

import httpx
import pytest

from opnc.problem import Problem
from simulators.network.address_policy import AddressPolicy
from simulators.network.outbound import MAX_DRAINED_BYTES, Outbound, look_up
from tests.support.patience import PATIENCE_S, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PUBLIC = "93.184.215.14"


def outbound(
    handler: Callable[[httpx.Request], httpx.Response], *addresses: str, private: AddressPolicy | None = None
) -> Outbound:
    http = httpx.Client(transport=httpx.MockTransport(handler))
    return Outbound(http, lookup=lambda _host: addresses, private=private)


def taken(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, stream=httpx.ByteStream(b"ok"))


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "::1", "fd00::1", "64:ff9b::7f00:1", "2002:7f00:1::"]
)
def test_a_name_that_leads_into_a_private_network_is_not_used(address: str) -> None:
    out = outbound(taken, PUBLIC, address)
    with pytest.raises(Problem, match="private network"):
        out.check("https://receiver.example/")
    assert out.post("https://receiver.example/", b"", {}) is None
    allowed = outbound(taken, address, private=AddressPolicy.of(["receiver.example:443"]))
    assert allowed.post("https://receiver.example/", b"", {}) == 200


def test_a_name_that_cannot_be_resolved_is_named() -> None:
    def fail(_host: str) -> list[str]:
        raise OSError("no such host")

    out = Outbound(httpx.Client(transport=httpx.MockTransport(taken)), lookup=fail)
    with pytest.raises(Problem, match=r"receiver\.example cannot be resolved"):
        out.check("https://receiver.example/")
    assert out.post("https://receiver.example/", b"", {}) is None


def test_the_connection_goes_to_the_address_that_was_checked_under_the_name_that_was_given() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return taken(request)

    assert outbound(answer, PUBLIC).post("https://receiver.example:8443/hook", b"{}", {"X-A": "1"}) == 200
    (request,) = seen
    assert request.url == f"https://{PUBLIC}:8443/hook"
    assert request.headers["Host"] == "receiver.example:8443"
    assert request.extensions["sni_hostname"] == "receiver.example"
    assert (request.headers["X-A"], request.content) == ("1", b"{}")


def test_a_name_is_looked_up_anew_for_every_use() -> None:
    answers = iter([[PUBLIC], [PUBLIC], ["127.0.0.1"]])
    out = Outbound(httpx.Client(transport=httpx.MockTransport(taken)), lookup=lambda _host: next(answers))
    out.check("https://receiver.example/")
    assert out.post("https://receiver.example/", b"", {}) == 200
    assert out.post("https://receiver.example/", b"", {}) is None


def test_a_redirect_is_not_followed() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(
            307, headers={"Location": "https://elsewhere.example/"}, stream=httpx.ByteStream(b"")
        )

    assert outbound(answer, PUBLIC).post("https://receiver.example/", b"", {}) == 307
    assert len(seen) == 1


class Endless(httpx.SyncByteStream):
    """A body without an end that counts how much of it was read."""

    def __init__(self) -> None:
        self.given = 0
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.given += 1024
            yield bytes(1024)

    def close(self) -> None:
        self.closed = True


def test_an_endless_answer_is_cut_off_and_its_status_counts() -> None:
    body = Endless()
    out = outbound(lambda _request: httpx.Response(204, stream=body), PUBLIC)
    assert out.post("https://receiver.example/", b"", {}) == 204
    assert body.given <= MAX_DRAINED_BYTES + 2048
    assert body.closed


def test_an_endless_document_is_not_taken() -> None:
    body = Endless()
    out = outbound(lambda _request: httpx.Response(200, stream=body), PUBLIC)
    assert out.fetch("https://pki.example/root.crl", 4096) is None
    assert body.given <= 8192


def test_a_document_is_taken_by_http_too_but_not_from_this_machine() -> None:
    assert outbound(taken, PUBLIC).fetch("http://pki.example/root.crl", 4096) == b"ok"
    assert outbound(taken, "127.0.0.1").fetch("http://pki.example/root.crl", 4096) is None
    assert outbound(taken, PUBLIC).fetch("ldap://pki.example/root.crl", 4096) is None


def test_a_document_that_is_refused_is_none() -> None:
    missing = outbound(lambda _request: httpx.Response(404, stream=httpx.ByteStream(b"no")), PUBLIC)
    assert missing.fetch("https://pki.example/root.crl", 4096) is None


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_trouble_on_the_line_is_no_answer(error: type[httpx.TransportError]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error("trouble", request=request)

    out = outbound(fail, PUBLIC)
    assert out.post("https://receiver.example/", b"", {}) is None
    assert out.fetch("https://receiver.example/", 10) is None


def test_nothing_gets_out_where_there_is_no_way() -> None:
    assert Outbound().post("https://receiver.example/", b"", {}) is None


def test_names_are_resolved_as_this_machine_does_it() -> None:
    assert set(look_up("localhost")) <= {"127.0.0.1", "::1"}
    assert look_up("127.0.0.1") == ["127.0.0.1"]


@pytest.mark.parametrize("host", ["a" * 64 + ".test", "\ud800"])
def test_a_name_that_is_none_is_not_resolved(host: str) -> None:
    with pytest.raises(OSError, match=r"\w"):
        look_up(host)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1"])
def test_other_spellings_of_this_machine_are_seen_through(host: str) -> None:
    http = httpx.Client(transport=httpx.MockTransport(taken))
    with pytest.raises(Problem, match="private network"):
        Outbound(http, lookup=look_up).check(f"https://{host}/")


def test_a_look_up_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    done = Event()
    monkeypatch.setattr("simulators.network.outbound.LOOKING_UP_S", 0.05)
    monkeypatch.setattr("simulators.network.outbound.socket.getaddrinfo", lambda *_, **__: done.wait() and [])
    try:
        with pytest.raises(TimeoutError, match=r"slow\.test was not resolved"):
            look_up("slow.test")
    finally:
        done.set()


def test_what_is_done_together_comes_as_it_is_done_and_what_is_late_is_let_go() -> None:
    gate, never = Event(), Event()

    def second() -> str:
        gate.wait()
        return "second"

    def first() -> str:
        gate.set()
        return "first"

    out = outbound(taken, PUBLIC)
    try:
        found = out.as_completed([lambda: str(never.wait()), second, first], within_s=PATIENCE_S)
        assert sorted(islice(found, 2)) == ["first", "second"]
        assert list(out.as_completed([lambda: str(never.wait())], within_s=0.05)) == []
    finally:
        never.set()


def test_what_is_let_go_is_still_under_way_until_it_has_ended() -> None:
    never, out = Event(), outbound(taken, PUBLIC)
    assert list(out.as_completed([lambda: str(never.wait())], within_s=0.05)) == []
    assert out.activity.wait_until_idle(0.05) == 1
    never.set()
    assert out.activity.wait_until_idle(PATIENCE_S) == 0


def test_a_task_that_breaks_spoils_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def breaks() -> str:
        raise RuntimeError("broken")

    out = outbound(taken, PUBLIC)
    assert next(out.as_completed([breaks, lambda: "whole"], within_s=PATIENCE_S)) == "whole"
    assert eventually(lambda: "RuntimeError: broken" in caplog.text)
    assert list(out.as_completed([breaks], within_s=0.05)) == []


@pytest.mark.parametrize("status", [200, 307, 404])
def test_an_exchange_brings_the_whole_answer_and_follows_nothing(status: int) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            status, headers={"Location": "https://elsewhere.example/"}, stream=httpx.ByteStream(b"ok")
        )

    reply = outbound(answer, PUBLIC).exchange("GET", "https://pool.example/", b"", {}, 10)
    assert reply is not None
    assert (reply.status, reply.content, reply.headers["location"]) == (
        status,
        b"ok",
        "https://elsewhere.example/",
    )


def test_an_exchange_that_brings_too_much_brings_nothing() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(b"x" * 11))

    assert outbound(answer, PUBLIC).exchange("GET", "https://pool.example/", b"", {}, 10) is None
