"""The Contract Certificate Pool: signed contract data, from those who make them to the vehicles they are for.

OPNC: specification/apis/ccp, processes/docs/components/04_contract-certificate-pool.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc import events
from opnc.identifiers import Emaid, Pcid
from opnc.provisioning.namespaces import version_of
from simulators.ccp.broadcast import HEADERS, checks
from simulators.ccp.delivery import NOT_FOUND, Delivery, vehicle_of
from simulators.ccp.lifecycle import REVOKE, Keeping
from simulators.ccp.store import CONTRACTS, Contracts, values_of
from simulators.ccp.submission import check_dates, check_emaid, check_positive, check_signature, sent
from simulators.collaboration import Collaboration
from simulators.kernel import Answer, Call, Failpoint, NotFoundLocally, OperationHandler, Refusal, Service
from simulators.kernel.refusals import EMAID_USED, discard, refusal
from simulators.pcp.provisioned import provisioning_chain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import timedelta

    from sqlalchemy import ColumnElement, Row

    from opnc.contract import Operation
    from simulators.collaboration import PeerRegistry
    from simulators.kernel import EcosystemContext
    from simulators.kernel.handling import Control
    from simulators.pcp.foreign_vehicles import Borrowing
    from simulators.pcp.store import Vehicles
    from simulators.pki.register import CertificateRegister
    from simulators.pki.relying_party import RelyingParty

ADD, REQUEST = "addSignedContractDataV1", "getSignedContractDataByCertificateInstallationReqV1"
DELETE, DEFAULT = "deleteSignedContractDataByEmaidV1", "setSignedContractDataAsDefaultV1"
FETCH = "getSignedContractDataByEmaidAndPcidV1"
BY_EMAID, BY_PCID = "getContractDataByEmaidV1", "getContractDataByPcidV1"

Conditions = tuple[Failpoint["Callable[[Call], ColumnElement[bool]]"], ...]


class ContractCertificatePool(Service):
    """Keeps contracts for vehicles, hands them to charging stations and OEMs, removes what has ended."""

    name = "ccp"

    def __init__(
        self,
        context: EcosystemContext,
        *,
        relying: RelyingParty,
        vehicles: Vehicles,
        register: CertificateRegister,
        peers: PeerRegistry,
        borrowing: Borrowing,
        cleansing: timedelta,
    ) -> None:
        """Put the pool into its ecosystem.

        Args:
            context: What all services share.
            relying: Checks chains and asks for statuses.
            vehicles: What the PCP keeps.
            register: What the ecosystem's CAs have issued, to revoke it.
            peers: The ecosystems that this one is onboarded with.
            borrowing: Gets vehicles of other ecosystems.
            cleansing: How often the status of each contract is asked for.
        """
        self._relying = relying
        self._vehicles = vehicles
        self._cleansing_interval = cleansing
        self._contracts = Contracts(context.store)
        self._borrowing = borrowing
        held = checks(relying, context.clock)
        self.collaboration = Collaboration(self, peers, held, HEADERS)
        self._delivery = Delivery(self, self._contracts, vehicles, relying)
        self.keeping = Keeping(self, self._contracts, register, relying)
        super().__init__(context)

    def handlers(self) -> Mapping[str, OperationHandler]:
        """Return what the pool does, by operation id."""
        return {
            ADD: self._borrowing.extended(self, self._adding, lambda call: sent(call.body).pcid),
            REQUEST: self._borrowing.extended(
                self,
                OperationHandler(
                    act=self._request,
                    fallbacks=(Failpoint("ccp.request.peers", self.collaboration.broadcast),),
                ),
                self._vehicle_served,
            ),
            FETCH: OperationHandler(
                act=self._fetch,
                controls=(Failpoint("ccp.fetch.owner", _demand_own_vehicle),),
                effects=(Failpoint("ccp.fetch.announce", self._announce_fetched),),
            ),
            BY_EMAID: OperationHandler(
                act=lambda call: self._list(call, self._by_emaid),
                controls=(Failpoint("ccp.emaid.owner", _demand_own_contract),),
            ),
            BY_PCID: OperationHandler(
                act=lambda call: self._list(call, self._by_pcid),
                controls=(Failpoint("ccp.pcid.owner", _demand_own_vehicle),),
            ),
            DELETE: OperationHandler(
                act=lambda _call: Answer(200, media_type=""),
                controls=(
                    Failpoint("ccp.delete.owner", _demand_own_contract),
                    Failpoint("ccp.delete.known", self._demand_known),
                ),
                effects=(Failpoint("ccp.delete.withdraw", self._delete),),
            ),
            DEFAULT: OperationHandler(
                act=lambda _call: Answer(200, media_type=""),
                controls=(
                    Failpoint("ccp.default.owner", _demand_own_vehicle),
                    Failpoint("ccp.default.known", self._demand_pair),
                ),
                effects=(
                    Failpoint(
                        "ccp.default.set", lambda call: self.keeping.set_default(_emaid(call), _pcid(call))
                    ),
                ),
            ),
        }

    def tick(self) -> None:
        """Cleanse the pool."""
        self.keeping.cleanse(self._delivery, self._cleansing_interval)

    # Storing

    @property
    def _adding(self) -> OperationHandler:
        return OperationHandler(
            act=lambda _call: Answer(201, media_type=""),
            controls=(Failpoint("ccp.add.owner", _demand_own_new_contract), *self._demands_on_data),
            effects=(Failpoint("ccp.add.store", lambda call: self.keeping.keep(sent(call.body))),),
        )

    @property
    def _demands_on_data(self) -> tuple[Control, ...]:
        return (
            Failpoint("ccp.add.message", lambda call: discard(sent(call.body))),
            Failpoint("ccp.add.positive", lambda call: check_positive(sent(call.body))),
            Failpoint("ccp.add.emaid", lambda call: check_emaid(sent(call.body))),
            Failpoint("ccp.add.dates", lambda call: check_dates(sent(call.body), self.context.clock.now())),
            Failpoint("ccp.add.cps", self._demand_cps),
            Failpoint("ccp.add.signature", lambda call: check_signature(sent(call.body))),
            Failpoint("ccp.add.contract", self._demand_contract),
            Failpoint("ccp.add.vehicle", self._demand_vehicle),
            Failpoint("ccp.add.unique", self._demand_unique),
        )

    def _demand_cps(self, call: Call) -> None:
        data = sent(call.body)
        leaf = data.chains.cps[0]
        if leaf.domain_component != "CPS":
            raise Refusal(400, f"certificateInstallationRes: {leaf.subject} is no certificate of a CPS")
        for found in self._relying.chain(data.chains.cps, "v2g").findings:
            if found.level == "fail":
                raise refusal("certificateInstallationRes: CPS certificate chain", found)
        stated = call.body.get("cpsV2GRootCertificateFingerprint")
        root = self.keeping.root_of(data)
        if stated is not None and stated.lower() != root.fingerprint:
            raise Refusal(400, f"cpsV2GRootCertificateFingerprint: the CPS is below {root.fingerprint}")

    def _demand_contract(self, call: Call) -> None:
        for found in self._relying.chain(sent(call.body).chains.contract, "emsp", "v2g").findings:
            if found.level == "fail":
                raise refusal("certificateInstallationRes: contract certificate chain", found)

    def _demand_vehicle(self, call: Call) -> None:
        data = sent(call.body)
        if not provisioning_chain(self._vehicles, data.pcid, data.version):
            raise NotFoundLocally(404, f"pcid: no provisioning certificate is published for {data.pcid}")

    def _demand_unique(self, call: Call) -> None:
        data = sent(call.body)
        if self.keeping.is_used_by_other(data.emaid.normalised, data.pcid):
            raise Refusal(400, EMAID_USED)

    # Reading

    def _list(self, call: Call, conditions: Conditions) -> Answer:
        rows = self._contracts.find(*(condition(call) for condition in self.enabled(conditions)))
        if not rows:
            raise Refusal(404, NOT_FOUND)
        entries = (f'{row.data[:-1]},"defaultContract":{str(row.is_default).lower()}}}' for row in rows)
        return Answer(200, f'{{"contractDataCollection":[{",".join(entries)}]}}'.encode())

    @property
    def _by_emaid(self) -> Conditions:
        return (
            Failpoint("ccp.emaid.emaid", _of_emaid),
            Failpoint("ccp.emaid.version", _of_version),
            Failpoint("ccp.emaid.root", _under_root),
        )

    @property
    def _by_pcid(self) -> Conditions:
        return (
            Failpoint("ccp.pcid.pcid", lambda call: CONTRACTS.c.pcid == _pcid(call)),
            Failpoint("ccp.pcid.version", _of_version),
        )

    @property
    def _of_pair(self) -> Conditions:
        return (
            Failpoint("ccp.fetch.emaid", _of_emaid),
            Failpoint("ccp.fetch.pcid", lambda call: CONTRACTS.c.pcid == _pcid(call)),
            Failpoint("ccp.fetch.version", _of_version),
            Failpoint("ccp.fetch.root", _under_root),
        )

    # Delivering

    def _request(self, call: Call) -> Answer:
        answer, rows = self._delivery.by_request(call)
        for tell in self.enabled((Failpoint("ccp.request.announce", self._announce_delivered),)):
            tell(rows)
        return answer

    def _vehicle_served(self, call: Call) -> str | None:
        """Return the vehicle of a request that has a contract here."""
        pcid = vehicle_of(call)
        return pcid if self._delivery.holds_any_for(pcid) else None

    def _pair(self, call: Call) -> Row[Any]:
        rows = self._contracts.find(*(condition(call) for condition in self.enabled(self._of_pair)))
        if not rows:
            raise Refusal(404, NOT_FOUND)
        return rows[0]

    def _fetch(self, call: Call) -> Answer:
        return self._delivery.to_oem(self._pair(call), call.query.get("sessionID", ""))

    def _announce_fetched(self, call: Call) -> None:
        self._announce_delivered([self._pair(call)])

    def _announce_delivered(self, rows: Sequence[Row[Any]]) -> None:
        for row in rows:
            self.keeping.tell(events.CONTRACT_DELIVERED, values_of(row))

    # Deleting, choosing the default

    def _demand_known(self, call: Call) -> None:
        if not self._contracts.find(CONTRACTS.c.emaid == _emaid(call), at_most=1):
            raise Refusal(404, NOT_FOUND)

    def _delete(self, call: Call) -> None:
        rows = self._contracts.find(self.resolve(Failpoint("ccp.delete.scope", _of_emaid))(call))
        skips = self.resolve(Failpoint("ccp.delete.skip", _skips_revocation))(call)
        self.keeping.withdraw(rows, without=(REVOKE,) if skips else ())

    def _demand_pair(self, call: Call) -> None:
        pair = (CONTRACTS.c.emaid == _emaid(call), CONTRACTS.c.pcid == _pcid(call))
        if not self._contracts.find(*pair, at_most=1):
            raise Refusal(404, NOT_FOUND)


def _emaid(call: Call) -> str:
    return Emaid.parse(call.path["emaid"]).normalised


def _pcid(call: Call) -> str:
    return Pcid.parse(call.path["pcid"]).normalised


def _of_emaid(call: Call) -> ColumnElement[bool]:
    return CONTRACTS.c.emaid == _emaid(call)


def _of_version(call: Call) -> ColumnElement[bool]:
    version = version_of(_value(call, "xsdMsgDefNamespace"))
    return CONTRACTS.c.version == version


def _under_root(call: Call) -> ColumnElement[bool]:
    asked = call.query.get("cpsV2GRootCertificateFingerprint", "").lower()
    return CONTRACTS.c.root == asked if asked else CONTRACTS.c.root != ""


def _value(call: Call, name: str) -> str:
    """Return a query parameter, or else its default."""
    operation: Operation = call.operation
    return call.query.get(name) or str(operation.parameter(name).default)


def _skips_revocation(call: Call) -> bool:
    return call.headers.get("x-skip-revocation", "false") == "true"


def _demand_own_new_contract(call: Call) -> None:
    if call.principal and call.principal.party != "cps":
        _demand_own(call, Emaid.parse(call.body["emaid"]))


def _demand_own_contract(call: Call) -> None:
    _demand_own(call, Emaid.parse(call.path["emaid"]))


def _demand_own(call: Call, emaid: Emaid) -> None:
    if call.principal and emaid.owner not in call.principal.provider_ids:
        raise Refusal(403, f"emaid: this account does not act for {emaid.owner}")


def _demand_own_vehicle(call: Call) -> None:
    owner = Pcid.parse(call.path["pcid"]).owner
    if call.principal and owner not in call.principal.wmis:
        raise Refusal(403, f"pcid: this account does not act for the WMI {owner}")
