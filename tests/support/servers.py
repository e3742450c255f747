"""Servers of ours for tests: in threads of this process, on any free ports."""

from __future__ import annotations

import argparse
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx

from fixtures.bench.control import ControlClient
from fixtures.neighbours.ecosystems import NAMES
from fixtures.target import file as target_file
from opnc.tls import trust
from opnc_conformance import serving
from opnc_conformance.commands import serve
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simulators.serve.server import Server


PORTS = 4 + 2 + len(NAMES)
"""Ports in a row: those of a server, of its testers, and of their ecosystems."""


@dataclass(frozen=True)
class Served:
    """A server that runs.

    Attributes:
        target: Its target file.
        http: Talks to it as anybody may.
        manage: Talks to its management port, which wants a token.
    """

    server: Server
    target: Path
    http: httpx.Client
    manage: httpx.Client

    def authorization(self, party: str) -> dict[str, str]:
        """Return the header of a party."""
        file = target_file.load(self.target)
        account = file.target.accounts[party]
        answer = self.http.post(
            file.target.token_endpoint,
            data={"grant_type": "client_credentials"},
            auth=(account.client_id, account.client_secret),
        )
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def roots(self) -> list[dict[str, Any]]:
        """Return the roots that the pool lists."""
        url = f"{self.server.url}/opnc/v1/rcp/rootcertificates"
        answer = self.http.get(url, headers=self.authorization("oem"))
        found: list[dict[str, Any]] = answer.json()["rootCertificateCollection"]
        return found

    @property
    def declared(self) -> int:
        """How many roots its pool held when it was started."""
        return len(target_file.load(self.target).target.roots)

    @property
    def control(self) -> ControlClient:
        """The tester's client of the management port."""
        access = target_file.load(self.target).control
        assert access
        return ControlClient(access)


def options(folder: Path, *line: str) -> argparse.Namespace:
    """Return the options of `opnc serve`, with free ports for it and its testers, and files in a folder."""
    parser = argparse.ArgumentParser()
    serve.configure(parser)
    port = str(free_row(PORTS))
    return parser.parse_args(["--port", port, "--write-target", str(folder / "target.toml"), *line])


@contextmanager
def serving_in(folder: Path, *line: str) -> Iterator[Served]:
    """Run a server whose files lie in a folder."""
    arguments = options(folder, *line)
    server = serving.open_server(arguments)
    server.start()
    running = Thread(target=server.run)
    running.start()
    access = target_file.load(arguments.write_target).control
    assert access
    token = {"Authorization": f"Bearer {access.token}"}
    try:
        with (
            httpx.Client(verify=trust([server.identity.ca]), timeout=PATIENCE_S, trust_env=False) as http,
            httpx.Client(base_url=access.url, headers=token, timeout=PATIENCE_S, trust_env=False) as manage,
        ):
            yield Served(server, arguments.write_target, http, manage)
    finally:
        server.end()
        running.join()
        assert server.stop()
