"""The backend of a vehicle maker: publishes vehicles, keeps their trust stores up to date.

OPNC: processes/docs/02_PnC_business-processes.md,
processes/docs/components/02_provisioning-certificate-pool.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc import vehicles
from opnc.pki.profiles import find
from opnc.pki.testbed import ORDINARY, Variation
from simulators.kernel import failpoint
from simulators.parties.backend import ROOTS, Backend

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulators.parties.backend import UseCase, UseCaseValues

PUT, DELETE = "addProvisioningCertificateV1", "deleteProvisioningCertificateV1"
SET_DEFAULT = "setSignedContractDataAsDefaultV1"


class OemBackend(Backend):
    """Acts for the account `oem`."""

    party = "oem"
    account = "oem"

    def use_cases(self) -> Mapping[str, UseCase]:
        """Return what can be had of it, by name."""
        return {
            "publish-vehicle": self._publish_new,
            "renew-vehicle": self._renew,
            "remove-vehicle": self._remove,
            "update-trust-stores": self._update_trust_stores,
            "set-default": self._set_default,
        }

    def _publish_new(self, _values: UseCaseValues) -> None:
        self.publish(self._draw_pcid())

    def _renew(self, values: UseCaseValues) -> None:
        # Another issue is another certificate with another serial number; the key stays, and with it the
        # contracts.
        self.publish(self._pcid_to_renew(values["pcid"]), Variation(issue=self.number()))

    def _remove(self, values: UseCaseValues) -> None:
        self.remove(values["pcid"])

    def _update_trust_stores(self, _values: UseCaseValues) -> None:
        self.read_roots()

    def _set_default(self, values: UseCaseValues) -> None:
        emaid = self._emaid_to_choose(values["emaid"])
        self.context.client.call(SET_DEFAULT, path={"pcid": values["pcid"], "emaid": emaid})

    @failpoint("oem.renew.pcid")
    def _pcid_to_renew(self, pcid: str) -> str:
        return pcid

    @failpoint("oem.default.emaid")
    def _emaid_to_choose(self, emaid: str) -> str:
        return emaid

    @failpoint("oem.pcid")
    def _draw_pcid(self) -> str:
        return self.new_pcid()

    def new_pcid(self) -> str:
        """Return a PCID that no vehicle has: a WMI of the account and 14 digits."""
        return f"{min(self.context.client.account.principal.wmis)}{self.number():014}"

    def publish(self, pcid: str, variation: Variation = ORDINARY) -> None:
        """Issue a provisioning certificate and publish it with its chain."""
        ca = self.context.authority("oem", "ISO15118-2", None)
        vehicle = self.issue(ca, find("oem", "leaf"), pcid, variation)
        leaf = vehicle.certificate
        entry = {
            # Without the root: that is the RCP's to tell.
            vehicles.CHAIN: self._chain_object(vehicle.chain[:-1]),
            "xsdMsgDefNamespace": vehicles.namespace_of(leaf),
            "fingerprint": leaf.fingerprint,
        }
        self.context.client.call(PUT, body=entry)

    @failpoint("oem.chain")
    def _chain_object(self, chain: Sequence[bytes]) -> dict[str, str]:
        return vehicles.chain_object(chain)

    @failpoint("oem.remove")
    def remove(self, pcid: str) -> None:
        """Take a vehicle out of the pool."""
        self.context.client.call(DELETE, path={"pcid": pcid})

    @failpoint("oem.roots")
    def read_roots(self) -> None:
        """Get the V2G roots that vehicles are to trust."""
        # What comes back is kept nowhere: this backend is there for what it asks.
        self.context.client.call(ROOTS, query={"pkiType": "v2g"})
