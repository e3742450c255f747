"""A server that the tests of this room share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.serve import gateway, server
from tests.support.patience import PATIENCE_S
from tests.support.servers import Served, serving_in

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOTS = "/opnc/v1/rcp/rootcertificates"


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for all tests of a module."""
    with pytest.MonkeyPatch.context() as patch:
        # Who is waited for, or sends slowly, is let go by no time-out but when the test has seen enough.
        patch.setattr(server, "FOREIGN_S", PATIENCE_S)
        patch.setattr(server, "EXCHANGE_S", PATIENCE_S)
        patch.setattr(gateway, "SENT_WITHIN_S", PATIENCE_S)
        with serving_in(tmp_path_factory.mktemp("served")) as running:
            yield running


@pytest.fixture
def served(standing: Served) -> Served:
    """The server in its first state."""
    standing.manage.post("/reset", json={}).raise_for_status()
    return standing
