"""A service is right wherever its version segment puts it (ERR-005)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from fixtures.bench.in_process import InProcessBench
from opnc_conformance import benches
from tests.support.running import here

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = tuple(
    part for name in ("SYS-VER-01", "SYS-VER-02", "SYS-VER-03") for part in ("--requirement", name)
)
HOST = "api.elsewhere.test"


class Elsewhere(InProcessBench):
    """A bench around an ecosystem whose services have another segment in place of the version."""

    def __init__(self, segment: str) -> None:
        super().__init__()
        hosts = self._simulation.hosts
        served = {
            f"/opnc/{segment}{name}/": httpx.URL(url).copy_with(path=f"/opnc/v1/{name}/")
            for name, url in self._simulation.services.items()
        }

        def respond(request: httpx.Request) -> httpx.Response:
            for stem, url in served.items():
                path = request.url.raw_path.decode()
                if path.startswith(stem):
                    there = url.copy_with(raw_path=url.raw_path + path.removeprefix(stem).encode())
                    moved = httpx.Request(
                        request.method, there, headers=request.headers, content=request.read()
                    )
                    return hosts.respond(moved)
            return httpx.Response(404)

        hosts.add({HOST: respond})
        services = {name: f"https://{HOST}/opnc/{segment}{name}" for name in self._simulation.services}
        # The parties take the address from the simulation, the steps from the target.
        self._simulation.services = services
        self.target = replace(self.target, services=services)


@pytest.mark.parametrize(
    ("segment", "profile", "code"),
    [("1.0.0/", "lenient", 0), ("1.0.0/", "strict", 0), ("", "lenient", 0), ("", "strict", 1)],
)
def test_any_version_segment_passes_and_none_is_a_warning(
    segment: str,
    profile: str,
    code: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(benches, "open_bench", lambda _settings: Elsewhere(segment))
    outcome = here(capsys, tmp_path / "report", *OPTIONS, "--profile", profile)
    failed = {name for name, verdict in outcome.verdicts().items() if verdict == "fail"}
    assert (outcome.code, bool(failed)) == (code, bool(code)), outcome.text
