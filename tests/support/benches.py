"""Benches for tests: targets in this process that have less to offer than ours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fixtures.bench.in_process import InProcessBench
from fixtures.target.declaration import ADMINISTRATOR

if TYPE_CHECKING:
    from collections.abc import Collection

    from simulators.kernel.fault_injection import Behaviour


class WithoutAdministrator(InProcessBench):
    """A bench whose target has no administrator, and offers some services and means only."""

    def __init__(
        self, services: Collection[str] | None, *behaviours: Behaviour, lacking: Collection[str] = ()
    ) -> None:
        """Make the ecosystem.

        Args:
            services: Those of the target; None: all.
            behaviours: Faults and variants that are switched on in each scenario.
            lacking: Further needs that the target does not meet.
        """
        super().__init__()
        known = self.target
        kept = known.services if services is None else {name: known.services[name] for name in services}
        self.target = replace(
            known,
            services=kept,
            accounts={name: each for name, each in known.accounts.items() if name != "administrator"},
            meets=known.meets - {ADMINISTRATOR, *lacking},
        )
        self._behaviours = behaviours

    def prepare(self, scenario: str, seed: str, fault: str | None) -> None:
        """Switch on what the target does otherwise."""
        super().prepare(scenario, seed, fault)
        self._simulation.ecosystem.inject_faults(self._behaviours)
