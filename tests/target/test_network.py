"""How the tester's client takes what a peer may do to it: nothing hangs, everything has a name."""

from __future__ import annotations

import gzip
import ssl
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from fixtures import network
from fixtures.calling import MAXIMUM_ANSWER, carry
from fixtures.pacing import Pacer
from fixtures.target_file import Limits
from tests.counting import Looks
from tests.peers import LOOPBACK, Connection, always, make_identity, peer, server_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx

    from fixtures.evidence import Response
    from tests.peers import Handle, Identity

PATIENT = Limits()
HASTY = Limits(read_s=0.4, exchange_s=1000.0)
DRIPPING = Limits(read_s=1000.0, exchange_s=1000.0)
LOOK_S = 20.0
"""What each look at the clock takes of such an exchange: it is over after fifty, not after some seconds."""
CUT = (
    "ReadError: the peer cut the connection",
    # OpenSSL does not always tell a reset from an end.
    "RemoteProtocolError: the answer is not HTTP as it should be: peer closed connection without sending",
)
PACKED = gzip.compress(bytes(8 * 1024 * 1024), 1)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """The certificate of a sound peer."""
    return make_identity(tmp_path_factory.mktemp("peer"))


@contextmanager
def talking(
    handle: Handle,
    identity: Identity,
    limits: Limits = PATIENT,
    anchor: Path | None = None,
    clock: Callable[[], float] = monotonic,
) -> Iterator[tuple[httpx.Client, str]]:
    with peer(handle, server_context(identity)) as port:
        context = network.trust([anchor or identity.ca])
        with network.client(context, limits, Pacer(limits), clock) as http:
            yield http, f"https://{LOOPBACK}:{port}/"


def ask(
    handle: Handle,
    identity: Identity,
    limits: Limits = PATIENT,
    anchor: Path | None = None,
    clock: Callable[[], float] = monotonic,
) -> tuple[Response | None, str | None]:
    with talking(handle, identity, limits, anchor, clock) as (http, url):
        return carry(http, http.build_request("GET", url))


def test_a_sound_answer_is_taken(identity: Identity) -> None:
    response, error = ask(always(OK), identity)
    assert error is None
    assert response is not None
    assert (response.status, response.content, response.version) == (200, b"ok", "HTTP/1.1")


def test_a_connection_is_used_again(identity: Identity) -> None:
    connections = []

    def handle(connection: Connection) -> None:
        connections.append(connection)
        always(OK)(connection)

    with talking(handle, identity) as (http, url):
        for _ in range(3):
            assert carry(http, http.build_request("GET", url))[1] is None
    assert len(connections) == 1


def _silent(connection: Connection) -> None:
    connection.request()
    connection.stay_silent()


def _drips_a_body(connection: Connection) -> None:
    connection.request()
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    connection.drip(b"x")


def _drips_headers(connection: Connection) -> None:
    connection.request()
    connection.send(b"HTTP/1.1 200 OK\r\n")
    connection.drip(b"X-Header: and so on\r\n")


def _cuts_in_the_body(connection: Connection) -> None:
    connection.request()
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc")
    connection.cut()


def _ends_in_the_body(connection: Connection) -> None:
    connection.request()
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc")


def _ten_megabytes(connection: Connection) -> None:
    connection.request()
    connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n", bytes(10 * 1024 * 1024))


def _endless_chunks(connection: Connection) -> None:
    connection.request()
    connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.send(b"10000\r\n", bytes(0x10000), b"\r\n")


def _packed_bomb(connection: Connection) -> None:
    connection.request()
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED)
    connection.send(head, PACKED)


TIMED: dict[Handle, tuple[Limits, Callable[[], float]]] = {
    _silent: (HASTY, monotonic),
    _drips_a_body: (DRIPPING, Looks(LOOK_S)),
    _drips_headers: (DRIPPING, Looks(LOOK_S)),
}


