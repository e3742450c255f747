"""The backend of a charge point operator: serves its charge points with roots, certificates and contracts.

OPNC: processes/docs/02_PnC_business-processes.md, processes/docs/components/05_v2g-pki-services.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc import events
from opnc.pki import est
from opnc.pki.issue import Subject
from opnc.pki.keys import Seed
from opnc.pki.profiles import find
from opnc.pki.requests import build_request
from simulators.kernel import Failpoint
from simulators.parties.backend import ROOTS, Backend, Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.parties.backend import Reaction, UseCase, Values

PASS_ON = "getSignedContractDataByCertificateInstallationReqV1"  # noqa: S105 - the name of an operation
ENROLL = "simpleEnrollCertV1"

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
        }

    def reactions(self) -> Mapping[str, Failpoint[Reaction]]:
        """Return what it does about events."""
        return dict.fromkeys(events.ROOT_EVENTS, Failpoint("cpo.root-event", _read_again))

    def _install_contract(self, values: Values) -> Mapping[str, str]:
        """Pass the request of a vehicle on, and the answer back to the charge point."""
        unchanged: Callable[[str], str] = str
        sent = {
            REQUEST: self.resolve(Failpoint("cpo.request", unchanged))(values[REQUEST]),
            NAMESPACE: self.resolve(Failpoint("cpo.namespace", unchanged))(values[NAMESPACE]),
        }
        body = self.site.client.ask(PASS_ON, body=sent).json()
        collected = body.get("signedContractDataCollection") if isinstance(body, dict) else None
        if not collected or RESPONSE not in collected[0]:
            raise Stop("the pool has no answer for the vehicle")
        return {RESPONSE: self.resolve(Failpoint("cpo.response", unchanged))(collected[0][RESPONSE])}

    def _update_roots(self, _values: Values) -> None:
        self.update_roots()

    def update_roots(self) -> None:
        """Get the roots that charge points need from the RCP."""
        self.run(
            Failpoint("cpo.roots.v2g", lambda: self._read("v2g")),
            Failpoint("cpo.roots.emsp", lambda: self._read("emsp")),
        )

    def _read(self, kind: str) -> None:
        self.site.client.ask(ROOTS, query={"pkiType": self.resolve(Failpoint("cpo.type", str))(kind)})

    def _enrol(self, values: Values) -> None:
        """Get a SECC certificate for a charge point."""
        name: str = self.resolve(Failpoint("cpo.evse-id", str))(values["evseId"])
        organization: str = self.resolve(Failpoint("cpo.organization", _organization))()
        key = Seed("cpo backend").key(f"charge point {values['evseId']}")
        request = build_request(Subject(name, organization, "DE"), key, find("cpo", "leaf").dc)
        query = self.resolve(Failpoint("cpo.query", dict))(
            {"caDomain": "cpo", "iso15118Version": "ISO15118-2"}
        )
        self.site.client.ask(ENROLL, query=query, body=est.encode_body(request))


def _organization() -> str:
    return "Simulated CPO"


def _read_again(backend: CpoBackend, _payload: Mapping[str, Any]) -> None:
    backend.update_roots()
