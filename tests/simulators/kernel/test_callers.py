"""Who calls: what the kernel makes of token and headers, in process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
import respx

from simulators.ecosystem import Ecosystem
from tests.simulators.inprocess import mount

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOTS = "https://rcp.alpha.opnc.test/opnc/v1/rcp/rootcertificates"


@pytest.fixture(name="http")
def _http() -> Iterator[httpx.Client]:
    router = respx.MockRouter(assert_all_called=False)
    ecosystem = Ecosystem()
    ecosystem.reset("1")
    mount(ecosystem, router)
    account = ecosystem.accounts["oem"]
    with httpx.Client(transport=httpx.MockTransport(router.handler)) as client:
        answer = client.post(
            ecosystem.token_endpoint,
            data={"grant_type": "client_credentials"},
            auth=(account.principal.subject, account.secret),
        )
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client
    ecosystem.close()


def test_what_can_be_got_answers_head_as_get_without_a_body(http: httpx.Client) -> None:
    got, head = http.get(ROOTS), http.head(ROOTS)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]


def test_a_method_that_is_not_there_is_answered_405_with_those_that_are(http: httpx.Client) -> None:
    answer = http.request("PATCH", ROOTS)
    assert answer.status_code == 405
    assert {"GET", "HEAD", "PUT"} <= set(answer.headers["allow"].split(", "))


def test_a_header_under_an_odd_spelling_is_the_same_header(http: httpx.Client) -> None:
    assert http.get(ROOTS, headers={"oPNc-From-party-TYPE": "foo"}).status_code == 400
