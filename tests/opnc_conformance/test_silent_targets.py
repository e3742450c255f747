"""`opnc run --target` against peers that are silent, tired, hostile or old."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.patience import PATIENCE_S
from tests.support.peers import JSON, LOOPBACK, Connection, always, make_identity, peer, server_context

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.peers import Handle, Identity
    from tests.support.running import Outcome

    Run = Callable[..., Outcome]

LIST = "RCP-LIST-01"
LISTED = "rcp/list_roots::every-root-the-target-declares-is-in-the-list"
POLLED = "rcp/list_roots::polling-gives-the-same-list-while-nothing-changes"


def target_of(
    folder: Path,
    identity: Identity,
    url: str,
    *,
    token: str = "",
    more: str = "",
    exchange_s: float = PATIENCE_S,
) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "secret").write_text("hunter2-hunter2")
    path = folder / "peer.toml"
    path.write_text(f"""
        name = "A peer"
        [services]
        rcp = "{url}/opnc/v1/rcp"
        [authorization]
        scheme = "{"oauth2" if token else "token"}"
        {f'token_endpoint = "{token}"' if token else ""}
        [parties.oem]
        {'client_id = "oem"' if token else ""}
        {"client_secret_file" if token else "token_file"} = "secret"
        [tls]
        trust_anchors = ["{identity.ca}"]
        [limits]
        connect_s = {PATIENCE_S}
        read_s = {PATIENCE_S}
        exchange_s = {exchange_s}
        patience_s = 1
        {more}
    """)
    return path


def run_against(
    handle: Handle, identity: Identity, run: Run, tmp_path: Path, *line: str, tls: bool = True, **more: Any
) -> Outcome:
    with peer(handle, server_context(identity) if tls else None) as port:
        return run(target_of(tmp_path, identity, f"https://{LOOPBACK}:{port}", **more), *line)


def the_one(outcome: Outcome, scenario: str = LISTED) -> Any:
    (found,) = [each for each in outcome.results["scenarios"] if each["id"] == scenario]
    assert "Traceback" not in outcome.text
    return found


def test_a_target_that_is_not_there_ends_the_run_early(identity: Identity, run: Run, tmp_path: Path) -> None:
    outcome = run(target_of(tmp_path, identity, "https://127.0.0.1:1"), "--service", "rcp")
    assert outcome.code == 3
    assert set(outcome.verdicts().values()) == {"inconclusive"}
    assert len(outcome.verdicts()) == 3
    assert not outcome.results["complete"]
    assert outcome.results["stopped"].startswith("3 scenarios in a row got no answer, the last one: ")
    assert "the connection was refused" in outcome.results["stopped"]
    assert "the connection was refused" in outcome.out


@pytest.mark.parametrize("status", [b"429 Too Many Requests", b"503 Service Unavailable"])
def test_a_target_that_is_tired_makes_it_inconclusive_and_ends_the_run(
    identity: Identity, run: Run, tmp_path: Path, status: bytes
) -> None:
    answer = b"HTTP/1.1 " + status + b"\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
    outcome = run_against(always(answer), identity, run, tmp_path, "--service", "rcp")
    assert outcome.code == 3
    assert len(outcome.verdicts()) == 3
    assert f"answered {status[:3].decode()}, cannot be judged now" in outcome.results["stopped"]


def test_a_target_that_asks_for_an_hour_is_not_waited_for(
    identity: Identity, run: Run, tmp_path: Path
) -> None:
    answer = b"HTTP/1.1 503 No\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n"
    outcome = run_against(always(answer), identity, run, tmp_path, "--service", "rcp")
    assert "limits.patience_s allows 1 s" in outcome.results["stopped"]


@pytest.mark.parametrize(
    ("headers", "body", "verdict", "seen"),
    [
        (JSON, b"hello", "fail", "JSON"),
        (JSON, b'"\xff\xfe"', "fail", "JSON"),
        (b"Location: https://127.0.0.1/\r\n", b"", "fail", "302"),
        (b"Bad Header: x\r\n", b"", "inconclusive", "RemoteProtocolError"),
        (JSON, bytes(10 * 1024 * 1024), "inconclusive", "exceeds"),
    ],
    ids=["no JSON", "invalid UTF-8", "a redirect", "an invalid header", "ten megabytes"],
)
def test_an_answer_that_is_none_gets_a_verdict_that_names_what_was_seen(
    identity: Identity, run: Run, tmp_path: Path, headers: bytes, body: bytes, verdict: str, seen: str
) -> None:
    def handle(connection: Connection) -> None:
        while connection.request():
            connection.answer(b"302 Found" if b"Location" in headers else b"200 OK", body, headers)

    outcome = run_against(handle, identity, run, tmp_path, "--requirement", LIST)
    scenario = the_one(outcome)
    assert scenario["verdict"] == verdict
    told = json.dumps([scenario["reason"], scenario["findings"]])
    assert seen in told


def test_a_wrong_media_type_is_a_finding(identity: Identity, run: Run, tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 33\r\n\r\n"
    body = b'{"rootCertificateCollection": []}'
    outcome = run_against(always(answer + body), identity, run, tmp_path, "--requirement", "RCP-LIST-10")
    scenario = the_one(outcome, POLLED)
    assert scenario["verdict"] == "fail"
    found = scenario["findings"][0]
    assert (found["message"], found["seen"]) == ("content-type: media-type", '"text/html"')


def test_a_redirect_and_an_old_version_are_noted(identity: Identity, run: Run, tmp_path: Path) -> None:
    def handle(connection: Connection) -> None:
        connection.request()
        connection.send(b"HTTP/1.0 301 Moved\r\nLocation: https://elsewhere.example/\r\n\r\n")

    outcome = run_against(handle, identity, run, tmp_path, "--requirement", LIST)
    told = {each["message"]: each["seen"] for each in the_one(outcome)["findings"]}
    assert told["the answer is a redirect, which was not followed"] == "301 to https://elsewhere.example/"
    assert told["the answer came in an outdated version of HTTP"] == "HTTP/1.0"


def test_a_peer_that_drips_for_ever_ends_with_the_deadline(
    identity: Identity, run: Run, tmp_path: Path
) -> None:
    def handle(connection: Connection) -> None:
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        connection.drip(b"[")

    # The connection is to be there before: that takes some milliseconds, a hundred times less.
    outcome = run_against(handle, identity, run, tmp_path, "--requirement", LIST, exchange_s=2)
    assert the_one(outcome)["verdict"] == "inconclusive"
    assert "the exchange was not over after 2 s" in the_one(outcome)["reason"]


def test_plain_http_on_the_tls_port_is_told(identity: Identity, run: Run, tmp_path: Path) -> None:
    plain = always(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    def handle(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        plain(connection)

    outcome = run_against(handle, identity, run, tmp_path, "--requirement", LIST, tls=False)
    assert "not TLS, perhaps plain HTTP" in the_one(outcome)["reason"]


def test_a_token_endpoint_without_tokens_makes_it_inconclusive(
    identity: Identity, run: Run, tmp_path: Path
) -> None:
    def handle(connection: Connection) -> None:
        while connection.request():
            connection.answer(b"401 Unauthorized", b'{"error": "invalid_client"}')

    with peer(handle, server_context(identity)) as port:
        base = f"https://{LOOPBACK}:{port}"
        path = target_of(tmp_path, identity, base, token=f"{base}/token")
        scenario = the_one(run(path, "--requirement", LIST))
    assert scenario["verdict"] == "inconclusive"
    assert "answered 401 for oem" in scenario["reason"]
    assert "hunter2" not in json.dumps(scenario)


def test_a_token_that_expires_early_is_renewed(identity: Identity, run: Run, tmp_path: Path) -> None:
    """The service takes each token once; the authorization server promises an hour for each."""
    given = iter(range(1000))
    used: set[bytes] = set()

    def handle(connection: Connection) -> None:
        while request := connection.request():
            token = next((line for line in request.split(b"\r\n") if line.startswith(b"Authorization")), b"")
            if request.startswith(b"POST"):
                content = b'{"access_token": "t%d", "token_type": "Bearer", "expires_in": 3600}'
                connection.answer(b"200 OK", content % next(given))
            elif token in used:
                connection.answer(b"401 Unauthorized", headers=b"WWW-Authenticate: Bearer\r\n")
            else:
                used.add(token)
                connection.answer(b"200 OK", b'{"rootCertificateCollection": []}')

    with peer(handle, server_context(identity)) as port:
        base = f"https://{LOOPBACK}:{port}"
        path = target_of(tmp_path, identity, base, token=f"{base}/token")
        outcome = run(path, "--requirement", "RCP-LIST-10")
    scenario = the_one(outcome, POLLED)
    statuses = [each["response"]["status"] for each in scenario["exchanges"]]
    assert statuses.count(200) == 10
    assert statuses.count(401) >= 9
    assert (401, 401) not in pairwise(statuses)
    assert scenario["verdict"] == "pass"


def test_a_client_certificate_is_shown_instead_of_a_token(
    identity: Identity, run: Run, tmp_path: Path
) -> None:
    client, seen = make_identity(tmp_path / "client", name="tester"), []

    def handle(connection: Connection) -> None:
        while request := connection.request():
            seen.append(request)
            connection.answer(b"200 OK", b'{"rootCertificateCollection": []}')

    with peer(handle, server_context(identity, client.ca)) as port:
        path = target_of(tmp_path, identity, f"https://{LOOPBACK}:{port}")
        account = f'certificate = "{client.certificate}"\nkey_file = "{client.key}"'
        text = path.read_text().replace('scheme = "token"', 'scheme = "mtls"')
        path.write_text(text.replace('token_file = "secret"', account))
        outcome = run(path, "--requirement", "RCP-LIST-10")
    scenario = the_one(outcome, POLLED)
    assert scenario["verdict"] == "pass"
    assert seen
    assert not any(b"Authorization" in request for request in seen)
