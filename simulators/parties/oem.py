"""The backend of a vehicle maker: publishes vehicles, keeps their trust stores up to date.

OPNC: processes/docs/02_PnC_business-processes.md,
processes/docs/components/02_provisioning-certificate-pool.md.
"""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any

from opnc import events, vehicles
from opnc.exi import decode
from opnc.pki import ocsp
from opnc.pki.profiles import find
from opnc.pki.reading import read_certificate
from opnc.pki.testbed import ORDINARY, Variation
from opnc.provisioning.delivery import contract_chain
from opnc.provisioning.namespaces import schema_of_version, version_of
from simulators.kernel import failpoint, failpoint_function
from simulators.parties.backend import ROOTS, Backend

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opnc.pki.reading import ReadCertificate
    from simulators.kernel import Failpoint
    from simulators.parties.backend import Reaction, UseCase, UseCaseValues

PUT, DELETE = "addProvisioningCertificateV1", "deleteProvisioningCertificateV1"
SET_DEFAULT = "setSignedContractDataAsDefaultV1"
FETCH, LIST = "getSignedContractDataByEmaidAndPcidV1", "getContractDataByPcidV1"
MESSAGE = "certificateInstallationRes"


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
            "list-contracts": self._list_contracts,
            "fetch-contract": self.fetch_contract,
            "enrol-vehicle": self._enrol,
            "revoke-certificate": self.revoke,
            **super().use_cases(),
        }

    def reactions(self) -> Mapping[str, Failpoint[Reaction]]:
        """Return what it does about events."""
        return dict.fromkeys((events.CONTRACT_CREATED, events.CONTRACT_UPDATED), _fetch_at_once)

    def _publish_new(self, _values: UseCaseValues) -> None:
        self.publish(self._draw_pcid())

    def _renew(self, values: UseCaseValues) -> None:
        # Another issue is another certificate with another serial number; the key stays, and with it the
        # contracts.
        self.publish(self._pcid_to_renew(values["pcid"]), self._next_issue())

    @failpoint("oem.renew.issue")
    def _next_issue(self) -> Variation:
        return Variation(issue=self.number())

    def _remove(self, values: UseCaseValues) -> None:
        self.remove(values["pcid"])

    def _update_trust_stores(self, _values: UseCaseValues) -> None:
        self.read_roots()

    def _set_default(self, values: UseCaseValues) -> None:
        emaid = self._emaid_to_choose(values["emaid"])
        path = self._path_of_default({"pcid": values["pcid"], "emaid": emaid})
        self.context.client.call(SET_DEFAULT, path=path)

    @failpoint("oem.default.path")
    def _path_of_default(self, path: Mapping[str, str]) -> Mapping[str, str]:
        return path

    def _list_contracts(self, values: UseCaseValues) -> None:
        self.context.client.call(LIST, path={"pcid": self._pcid_to_list(values["pcid"])})

    @failpoint("oem.list.pcid")
    def _pcid_to_list(self, pcid: str) -> str:
        return pcid

    def fetch_contract(self, values: UseCaseValues) -> None:
        """Get the signed data of a contract, and see whether it may be installed."""
        emaid = self._emaid_to_fetch(values["emaid"])
        body = self.context.client.call(FETCH, path={"pcid": values["pcid"], "emaid": emaid}).json()
        collected = body.get("signedContractDataCollection") if isinstance(body, dict) else None
        for each in collected or ():
            self.check_contract(each)

    @failpoint("oem.fetch.emaid")
    def _emaid_to_fetch(self, emaid: str) -> str:
        return emaid

    @failpoint("oem.check")
    def check_contract(self, signed: Mapping[str, Any]) -> None:
        """Ask for the status of a contract certificate: a revoked one is not installed.

        Args:
            signed: A signedContractData object.
        """
        chain = contract_certificates(signed)
        for url in chain[0].extensions.ocsp_urls[:1]:
            # What comes back is kept nowhere: no vehicle stands behind this backend.
            self.context.client.ask_status(url, ocsp.build_request(chain[0], chain[1]))

    def _enrol(self, values: UseCaseValues) -> None:
        self.enrol("oem", values["pcid"])

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
        vehicle = self.issue(ca, find("oem", "leaf"), self._name_of(pcid), variation)
        leaf = vehicle.certificate
        entry = {
            # Without the root: that is the RCP's to tell.
            vehicles.CHAIN: self._chain_object(self._chain_to_send(vehicle.chain)),
            "xsdMsgDefNamespace": vehicles.namespace_of(leaf),
            "fingerprint": leaf.fingerprint,
        }
        self.context.client.call(PUT, body=entry)
        self.receiver.know(pcid)

    @failpoint("oem.chain.certificates")
    def _chain_to_send(self, chain: Sequence[bytes]) -> Sequence[bytes]:
        return chain[:-1]

    @failpoint("oem.name")
    def _name_of(self, pcid: str) -> str:
        return pcid

    @failpoint("oem.chain")
    def _chain_object(self, chain: Sequence[bytes]) -> dict[str, str]:
        return vehicles.chain_object(chain)

    @failpoint("oem.remove")
    def remove(self, pcid: str) -> None:
        """Take a vehicle out of the pool."""
        self.context.client.call(DELETE, path={"pcid": self._name_of(pcid)})

    @failpoint("oem.roots")
    def read_roots(self) -> None:
        """Get the V2G roots that vehicles are to trust."""
        # What comes back is kept nowhere: this backend is there for what it asks.
        self.context.client.call(ROOTS, query={"pkiType": "v2g"})


def contract_certificates(signed: Mapping[str, Any]) -> list[ReadCertificate]:
    """Return the contract certificate of a signedContractData object and those above it."""
    schema = schema_of_version(version_of(signed["xsdMsgDefNamespace"]))
    message = decode(b64decode(signed[MESSAGE]), schema).value
    return [read_certificate(der) for der in contract_chain(message)]


@failpoint_function("oem.contract-event")
def _fetch_at_once(backend: OemBackend, payload: Mapping[str, Any]) -> None:
    backend.fetch_contract({name: str(payload[name]) for name in ("pcid", "emaid")})
