"""Backends of vehicle makers, mobility providers, charge point and CPS operators: clients of an ecosystem.

They reach its services as any participant does, over HTTP with a token, and nothing else of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.parties.cpo import CpoBackend
from simulators.parties.cps_operator import CpsBackend
from simulators.parties.emsp import EmspBackend
from simulators.parties.oem import OemBackend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    import httpx

    from opnc.rights import Party
    from simulators.parties.backend import Backend, BackendContext

BACKEND_TYPES: tuple[type[Backend], ...] = (OemBackend, EmspBackend, CpoBackend, CpsBackend)


class Backends:
    """The backends of the parties of one ecosystem, by party."""

    def __init__(self, ecosystem: str, context_of: Callable[[type[Backend]], BackendContext | None]) -> None:
        """Make them.

        Args:
            ecosystem: Its name.
            context_of: Returns what a backend works with; None where its party is not onboarded.
        """
        self._ecosystem = ecosystem
        self._base_url = ""
        contexts = ((kind, context_of(kind)) for kind in BACKEND_TYPES)
        self._all: Mapping[Party, Backend] = {
            kind.party: kind(context) for kind, context in contexts if context
        }

    def __iter__(self) -> Iterator[Backend]:
        return iter(self._all.values())

    def __getitem__(self, party: Party) -> Backend:
        return self._all[party]

    def connect(self, http: httpx.Client, base_url: str = "") -> None:
        """Let them reach the services; until then they reach nobody.

        Args:
            http: What carries their requests.
            base_url: What stands before the path in their own addresses, where they are served; absent, each
                has a host of its own, in process only.
        """
        self._base_url = base_url
        for backend in self:
            backend.context.client.http = http
            backend.base_url = self.url(backend).removesuffix(backend.path)

    def reset(self) -> None:
        """Bring them to their first state."""
        for backend in self:
            backend.reset()

    @property
    def hosts(self) -> Mapping[str, Callable[..., Any]]:
        """First part of the host name in process -> WSGI app."""
        return {_host(backend): backend.app for backend in self}

    @property
    def paths(self) -> Mapping[str, Callable[..., Any]]:
        """Beginning of the path -> WSGI app, for one host that serves them all."""
        return {backend.path: backend.app for backend in self}

    def url(self, backend: Backend) -> str:
        """Return what the addresses of a backend begin with."""
        base = self._base_url or f"https://{_host(backend)}.{self._ecosystem}.opnc.test"
        return base + backend.path

    def events_url(self, backend: Backend) -> str:
        """Return where a backend takes events."""
        return self.url(backend) + backend.receiver.path.removeprefix(backend.path)

    def use_cases(self, backend: Backend) -> dict[str, str]:
        """Return what a backend can be made to do -> the address of its hook."""
        return {name: f"{self.url(backend)}/use-cases/{name}" for name in backend.use_cases()}


def _host(backend: Backend) -> str:
    return f"{backend.party}-backend"
