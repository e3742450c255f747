from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from simulators.collaboration import Peer, PeerRegistry
from simulators.network.outbound import Outbound, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

PEER = Peer(
    "beta", {"pcp": "https://pcp.beta.opnc.test/v1"}, "https://auth.beta.opnc.test/token", "alpha", "s"
)


class SlowTokenEndpoint(Outbound):
    """Gives a new token for each request, and the first one only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = Event()
        self.go_on = Event()
        self._given = 0

    def exchange(
        self, method: str, url: str, content: bytes, headers: Mapping[str, str], limit: int
    ) -> Reply | None:
        assert (method, url) == ("POST", PEER.token_endpoint)
        assert content
        assert headers
        assert limit
        self._given += 1
        token = b'{"access_token": "token %d"}' % self._given
        if self._given == 1:
            self.asked.set()
            assert self.go_on.wait(10)
        return Reply(200, token, {})


@pytest.fixture
def endpoint() -> SlowTokenEndpoint:
    return SlowTokenEndpoint()


@pytest.fixture
def peers(endpoint: SlowTokenEndpoint) -> PeerRegistry:
    registry = PeerRegistry(endpoint, lambda service: f"https://{service}.alpha.opnc.test/v1")
    registry.onboard([PEER])
    return registry


def test_a_late_token_is_not_there_after_all_were_forgotten(
    peers: PeerRegistry, endpoint: SlowTokenEndpoint
) -> None:
    late: list[str | None] = []
    thread = Thread(target=lambda: late.append(peers.token(PEER)))
    thread.start()
    assert endpoint.asked.wait(10)
    peers.forget_tokens()
    endpoint.go_on.set()
    thread.join(10)

    assert late == ["token 1"]
    assert peers.token(PEER) == "token 2"


def test_others_need_not_wait_for_a_slow_token_endpoint(
    peers: PeerRegistry, endpoint: SlowTokenEndpoint
) -> None:
    thread = Thread(target=peers.token, args=(PEER,))
    thread.start()
    assert endpoint.asked.wait(10)
    assert peers.token(PEER) == "token 2"
    endpoint.go_on.set()
    thread.join(10)


def test_a_token_is_kept_until_the_peer_refuses_it(peers: PeerRegistry, endpoint: SlowTokenEndpoint) -> None:
    endpoint.go_on.set()
    assert [peers.token(PEER), peers.token(PEER)] == ["token 1", "token 1"]
    assert peers.renew(PEER, "token 1") == "token 2"
    assert peers.renew(PEER, "token 1") == "token 2"
