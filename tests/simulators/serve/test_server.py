"""A served ecosystem: what it speaks, to whom, and what stays of it."""

from __future__ import annotations

import socket
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from fixtures.evidence.recorder import Recorder
from fixtures.judging import Judge
from fixtures.server.in_process import InProcessServer
from fixtures.server.ocsp_crl import TesterStatusService
from fixtures.server.on_sockets import ServerTls, SocketServer
from fixtures.server.receiver import Receiver
from fixtures.target import file as target_file
from fixtures.target.declaration import NEEDS
from fixtures.testdata.certificates import TesterPki
from fixtures.testdata.vehicles import Vehicle
from opnc.clock import RunningClock
from opnc.problem import Problem
from opnc.tls import trust
from opnc_conformance import serving
from reports.model import Profile
from simulators.ecosystem import PARTIES
from simulators.kernel.in_process import Hosts
from simulators.serve import server
from simulators.serve.server import LOOPBACK
from tests.simulators.serve.roots import put_root
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port
from tests.support.servers import Served, options, serving_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOTS = "/opnc/v1/rcp/rootcertificates"


def test_a_party_with_a_token_is_served(served: Served) -> None:
    assert len(served.roots()) == served.declared


def test_a_party_without_one_is_not(served: Served) -> None:
    assert served.http.get(f"{served.server.url}{ROOTS}").status_code == 401


def test_the_target_file_describes_the_server(served: Served) -> None:
    file = target_file.load(served.target)
    assert file.target.services["rcp"] == f"{served.server.url}/opnc/v1/rcp"
    assert file.target.meets == set(NEEDS)
    assert len(file.target.accounts) == len(PARTIES)
    assert {root.certificate for root in file.target.roots} == {
        root.certificate for root in served.server.ecosystem.rcp.held()
    }
    secrets = [account.client_secret for account in file.target.accounts.values()]
    assert len(set(secrets)) == len(secrets)
    text = served.target.read_text()
    assert not any(secret in text for secret in secrets)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_secrets_and_keys_are_for_their_owner_only(served: Served) -> None:
    private = [*served.target.with_suffix(".secrets").iterdir(), *served.target.parent.rglob("*.key")]
    assert len(private) > 10
    assert {path.stat().st_mode & 0o777 for path in private} == {0o600}


def test_only_tls_1_3_is_spoken(served: Served) -> None:
    port = int(served.server.url.rpartition(":")[2])
    context = trust([served.server.identity.ca])
    with (
        socket.create_connection((LOOPBACK, port)) as connection,
        context.wrap_socket(connection, server_hostname=LOOPBACK) as secured,
    ):
        assert secured.version() == "TLSv1.3"
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection((LOOPBACK, port)) as connection,
        pytest.raises(ssl.SSLError, match=r"(?i)version"),
    ):
        context.wrap_socket(connection, server_hostname=LOOPBACK)


def test_plain_http_gets_no_service(served: Served) -> None:
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"{served.server.url.replace('https', 'http')}{ROOTS}", trust_env=False)


def test_it_listens_on_loopback_only_unless_told_otherwise(served: Served) -> None:
    assert served.server.url.startswith("https://127.0.0.1:")
    assert served.server.management_url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("path", ["/", "/opnc/v1/rcpx", "/opnc/v2/rcp/rootcertificates", "/favicon.ico"])
def test_where_no_service_is_nothing_is_found(served: Served, path: str) -> None:
    answer = served.http.get(served.server.url + path)
    assert answer.status_code == 404
    assert answer.json()["errorMessages"]


def test_a_body_that_is_too_long_is_refused(served: Served) -> None:
    url, headers = f"{served.server.url}{ROOTS}", served.authorization("administrator")
    headers["Content-Type"] = "application/json"
    assert served.http.put(url, content=b" " * (2 * 1024 * 1024), headers=headers).status_code == 413


def test_whoever_sends_slowly_holds_up_nobody(served: Served) -> None:
    port = int(served.server.url.rpartition(":")[2])
    slow = []
    for _ in range(10):
        connection = socket.create_connection((LOOPBACK, port))
        secured = trust([served.server.identity.ca]).wrap_socket(connection, server_hostname=LOOPBACK)
        secured.sendall(
            b"PUT /opnc/v1/rcp/rootcertificates HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
        )
        slow.append(secured)
    assert len(served.roots()) == served.declared
    for secured in slow:
        # Nobody had to be sent away first.
        secured.setblocking(False)  # noqa: FBT003 - takes no keywords
        with pytest.raises(ssl.SSLWantReadError):
            secured.recv(1)
        secured.close()


def test_many_at_once_are_served_one_by_one(served: Served) -> None:
    seeds = [f"root {number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda seed: put_root(served, seed), seeds)) == {200}
    roots = served.roots()
    assert len({root["rootCertificateId"] for root in roots}) == served.declared + len(seeds)


@pytest.mark.parametrize("at_last", ["hangs up", "is given up"])
def test_a_responder_that_says_nothing_holds_up_nobody_but_who_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_last: str
) -> None:
    monkeypatch.setattr(server, "FOREIGN_S", PATIENCE_S if at_last == "hangs up" else 0.5)
    with serving_in(tmp_path) as served, ThreadPoolExecutor(1) as waiting:
        file = target_file.load(served.target)
        assert file.status
        clock = RunningClock()
        status_service = TesterStatusService(file.status.url, clock, InProcessServer(Hosts(), "status.test"))
        vehicle = Vehicle.of(
            TesterPki.start("silence", clock, file.target.supplied, status_service).vehicle(
                "WDB12345678901234"
            )
        )
        with socket.create_server(file.status.bind) as silent:
            silent.settimeout(PATIENCE_S)
            url = f"{served.server.url}/opnc/v1/pcp/provisioningcertificates"
            headers = served.authorization("oem")
            published = waiting.submit(lambda: served.http.put(url, json=vehicle.entry, headers=headers))
            # Somebody is being waited for now.
            asked, _ = silent.accept()
            assert len(served.roots()) == served.declared
            if at_last == "hangs up":
                assert not published.done()
                asked.close()
                # Nobody is at the address any more, however often it is asked.
                silent.close()
            assert published.result().status_code == 502
            asked.close()


