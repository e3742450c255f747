"""The Contract Certificate Pool: signed contract data, from those who make them to the vehicles they are for.

OPNC: specification/apis/ccp, processes/docs/components/04_contract-certificate-pool.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc import events
from opnc.identifiers import Emaid
from opnc.severity import Severity
from simulators.ccp.delivery import NOT_FOUND, ContractDelivery
from simulators.ccp.installation_request import vehicle_of
from simulators.ccp.lifecycle import REVOKE, ContractLifecycle
from simulators.ccp.peer_answers import PEER_REQUEST_HEADERS, answer_checks
from simulators.ccp.query_conditions import (
    EMAID_CONDITIONS,
    PAIR_CONDITIONS,
    PCID_CONDITIONS,
    emaid_of,
    pcid_of,
)
from simulators.ccp.store import ContractStore, is_contract, is_for
from simulators.ccp.submission import (
    check_dates,
    check_emaid,
    check_positive,
    check_signature,
    parse_submission,
)
from simulators.collaboration import Collaboration
from simulators.kernel import (
    Answer,
    Call,
    Failpoint,
    NotFoundLocally,
    OperationHandler,
    Refusal,
    Service,
    failpoint,
    failpoint_function,
)
from simulators.kernel.ownership import owned_by
from simulators.kernel.refusals import EMAID_USED, refusal
from simulators.pcp.provisioned import provisioning_chain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from sqlalchemy import ColumnElement

    from opnc.identifiers import Pcid
    from simulators.ccp.lifecycle import ContractRegister
    from simulators.ccp.query_conditions import Conditions
    from simulators.ccp.store import StoredContract
    from simulators.collaboration import PeerRegistry
    from simulators.kernel import EcosystemContext
    from simulators.kernel.handling import Control
    from simulators.pcp.foreign_vehicles import ForeignVehicleLookup, KnownVehicles
    from simulators.pki.relying_party import RelyingParty

ADD, REQUEST = "addSignedContractDataV1", "getSignedContractDataByCertificateInstallationReqV1"
DELETE, DEFAULT = "deleteSignedContractDataByEmaidV1", "setSignedContractDataAsDefaultV1"
FETCH = "getSignedContractDataByEmaidAndPcidV1"
BY_EMAID, BY_PCID = "getContractDataByEmaidV1", "getContractDataByPcidV1"


class ContractCertificatePool(Service):
    """Keeps contracts for vehicles, hands them to charging stations and OEMs, removes what has ended."""

    name = "ccp"

    def __init__(
        self,
        context: EcosystemContext,
        *,
        relying: RelyingParty,
        vehicles: KnownVehicles,
        register: ContractRegister,
        peers: PeerRegistry,
        foreign_vehicles: ForeignVehicleLookup,
        cleansing: timedelta,
    ) -> None:
        """Put the pool into its ecosystem.

        Args:
            context: What all services share.
            relying: Checks chains and asks for statuses.
            vehicles: What the PCP keeps, and what was got from others for a request.
            register: What the ecosystem's CAs have issued, to revoke it.
            peers: The ecosystems that this one is onboarded with.
            foreign_vehicles: Gets vehicles of other ecosystems.
            cleansing: How often the status of each contract is asked for.
        """
        self._relying = relying
        self._vehicles = vehicles
        self._cleansing_interval = cleansing
        self._contracts = ContractStore(context.store)
        self._foreign_vehicles = foreign_vehicles
        held = answer_checks(relying, context.clock)
        self.collaboration = Collaboration(self, peers, held, PEER_REQUEST_HEADERS)
        self._delivery = ContractDelivery(context, self._contracts, vehicles, relying)
        self.lifecycle = ContractLifecycle(context, self._contracts, register, relying)
        super().__init__(context)

    def handlers(self) -> Mapping[str, OperationHandler]:
        """Return what the pool does, by operation id."""
        return {
            ADD: self._foreign_vehicles.with_fallback(
                self,
                OperationHandler(
                    act=lambda _call: Answer(201, media_type=""),
                    controls=(_demand_own_new_contract, *self._submission_controls),
                    effects=(self._store,),
                ),
                lambda call: parse_submission(call.body).pcid,
            ),
            # Two things may be elsewhere: the vehicle of contracts that are here, and else the contracts.
            REQUEST: self._foreign_vehicles.with_fallback(
                self,
                OperationHandler(act=self._deliver_on_request, fallbacks=(self._request_at_peers,)),
                self._requesting_vehicle,
            ),
            FETCH: OperationHandler(
                act=self._fetch, controls=(_FETCH_OWNER,), effects=(self._announce_fetched,)
            ),
            BY_EMAID: OperationHandler(
                act=lambda call: self._list(call, EMAID_CONDITIONS), controls=(_EMAID_OWNER,)
            ),
            BY_PCID: OperationHandler(
                act=lambda call: self._list(call, PCID_CONDITIONS), controls=(_PCID_OWNER,)
            ),
            DELETE: OperationHandler(
                act=lambda _call: Answer(200, media_type=""),
                controls=(_DELETE_OWNER, self._demand_known),
                effects=(self._delete,),
            ),
            DEFAULT: OperationHandler(
                act=lambda _call: Answer(200, media_type=""),
                controls=(_DEFAULT_OWNER, self._demand_pair),
                effects=(self._set_default,),
            ),
        }

    def tick(self) -> None:
        """Cleanse the pool."""
        self.lifecycle.cleanse(self._delivery, self._cleansing_interval)

    # Storing

    @property
    def _submission_controls(self) -> tuple[Control, ...]:
        return (
            _demand_message,
            _demand_positive,
            _demand_emaid,
            self._demand_dates,
            # Before the signature: with the key of a CPS that nobody knows anything can be signed.
            self._demand_cps_chain,
            _demand_signature,
            self._demand_contract_chain,
            self._demand_vehicle,
            self._demand_unique,
        )

    @failpoint("ccp.add.dates")
    def _demand_dates(self, call: Call) -> None:
        check_dates(parse_submission(call.body), self.context.clock.now())

    @failpoint("ccp.add.cps")
    def _demand_cps_chain(self, call: Call) -> None:
        data = parse_submission(call.body)
        leaf = data.chains.cps[0]
        if leaf.domain_component != "CPS":
            raise Refusal(400, f"certificateInstallationRes: {leaf.subject} is no certificate of a CPS")
        for found in self._relying.chain(data.chains.cps, "v2g").findings:
            if found.severity is Severity.FAIL:
                raise refusal("certificateInstallationRes: CPS certificate chain", found)
        stated = call.body.get("cpsV2GRootCertificateFingerprint")
        root = self.lifecycle.root_of(data)
        if stated is not None and stated.lower() != root.fingerprint:
            raise Refusal(400, f"cpsV2GRootCertificateFingerprint: the CPS is below {root.fingerprint}")

    @failpoint("ccp.add.contract")
    def _demand_contract_chain(self, call: Call) -> None:
        for found in self._relying.chain(parse_submission(call.body).chains.contract, "emsp", "v2g").findings:
            if found.severity is Severity.FAIL:
                raise refusal("certificateInstallationRes: contract certificate chain", found)

    @failpoint("ccp.add.vehicle")
    def _demand_vehicle(self, call: Call) -> None:
        data = parse_submission(call.body)
        if not provisioning_chain(self._vehicles, data.pcid, data.version):
            raise NotFoundLocally(
                404, f"pcid: no provisioning certificate is published for {data.pcid.normalised}"
            )

    @failpoint("ccp.add.unique")
    def _demand_unique(self, call: Call) -> None:
        data = parse_submission(call.body)
        if self.lifecycle.is_used_by_other(data.emaid, data.pcid):
            raise Refusal(400, EMAID_USED)

    @failpoint("ccp.add.store")
    def _store(self, call: Call) -> None:
        self.lifecycle.store(parse_submission(call.body))

    # Reading

    def _list(self, call: Call, conditions: Conditions) -> Answer:
        contracts = self._find(call, conditions)
        # The default is added here and not kept in the entry: it changes while the contract stays as it is.
        entries = (
            f'{each.data[:-1]},"defaultContract":{str(each.is_default).lower()}}}' for each in contracts
        )
        return Answer(200, f'{{"contractDataCollection":[{",".join(entries)}]}}'.encode())

    def _find(self, call: Call, conditions: Conditions) -> list[StoredContract]:
        """Return the contracts that a call is about, the oldest first.

        Raises:
            Refusal: 404, if there are none.
        """
        contracts = self._contracts.find(*(condition(call) for condition in self.enabled(conditions)))
        if not contracts:
            raise Refusal(404, NOT_FOUND)
        return contracts

    # Delivering

    def _deliver_on_request(self, call: Call) -> Answer:
        answer, delivered = self._delivery.answer_request(call)
        self._announce_requested(delivered)
        return answer

    @failpoint("ccp.request.announce")
    def _announce_requested(self, delivered: Sequence[StoredContract]) -> None:
        self._announce_delivered(delivered)

    @failpoint("ccp.request.peers")
    def _request_at_peers(self, call: Call) -> Answer:
        return self.collaboration.broadcast(call)

    def _requesting_vehicle(self, call: Call) -> Pcid | None:
        """Return the vehicle of a request if it has a contract here; for any other nobody need be asked."""
        pcid = vehicle_of(call)
        return pcid if self._delivery.holds_any_for(pcid) else None

    def _fetch(self, call: Call) -> Answer:
        return self._delivery.answer_oem(self._pair(call), call.query.get("sessionID", ""))

    def _pair(self, call: Call) -> StoredContract:
        # The oldest copy, where no root is asked for (ERR-097).
        return self._find(call, PAIR_CONDITIONS)[0]

    @failpoint("ccp.fetch.announce")
    def _announce_fetched(self, call: Call) -> None:
        self._announce_delivered([self._pair(call)])

    def _announce_delivered(self, contracts: Sequence[StoredContract]) -> None:
        for contract in contracts:
            self.lifecycle.publish_event(events.CONTRACT_DELIVERED, contract)

    # Deleting, choosing the default

    @failpoint("ccp.delete.known")
    def _demand_known(self, call: Call) -> None:
        if not self._contracts.find(is_contract(emaid_of(call)), at_most=1):
            raise Refusal(404, NOT_FOUND)

    @failpoint("ccp.delete.withdraw")
    def _delete(self, call: Call) -> None:
        contracts = self._contracts.find(self._scope_of_deletion(call))
        self.lifecycle.withdraw(contracts, without=(REVOKE,) if self._skips_revocation(call) else ())

    @failpoint("ccp.delete.scope")
    def _scope_of_deletion(self, call: Call) -> ColumnElement[bool]:
        return is_contract(emaid_of(call))

    @failpoint("ccp.delete.skip")
    def _skips_revocation(self, call: Call) -> bool:
        return call.headers.get("x-skip-revocation", "false") == "true"

    @failpoint("ccp.default.known")
    def _demand_pair(self, call: Call) -> None:
        if not self._contracts.find(is_contract(emaid_of(call)), is_for(pcid_of(call)), at_most=1):
            raise Refusal(404, NOT_FOUND)

    @failpoint("ccp.default.set")
    def _set_default(self, call: Call) -> None:
        self.lifecycle.set_default(emaid_of(call), pcid_of(call))


# What is sent


@failpoint_function("ccp.add.message")
def _demand_message(call: Call) -> None:
    parse_submission(call.body)


@failpoint_function("ccp.add.positive")
def _demand_positive(call: Call) -> None:
    check_positive(parse_submission(call.body))


@failpoint_function("ccp.add.emaid")
def _demand_emaid(call: Call) -> None:
    check_emaid(parse_submission(call.body))


@failpoint_function("ccp.add.signature")
def _demand_signature(call: Call) -> None:
    check_signature(parse_submission(call.body))


# Whose it is


@failpoint_function("ccp.add.owner")
def _demand_own_new_contract(call: Call) -> None:
    # The CPS of the ecosystem stores for every eMSP whose contract data it has signed.
    if call.principal and call.principal.party != "cps":
        owned_by(call.principal, emaid=Emaid.parse(call.body["emaid"]))


def _demand_own_contract(call: Call) -> None:
    owned_by(call.principal, emaid=emaid_of(call))


def _demand_own_vehicle(call: Call) -> None:
    owned_by(call.principal, pcid=pcid_of(call))


_EMAID_OWNER = Failpoint("ccp.emaid.owner", _demand_own_contract)
_DELETE_OWNER = Failpoint("ccp.delete.owner", _demand_own_contract)
_FETCH_OWNER = Failpoint("ccp.fetch.owner", _demand_own_vehicle)
_PCID_OWNER = Failpoint("ccp.pcid.owner", _demand_own_vehicle)
_DEFAULT_OWNER = Failpoint("ccp.default.owner", _demand_own_vehicle)
