"""`opnc doctor`: one line for everything that a run needs, each with its remedy."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from opnc_conformance.__main__ import main
from tests.peers import LOOPBACK, Connection, always, make_identity, peer, server_context
from tests.ports import free_port
from tests.servers import serving_in
from tests.target.test_silent_targets import target_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.peers import Handle

LIST = b'{"rootCertificateCollection": []}'


def examine(capsys: pytest.CaptureFixture[str], target: Path) -> tuple[int, dict[str, str]]:
    """Run the doctor; return the exit code and the lines by what they are about."""
    capsys.readouterr()
    code = main(["doctor", "--target", str(target)])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    lines = {}
    for line in captured.out.splitlines():
        subject = line[9:38].strip()
        lines[subject] = f"{line[:9].strip()}: {line[38:]}"
    return code, lines


def answering(content: bytes, headers: bytes = b"", status: bytes = b"200 OK") -> Handle:
    def handle(connection: Connection) -> None:
        while connection.request():
            connection.answer(status, content, b"Content-Type: application/json\r\n" + headers)

    return handle


def test_a_sound_target_gets_a_clean_bill(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving_in(tmp_path) as served:
        code, lines = examine(capsys, served.target)
    assert code == 0
    assert {line.partition(":")[0] for line in lines.values()} == {"ok"}
    assert lines["token oem"] == "ok: given to oem"
    assert lines["read rcp"] == "ok: getRootCertificatesV1 of the oem: 200"
    assert "TLSv1.3" in next(line for subject, line in lines.items() if subject.startswith("TLS"))
    for subject in ("clock", "callback", "status", "management"):
        assert subject in lines


def test_a_server_that_has_stopped_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving_in(tmp_path) as served:
        target = served.target
    code, lines = examine(capsys, target)
    assert code == 1
    tcp = next(line for subject, line in lines.items() if subject.startswith("TCP"))
    assert tcp.startswith("broken: the connection was refused -> look whether the server runs")
    assert lines["accounts and services"].startswith("skipped")
    assert lines["management"].startswith("broken")


def test_a_name_that_does_not_resolve_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = target_of(tmp_path, make_identity(tmp_path / "i"), "https://no.such.host.invalid")
    code, lines = examine(capsys, target)
    assert code == 1
    assert lines["DNS no.such.host.invalid"].startswith("broken: the name does not resolve -> ")


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"ends": timedelta(hours=-1)}, "broken: the server's certificate has expired -> renew it"),
        ({"self_signed": True}, "broken: the server's certificate is self-signed -> add it to tls.trust_"),
        ({"name": "other.example"}, "broken: the server's certificate is not for this IP address"),
        ({"ends": timedelta(days=3)}, "warning: TLSv1.3, certificate until"),
    ],
    ids=["expired", "self-signed", "another name", "ends soon"],
)
def test_certificates_are_looked_at(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, timedelta | bool | str],
    seen: str,
) -> None:
    identity = make_identity(tmp_path / "i", **changes)  # type: ignore[arg-type] # each is one of its keywords
    with peer(answering(LIST), server_context(identity)) as port:
        _, lines = examine(capsys, target_of(tmp_path, identity, f"https://{LOOPBACK}:{port}"))
    assert lines[f"TLS {LOOPBACK}:{port}"].startswith(seen)


def test_plain_http_on_the_tls_port_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def handle(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.request()

    with peer(handle, None) as port:
        target = target_of(tmp_path, make_identity(tmp_path / "i"), f"https://{LOOPBACK}:{port}")
        _, lines = examine(capsys, target)
    assert "not TLS, perhaps plain HTTP -> give the port that speaks TLS" in lines[f"TLS {LOOPBACK}:{port}"]


@pytest.mark.parametrize(
    ("handle", "subject", "seen"),
    [
        (
            answering(LIST, b"Date: Mon, 01 Jan 2024 00:00:00 GMT\r\n"),
            "clock",
            "s behind -> synchronise both",
        ),
        (answering(LIST, b"Date: yesterday\r\n"), "clock", "warning: Date is 'yesterday'"),
        (answering(LIST), "clock", "warning: the answers have no Date header"),
        (
            answering(b"", status=b"403 Forbidden"),
            "read rcp",
            "of the oem: 403 -> have the account oem onboarded",
        ),
        (answering(b"", status=b"401 Unauthorized"), "read rcp", "401 -> have the account oem onboarded"),
        (answering(b"", status=b"500 Oops"), "read rcp", "500 -> look into the log of the service"),
        (
            answering(b"", b"Location: /x\r\n", b"302 Found"),
            "read rcp",
            "302, a redirect to /x -> give the final",
        ),
        (answering(b"", status=b"418 Teapot"), "read rcp", "warning: "),
        (answering(b"", status=b"503 No"), "read rcp", "broken: "),
    ],
)
def test_answers_are_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], handle: Handle, subject: str, seen: str
) -> None:
    identity = make_identity(tmp_path / "i")
    with peer(handle, server_context(identity)) as port:
        _, lines = examine(capsys, target_of(tmp_path, identity, f"https://{LOOPBACK}:{port}"))
    assert seen in lines[subject]


def test_a_token_that_is_not_given_is_told_with_the_account(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    identity = make_identity(tmp_path / "i")
    with peer(answering(b'{"error": "invalid_client"}', status=b"401 No"), server_context(identity)) as port:
        base = f"https://{LOOPBACK}:{port}"
        code, lines = examine(capsys, target_of(tmp_path, identity, base, token=f"{base}/token"))
    assert code == 1
    assert "answered 401 for oem" in lines["token oem"]
    assert "-> look at parties.oem" in lines["token oem"]


def test_a_callback_that_leads_elsewhere_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    identity = make_identity(tmp_path / "i")
    with peer(always(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), server_context(identity)) as port:
        receiver = f"""
        [receiver]
        callback_url = "https://{LOOPBACK}:{port}"
        bind = "{LOOPBACK}:{free_port()}"
        certificate = "{identity.certificate}"
        key_file = "{identity.key}"
        """
        target = target_of(tmp_path, identity, f"https://{LOOPBACK}:{port}", more=receiver)
        code, lines = examine(capsys, target)
    assert code == 1
    assert "somebody else answers there: 200 -> let receiver.callback_url lead to" in lines["callback"]