# The management port


def test_a_file_keeps_what_was_acknowledged_and_credentials_and_ca_stay(tmp_path: Path) -> None:
    line = ("--database", f"sqlite:///{tmp_path / 'state.db'}")
    with serving_in(tmp_path, *line) as served:
        assert put_root(served, "kept") == 200
        before, ca = served.roots(), served.server.identity.ca.read_bytes()
        secret = target_file.load(served.target).target.accounts["oem"].client_secret
    with serving_in(tmp_path, *line) as served:
        assert served.roots() == before
        assert served.server.identity.ca.read_bytes() == ca
        file = target_file.load(served.target)
        assert file.target.accounts["oem"].client_secret == secret
        assert len(file.target.roots) == len(before)


def test_two_servers_in_memory_know_nothing_of_each_other(tmp_path: Path) -> None:
    with serving_in(tmp_path / "a") as one, serving_in(tmp_path / "b") as other:
        assert put_root(one, "mine") == 200
        assert len(one.roots()) == len(other.roots()) + 1 == other.declared + 1


def test_it_answers_while_it_waits_for_a_slow_receiver(served: Served) -> None:
    # Events may go to the tester's address only, of all private ones: where nobody answers now.
    receiver = target_file.load(served.target).receiver
    assert receiver
    with socket.create_server(receiver.bind) as listening:
        listening.settimeout(PATIENCE_S)
        endpoint = {"url": f"{receiver.url}/x", "enabledEvents": ["root.cert.added"]}
        answer = served.http.post(
            f"{served.server.url}/opnc/v1/event/endpoints", json=endpoint, headers=served.authorization("oem")
        )
        assert answer.status_code == 201
        assert put_root(served, "announced") == 200
        delivery, _ = listening.accept()
        with delivery:
            assert delivery.recv(1 << 16)
            assert len(served.roots()) == served.declared + 1
            # It still waits for an answer to what it has sent.
            delivery.setblocking(False)  # noqa: FBT003 - takes no keywords
            with pytest.raises(BlockingIOError):
                delivery.recv(1)


@pytest.fixture
def backend_tls() -> ServerTls:
    """What that backend shows."""
    return ServerTls([f"https://{LOOPBACK}"], None, None)


@pytest.fixture
def backend(backend_tls: ServerTls) -> Iterator[Receiver]:
    """A backend of somebody else on this machine, whose CA nobody knows yet."""
    port = free_port()
    url = f"https://{LOOPBACK}:{port}"
    made = Receiver(url, RunningClock(), SocketServer((LOOPBACK, port), backend_tls))
    yield made
    made.stop()


def subscribe(served: Served, url: str) -> int:
    return served.http.post(
        f"{served.server.url}/opnc/v1/event/endpoints",
        json={"url": url, "enabledEvents": ["root.cert.added"]},
        headers=served.authorization("oem"),
    ).status_code


def test_a_private_backend_is_told_if_it_is_allowed_and_trusted(
    tmp_path: Path, backend: Receiver, backend_tls: ServerTls
) -> None:
    endpoints = backend.open("inbox", Recorder(Judge(), Profile.LENIENT))
    webhook, place = endpoints.open_webhook(), backend.url.removeprefix("https://")
    with serving_in(tmp_path, "--allow", place, "--trust", str(backend_tls.anchors[0])) as served:
        assert subscribe(served, webhook.url) == 201
        assert put_root(served, "announced") == 200
        endpoints.wait(PATIENCE_S, lambda: bool(webhook.deliveries))
    assert [each.message["eventType"] for each in webhook.deliveries] == ["root.cert.added"]


def test_a_private_backend_is_refused_unless_it_is_allowed(served: Served, backend: Receiver) -> None:
    assert subscribe(served, f"{backend.url}/hook") == 400


# What cannot be


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        (("--host", "no.such.host.invalid"), "this is no address to listen on"),
        (("--host", "192.0.2.1"), "cannot listen"),
        (("--port", "70000"), "a port from 0"),
        (("--database", "state.db"), "this is not the address of a database"),
        (("--database", "sqlite:////no/such/folder/state.db"), "the database cannot be used"),
        (("--database", "oracle://x"), "no support for this kind of database"),
        (
            ("--database", "postgresql://me:hunter2@127.0.0.1:1/x"),
            "postgresql+psycopg://me:***@127.0.0.1:1/x",
        ),
        (("--tls-dir", "/dev/null/x"), "cannot be"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_served_is_told(tmp_path: Path, line: tuple[str, ...], seen: str) -> None:
    with pytest.raises(Problem) as caught:
        serving.open_server(options(tmp_path, *line))
    assert seen in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with (
        socket.create_server((LOOPBACK, 0)) as taken,
        pytest.raises(Problem, match="cannot listen: Address already in use"),
    ):
        serving.open_server(options(tmp_path, "--port", str(taken.getsockname()[1])))


def test_a_target_file_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "target.toml").write_text('name = "mine"')
    with pytest.raises(Problem, match="a file already that `opnc serve` has not written"):
        serving.open_server(options(tmp_path))
    assert (tmp_path / "target.toml").read_text() == 'name = "mine"'
