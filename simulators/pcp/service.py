"""The Provisioning Certificate Pool: for each vehicle the certificate that contracts are encrypted to.

OPNC: specification/apis/pcp, processes/docs/components/02_provisioning-certificate-pool.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from opnc import vehicles
from opnc.events import FACTORY_RESET, PROVISIONING_DELETED, PROVISIONING_UPDATED
from opnc.identifiers import Pcid
from opnc.pki.validity import Validity, ended_before, whole_second
from opnc.problem import Problem
from opnc.provisioning.namespaces import EVENT_NAMESPACES, version_of
from simulators.collaboration import Collaboration, PeerRegistry
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
from simulators.kernel.events import Event
from simulators.kernel.ownership import owned_by
from simulators.pcp.certificate_status import CertificateStatuses
from simulators.pcp.peer_answers import answer_checks
from simulators.pcp.publication import (
    check_chain_to_root,
    check_dates,
    check_leaf,
    check_pcid,
    check_v2g_roots,
    read_publication,
    root_or_highest_of,
)
from simulators.pcp.store import VEHICLES, StoredVehicle, VehicleStore
from simulators.pki.subjects import may_act_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import timedelta

    from opnc.pki.reading import ReadCertificate
    from simulators.kernel import EcosystemContext
    from simulators.kernel.handling import Control
    from simulators.pcp.contracts import VehicleContracts
    from simulators.pki.status_client import StatusClient

PUT, DELETE = "addProvisioningCertificateV1", "deleteProvisioningCertificateV1"
READ, LOOKUP = "getProvisioningCertificateV1", "lookupVehicleV1"

CLEANSING_BATCH_SIZE = 1000
"""Certificates that are looked at in one go of cleansing; the others follow in the next."""

_MEMBERS_AS_SENT = (vehicles.V2G_ROOTS, "previousPcid")
"""Members that are handed on as the OEM sent them; all others follow from the certificates (ERR-052)."""


class ProvisioningCertificatePool(Service):
    """Keeps what OEMs publish, offers it to those who make contracts, removes what is no longer valid."""

    name = "pcp"

    def __init__(
        self,
        context: EcosystemContext,
        *,
        roots: Callable[[], Sequence[ReadCertificate]],
        status_client: StatusClient,
        contracts: VehicleContracts,
        peers: PeerRegistry,
        cleansing: timedelta,
    ) -> None:
        """Put the pool into its ecosystem.

        Args:
            context: What all services share.
            roots: Returns the roots of OEM and V2G that the root certificate pool offers now (ERR-048).
            status_client: Tells the status of certificates.
            contracts: The contracts that hang on a vehicle's key.
            peers: The ecosystems that this one is onboarded with.
            cleansing: How often the status of each certificate is asked for.
        """
        self._roots = roots
        self._statuses = CertificateStatuses(status_client, context.injector)
        self._contracts = contracts
        self._cleansing_interval = cleansing
        self._vehicles = VehicleStore(context.store)
        self.collaboration = Collaboration(self, peers, answer_checks(roots, context.clock))
        super().__init__(context)

    def handlers(self) -> Mapping[str, OperationHandler]:
        """Return what the pool does, by operation id."""
        return {
            PUT: OperationHandler(
                act=_done,
                controls=(
                    _demand_certificates,
                    _demand_v2g_roots,
                    _demand_pcid,
                    _demand_leaf,
                    *self._control_steps,
                ),
                effects=(self._store,),
                # The status of each certificate is asked for at its CA.
                blocks_on_network=True,
            ),
            DELETE: OperationHandler(
                act=_done,
                controls=(_DELETE_OWNER, self._delete_known),
                # Events and contracts first: both are found by what is removed last.
                effects=(self._announce_withdrawn, self._drop_all_contracts, self._remove),
            ),
            READ: OperationHandler(
                act=self._read,
                controls=(_READ_OWNER, self._read_known),
                fallbacks=(self._read_at_peers,),
            ),
            # Reading alone is passed on to other pools, a look-up is not.
            LOOKUP: OperationHandler(act=_done, controls=(_READ_OWNER, self._look_up_known)),
        }

    def tick(self) -> None:
        """Cleanse the pool: what has expired or was revoked leaves it, with all that hangs on it."""
        for find in self.enabled((self._expired, self._revoked)):
            for vehicle in find():
                # Whom to tell is read from the contracts, so they go after the announcement.
                self._announce_cleansed(vehicle)
                self._drop_cleansed_contracts(vehicle)
                self._remove_cleansed(vehicle)

    # Publishing

    @property
    def _control_steps(self) -> tuple[Control, ...]:
        """The control steps, in the order that is prescribed."""
        return (
            _demand_wmi,
            self._demand_dates,
            self._demand_good_status,
            self._demand_chain_to_root,
        )

    @failpoint("pcp.put.validity")
    def _demand_dates(self, call: Call) -> None:
        check_dates(read_publication(call.body), self.context.clock.now())

    @failpoint("pcp.put.status")
    def _demand_good_status(self, call: Call) -> None:
        self._statuses.demand_good(read_publication(call.body), self._roots())

    @failpoint("pcp.put.chain")
    def _demand_chain_to_root(self, call: Call) -> None:
        check_chain_to_root(read_publication(call.body), self._roots())

    @failpoint("pcp.put.store")
    def _store(self, call: Call) -> None:
        leaf = read_publication(call.body).leaf
        stored = self._vehicles.of(_published_pcid(call))
        kept = next((each for each in stored if self._is_replaced(each, leaf)), None)
        lost = kept if kept and self._has_lost_key(kept, leaf) else None
        # Whom to tell is read from the contracts, so they go after the announcement.
        for event in self._lost_key_events(call, lost):
            self.context.bus.publish(event)
        if lost:
            self._drop_lost_contracts(lost)
        if kept:
            self._replace(call, kept)
        else:
            self._add(call)

    @failpoint("pcp.put.kind")
    def _is_replaced(self, kept: StoredVehicle, leaf: ReadCertificate) -> bool:
        """Tell whether a publication takes the place of an earlier one: of the same edition (ERR-045)."""
        return kept.namespace == vehicles.namespace_of(leaf)

    @failpoint("pcp.put.lost")
    def _has_lost_key(self, kept: StoredVehicle, leaf: ReadCertificate) -> bool:
        """Tell whether a vehicle no longer has the key its contracts are encrypted to."""
        return kept.key != leaf.spki.hex()

    @failpoint("pcp.put.news", without=())
    def _lost_key_events(self, _call: Call, lost: StoredVehicle | None) -> Sequence[Event]:
        """Return what eMSPs are told: that a vehicle no longer has the key its contracts are encrypted to."""
        return self._events(PROVISIONING_UPDATED, lost) if lost else ()

    @failpoint("pcp.put.replace")
    def _replace(self, call: Call, kept: StoredVehicle) -> None:
        self._vehicles.remove_kind(kept.pcid, kept.namespace)
        self._keep(call)

    @failpoint("pcp.put.add")
    def _add(self, call: Call) -> None:
        self._keep(call)

    def _keep(self, call: Call) -> None:
        chain = read_publication(call.body)
        entry = {
            vehicles.CHAIN: vehicles.chain_object([each.der for each in chain.certificates]),
            **{name: call.body[name] for name in _MEMBERS_AS_SENT if name in call.body},
            # Last: what follows from the certificates is never taken from what the OEM states (ERR-052).
            **vehicles.informative_members(chain.leaf, root_or_highest_of(chain, self._roots())),
        }
        self._vehicles.add(_published_pcid(call), chain.leaf, entry, self.context.clock.now())

    # Reading

    def _read(self, call: Call) -> Answer:
        found = self._valid_vehicle(call)
        return Answer(200, f'{{"{vehicles.WRAPPER}":{found.body}}}'.encode() if found else b"{}")

    @failpoint("pcp.read.peers")
    def _read_at_peers(self, call: Call) -> Answer:
        return self.collaboration.broadcast(call)

    def _valid_vehicle(self, call: Call) -> StoredVehicle | None:
        """Return the valid certificate that was published last, of whichever edition (ERR-045)."""
        stored = self._vehicles.of(_pcid(call))
        return next((each for each in stored if self._is_valid(each) and self._is_offered(each)), None)

    @failpoint("pcp.read.valid", without=True)
    def _is_valid(self, vehicle: StoredVehicle) -> bool:
        return not Validity(vehicle.valid_from, vehicle.valid_to).ended(self.context.clock.now())

    @failpoint("pcp.read.root", without=True)
    def _is_offered(self, _vehicle: StoredVehicle) -> bool:
        # What hangs on a root that was removed stays until people decide about it (ERR-019).
        return True

    def leads_to_root(self, vehicle: StoredVehicle) -> bool:
        """Tell whether a vehicle hangs on a root that is known now."""
        chain = read_publication(json.loads(vehicle.body))
        return chain.issuer(chain.certificates[-1], self._roots()) is not None

    def _demand_known(self, call: Call) -> None:
        if self._valid_vehicle(call) is None:
            raise NotFoundLocally(404, "pcid: the pool holds no provisioning certificate for it")

    _read_known = failpoint("pcp.read.known")(_demand_known)
    _look_up_known = failpoint("pcp.lookup.known")(_demand_known)
    _delete_known = failpoint("pcp.delete.known")(_demand_known)

    # Withdrawing

    @failpoint("pcp.delete.announce")
    def _announce_withdrawn(self, call: Call) -> None:
        for vehicle in self._vehicles.of(_pcid(call)):
            self._announce(PROVISIONING_DELETED, vehicle)

    @failpoint("pcp.delete.contracts")
    def _drop_all_contracts(self, call: Call) -> None:
        for vehicle in self._vehicles.of(_pcid(call)):
            self._drop_contracts(vehicle)

    def _drop_contracts(self, vehicle: StoredVehicle) -> None:
        self._contracts.delete_of(vehicle.pcid, vehicle.namespace)

    _drop_lost_contracts = failpoint("pcp.put.contracts")(_drop_contracts)
    _drop_reset_contracts = failpoint("pcp.reset.contracts")(_drop_contracts)
    _drop_cleansed_contracts = failpoint("pcp.cleansing.contracts")(_drop_contracts)

    @failpoint("pcp.delete.remove")
    def _remove(self, call: Call) -> None:
        self._vehicles.remove(_pcid(call))

    def factory_reset(self, pcid: str) -> None:
        """Take all contracts from a vehicle; its certificate stays (ERR-122).

        Args:
            pcid: The vehicle, in any letter case.

        Raises:
            Problem: If it is no PCID, or the vehicle is not known.
        """
        stored = self._vehicles.of(Pcid.parse(pcid))
        if not stored:
            raise Problem(f"the pool holds no provisioning certificate for {pcid}")
        for vehicle in stored:
            self._announce_reset(vehicle)
            self._drop_reset_contracts(vehicle)

    @failpoint("pcp.reset.announce")
    def _announce_reset(self, vehicle: StoredVehicle) -> None:
        self._announce(FACTORY_RESET, vehicle)

    # Cleansing

    @failpoint("pcp.cleansing.announce")
    def _announce_cleansed(self, vehicle: StoredVehicle) -> None:
        self._announce(PROVISIONING_DELETED, vehicle)

    @failpoint("pcp.cleansing.remove")
    def _remove_cleansed(self, vehicle: StoredVehicle) -> None:
        self._vehicles.remove_kind(vehicle.pcid, vehicle.namespace)

    @failpoint("pcp.cleansing.expired")
    def _expired(self) -> list[StoredVehicle]:
        ended = ended_before(VEHICLES.c.valid_to, whole_second(self.context.clock.now()))
        return self._vehicles.checked_longest_ago(ended, CLEANSING_BATCH_SIZE)

    @failpoint("pcp.cleansing.revoked")
    def _revoked(self) -> list[StoredVehicle]:
        now = self.context.clock.now()
        due = VEHICLES.c.checked <= (now - self._cleansing_interval).timestamp()
        stored = self._vehicles.checked_longest_ago(due, CLEANSING_BATCH_SIZE)
        # Before the status is asked for: a source that is silent is not asked again before its interval.
        for vehicle in stored:
            self._vehicles.mark_checked(vehicle, now)
        roots = self._roots() if stored else ()
        return [vehicle for vehicle in stored if self._is_revoked(vehicle, roots)]

    def _is_revoked(self, vehicle: StoredVehicle, roots: Sequence[ReadCertificate]) -> bool:
        statuses = self._statuses.of_chain(read_publication(json.loads(vehicle.body)), roots)
        # Where no status can be had the certificate stays: a CA that is down must not empty the pool.
        return any(status is not None and status.state == "revoked" for _, status in statuses)

    # Telling

    def _announce(self, event: str, vehicle: StoredVehicle) -> None:
        for each in self._events(event, vehicle):
            self.context.bus.publish(each)

    @failpoint("pcp.events", without=())
    def _events(self, event: str, vehicle: StoredVehicle) -> Sequence[Event]:
        """Return an event for each contract of a vehicle: for its eMSP, and nobody else (ERR-049)."""
        pcid = vehicle.pcid.normalised
        return [
            Event(
                event,
                {"pcid": pcid, **({"emaid": emaid.normalised} if emaid else {})},
                wmi=vehicle.pcid.owner,
                provider_id=emaid.owner if emaid else None,
                namespace=EVENT_NAMESPACES[version_of(vehicle.namespace)],
            )
            for emaid in self._contracts.emaids(vehicle.pcid, vehicle.namespace)
        ]


def _done(_call: Call) -> Answer:
    return Answer(200, media_type="")


def _pcid(call: Call) -> Pcid:
    return Pcid.parse(call.path["pcid"])


def _published_pcid(call: Call) -> Pcid:
    return read_publication(call.body).pcid


@failpoint_function("pcp.put.format")
def _demand_certificates(call: Call) -> None:
    read_publication(call.body)


@failpoint_function("pcp.put.v2g-roots")
def _demand_v2g_roots(call: Call) -> None:
    check_v2g_roots(call.body)


@failpoint_function("pcp.put.pcid")
def _demand_pcid(call: Call) -> None:
    check_pcid(read_publication(call.body))


@failpoint_function("pcp.put.leaf")
def _demand_leaf(call: Call) -> None:
    check_leaf(read_publication(call.body))


@failpoint_function("pcp.put.wmi")
def _demand_wmi(call: Call) -> None:
    wmi = _published_pcid(call).owner
    if not may_act_for(call.principal, wmi):
        raise Refusal(403, f"pcid: this account does not act for the WMI {wmi}")


def _demand_owner(call: Call) -> None:
    """Keep OEMs apart, and what one of them has published unknown to the others (ERR-053)."""
    # All other parties may read any vehicle: contracts are made for it, whoever built it.
    if call.principal and call.principal.party == "oem":
        owned_by(call.principal, pcid=_pcid(call))


_READ_OWNER = Failpoint("pcp.read.owner", _demand_owner)
_DELETE_OWNER = Failpoint("pcp.delete.owner", _demand_owner)
