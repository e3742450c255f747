"""An ecosystem in this process, and a client that reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
import respx

from simulators.ecosystem import Ecosystem

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
    ecosystem.mount(router)
    with httpx.Client(transport=httpx.MockTransport(router.handler)) as client:
        yield client


def bearer(ecosystem: Ecosystem, account: str) -> dict[str, str]:
    """Return a header that names an account."""
    found = ecosystem.accounts[account]
    token = ecosystem.authorization.grant(found.principal.subject, found.secret)
    return {"Authorization": f"Bearer {token}"}
