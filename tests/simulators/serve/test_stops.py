"""How `opnc serve` ends when a signal comes while clients write, while it starts, or twice."""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

import httpx
import pytest

from opnc_conformance.served_target import ORIGIN
from tests.simulators.serve.test_command import Client, started

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

WRITERS, WRITES = 4, 5
ENDS_WITHIN_S = 60
RECEIVER = "127.0.0.1:65000"

LATE = """
import asyncio
from time import sleep

tell = asyncio.BaseEventLoop.call_soon_threadsafe


def tell_slowly(loop, *arguments, **options):
    handle = tell(loop, *arguments, **options)
    if "shutdown" in arguments[0].__qualname__:
        sleep(0.3)
    return handle


asyncio.BaseEventLoop.call_soon_threadsafe = tell_slowly
"""
"""What makes threads of Granian's late to leave Python; they are that by themselves once in some ten ends."""


def end(process: subprocess.Popen[str], *numbers: signal.Signals) -> tuple[int, str, str]:
    """Send signals to a server; return its exit code and what it says until its end."""
    for number in numbers:
        process.send_signal(number)
    out, err = process.communicate(timeout=ENDS_WITHIN_S)
    return process.returncode, out, err


def endpoints(client: Client) -> str:
    """Return where endpoints are kept."""
    return f"{client.file.target.services['event']}/endpoints"


def write(client: Client, headers: dict[str, str], busy: Event) -> list[str]:
    """Post endpoints until nobody answers; return the ids of those that were acknowledged."""
    acknowledged: list[str] = []
    body = {"url": f"https://{RECEIVER}/", "enabledEvents": ["root.cert.added"]}
    try:
        while True:
            answer = client.http.post(endpoints(client), json=body, headers=headers)
            assert answer.status_code == 201, answer.text
            acknowledged.append(answer.json()["id"])
            if len(acknowledged) == WRITES:
                busy.set()
    except httpx.TransportError:
        return acknowledged


def lost(client: Client, acknowledged: list[str]) -> list[str]:
    """Return those of some endpoints that are not there."""
    headers = client.authorization("oem")
    answer = client.http.get(endpoints(client), headers=headers)
    assert answer.status_code == 200
    return sorted(set(acknowledged) - {each["id"] for each in answer.json()})


def test_under_load_it_ends_cleanly_and_loses_nothing_that_was_acknowledged(
    tmp_path: Path,
) -> None:
    (tmp_path / "late").mkdir()
    (tmp_path / "late" / "sitecustomize.py").write_text(LATE)
    line = ("--database", f"sqlite:///{tmp_path / 'state.db'}", "--allow", RECEIVER)
    acknowledged: list[str] = []
    ways = [(signal.SIGTERM,), (signal.SIGINT,), (signal.SIGTERM, signal.SIGINT), (signal.SIGTERM,) * 2]
    for path, way in zip([tmp_path / "late", None] * 2, ways, strict=True):
        with started(tmp_path, *line, path=path) as (process, _), Client(tmp_path) as client:
            headers = client.authorization("oem")
            busy = [Event() for _ in range(WRITERS)]
            with ThreadPoolExecutor(WRITERS) as writers:
                results = [writers.submit(write, client, headers, each) for each in busy]
                assert all(each.wait(ENDS_WITHIN_S) for each in busy)
                ended = end(process, *way)
            assert ended == (0, "", "")
            acknowledged += [each for result in results for each in result.result()]
    assert len(acknowledged) >= len(ways) * WRITERS * WRITES
    with started(tmp_path, *line) as (process, _), Client(tmp_path) as client:
        assert lost(client, acknowledged) == []
        assert end(process, signal.SIGTERM) == (0, "", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_end_that_is_wanted_while_it_starts_comes_before_anything_is_served(
    tmp_path: Path, number: signal.Signals
) -> None:
    target = tmp_path / "target.toml"
    os.mkfifo(target)
    with started(tmp_path, "--write-target", str(target), lines=0) as (process, _):
        # It reads what is there already, to see that it may overwrite it.
        with target.open("w") as file:
            process.send_signal(number)
            file.write(ORIGIN)
        assert end(process) == (0, "", "")


def test_who_wants_an_end_twice_does_not_wait_for_the_start(tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    os.mkfifo(target)
    with (
        started(tmp_path, "--write-target", str(target), lines=0) as (process, _),
        target.open("w"),
    ):
        assert end(process, signal.SIGTERM, signal.SIGINT) == (0, "", "")


def test_a_server_whose_greeting_nobody_reads_ends(tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    os.mkfifo(target)
    with started(tmp_path, "--write-target", str(target), lines=0) as (process, _):
        assert process.stdout
        process.stdout.close()
        with target.open("w") as file:
            file.write(ORIGIN)
        assert process.wait(ENDS_WITHIN_S) == 4
        assert process.stderr
        assert process.stderr.read() == ""
