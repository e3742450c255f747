"""The backend of a mobility provider with a PKI of its own: concludes contracts for vehicles.

OPNC: processes/docs/02_PnC_business-processes.md, processes/docs/components/06_webhook-service.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, Any

from opnc import events, vehicles
from opnc.pki.chains import check_chain
from opnc.pki.deviations import Unreadable
from opnc.pki.profiles import find
from opnc.pki.reading import read_certificate_text
from opnc.problem import Problem
from opnc.provisioning.contract_data import make_bundle
from opnc.provisioning.namespaces import NAMESPACES
from opnc.roots import stated_types
from simulators.kernel import failpoint, failpoint_function
from simulators.parties.backend import ROOTS, Backend, UseCaseAborted

if TYPE_CHECKING:
    from opnc.pki.credentials import Credential
    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.contract_data import ContractBundle
    from opnc.provisioning.keywrap import Randomness
    from simulators.kernel import Failpoint
    from simulators.parties.backend import BackendContext, Reaction, UseCase, UseCaseValues

FETCH = "getProvisioningCertificateV1"
SIGN, STORE = "signContractDataV1", "addSignedContractDataV1"
DELETE, LIST = "deleteSignedContractDataByEmaidV1", "getContractDataByEmaidV1"
LOOK_UP = "lookupVehicleV1"
BUNDLE = "contractCertificateBundle"

Chain = Sequence["ReadCertificate"]
"""A provisioning certificate and those above it, without the root."""


class EmspBackend(Backend):
    """Acts for the account `emsp with own pki`.

    Attributes:
        to_contact: The contracts whose customers are to be asked whether they want a new one.
    """

    party = "emsp"
    account = "emsp with own pki"

    def __init__(self, context: BackendContext) -> None:
        super().__init__(context)
        self.to_contact: list[str] = []
        self._reset_state()

    def _reset_state(self) -> None:
        self.to_contact.clear()
        # Drawn from the party's name, so that a reset gives the same keys once more.
        self._random = Random(self.party)  # noqa: S311 - nothing is secret here, and runs shall be alike

    def use_cases(self) -> Mapping[str, UseCase]:
        """Return what can be had of it, by name."""
        return {
            "conclude-contract": self._conclude_new,
            "sign-then-store": self._sign_then_store,
            "renew-contract": self._renew,
            "remove-contract": self._remove,
            "look-up-vehicle": self._look_up,
            "list-contracts": self._list,
            "update-roots": self._update_roots,
            "enrol-contract": self._enrol,
            **super().use_cases(),
        }

    def reactions(self) -> Mapping[str, Failpoint[Reaction]]:
        """Return what it does about events."""
        return {events.FACTORY_RESET: _remember_customer, events.PROVISIONING_UPDATED: _contact_customer}

    def reset(self) -> None:
        """Forget the contracts made."""
        super().reset()
        self._reset_state()

    def _conclude_new(self, values: UseCaseValues) -> None:
        self.injector.resolve(_after_signing)(self, self.conclude(values["pcid"], self._emaid()))

    def _sign_then_store(self, values: UseCaseValues) -> None:
        self.store(self.conclude(values["pcid"], self._emaid()))

    def _renew(self, values: UseCaseValues) -> None:
        # The same EMAID: what the pool has under it is replaced.
        self.conclude(values["pcid"], self._emaid_to_renew(values["emaid"]))

    @failpoint("emsp.renew.emaid")
    def _emaid_to_renew(self, emaid: str) -> str:
        return emaid

    def _remove(self, values: UseCaseValues) -> None:
        self.remove(values["emaid"])

    @failpoint("emsp.remove")
    def remove(self, emaid: str) -> None:
        """Take a contract out of the pool."""
        self.context.client.call(DELETE, path={"emaid": emaid})

    def _look_up(self, values: UseCaseValues) -> None:
        self.context.client.call(LOOK_UP, path={"pcid": self._pcid_to_look_up(values["pcid"])})

    @failpoint("emsp.look-up.pcid")
    def _pcid_to_look_up(self, pcid: str) -> str:
        return pcid

    def _list(self, values: UseCaseValues) -> None:
        self.context.client.call(LIST, path={"emaid": self._emaid_to_list(values["emaid"])})

    @failpoint("emsp.list.emaid")
    def _emaid_to_list(self, emaid: str) -> str:
        return emaid

    @failpoint("emsp.roots")
    def _update_roots(self, _values: UseCaseValues) -> None:
        self._roots()

    def _enrol(self, values: UseCaseValues) -> None:
        """Ask for a contract certificate; the PKI refuses an eMSP that has a PKI of its own."""
        self.enrol("emsp", values["emaid"])

    @failpoint("emsp.emaid")
    def _emaid(self) -> str:
        return self.new_emaid()

    def new_emaid(self) -> str:
        """Return an EMAID that no contract has: a provider id of the account and nine digits."""
        # Nine digits are what an EMAID has room for; seconds repeat themselves in them after some 30 years.
        return f"{min(self.context.client.account.principal.provider_ids)}{self.number() % 10**9:09}"

    def conclude(self, pcid: str, emaid: str) -> Any:
        """Make a contract for a vehicle and have it signed.

        Returns:
            The answer of the CPS, decoded; None where it is no JSON.

        Raises:
            UseCaseAborted: If the vehicle is unknown or not to be trusted.
        """
        # From the pool each time: what was fetched for an earlier contract may have been replaced or revoked.
        chain = self.injector.resolve(_fetched)(self, pcid)
        self.demand_trusted(chain)
        bundle = self._bundle(pcid, emaid, chain[0])
        request = {BUNDLE: self._written(bundle), "xsdMsgDefNamespace": NAMESPACES[bundle.version]}
        return self.context.client.call(SIGN, body=request).json()

    @failpoint("emsp.store")
    def store(self, answer: Any) -> None:
        """Put what was signed into the contract certificate pool.

        Args:
            answer: What the CPS has answered to signing, decoded.

        Raises:
            UseCaseAborted: If nothing was signed.
        """
        signed = answer.get("signedContractData") if isinstance(answer, dict) else None
        if signed is None:
            raise UseCaseAborted("nothing was signed")
        self.context.client.call(STORE, body=self._to_store(signed))

    @failpoint("emsp.store.data")
    def _to_store(self, signed: Any) -> Any:
        return signed

    @failpoint("emsp.verify")
    def demand_trusted(self, chain: Chain) -> None:
        """Make sure that a provisioning certificate stands below a root that the RCP knows now.

        Raises:
            UseCaseAborted: If not.
        """
        checked = check_chain(chain[0], chain[1:], self._roots(), self.context.clock.now())
        if not checked.ok:
            raise UseCaseAborted(f"the provisioning certificate: {checked.findings[0].name}")

    def _roots(self) -> list[ReadCertificate]:
        body = self.context.client.call(ROOTS).json()
        # Asked for anew each time: a root that has left the pool must not be relied on any longer.
        listed = body.get("rootCertificateCollection", []) if isinstance(body, dict) else []
        # A provisioning certificate may stand below a V2G root as well (ERR-048).
        wanted = [each for each in listed if {"oem", "v2g"} & set(stated_types(each))]
        return [read_certificate_text(each["caCertificate"]) for each in wanted]

    def _bundle(self, pcid: str, emaid: str, vehicle: ReadCertificate) -> ContractBundle:
        version, algorithm = vehicles.version_of(vehicle), vehicle.key_algorithm
        # The kinds of key that authorities have; for any other there is none.
        ca = self.context.authority("emsp", version, algorithm)  # type: ignore[arg-type] # see above
        contract = self.issue(ca, find("emsp", "leaf", version), emaid)
        return self._make_bundle(pcid, emaid, contract, vehicle, self._random.randbytes)

    @failpoint("emsp.bundle")
    def _make_bundle(
        self, pcid: str, emaid: str, contract: Credential, vehicle: ReadCertificate, random: Randomness
    ) -> ContractBundle:
        return make_bundle(pcid, emaid, contract, vehicle, random)

    @failpoint("emsp.write")
    def _written(self, bundle: ContractBundle) -> dict[str, Any]:
        return bundle.to_json()


@failpoint_function("emsp.conclude.store")
def _after_signing(_backend: EmspBackend, _signed: Any) -> None:
    """Leave it to the CPS to store what it has signed."""


@failpoint_function("emsp.fetch")
def _fetched(backend: EmspBackend, pcid: str) -> Chain:
    """Get the provisioning certificate of a vehicle with its chain from the PCP.

    Raises:
        UseCaseAborted: If there is none.
    """
    reply = backend.context.client.call(FETCH, path={"pcid": pcid})
    body = reply.json()
    # The wrapper is demanded, as the contract has it (ERR-172).
    entry = body.get(vehicles.WRAPPER) if isinstance(body, dict) else None
    if not reply.ok or not isinstance(entry, dict):
        raise UseCaseAborted(f"no provisioning certificate of {pcid}: {reply.status}")
    chain = entry.get(vehicles.CHAIN, {})
    try:
        return [read_certificate_text(chain[name]) for name in vehicles.MEMBERS if name in chain]
    except (Unreadable, Problem) as problem:
        raise UseCaseAborted(f"the provisioning certificate of {pcid}: {problem}") from problem


@failpoint_function("emsp.certificate-updated")
def _contact_customer(backend: EmspBackend, payload: Mapping[str, Any]) -> None:
    """Have somebody ask the customer, whose contract needs to be encrypted for the new certificate."""
    backend.to_contact.append(str(payload.get("emaid")))


@failpoint_function("emsp.factory-reset")
def _remember_customer(backend: EmspBackend, payload: Mapping[str, Any]) -> None:
    """Have somebody ask the customer: only the customer decides whether there is a new contract."""
    backend.to_contact.append(str(payload.get("emaid")))
