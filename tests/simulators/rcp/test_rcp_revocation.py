"""Roots that are revoked by the list they name, and lists that must not be believed."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from fixtures.testdata.certificates import TesterPki
from fixtures.testdata.generator import RevocableRoot, TestData
from opnc.clock import START, VirtualClock
from simulators.ecosystem import CLEANSING_INTERVAL, Ecosystem
from simulators.network.outbound import Outbound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from opnc.clock import Clock

URL = "http://pki.test/root.crl"


def revocable(seed: str, clock: Clock) -> RevocableRoot:
    return TestData(seed, clock, TesterPki.start(seed, clock, (), None)).revocable_root(URL)


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
    made = revocable("1", ecosystem.clock)
    ecosystem.rcp.put({"rootTypeList": ["V2G"], "caCertificate": b64encode(made.certificate).decode()})
    return made


def is_trusted(ecosystem: Ecosystem, root: RevocableRoot) -> bool:
    return root.certificate in trusted(ecosystem)


def trusted(ecosystem: Ecosystem) -> set[bytes]:
    return {each.der for each in ecosystem.rcp.trusted("v2g", "oem", "emsp")}


def test_a_root_on_its_own_list_leaves_the_pool(
    ecosystem: Ecosystem, lists: Lists, root: RevocableRoot
) -> None:
    lists.content = root.revocation_list(revoked=True)
    ecosystem.advance(CLEANSING_INTERVAL)
    assert not is_trusted(ecosystem, root)


def _by_another_key(root: RevocableRoot) -> bytes:
    other = revocable("2", root.clock)
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
    others = trusted(ecosystem) - {root.certificate}
    lists.content = root.revocation_list(revoked=True)
    ecosystem.advance(CLEANSING_INTERVAL)
    assert trusted(ecosystem) == others
