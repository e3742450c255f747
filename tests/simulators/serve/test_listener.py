"""From sockets to WSGI apps."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Event, Lock
from time import sleep
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from opnc.problem import Problem
from simulators.kernel.service import MAXIMUM_BODY, NON_BLOCKING, WouldBlock
from simulators.kernel.wsgi import dispatcher
from simulators.network.activity import Activity
from simulators.serve import gateway
from simulators.serve.certificates import ServerIdentity
from simulators.serve.listener import Listener, bind
from tests.support.patience import PATIENCE_S, eventually
from tests.support.peers import LOOPBACK, make_identity
from tests.support.running import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from simulators.kernel.wsgi import App

Environ = dict[str, Any]


def echo(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Tell what arrived."""
    content = environ["wsgi.input"].read()
    lines = [
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"],
        environ["QUERY_STRING"],
        environ.get("CONTENT_LENGTH", "-"),
        environ.get("HTTP_X_TWICE", "-"),
        environ["wsgi.url_scheme"],
        str(len(content)),
    ]
    start_response("201 Created", [("Content-Type", "text/plain"), ("X-Two", "a"), ("X-Two", "b")])
    return ["\n".join(lines).encode()]


@contextmanager
def listening(app: App, **options: Any) -> Iterator[str]:
    opened = bind(LOOPBACK, 0)
    port = opened.getsockname()[1]
    listener = Listener(app, opened, **options)
    listener.start()
    try:
        yield f"http://{LOOPBACK}:{port}"
    finally:
        assert listener.alive
        assert listener.stop()


def ask(method: str, url: str, **request: Any) -> httpx.Response:
    """Ask a server on a machine that may be busy."""
    return httpx.request(method, url, timeout=PATIENCE_S, trust_env=False, **request)


def test_a_request_arrives_as_wsgi_says() -> None:
    with listening(echo) as url:
        answer = ask(
            "PUT",
            f"{url}/a%20b/%C3%A9?x=%20&y",
            content=b"12345",
            headers=[("X-Twice", "1"), ("X-Twice", "2")],
        )
    assert answer.status_code == 201
    assert answer.headers.get_list("X-Two") == ["a", "b"]
    method, path, query, length, twice, scheme, read = answer.text.split("\n")
    assert (method, query, length, twice, scheme, read) == ("PUT", "x=%20&y", "5", "1,2", "http", "5")
    assert path.encode("latin-1").decode() == "/a b/é"


def test_a_body_in_chunks_gets_a_length() -> None:
    with listening(echo) as url:
        answer = ask("PUT", url, content=iter([b"abc", b"def"]))
    assert answer.text.split("\n")[3] == "6"


def test_of_a_body_without_end_little_is_read() -> None:
    with listening(echo) as url:
        answer = ask("PUT", url, content=bytes(MAXIMUM_BODY * 3))
    assert MAXIMUM_BODY < int(answer.text.split("\n")[-1]) < MAXIMUM_BODY * 2


def _begin(url: str) -> socket.socket:
    host, port = url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), PATIENCE_S)
    connection.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
    return connection


def test_clients_that_go_away_in_the_middle_leave_nothing_behind() -> None:
    with listening(echo) as url:
        for _ in range(20):
            _begin(url).close()
        assert ask("GET", url).status_code == 201


def test_a_client_that_does_not_go_on_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "SENT_WITHIN_S", 0.2)
    with listening(echo) as url, _begin(url) as connection:
        assert ask("GET", url).status_code == 201
        assert connection.recv(100).startswith(b"HTTP/1.1 408 ")


class Turn:
    """A turn that tells when somebody wants it."""

    def __init__(self) -> None:
        self.held = Lock()
        self.wanted = Event()

    def __enter__(self) -> None:
        self.wanted.set()
        self.held.acquire()

    def __exit__(self, *_: object) -> None:
        self.held.release()


