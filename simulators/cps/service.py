"""The Certificate Provisioning Service: signs contract data for eMSPs, and makes them for those without PKI.

OPNC: specification/apis/cps, processes/docs/components/03_certificate-provisioning-service.md.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from opnc.exi import EncodeError
from opnc.identifiers import Emaid
from opnc.problem import Problem
from opnc.provisioning.contract_data import Session, make_bundle, sign_contract_data
from opnc.provisioning.namespaces import NAMESPACES, version_of
from opnc.roots import instant
from opnc.vehicles import chain_object
from simulators.cps import bundles, orders
from simulators.cps.issuing import Issuing
from simulators.cps.orders import Order, order_of
from simulators.cps.signers import CHOICES, Signer, Signers, Wish
from simulators.kernel import Answer, Call, Failpoint, NotFoundLocally, OperationHandler, Refusal, Service
from simulators.kernel.refusals import EMAID_USED, discard
from simulators.pcp.provisioned import provisioning_chain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.contract_data import ContractBundle, SignedContractData
    from simulators.kernel import EcosystemContext
    from simulators.kernel.authorities import Authorities
    from simulators.kernel.handling import Control
    from simulators.pcp.foreign_vehicles import Borrowing
    from simulators.pcp.store import Vehicles
    from simulators.pki.register import CertificateRegister
    from simulators.pki.relying_party import RelyingParty

    class Pool(Protocol):
        """The side of the CCP that the CPS of the same ecosystem sees."""

        def store(self, members: Mapping[str, Any]) -> None:
            """Store signed contract data."""

        def is_used_by_other(self, emaid: str, pcid: str) -> bool:
            """Tell whether a contract is stored for another vehicle than this."""


SIGN, GENERATE = "signContractDataV1", "generateAndSignContractDataV1"
CERTIFICATES = "getCpsCertificatesV1"

ROOT = "cpsV2GRootCertificateFingerprint"


class CertificateProvisioningService(Service):
    """Signs what vehicles install."""

    name = "cps"

    def __init__(
        self,
        context: EcosystemContext,
        *,
        trust: Authorities,
        relying: RelyingParty,
        vehicles: Vehicles,
        register: CertificateRegister,
        borrowing: Borrowing,
        pool: Pool,
    ) -> None:
        """Put the service into its ecosystem.

        Args:
            context: What all services share.
            trust: The ecosystem's CAs: of the CPS itself, and of eMSPs without PKI.
            relying: Checks chains and asks for statuses.
            vehicles: What the PCP keeps.
            register: What the CAs have issued.
            borrowing: Gets vehicles of other ecosystems.
            pool: Where signed contract data are stored.
        """
        self._relying = relying
        self._vehicles = vehicles
        self._pool = pool
        self._borrowing = borrowing
        self._signers = Signers(self, trust, register)
        self._issuing = Issuing(self, trust, register)
        super().__init__(context)

    def handlers(self) -> Mapping[str, OperationHandler]:
        """Return what the service does, by operation id."""
        return {
            CERTIFICATES: OperationHandler(act=self._certificates),
            SIGN: self._borrowing.extended(
                self,
                OperationHandler(
                    act=self._sign,
                    controls=(Failpoint("cps.sign.owner", _demand_own_bundle), *self._demands_on_bundle),
                ),
                lambda call: bundles.bundle_of(call.body).pcid,
            ),
            GENERATE: self._borrowing.extended(
                self,
                OperationHandler(act=self._generate, controls=self._demands_on_order),
                lambda call: order_of(call).pcid,
            ),
        }

    def reset(self) -> None:
        """Bring the service to its first state."""
        self._signers.reset()

    # Signing a bundle

    @property
    def _demands_on_bundle(self) -> tuple[Control, ...]:
        return (
            Failpoint("cps.sign.certificates", lambda call: discard(bundles.bundle_of(call.body))),
            Failpoint("cps.sign.version", lambda call: bundles.check_version(call.body)),
            Failpoint("cps.sign.emaid", lambda call: bundles.check_emaid(call.body)),
            Failpoint("cps.sign.leaf", lambda call: bundles.check_leaf(call.body)),
            Failpoint("cps.sign.sizes", lambda call: bundles.check_sizes(call.body)),
            Failpoint(
                "cps.sign.dates", lambda call: bundles.check_dates(call.body, self.context.clock.now())
            ),
            Failpoint("cps.sign.chain", lambda call: bundles.check_chain(call.body, self._relying)),
            Failpoint("cps.sign.status", lambda call: bundles.check_status(call.body, self._relying)),
            Failpoint("cps.sign.vehicle", self._demand_vehicle),
            Failpoint("cps.sign.unique", self._demand_unique),
        )

    def _demand_vehicle(self, call: Call) -> None:
        pcid = bundles.bundle_of(call.body).pcid
        if not provisioning_chain(self._vehicles, pcid, version_of(call.body["xsdMsgDefNamespace"])):
            raise NotFoundLocally(404, f"pcid: no provisioning certificate is published for {pcid}")

    def _demand_unique(self, call: Call) -> None:
        bundle = bundles.bundle_of(call.body)
        if self._pool.is_used_by_other(Emaid.parse(bundle.emaid).normalised, bundle.pcid):
            raise Refusal(400, EMAID_USED)

    def _sign(self, call: Call) -> Answer:
        bundle = bundles.bundle_of(call.body)
        signed = self._signed(bundle, bundle.version, call.body.get(ROOT))
        for store in self.enabled((Failpoint("cps.sign.store", self._pool.store),)):
            store(signed)
        return Answer.json(201, {"signedContractData": signed})

    def _signed(self, bundle: ContractBundle, version: Version, root: str | None) -> dict[str, Any]:
        """Return a bundle as signed contract data.

        Raises:
            Refusal: 400, where there is no certificate to sign with, or the values fit into no message.
        """
        signer = self._signer(version, bundle.certificate, root)
        session = Session(bytes(8), self.context.clock.now())
        try:
            sign = self.resolve(Failpoint("cps.sign.message", sign_contract_data))
            signed: SignedContractData = sign(bundle, signer.credential, session)
        except (EncodeError, Problem) as problem:
            raise Refusal(400, f"the contract data fit into no message: {problem}") from problem
        normal = replace(signed, emaid=Emaid.parse(signed.emaid).normalised)
        return {**normal.to_json(), "cpsRootDistinguishedName": signer.root.subject.text}

    def _signer(self, version: Version, contract: ReadCertificate, root: str | None) -> Signer:
        found, wish = list(self._signers.current()), Wish(version, root, contract.key_algorithm)
        for choose in self.enabled(CHOICES):
            found = choose(found, wish)
        if not found:
            raise Refusal(400, f"{ROOT}: there is no certificate to sign with below this root")
        return found[0]

    # Making contract data

    @property
    def _demands_on_order(self) -> tuple[Control, ...]:
        return (
            Failpoint("cps.generate.order", lambda call: discard(order_of(call))),
            Failpoint("cps.generate.owner", _demand_own_order),
            Failpoint(
                "cps.generate.dates",
                lambda call: orders.check_dates(order_of(call), self.context.clock.now()),
            ),
            Failpoint("cps.generate.sequence", lambda call: orders.check_sequence(order_of(call))),
            Failpoint("cps.generate.length", lambda call: orders.check_length(order_of(call))),
            Failpoint("cps.generate.url", lambda call: orders.check_url(order_of(call))),
            Failpoint("cps.generate.vehicle", lambda call: discard(self._vehicle(order_of(call)))),
            Failpoint("cps.generate.unique", self._demand_unique_order),
        )

    def _vehicle(self, order: Order) -> ReadCertificate:
        """Return the provisioning certificate that contract data are made for."""
        chain = provisioning_chain(self._vehicles, order.pcid, order.version)
        if not chain:
            raise NotFoundLocally(
                400, f"The OEM provisioning certificate for the PCID {order.pcid} is not available."
            )
        return chain[0]

    def _demand_unique_order(self, call: Call) -> None:
        order = order_of(call)
        if self._pool.is_used_by_other(order.emaid.normalised, order.pcid):
            raise Refusal(400, EMAID_USED)

    def _generate(self, call: Call) -> Answer:
        order = order_of(call)
        vehicle = self._vehicle(order)
        authority = self._issuing.authority(order, vehicle)
        # Find out whether it can be signed before a certificate is issued.
        self._signer(order.version, authority.certificate, order.fingerprint(ROOT))
        contract = self._issuing.contract(order, authority)
        bundle = self._bundle(order, contract, vehicle)
        signed = self._signed(bundle, order.version, order.fingerprint(ROOT))
        if "metaData" in order.members:
            signed["metaData"] = order.members["metaData"]
        for store in self.enabled((Failpoint("cps.generate.store", self._pool.store),)):
            store(signed)
        return Answer(201, media_type="")

    def _bundle(self, order: Order, contract: Any, vehicle: ReadCertificate) -> ContractBundle:
        make = self.resolve(Failpoint("cps.generate.bundle", make_bundle))
        emaid = Emaid.parse(contract.certificate.common_name or "").compact
        try:
            return make(order.pcid, emaid, contract, vehicle, self.context.random.randbytes)
        except Problem as problem:
            raise Refusal(
                400, f"the contract key cannot be wrapped for the vehicle: {problem.what}"
            ) from problem

    # Telling

    def _certificates(self, _call: Call) -> Answer:
        now = self.context.clock.now()
        found = self._signers.current()
        for keep in self.enabled((Failpoint("cps.certificates.valid", _valid_at),)):
            found = keep(found, now)
        return Answer(200, f'{{"cpsCertificateDataCollection":[{",".join(map(_entry, found))}]}}'.encode())


def _valid_at(signers: tuple[Signer, ...], now: Any) -> tuple[Signer, ...]:
    return tuple(signer for signer in signers if signer.valid_at(now))


@lru_cache(maxsize=64)
def _entry(signer: Signer) -> str:
    """Return the object that tells of a certificate, ready to be sent."""
    leaf = signer.credential.certificate
    entry = {
        "cpsDistinguishedName": leaf.subject.text,
        "cpsCertificateChain": chain_object(signer.credential.chain[:-1]),
        "validFrom": instant(leaf.not_before),
        "validTo": instant(leaf.not_after),
        "organizationName": leaf.organization,
        ROOT: signer.root.fingerprint,
        "cpsV2GRootDistinguishedName": signer.root.subject.text,
        "xsdMsgDefNamespace": NAMESPACES[signer.version],
    }
    return json.dumps(entry, separators=(",", ":"))


def _demand_own_bundle(call: Call) -> None:
    _demand_own(call, Emaid.parse(call.body[bundles.BUNDLE]["emaid"]))


def _demand_own_order(call: Call) -> None:
    _demand_own(call, order_of(call).emaid)


def _demand_own(call: Call, emaid: Emaid) -> None:
    if call.principal and emaid.owner not in call.principal.provider_ids:
        raise Refusal(403, f"emaid: this account does not act for {emaid.owner}")
