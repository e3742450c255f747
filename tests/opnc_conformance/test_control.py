"""What a vendor offers to be controlled by, written from docs/reference/control.md alone."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from opnc_conformance.__main__ import main
from tests.support.running import here
from tests.support.servers import Served, serving_in
from tests.support.targets import vendor_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "a token of the vendor"


class Owner:
    """What the vendor of a pool can do with it in ways of its own; here it is a server of ours."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.orders: list[str] = []

    def clock(self, **order: Any) -> str:
        answer = (
            self._served.manage.post("/clock", json=order) if order else self._served.manage.get("/clock")
        )
        return str(answer.json()["now"])

    def forget(self) -> None:
        self._served.manage.post("/reset", json={}).raise_for_status()

    def in_pool(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        headers = {**self._served.authorization("administrator"), "Content-Type": "application/json"}
        url = self._served.server.url + path
        answer = self._served.http.request(method, url, content=body, headers=headers)
        return answer.status_code, answer.content


# From here on as the page has it


class Control(BaseHTTPRequestHandler):
    """Clock, reset and administrator."""

    owner: Owner

    def answer(self) -> None:
        """Do what is ordered, for whoever knows the token."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.owner.orders.append(f"{self.command} {self.path}")
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.send(401, b"{}")
        elif self.path == "/control/clock":
            self.send(200, json.dumps({"now": self.owner.clock(**json.loads(body or b"{}"))}).encode())
        elif (self.command, self.path) == ("POST", "/control/reset"):
            self.owner.forget()
            self.send(200, b"{}")
        elif self.path.startswith("/control/opnc/v1/rcp/rootcertificates"):
            self.send(*self.owner.in_pool(self.command, self.path.removeprefix("/control"), body))
        else:
            self.send(404, b"{}")

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the names of the library

    def send(self, status: int, body: bytes) -> None:
        """Answer with JSON."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


# Up to here


@contextmanager
def controlled(owner: Owner) -> Iterator[str]:
    """Serve what an owner offers, and return where."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OwnControl", (Control,), {"owner": owner}))
    running = Thread(target=server.serve_forever)
    running.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/control"
    finally:
        server.shutdown()
        running.join()
        server.server_close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving_in(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture
def owner(served: Served) -> Owner:
    return Owner(served)


@pytest.fixture
def target(served: Served, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The target file of a vendor who has no account for an administrator, and offers all three."""
    monkeypatch.setenv("CONTROL_TOKEN", TOKEN)
    token = served.target.with_name("control-token")
    token.write_text(TOKEN)
    with controlled(owner) as url:
        offers = ["clock", "reset", "administrator"]
        yield vendor_file(served, control={"url": url, "offers": offers, "token_file": token.name})


NEED_ALL = ("EVT-TYPE-13", "EVT-TYPE-14", "EVT-RETRY-02", "RCP-PUT-08", "RCP-CLN-01")
"""Requirements that take roots which come and go, and time that passes."""


def test_what_needs_a_clock_and_an_administrator_is_judged(
    target: Path, owner: Owner, served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    selected = [part for name in NEED_ALL for part in ("--requirement", name)]
    outcome = here(capsys, tmp_path / "report", "--target", target, *selected)
    assert outcome.code == 0, outcome.text
    judged = {each["id"]: each["verdict"] for each in outcome.results["requirements"]}
    assert {name: judged[name] for name in NEED_ALL} == dict.fromkeys(NEED_ALL, "pass"), outcome.text
    assert outcome.results["target"]["kind"] == "real"
    assert owner.orders[0] == owner.orders[-1] == "POST /control/reset"
    assert owner.orders.count("POST /control/reset") == 2
    assert "PUT /control/opnc/v1/rcp/rootcertificates" in owner.orders
    # All is as it was, and the present is everybody's.
    assert len(served.roots()) == served.declared
    assert abs(datetime.fromisoformat(owner.clock()) - datetime.now(UTC)) < timedelta(minutes=1)
    assert TOKEN not in (tmp_path / "report" / "results.json").read_text()


def test_the_doctor_reads_the_clock_and_warns_of_the_reset(
    target: Path, owner: Owner, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["doctor", "--target", str(target)])
    told = capsys.readouterr().out
    assert "the clock of the target shows" in told
    assert "everything that testers have made is forgotten" in told
    assert not [each for each in owner.orders if each.startswith("POST")]


def test_who_offers_a_clock_that_cannot_be_read_is_told(
    target: Path, served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served.target.with_name("control-token").write_text("another token")
    outcome = here(capsys, tmp_path / "report", "--target", target, "--requirement", "EVT-RETRY-02")
    assert set(outcome.verdicts().values()) == {"inconclusive"}
    assert "POST /reset was answered 401" in outcome.text
