"""`POST /reset` on the management port: what was begun before takes no part in what comes next."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from fixtures.judging import Unreachable
from fixtures.target import file as target_file
from simulators.serve import server
from tests.simulators.serve.roots import put_root
from tests.support.patience import PATIENCE_S, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.servers import Served


@contextmanager
def keeping_an_event(served: Served) -> Iterator[socket.socket]:
    """Have the server send an event to a receiver that does not answer as long as its connection is open."""
    receiver = target_file.load(served.target).receiver
    assert receiver
    with socket.create_server(receiver.bind) as listening:
        listening.settimeout(PATIENCE_S)
        endpoint = {"url": f"{receiver.url}/x", "enabledEvents": ["root.cert.added"]}
        url = f"{served.server.url}/opnc/v1/event/endpoints"
        assert served.http.post(url, json=endpoint, headers=served.authorization("oem")).status_code == 201
        assert put_root(served, "announced") == 200
        kept, _ = listening.accept()
        with kept:
            yield kept


def test_a_reset_waits_for_what_is_under_way(served: Served) -> None:
    with ThreadPoolExecutor(1) as others, keeping_an_event(served) as kept:
        order = others.submit(served.manage.post, "/reset", json={})
        # Everybody else is answered meanwhile, with what was there before.
        assert len(served.roots()) == served.declared + 1
        assert not order.done()
        kept.close()
        assert order.result().json()["under_way"] == 0
    assert len(served.roots()) == served.declared


def test_a_reset_that_has_waited_long_enough_tells_what_is_under_way(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "RESET_S", 0.05)
    with keeping_an_event(served):
        assert served.manage.post("/reset", json={}).json()["under_way"] == 1
        with (
            closing(served.control) as client,
            pytest.raises(Unreachable, match="1 requests of an earlier"),
        ):
            client.reset("1", None)
        assert len(served.roots()) == served.declared
    assert eventually(lambda: served.manage.post("/reset", json={}).json()["under_way"] == 0)


def test_a_service_says_itself_that_it_has_no_other_version(served: Served) -> None:
    url = f"{served.server.url}/opnc/v9/event/endpoints"
    assert "traceId" in served.http.get(url).json()
    served.manage.post("/reset", json={"faults": ["system.any-version"]}).raise_for_status()
    assert served.http.get(url).status_code == 200


def test_a_fault_that_sockets_cannot_show_is_refused(served: Served) -> None:
    answer = served.manage.post("/reset", json={"faults": ["headers.case-sensitive"]})
    assert answer.status_code == 400
    assert "cannot be switched on here: what speaks HTTP" in answer.json()["title"]
