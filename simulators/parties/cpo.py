"""The backend of a charge point operator: serves its charge points with roots, certificates and contracts.

OPNC: processes/docs/02_PnC_business-processes.md, processes/docs/components/05_v2g-pki-services.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc import events
from simulators.kernel import failpoint, failpoint_function
from simulators.parties.backend import ROOTS, Backend, UseCaseAborted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.kernel import Failpoint
    from simulators.parties.backend import Reaction, UseCase, UseCaseValues

PASS_ON = "getSignedContractDataByCertificateInstallationReqV1"  # noqa: S105 - the name of an operation

REQUEST, RESPONSE, NAMESPACE = (
    "certificateInstallationReq",
    "certificateInstallationRes",
    "xsdMsgDefNamespace",
)


class CpoBackend(Backend):
    """Acts for the account `cpo`."""

    party = "cpo"
    account = "cpo"

    def use_cases(self) -> Mapping[str, UseCase]:
        """Return what can be had of it, by name."""
        return {
            "install-contract": self._install_contract,
            "update-roots": self._update_roots,
            "enrol-charge-point": self._enrol,
            "revoke-certificate": self.revoke,
            **super().use_cases(),
        }

    def reactions(self) -> Mapping[str, Failpoint[Reaction]]:
        """Return what it does about events."""
        return dict.fromkeys(events.ROOT_EVENTS, _read_again)

    def _install_contract(self, values: UseCaseValues) -> Mapping[str, str]:
        """Pass the request of a vehicle on, and the answer back to the charge point."""
        sent = {
            REQUEST: self._request_to_send(values[REQUEST]),
            NAMESPACE: self._namespace_to_send(values[NAMESPACE]),
        }
        body = self.context.client.call(PASS_ON, body=sent).json()
        collected = body.get("signedContractDataCollection") if isinstance(body, dict) else None
        if not collected or RESPONSE not in collected[0]:
            raise UseCaseAborted("the pool has no answer for the vehicle")
        # The first: the pool puts first what the vehicle should install first (ERR-092).
        return {RESPONSE: self._response_to_hand_on(collected[0][RESPONSE])}

    # What is handed on must stay as it is, to the octet: vehicle and CPS have signed it.

    @failpoint("cpo.request")
    def _request_to_send(self, text: str) -> str:
        return text

    @failpoint("cpo.namespace")
    def _namespace_to_send(self, namespace: str) -> str:
        return namespace

    @failpoint("cpo.response")
    def _response_to_hand_on(self, text: str) -> str:
        return text

    def _update_roots(self, _values: UseCaseValues) -> None:
        self.update_roots()

    def update_roots(self) -> None:
        """Get the roots that charge points need from the RCP."""
        self._read_v2g_roots()
        self._read_emsp_roots()

    @failpoint("cpo.roots.v2g")
    def _read_v2g_roots(self) -> None:
        self._read("v2g")

    @failpoint("cpo.roots.emsp")
    def _read_emsp_roots(self) -> None:
        self._read("emsp")

    def _read(self, root_type: str) -> None:
        # What comes back is kept nowhere: this backend is there for what it asks.
        self.context.client.call(ROOTS, query={"pkiType": self._root_type_to_ask_for(root_type)})

    @failpoint("cpo.type")
    def _root_type_to_ask_for(self, root_type: str) -> str:
        return root_type

    def _enrol(self, values: UseCaseValues) -> None:
        """Get a SECC certificate for a charge point."""
        self.enrol("cpo", values["evseId"])


@failpoint_function("cpo.root-event")
def _read_again(backend: CpoBackend, _payload: Mapping[str, Any]) -> None:
    backend.update_roots()
