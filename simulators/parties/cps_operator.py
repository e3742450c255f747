"""The backend of whoever runs a CPS, as far as it is a client: it gets roots, and certificates to sign with.

OPNC: processes/docs/components/05_v2g-pki-services.md, section CPS provisioning signing certificates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.kernel import failpoint
from simulators.parties.backend import ROOTS, Backend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.parties.backend import UseCase, UseCaseValues


class CpsBackend(Backend):
    """Acts for the account `cps`."""

    party = "cps"
    account = "cps"

    def use_cases(self) -> Mapping[str, UseCase]:
        """Return what can be had of it, by name."""
        return {
            "update-roots": self._update_roots,
            "enrol-signer": self._enrol,
            **super().use_cases(),
        }

    @failpoint("cps-operator.roots")
    def _update_roots(self, _values: UseCaseValues) -> None:
        # Without a type: contracts stand below V2G roots and those of eMSPs, vehicles below those of OEMs.
        self.context.client.call(ROOTS)

    def _enrol(self, _values: UseCaseValues) -> None:
        self.enrol("cps", f"Simulated CPS {self.number()}")
