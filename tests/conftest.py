"""What tests share: how examples of properties are judged, a peer's certificate, and runs against targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.support.peers import make_identity
from tests.support.running import here

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.peers import Identity
    from tests.support.running import Outcome

    Run = Callable[..., Outcome]

# An example that takes long says something about the machine, and what else it is busy with.
settings.register_profile("on any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("on any machine")


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """The certificate of a peer that is no server of ours."""
    return make_identity(tmp_path_factory.mktemp("peer"))


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the suite against a target file."""
    return lambda target, *line: here(capsys, tmp_path / "report", "--target", target, *line)
