"""The Certificate Provisioning Service: signs contract data for eMSPs, and makes them for those without PKI.

OPNC: specification/apis/cps, processes/docs/components/03_certificate-provisioning-service.md.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from opnc.exi import EncodeError
from opnc.identifiers import Emaid, Pcid
from opnc.problem import Problem
from opnc.provisioning.contract_data import Session, make_bundle, sign_contract_data
from opnc.provisioning.namespaces import NAMESPACES, version_of
from opnc.roots import instant
from opnc.vehicles import chain_object
from simulators.cps import bundles, orders
from simulators.cps.issuing import ContractIssuer
from simulators.cps.orders import ContractOrder, parse_order
from simulators.cps.signers import SIGNER_PREFERENCES, Signer, SignerCriteria, Signers
from simulators.kernel import (
    Answer,
    Call,
    NotFoundLocally,
    OperationHandler,
    Refusal,
    Service,
    failpoint,
    failpoint_function,
)
from simulators.kernel.ownership import owned_by
from simulators.kernel.refusals import EMAID_USED
from simulators.pcp.provisioned import provisioning_chain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Protocol

    from opnc.pki.credentials import Credential
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate
    from opnc.provisioning.contract_data import ContractBundle, SignedContractData
    from opnc.provisioning.keywrap import Randomness
    from simulators.kernel import EcosystemContext
    from simulators.kernel.authorities import Authorities
    from simulators.kernel.handling import Control
    from simulators.pcp.foreign_vehicles import ForeignVehicleLookup, KnownVehicles
    from simulators.pki.register import CertificateRegister
    from simulators.pki.relying_party import RelyingParty

    class ContractPool(Protocol):
        """The side of the CCP that the CPS of the same ecosystem sees."""

        def store_signed(self, members: Mapping[str, Any]) -> None:
            """Store signed contract data."""

        def is_used_by_other(self, emaid: Emaid, pcid: Pcid) -> bool:
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
        vehicles: KnownVehicles,
        register: CertificateRegister,
        foreign_vehicles: ForeignVehicleLookup,
        pool: ContractPool,
    ) -> None:
        """Put the service into its ecosystem.

        Args:
            context: What all services share.
            trust: The ecosystem's CAs: of the CPS itself, and of eMSPs without PKI.
            relying: Checks chains and asks for statuses.
            vehicles: What the PCP keeps, and what was got from others for a request.
            register: What the CAs have issued.
            foreign_vehicles: Gets vehicles of other ecosystems.
            pool: Where signed contract data are stored.
        """
        self._relying = relying
        self._vehicles = vehicles
        self._pool = pool
        self._foreign_vehicles = foreign_vehicles
        self._signers = Signers(context, trust, register)
        self._issuer = ContractIssuer(context, trust, register)
        super().__init__(context)

    def handlers(self) -> Mapping[str, OperationHandler]:
        """Return what the service does, by operation id."""
        return {
            CERTIFICATES: OperationHandler(act=self._certificates),
            SIGN: self._foreign_vehicles.with_fallback(
                self,
                OperationHandler(act=self._sign, controls=(_demand_own_bundle, *self._bundle_controls)),
                lambda call: bundles.pcid_of(call.body),
            ),
            GENERATE: self._foreign_vehicles.with_fallback(
                self,
                OperationHandler(act=self._generate, controls=self._order_controls),
                lambda call: parse_order(call).pcid,
            ),
        }

    def reset(self) -> None:
        """Bring the service to its first state."""
        self._signers.reset()

    # Signing a bundle

    @property
    def _bundle_controls(self) -> tuple[Control, ...]:
        return (
            # What can be said of the bundle as such comes first, and what other hosts are asked for late.
            _demand_certificates,
            _demand_version,
            _demand_emaid,
            _demand_leaf,
            _demand_sizes,
            self._demand_dates,
            self._demand_chain,
            self._demand_status,
            self._demand_vehicle,
            self._demand_unique,
        )

    @failpoint("cps.sign.dates")
    def _demand_dates(self, call: Call) -> None:
        bundles.check_dates(call.body, self.context.clock.now())

    @failpoint("cps.sign.chain")
    def _demand_chain(self, call: Call) -> None:
        bundles.check_chain(call.body, self._relying)

    @failpoint("cps.sign.status")
    def _demand_status(self, call: Call) -> None:
        bundles.check_status(call.body, self._relying)

    @failpoint("cps.sign.vehicle")
    def _demand_vehicle(self, call: Call) -> None:
        pcid = bundles.pcid_of(call.body)
        if not provisioning_chain(self._vehicles, pcid, version_of(call.body["xsdMsgDefNamespace"])):
            raise NotFoundLocally(
                404, f"pcid: no provisioning certificate is published for {pcid.normalised}"
            )

    @failpoint("cps.sign.unique")
    def _demand_unique(self, call: Call) -> None:
        emaid = Emaid.parse(bundles.bundle_of(call.body).emaid)
        if self._pool.is_used_by_other(emaid, bundles.pcid_of(call.body)):
            raise Refusal(400, EMAID_USED)

    def _sign(self, call: Call) -> Answer:
        bundle = bundles.bundle_of(call.body)
        signed = self._signed_contract_data(bundle, bundle.version, call.body.get(ROOT))
        self._store_signed(signed)
        return Answer.json(201, {"signedContractData": signed})

    @failpoint("cps.sign.store")
    def _store_signed(self, signed: Mapping[str, Any]) -> None:
        self._pool.store_signed(signed)

    def _signed_contract_data(
        self, bundle: ContractBundle, version: Version, root: str | None
    ) -> dict[str, Any]:
        """Return a bundle as signed contract data: a signedContractData object.

        Args:
            bundle: What is signed.
            version: The edition of ISO 15118.
            root: Fingerprint of the V2G root that is asked for; None where none is.

        Raises:
            Refusal: 400, where there is no certificate to sign with, or the values fit into no message.
        """
        signer = self._choose_signer(version, bundle.certificate, root)
        # SessionID zero: the CCP puts in that of the request when it delivers the message (ERR-091).
        session = Session(bytes(8), self.context.clock.now())
        try:
            signed = self._sign_message(bundle, signer.credential, session)
        except (EncodeError, Problem) as problem:
            raise Refusal(400, f"the contract data fit into no message: {problem}") from problem
        # The object has the normal form; the message has what the certificate says, check digit and all
        # (ERR-161).
        normal = replace(signed, emaid=Emaid.parse(signed.emaid).normalised)
        return {**normal.to_json(), "cpsRootDistinguishedName": signer.root.subject.text}

    @failpoint("cps.sign.message")
    def _sign_message(self, bundle: ContractBundle, cps: Credential, session: Session) -> SignedContractData:
        return sign_contract_data(bundle, cps, session)

    def _choose_signer(self, version: Version, contract: ReadCertificate, root: str | None) -> Signer:
        found, criteria = list(self._signers.current()), SignerCriteria(version, root, contract.key_algorithm)
        for choose in self.enabled(SIGNER_PREFERENCES):
            found = choose(found, criteria)
        if not found:
            raise Refusal(400, f"{ROOT}: there is no certificate to sign with below this root")
        return found[0]

    # Making contract data

    @property
    def _order_controls(self) -> tuple[Control, ...]:
        return (
            _demand_order,
            _demand_own_order,
            self._demand_order_dates,
            _demand_sequence,
            _demand_length,
            _demand_url,
            self._demand_vehicle_of_order,
            self._demand_unique_order,
        )

    @failpoint("cps.generate.dates")
    def _demand_order_dates(self, call: Call) -> None:
        orders.check_dates(parse_order(call), self.context.clock.now())

    @failpoint("cps.generate.vehicle")
    def _demand_vehicle_of_order(self, call: Call) -> None:
        self._provisioning_certificate(parse_order(call))

    def _provisioning_certificate(self, order: ContractOrder) -> ReadCertificate:
        """Return the provisioning certificate that contract data are made for."""
        chain = provisioning_chain(self._vehicles, order.pcid, order.version)
        if not chain:
            pcid = order.pcid.normalised
            # 400 for an order, where a bundle is answered 404 (ERR-067).
            raise NotFoundLocally(
                400, f"The OEM provisioning certificate for the PCID {pcid} is not available."
            )
        return chain[0]

    @failpoint("cps.generate.unique")
    def _demand_unique_order(self, call: Call) -> None:
        order = parse_order(call)
        if self._pool.is_used_by_other(order.emaid, order.pcid):
            raise Refusal(400, EMAID_USED)

    def _generate(self, call: Call) -> Answer:
        order = parse_order(call)
        vehicle = self._provisioning_certificate(order)
        authority = self._issuer.choose_ca(order, vehicle)
        # Find out whether it can be signed before a certificate is issued.
        self._choose_signer(order.version, authority.certificate, order.fingerprint(ROOT))
        contract = self._issuer.issue_contract(order, authority)
        bundle = self._bundle(order, contract, vehicle)
        signed = self._signed_contract_data(bundle, order.version, order.fingerprint(ROOT))
        # Handed on as it came; nothing here depends on it (ERR-089).
        if "metaData" in order.members:
            signed["metaData"] = order.members["metaData"]
        self._store_generated(signed)
        return Answer(201, media_type="")

    @failpoint("cps.generate.store")
    def _store_generated(self, signed: Mapping[str, Any]) -> None:
        self._pool.store_signed(signed)

    def _bundle(self, order: ContractOrder, contract: Credential, vehicle: ReadCertificate) -> ContractBundle:
        # From the certificate and not from the order: the message has to agree with the certificate in it.
        emaid = Emaid.parse(contract.certificate.common_name or "").compact
        pcid, random = order.pcid.normalised, self.context.random.randbytes
        try:
            bundle: ContractBundle = self._make_bundle(pcid, emaid, contract, vehicle, random)
        except Problem as problem:
            raise Refusal(
                400, f"the contract key cannot be wrapped for the vehicle: {problem.what}"
            ) from problem
        return bundle

    @failpoint("cps.generate.bundle")
    def _make_bundle(
        self, pcid: str, emaid: str, contract: Credential, vehicle: ReadCertificate, random: Randomness
    ) -> ContractBundle:
        return make_bundle(pcid, emaid, contract, vehicle, random)

    # Telling

    def _certificates(self, _call: Call) -> Answer:
        now = self.context.clock.now()
        offered = [signer for signer in self._signers.current() if self._is_offered(signer, now)]
        return Answer(200, f'{{"cpsCertificateDataCollection":[{",".join(map(_entry, offered))}]}}'.encode())

    @failpoint("cps.certificates.valid", without=True)
    def _is_offered(self, signer: Signer, now: datetime) -> bool:
        return signer.valid_at(now)


@lru_cache(maxsize=64)
def _entry(signer: Signer) -> str:
    """Return the object that tells of a certificate, ready to be sent.

    Cached: the same certificates are told of for weeks, and a signer is frozen.
    """
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


# What is sent, as such


@failpoint_function("cps.sign.certificates")
def _demand_certificates(call: Call) -> None:
    bundles.bundle_of(call.body)


@failpoint_function("cps.sign.version")
def _demand_version(call: Call) -> None:
    bundles.check_version(call.body)


@failpoint_function("cps.sign.emaid")
def _demand_emaid(call: Call) -> None:
    bundles.check_emaid(call.body)


@failpoint_function("cps.sign.leaf")
def _demand_leaf(call: Call) -> None:
    bundles.check_leaf(call.body)


@failpoint_function("cps.sign.sizes")
def _demand_sizes(call: Call) -> None:
    bundles.check_sizes(call.body)


@failpoint_function("cps.generate.order")
def _demand_order(call: Call) -> None:
    parse_order(call)


@failpoint_function("cps.generate.sequence")
def _demand_sequence(call: Call) -> None:
    orders.check_sequence(parse_order(call))


@failpoint_function("cps.generate.length")
def _demand_length(call: Call) -> None:
    orders.check_length(parse_order(call))


@failpoint_function("cps.generate.url")
def _demand_url(call: Call) -> None:
    orders.check_url(parse_order(call))


# Whose it is


@failpoint_function("cps.sign.owner")
def _demand_own_bundle(call: Call) -> None:
    owned_by(call.principal, emaid=Emaid.parse(call.body[bundles.BUNDLE]["emaid"]))


@failpoint_function("cps.generate.owner")
def _demand_own_order(call: Call) -> None:
    owned_by(call.principal, emaid=parse_order(call).emaid)
