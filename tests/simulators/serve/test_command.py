"""`opnc serve` as a process: what it says, how it ends, what a kill leaves."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import httpx
import pytest

from fixtures.target import file as target_file
from opnc.tls import trust
from tests.simulators.serve.roots import a_root
from tests.support.patience import PATIENCE_S
from tests.support.running import apart, command, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@contextmanager
def started(
    folder: Path, *line: str, path: Path | None = None, lines: int = 3
) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start a server in a folder; yield it and what it says when it is ready.

    Args:
        folder: Where it runs.
        line: Its options.
        path: Where it looks for modules first.
        lines: How many lines of what it says are waited for.
    """
    process = subprocess.Popen(  # noqa: S603 - our own command
        command("serve", "--port", "0", *line),
        cwd=folder,
        env=environment(path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        yield process, [process.stdout.readline() for _ in range(lines)]
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


class Client:
    """Talks to a server by what its target file says."""

    def __init__(self, folder: Path) -> None:
        self.file = target_file.load(folder / ".opnc" / "target.toml")
        self.url = f"{self.file.target.services['rcp']}/rootcertificates"
        self.http = httpx.Client(verify=trust(self.file.trust_anchors), trust_env=False, timeout=PATIENCE_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def authorization(self, party: str) -> dict[str, str]:
        account = self.file.target.accounts[party]
        answer = self.http.post(
            self.file.target.token_endpoint,
            data={"grant_type": "client_credentials"},
            auth=(account.client_id, account.client_secret),
        )
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def listed(self) -> set[str]:
        answer = self.http.get(self.url, headers=self.authorization("oem"))
        return {root["caCertificate"] for root in answer.json()["rootCertificateCollection"]}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_in_three_lines_where_it_is_and_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with started(tmp_path) as (process, lines):
        assert lines[0].startswith("serving ecosystem alpha at https://127.0.0.1:")
        assert lines[1].startswith("management at http://127.0.0.1:")
        assert lines[2] == "next: opnc run --target .opnc/target.toml\n"
        with Client(tmp_path) as client:
            assert len(client.listed()) == len(client.file.target.roots)
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out, err) == (0, "", "")


def test_it_stops_although_a_client_does_not_end_its_request(tmp_path: Path) -> None:
    with started(tmp_path) as (process, _), Client(tmp_path) as client:
        host, port = client.url.split("/")[2].split(":")
        with (
            socket.create_connection((host, int(port))) as connection,
            trust(client.file.trust_anchors).wrap_socket(connection, server_hostname=host) as secured,
        ):
            secured.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
            assert client.listed()
            process.terminate()
            _, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, err) == (0, "")


def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'state.db'}"
    acknowledged: set[str] = set()
    for life in range(3):
        with started(tmp_path, "--database", database) as (process, _), Client(tmp_path) as client:
            assert acknowledged <= client.listed()
            headers = client.authorization("administrator")
            for number in range(10):
                root = a_root(f"{life}.{number}")
                if client.http.put(client.url, json=root, headers=headers).status_code == 200:
                    acknowledged.add(root["caCertificate"])
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    assert len(acknowledged) == 30
    with started(tmp_path, "--database", database), Client(tmp_path) as client:
        assert acknowledged <= client.listed()


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        (("--host", "192.0.2.1"), "opnc serve: 192.0.2.1:0: cannot listen: "),
        (("--database", "nonsense"), "opnc serve: this is not the address of a database"),
        (("--database", "sqlite:////dev/null/x"), "the database cannot be used"),
        (("--port", "-1"), "there is no such port"),
        (("--write-target", "/dev/null/target.toml"), "cannot be "),
        (("--allow", "192.168.7.9"), "192.168.7.9 is neither HOST:PORT nor a network"),
        (("--trust", "/dev/null"), "/dev/null: it cannot be trusted"),
        (("--trust", "/dev/null/ca.pem"), "/dev/null/ca.pem: it cannot be trusted"),
    ],
)
def test_what_cannot_be_served_is_a_usage_error(tmp_path: Path, line: tuple[str, ...], seen: str) -> None:
    outcome = apart(tmp_path, "serve", "--port", "0", *line)
    assert outcome.code == 2
    assert seen in outcome.err
    assert "Traceback" not in outcome.text
    assert outcome.out == ""


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"this is no database" * 100)
    outcome = apart(tmp_path, "serve", "--port", "0", "--database", f"sqlite:///{tmp_path / 'state.db'}")
    assert outcome.code == 2
    assert "the database cannot be used: (sqlite3.DatabaseError) file is not a database" in outcome.err
