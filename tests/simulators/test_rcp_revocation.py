"""Roots that are revoked by the list they name, and lists that must not be believed."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from fixtures.data import Data, RevocableRoot
from opnc.clock import START, VirtualClock
from simulators.ecosystem import CLEANSING_INTERVAL, Ecosystem
from simulators.outbound import Outbound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

URL = "http://pki.test/root.crl"


class Lists:
    """Hands out revocation lists and counts how often."""

    def __init__(self) -> None:
        self.content: bytes | None = b""
        self.asked = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.content is None:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(200, stream=httpx.ByteStream(self.content))


@pytest.fixture
def lists() -> Lists:
    return Lists()


@pytest.fixture
def ecosystem(lists: Lists) -> Iterator[Ecosystem]:
    made = Ecosystem(outbound=Outbound(httpx.Client(transport=httpx.MockTransport(lists))))
    made.reset("1")
    yield made
    made.close()


@pytest.fixture
def root(ecosystem: Ecosystem) -> RevocableRoot:
    made = Data("1", ecosystem.clock).revocable_root(URL)
    ecosystem.rcp.put({"rootTypeList": ["V2G"], "caCertificate": b64encode(made.certificate).decode()})
    return made


def is_trusted(ecosystem: Ecosystem, root: RevocableRoot) -> bool:
    return root.certificate in ecosystem.rcp.trusted()


def test_a_root_on_its_own_list_leaves_the_pool(
    ecosystem: Ecosystem, lists: Lists, root: RevocableRoot
) -> None:
    lists.content = root.revocation_list(revoked=True)
    ecosystem.advance(CLEANSING_INTERVAL)
    assert not is_trusted(ecosystem, root)


def _by_another_key(root: RevocableRoot) -> bytes:
    other = Data("2", root.clock).revocable_root(URL)
    return replace(root, key=other.key).revocation_list(revoked=True)


def _long_outdated(root: RevocableRoot) -> bytes:
    return replace(root, clock=VirtualClock(START - timedelta(days=365))).revocation_list(revoked=True)


UNSOUND: dict[str, Callable[[RevocableRoot], bytes | None]] = {
    "empty list": lambda root: root.revocation_list(revoked=False),
    "signed by another key": _by_another_key,
    "outdated": _long_outdated,
    "garbage": lambda _root: b"\x30\x82\xff\xff",
    "nothing": lambda _root: b"",
    "unreachable": lambda _root: None,
    "too long": lambda root: root.revocation_list(revoked=True) + bytes(300 * 1024),
}


@pytest.mark.parametrize("unsound", UNSOUND)
def test_a_list_that_proves_nothing_leaves_the_root_where_it_is(
    ecosystem: Ecosystem, lists: Lists, root: RevocableRoot, unsound: str
) -> None:
    lists.content = UNSOUND[unsound](root)
    ecosystem.advance(CLEANSING_INTERVAL)
    assert lists.asked
    assert is_trusted(ecosystem, root)


def test_lists_are_asked_for_once_in_each_interval(
    ecosystem: Ecosystem, lists: Lists, root: RevocableRoot
) -> None:
    lists.content = root.revocation_list(revoked=False)
    for _ in range(24):
        ecosystem.advance(CLEANSING_INTERVAL / 8)
    assert lists.asked == 3


def test_revoking_a_root_takes_no_other_root_along(
    ecosystem: Ecosystem, lists: Lists, root: RevocableRoot
) -> None:
    others = set(ecosystem.rcp.trusted()) - {root.certificate}
    lists.content = root.revocation_list(revoked=True)
    ecosystem.advance(CLEANSING_INTERVAL)
    assert set(ecosystem.rcp.trusted()) == others
