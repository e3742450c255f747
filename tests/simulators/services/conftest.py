"""A whole ecosystem in process, and a line to it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import respx

from opnc import contract
from opnc.clock import START, VirtualClock
from opnc.pki.testbed import OEM, SeededPki
from simulators.ecosystem import Ecosystem
from simulators.network.outbound import Outbound
from tests.opnc.pki.conftest import openssl
from tests.simulators.inprocess import mount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from opnc.pki.credentials import Credential
    from opnc.pki.testbed import Tree, Variation

__all__ = ["openssl"]

PCID = "WDBTEST1234567890"


@dataclass(frozen=True, slots=True)
class Line:
    """Reaches the services of an ecosystem as a party would."""

    ecosystem: Ecosystem
    http: httpx.Client

    def ask(
        self,
        party: str,
        operation_id: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> httpx.Response:
        operation = contract.load().operation(operation_id)
        url = operation.url(self.ecosystem.url(operation.service), path or {}, query or {})
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        media_type = next(iter(operation.request), "application/json")
        sent = {"Authorization": f"Bearer {self.token(party)}", "Content-Type": media_type, **(headers or {})}
        return self.http.request(
            operation.method, url, headers=sent, content=None if body is None else content
        )

    def token(self, party: str) -> str:
        account = self.ecosystem.accounts[party]
        token = self.ecosystem.authorization.grant(account.principal.subject, account.secret)
        assert token is not None
        return token

    @property
    def pki(self) -> SeededPki:
        """The ecosystem's own PKI: what it issues is known to its root certificate pool."""
        return self.ecosystem.trust.pki

    def vehicle(self, pcid: str = PCID, tree: Tree = OEM, variation: Variation | None = None) -> Credential:
        """Make a vehicle and let the ecosystem's OCSP responder know its certificate."""
        made = self.pki.vehicle(pcid, tree, *(variation,) if variation else ())
        self.ecosystem.register.issue(made.certificate, pcid[:3])
        return made


@contextmanager
def line_to_ecosystem(now: datetime) -> Iterator[Line]:
    router = respx.MockRouter(assert_all_called=False)
    http = httpx.Client(transport=httpx.MockTransport(router.handler))
    ecosystem = Ecosystem(clock=VirtualClock(now), outbound=Outbound(http))
    mount(ecosystem, router)
    ecosystem.reset("tests")
    yield Line(ecosystem, http)
    http.close()
    ecosystem.close()


@pytest.fixture(scope="session")
def standing_line() -> Iterator[Line]:
    with line_to_ecosystem(START) as line:
        yield line


@pytest.fixture
def line(standing_line: Line) -> Line:
    standing_line.ecosystem.inject_faults(())
    standing_line.ecosystem.reset("tests")
    return standing_line