@pytest.mark.parametrize(
    ("handle", "seen"),
    [
        (_silent, "ReadTimeout: nothing came for 0.4 s"),
        (_drips_a_body, "ReadTimeout: the exchange was not over after 1000 s"),
        (_drips_headers, "ReadTimeout: the exchange was not over after 1000 s"),
        (_cuts_in_the_body, CUT),
        (_ends_in_the_body, "RemoteProtocolError: the answer is not HTTP as it should be: peer closed"),
        (_ten_megabytes, f"HTTPError: the answer exceeds {MAXIMUM_ANSWER} bytes"),
        (_endless_chunks, f"HTTPError: the answer exceeds {MAXIMUM_ANSWER} bytes"),
        (_packed_bomb, f"HTTPError: the answer exceeds {MAXIMUM_ANSWER} bytes"),
        (
            always(b"HTTP/1.1 200 OK\r\nX Y: z\r\n\r\n"),
            "RemoteProtocolError: the answer is not HTTP as it sho",
        ),
        (
            always(b"HTTP/1.1 200 OK\r\nX: \x00\r\n\r\n"),
            "RemoteProtocolError: the answer is not HTTP as it sho",
        ),
        (always(b"SSH-2.0-OpenSSH\r\n\r\n"), "RemoteProtocolError: the answer is not HTTP as it should be"),
        (
            lambda _connection: None,
            "RemoteProtocolError: the answer is not HTTP as it should be: Server disc",
        ),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_peer_that_misbehaves_gets_its_sentence_in_time(
    identity: Identity, handle: Handle, seen: str | tuple[str, ...]
) -> None:
    # Every other peer has its sentence before any limit of time is reached: the sentence says so.
    limits, clock = TIMED.get(handle, (PATIENT, monotonic))
    response, error = ask(handle, identity, limits, clock=clock)
    assert response is None
    assert error is not None
    assert error.startswith(seen)


def test_headers_that_are_not_utf_8_are_read_nevertheless(identity: Identity) -> None:
    response, error = ask(always(b"HTTP/1.1 200 OK\r\nX: \xff\xfe\r\nContent-Length: 0\r\n\r\n"), identity)
    assert error is None
    assert response is not None
    assert response.header("X") == "ÿþ"


def test_http_1_0_is_understood_and_told(identity: Identity) -> None:
    def handle(connection: Connection) -> None:
        connection.request()
        connection.send(b"HTTP/1.0 200 OK\r\n\r\nold")

    response, _ = ask(handle, identity)
    assert response is not None
    assert (response.version, response.content) == ("HTTP/1.0", b"old")


def test_a_redirect_is_not_followed(identity: Identity) -> None:
    asked = []

    def handle(connection: Connection) -> None:
        while head := connection.request():
            asked.append(head.split(b"\r\n")[0])
            connection.answer(b"302 Found", headers=b"Location: /elsewhere\r\n")

    response, _ = ask(handle, identity)
    assert response is not None
    assert (response.status, response.header("Location")) == (302, "/elsewhere")
    assert asked == [b"GET / HTTP/1.1"]


def test_the_whole_exchange_has_one_deadline_also_on_a_connection_used_again(identity: Identity) -> None:
    def handle(connection: Connection) -> None:
        connection.request()
        connection.send(OK)
        _drips_a_body(connection)

    with talking(handle, identity, DRIPPING, clock=Looks(LOOK_S)) as (http, url):
        assert carry(http, http.build_request("GET", url))[1] is None
        error = carry(http, http.build_request("GET", url))[1]
    assert error == "ReadTimeout: the exchange was not over after 1000 s"


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"ends": timedelta(hours=-1)}, "the server's certificate has expired"),
        ({"self_signed": True}, "the server's certificate is self-signed"),
        ({"name": "somebody.else.example"}, "the server's certificate is not for this IP address"),
    ],
    ids=["expired", "self-signed", "another name"],
)
def test_a_certificate_that_does_not_hold_is_refused(
    tmp_path: Path, changes: dict[str, timedelta | bool | str], seen: str
) -> None:
    identity = make_identity(tmp_path, **changes)  # type: ignore[arg-type] # each is one of its keywords
    response, error = ask(always(OK), identity)
    assert response is None
    assert error == f"ConnectError: {seen}"


def test_a_certificate_of_another_ca_is_refused(identity: Identity, tmp_path: Path) -> None:
    other = make_identity(tmp_path)
    _, error = ask(always(OK), identity, anchor=other.ca)
    assert error == "ConnectError: the server's certificate was issued by a CA that is not trusted"


def test_tls_1_1_is_refused(identity: Identity) -> None:
    context = server_context(identity)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        peer(always(OK), context) as port,
        network.client(network.trust([identity.ca]), PATIENT, Pacer(PATIENT)) as http,
    ):
        assert carry(http, http.build_request("GET", f"https://{LOOPBACK}:{port}/"))[1] is None
    assert network.trust([identity.ca]).minimum_version is ssl.TLSVersion.TLSv1_2


def test_plain_http_on_the_tls_port_is_told_as_such(identity: Identity) -> None:
    with (
        peer(lambda connection: connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"), None) as port,
        network.client(network.trust([identity.ca]), PATIENT, Pacer(PATIENT)) as http,
    ):
        error = carry(http, http.build_request("GET", f"https://{LOOPBACK}:{port}/"))[1]
    assert error == "ConnectError: the port answers something that is not TLS, perhaps plain HTTP"


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("https://no.such.host.invalid/", "ConnectError: the name does not resolve"),
        ("https://127.0.0.1:1/", "ConnectError: the connection was refused"),
    ],
)
def test_a_peer_that_cannot_be_reached_is_told(identity: Identity, url: str, seen: str) -> None:
    with network.client(network.trust([identity.ca]), PATIENT, Pacer(PATIENT)) as http:
        assert carry(http, http.build_request("GET", url)) == (None, seen)


def test_nobody_is_trusted_by_default_but_those_this_machine_trusts(identity: Identity) -> None:
    context = network.trust([])
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    with (
        peer(always(OK), server_context(identity)) as port,
        network.client(context, PATIENT, Pacer(PATIENT)) as http,
    ):
        error = carry(http, http.build_request("GET", f"https://{LOOPBACK}:{port}/"))[1]
    assert error == "ConnectError: the server's certificate was issued by a CA that is not trusted"
