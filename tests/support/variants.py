"""Runs scenarios against simulators that behave otherwise than ours, as somebody else's may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fixtures.bench.in_process import InProcessBench
from opnc_conformance import benches
from simulators.variants import by_id, declared_with
from tests.support.running import here

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pytest

    from simulators.kernel.fault_injection import Behaviour


class Variant(InProcessBench):
    """A bench around an ecosystem in which something is done otherwise: a variant, or what a fault tells."""

    def __init__(self, otherwise: Behaviour) -> None:
        super().__init__()
        self._otherwise = otherwise

    def prepare(self, scenario: str, seed: str, fault: str | None) -> None:
        super().prepare(scenario, seed, fault)
        self._simulation.ecosystem.inject_faults((self._otherwise,))
        self.target = self.target.declaring(declared_with(self._otherwise.id))


class Trial:
    """Runs scenarios against simulators that behave as one variant of the catalogue does."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._folder, self._capsys, self._monkeypatch = folder, capsys, monkeypatch

    def demand(
        self, variant: str, requirements: Iterable[str], *, strict: bool = False, unjudged: int = 0
    ) -> None:
        """Demand that no scenario fails in the lenient profile, and that some do or none in the strict one.

        Args:
            variant: Its id.
            requirements: Ids of the requirements whose scenarios run.
            strict: Whether the variant fails in the strict profile.
            unjudged: How many scenarios are not applicable.
        """
        self._monkeypatch.setattr(benches, "open_bench", lambda _settings: Variant(by_id(variant)))
        options = [part for name in requirements for part in ("--requirement", name)]
        for profile, fails in (("lenient", False), ("strict", strict)):
            outcome = here(self._capsys, self._folder / profile, *options, "--profile", profile)
            verdicts = list(outcome.verdicts().values())
            assert {"pass", "fail", "not applicable"} >= set(verdicts)
            assert ("fail" in verdicts, verdicts.count("not applicable")) == (fails, unjudged), outcome.text
