"""JSON that is nested without end breaks nobody who is handed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import falcon
import falcon.testing
import pytest

from fixtures.testdata import forged_tokens
from opnc.problem import Problem
from simulators import collaboration
from simulators.faults import system
from simulators.kernel import service
from simulators.network.outbound import Reply as ForeignReply
from simulators.parties import backend
from simulators.parties.client import Reply
from simulators.parties.receiver import Received
from simulators.serve import management
from tests.simulators.inprocess import _ecosystem, _http, bearer  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from simulators.ecosystem import Ecosystem

NESTED = [b"[" * 100_000, b'{"a":' * 100_000]
ROOTS = "https://rcp.alpha.opnc.test/opnc/v1/rcp/rootcertificates"

READERS: dict[str, tuple[Callable[[bytes], Any], Any]] = {
    "request to a service": (service._decoded, None),
    "answer of another pool": (lambda content: collaboration._decoded(ForeignReply(200, content, {})), None),
    "answer of a service to a party": (lambda content: Reply(200, content).json(), None),
    "event at a party": (lambda content: Received({}, content).message, {}),
    "faults of bodies": (system._is_json, False),
}


@pytest.mark.parametrize("content", NESTED, ids=["lists", "objects"])
@pytest.mark.parametrize("inlet", READERS)
def test_what_is_nested_without_end_is_read_as_no_json(inlet: str, content: bytes) -> None:
    read, nothing = READERS[inlet]
    assert read(content) == nothing


@pytest.mark.parametrize("content", NESTED, ids=["lists", "objects"])
def test_a_hook_and_the_management_refuse_it(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "MAXIMUM_ORDER", 10**6)
    with pytest.raises(falcon.HTTPBadRequest):
        backend._values(content)
    request = falcon.Request(falcon.testing.create_environ(method="POST", body=content))
    with pytest.raises(Problem, match="the body must be a JSON object"):
        management._order(request)


@pytest.mark.parametrize("content", NESTED, ids=["lists", "objects"])
def test_a_service_answers_it_400(content: bytes, ecosystem: Ecosystem, http: httpx.Client) -> None:
    headers = {**bearer(ecosystem, "administrator"), "Content-Type": "application/json"}
    assert http.put(ROOTS, content=content, headers=headers).status_code == 400


def test_a_token_of_it_is_no_token() -> None:
    part = forged_tokens._base64(NESTED[0])
    assert forged_tokens.read(f"{part}.{part}.x") is None
