"""Roots that tests put into a served pool."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from fixtures.testdata.certificates import TesterPki
from fixtures.testdata.generator import TestData
from opnc.clock import RunningClock

if TYPE_CHECKING:
    from tests.support.servers import Served

ROOTS = "/opnc/v1/rcp/rootcertificates"


def a_root(seed: str) -> dict[str, Any]:
    clock = RunningClock()
    data = TestData(seed, clock, TesterPki.start(seed, clock, (), None))
    return {"caCertificate": b64encode(data.root()).decode(), "rootTypeList": ["V2G"]}


def put_root(served: Served, seed: str) -> int:
    url = f"{served.server.url}{ROOTS}"
    return served.http.put(url, json=a_root(seed), headers=served.authorization("administrator")).status_code
