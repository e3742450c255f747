"""`POST /clock` on the management port: what it answers where the clock is not moved."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any

import httpx

from opnc_conformance import serving
from tests.support.servers import options, serving_in

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

HOUR = {"advance_s": 3600}


def test_a_clock_that_could_not_be_moved_is_told_and_the_next_one_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise LookupError("a row with a secret")

    with serving_in(tmp_path) as served:
        with monkeypatch.context() as broken:
            broken.setattr(served.server.ecosystem, "advance", fail)
            answer = served.manage.post("/clock", json=HOUR)
        assert answer.status_code == 500
        assert "the clock could not be moved (LookupError)" in answer.json()["title"]
        assert "a row with a secret" not in answer.text
        assert served.manage.post("/clock", json=HOUR).status_code == 200


def test_who_wants_the_clock_moved_while_the_server_stops_does_not_wait(tmp_path: Path) -> None:
    with serving_in(tmp_path) as served:
        served.server.end()
        # The loop of `run` needs a moment to see it; an order that comes first is done.
        answers = [served.manage.post("/clock", json=HOUR, timeout=10) for _ in range(2)]
        assert answers[-1].status_code == 503
        assert answers[-1].json()["title"] == "the server is about to stop"
        assert served.manage.get("/health", timeout=10).status_code == 200


def test_orders_that_wait_when_the_loop_ends_are_refused(tmp_path: Path) -> None:
    server = serving.open_server(options(tmp_path))
    server.start()
    token = {"Authorization": f"Bearer {(tmp_path / 'target.secrets' / 'management').read_text()}"}
    asked = Event()
    with (
        httpx.Client(
            base_url=server.management_url,
            headers=token,
            trust_env=False,
            event_hooks={"request": [lambda _: asked.set()]},
        ) as manage,
        ThreadPoolExecutor(1) as others,
    ):
        # Nobody runs the loop: the order waits, or comes too late.
        order = others.submit(manage.post, "/clock", json=HOUR, timeout=30)
        assert asked.wait(10)
        server.end()
        server.run()
        assert order.result(30).status_code == 503
    assert server.stop()