def test_the_app_works_only_while_it_has_its_turn() -> None:
    turn, at_work = Turn(), Event()

    def app(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        at_work.set()
        return echo(environ, start_response)

    with listening(app, lock=turn) as url, ThreadPoolExecutor(1) as others:
        with turn.held:
            asked = others.submit(ask, "GET", url)
            assert turn.wanted.wait(PATIENCE_S)
            assert not asked.done()
            assert not at_work.is_set()
        assert asked.result().status_code == 201
        assert at_work.is_set()


def test_an_app_that_breaks_does_not_take_the_server_along() -> None:
    def breaks(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/break":
            raise ValueError("oh no")
        return echo(environ, start_response)

    with listening(breaks) as url:
        assert ask("GET", f"{url}/break").status_code == 500
        assert ask("GET", url).status_code == 201


def test_a_path_finds_its_app() -> None:
    def app(name: str) -> App:
        def answer(_environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
            start_response("200 OK", [])
            return [name.encode()]

        return answer

    with listening(dispatcher({"/a/b": app("b"), "/a/bc": app("bc"), "/d": app("d")})) as url:
        found = {path: ask("GET", url + path).text for path in ("/a/b", "/a/b/x", "/a/bc/y", "/d/")}
        assert found == {"/a/b": "b", "/a/b/x": "b", "/a/bc/y": "bc", "/d/": "d"}
        for path in ("/", "/a", "/a/bcd", "/A/b", "//a/b"):
            assert ask("GET", url + path).status_code == 404


def test_a_certificate_and_a_key_that_do_not_belong_together_are_told(tmp_path: Path) -> None:
    one, other = make_identity(tmp_path / "one"), make_identity(tmp_path / "other")
    with bind(LOOPBACK, 0) as opened, pytest.raises(Problem, match="do not go together"):
        Listener(echo, opened, identity=ServerIdentity(one.ca, one.certificate, other.key))


def test_requests_under_way_are_finished_when_it_stops() -> None:
    begun = Event()

    def slow(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun.set()
        # It is being stopped as soon as it answers no further requests.
        eventually(lambda: not listener.alive)
        return echo(environ, start_response)

    opened = bind(LOOPBACK, 0)
    port = opened.getsockname()[1]
    listener = Listener(slow, opened)
    listener.start()
    with socket.create_connection((LOOPBACK, port), PATIENCE_S) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert begun.wait(PATIENCE_S)
        assert listener.stop()
        assert connection.recv(100).startswith(b"HTTP/1.1 201 ")


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 65536), ("127.0.0.1", -1), ("192.0.2.1", 0), ("a b", 0)]
)
def test_an_address_that_cannot_be_is_told(host: str, port: int) -> None:
    with pytest.raises(Problem):
        bind(host, port)


def test_ipv6_is_spoken_where_there_is_any() -> None:
    try:
        opened = bind("::1", 0)
    except Problem:
        pytest.skip("this machine has no IPv6")
    opened.close()


def test_whoever_waits_for_others_holds_up_nobody() -> None:
    arrived, answered = Event(), Event()

    def app(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        if environ["PATH_INFO"] == "/here":
            return [b"here"]
        if NON_BLOCKING in environ:
            raise WouldBlock
        turn.release()
        arrived.set()
        answered.wait(PATIENCE_S)
        turn.acquire()
        return [environ["wsgi.input"].read()]

    turn = Lock()
    with listening(app, lock=turn) as url, ThreadPoolExecutor(1) as others:
        waiting = others.submit(ask, "POST", f"{url}/elsewhere", content=b"found")
        assert arrived.wait(PATIENCE_S)
        assert ask("GET", f"{url}/here").content == b"here"
        answered.set()
        assert waiting.result().content == b"found"


def test_who_waited_for_others_is_finished_when_it_stops_and_leaves_no_threads() -> None:
    arrived, answered, finished = Event(), Event(), Event()

    def app(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if NON_BLOCKING in environ:
            raise WouldBlock
        arrived.set()
        answered.wait(10)
        sleep(0.2)
        finished.set()
        return echo(environ, start_response)

    opened = bind(LOOPBACK, 0)
    port = opened.getsockname()[1]
    listener = Listener(app, opened)
    listener.start()
    with socket.create_connection((LOOPBACK, port), 10) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na")
        assert arrived.wait(10)
    # The client has gone away: for Granian nothing is under way any more.
    answered.set()
    assert listener.stop()
    assert finished.is_set()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("elsewhere")]


@pytest.mark.parametrize("body", [b"", b"some"])
def test_requests_are_under_way_until_all_are_answered_though_their_clients_have_gone(body: bytes) -> None:
    arrived, answered, activity, seen = Event(), Event(), Activity(), []

    def app(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen.append(environ["PATH_INFO"])
        arrived.set()
        answered.wait(PATIENCE_S)
        return echo(environ, start_response)

    with listening(app, activity=activity) as url:
        place = (LOOPBACK, int(url.rpartition(":")[2]))
        sent = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)
        with ExitStack() as clients:
            for _ in range(5):
                client = clients.enter_context(socket.create_connection(place, PATIENCE_S))
                client.sendall(sent + body)
                # All but the first have to wait for their turn.
                assert arrived.wait(PATIENCE_S)
            sleep(0.2)
        assert activity.wait_until_idle(0)
        answered.set()
        assert activity.wait_until_idle(PATIENCE_S) == 0
    assert len(seen) == 5


SERVED = """
import asyncio, sys
from time import sleep
from simulators.serve.listener import Listener, bind

def tell_slowly(loop, *arguments, **options):
    handle = tell(loop, *arguments, **options)
    sleep(0.3)
    return handle

listener = Listener(lambda *_: [], bind("127.0.0.1", 0))
listener.start()
tell, asyncio.BaseEventLoop.call_soon_threadsafe = asyncio.BaseEventLoop.call_soon_threadsafe, tell_slowly
assert listener.stop()
"""


def test_a_process_that_has_served_ends_although_a_thread_of_granians_is_late() -> None:
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", SERVED],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
