"""An ecosystem in this process, and a client that reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
import respx

from simulators.ecosystem import Ecosystem
from simulators.kernel.in_process import responder

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(name="ecosystem")
def _ecosystem() -> Iterator[Ecosystem]:
    ecosystem = Ecosystem()
    ecosystem.reset("1")
    yield ecosystem
    ecosystem.close()


@pytest.fixture(name="http")
def _http(ecosystem: Ecosystem) -> Iterator[httpx.Client]:
    router = respx.MockRouter(assert_all_called=False)
    mount(ecosystem, router)
    with httpx.Client(transport=httpx.MockTransport(router.handler)) as client:
        yield client


def mount(ecosystem: Ecosystem, router: respx.MockRouter) -> None:
    """Let a router answer for every host of an ecosystem."""
    for host, app in ecosystem.hosts.items():
        router.route(host=host).mock(side_effect=responder(app))


def bearer(ecosystem: Ecosystem, account: str) -> dict[str, str]:
    """Return a header that names an account."""
    found = ecosystem.accounts[account]
    token = ecosystem.authorization.grant(found.principal.subject, found.secret)
    return {"Authorization": f"Bearer {token}"}
