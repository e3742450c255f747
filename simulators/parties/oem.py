"""The backend of a vehicle maker: publishes vehicles, keeps their trust stores up to date.

OPNC: processes/docs/02_PnC_business-processes.md,
processes/docs/components/02_provisioning-certificate-pool.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from opnc import vehicles
from opnc.pki.profiles import find
from opnc.pki.testbed import ORDINARY, Variation
from simulators.kernel import Failpoint
from simulators.parties.backend import ROOTS, Backend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.parties.backend import UseCase, Values

PUT, DELETE = "addProvisioningCertificateV1", "deleteProvisioningCertificateV1"
SET_DEFAULT = "setSignedContractDataAsDefaultV1"

ChainObject = Callable[[Sequence[bytes]], dict[str, str]]


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

    def _publish_new(self, _values: Values) -> None:
        self.publish(self.resolve(Failpoint("oem.pcid", self.new_pcid))())

    def _renew(self, values: Values) -> None:
        pcid = self.resolve(Failpoint("oem.renew.pcid", str))(values["pcid"])
        self.publish(pcid, Variation(issue=self.number()))

    def _remove(self, values: Values) -> None:
        self.run(Failpoint("oem.remove", lambda: self.remove(values["pcid"])))

    def _update_trust_stores(self, _values: Values) -> None:
        self.run(Failpoint("oem.roots", self.read_roots))

    def _set_default(self, values: Values) -> None:
        emaid = self.resolve(Failpoint("oem.default.emaid", str))(values["emaid"])
        self.site.client.ask(SET_DEFAULT, path={"pcid": values["pcid"], "emaid": emaid})

    def new_pcid(self) -> str:
        """Return a PCID that no vehicle has."""
        return f"{min(self.site.client.account.principal.wmis)}{self.number():014}"

    def publish(self, pcid: str, variation: Variation = ORDINARY) -> None:
        """Issue a provisioning certificate and publish it with its chain."""
        ca = self.site.authority("oem", "ISO15118-2", None)
        vehicle = self.issue(ca, find("oem", "leaf"), pcid, variation)
        leaf = vehicle.certificate
        chain_object: ChainObject = self.resolve(Failpoint("oem.chain", vehicles.chain_object))
        entry = {
            vehicles.CHAIN: chain_object(vehicle.chain[:-1]),
            "xsdMsgDefNamespace": vehicles.namespace_of(leaf),
            "fingerprint": leaf.fingerprint,
        }
        self.site.client.ask(PUT, body=entry)

    def remove(self, pcid: str) -> None:
        """Take a vehicle out of the pool."""
        self.site.client.ask(DELETE, path={"pcid": pcid})

    def read_roots(self) -> None:
        """Get the V2G roots that vehicles are to trust."""
        self.site.client.ask(ROOTS, query={"pkiType": "v2g"})
