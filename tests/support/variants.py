"""Runs scenarios against simulators that behave otherwise than ours, as somebody else's may."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fixtures.bench.in_process import InProcessBench
from simulators.variants import declared_with

if TYPE_CHECKING:
    from simulators.kernel.fault_injection import Behaviour


class Variant(InProcessBench):
    """A bench around an ecosystem in which something is done otherwise; a fault is how that is told."""

    def __init__(self, otherwise: Behaviour) -> None:
        super().__init__()
        self._otherwise = otherwise

    def prepare(self, scenario: str, seed: str, fault: str | None) -> None:
        super().prepare(scenario, seed, fault)
        self._simulation.ecosystem.inject_faults((self._otherwise,))
        self.target = replace(self.target, **declared_with(self._otherwise.id))
