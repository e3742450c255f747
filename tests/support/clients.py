"""Makes what backends have done, for tests of what judges them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fixtures.backends.client_under_test import ObservedUseCase
from fixtures.evidence.exchange import Request
from fixtures.evidence.peer_exchange import PeerExchange
from fixtures.target.declaration import Credentials
from opnc import contract
from tests.support.exchanges import exchange, response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reports.model import Finding

OEM = Credentials(party="oem", wmis=("WDB",))
EMSP = Credentials(party="emsp_own_pki", provider_ids=("DEOWN",))


def seen(operation: str, body: Any = None, *, answer: Any = None, **parameters: str) -> PeerExchange:
    """Make a request that a service has seen; `pcid` and `emaid` are in its path, all else in its query."""
    path = {name: text for name, text in parameters.items() if name in {"pcid", "emaid"}}
    query: Mapping[str, str] = {name: text for name, text in parameters.items() if name not in path}
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    made = exchange(operation, response(200, answer))
    sent = Request(contract.load().operation(operation).method, "https://pool.test/x", (), content)
    return PeerExchange(exchange=replace(made, request=sent), path=path, query=query)


def done(*requests: PeerExchange, account: Credentials = OEM, **handed_back: str) -> ObservedUseCase:
    """Make what a backend has done."""
    return ObservedUseCase(requests, handed_back, account)


def failures(findings: Iterable[Finding]) -> list[str]:
    """Return level and message of what is found."""
    return [f"{finding.level.value}: {finding.message}" for finding in findings]
