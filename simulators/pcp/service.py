"""The Provisioning Certificate Pool: for each vehicle the certificate that contracts are encrypted to.

OPNC: specification/apis/pcp, processes/docs/components/02_provisioning-certificate-pool.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from opnc import vehicles
from opnc.events import FACTORY_RESET, PROVISIONING_DELETED, PROVISIONING_UPDATED
from opnc.identifiers import Emaid, Pcid
from opnc.pki.validity import Validity, ended_before, whole_second
from opnc.problem import Problem
from opnc.provisioning.namespaces import EVENT_NAMESPACES, version_of
from simulators.collaboration import Acquaintance, Collaboration
from simulators.kernel import Answer, Call, Handling, Named, NotHere, Refusal, Service
from simulators.kernel.events import Event
from simulators.pcp.broadcast import checks
from simulators.pcp.certificate_status import States
from simulators.pcp.publication import (
    check_dates,
    check_leaf,
    check_links,
    check_pcid,
    check_v2g_roots,
    delivered,
    top_of,
)
from simulators.pcp.store import VEHICLES, Vehicles
from simulators.pki.subjects import may_act_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import timedelta

    from sqlalchemy import Row

    from opnc.pki.reading import ReadCertificate
    from simulators.kernel import Setting
    from simulators.kernel.handling import Control
    from simulators.pcp.contracts import Contracts
    from simulators.pki.status_client import Inquiry

PUT, DELETE = "addProvisioningCertificateV1", "deleteProvisioningCertificateV1"
READ, LOOKUP = "getProvisioningCertificateV1", "lookupVehicleV1"

CLEANSED_AT_ONCE = 1000
"""Certificates that are looked at in one go of cleansing; the others follow in the next."""

_KEPT = (vehicles.V2G_ROOTS, "previousPcid")
"""Members that are handed on as the OEM sent them; all others follow from the certificates (ERR-052)."""


class ProvisioningCertificatePool(Service):
    """Keeps what OEMs publish, offers it to those who make contracts, removes what is no longer valid."""

    name = "pcp"

    def __init__(
        self,
        setting: Setting,
        *,
        roots: Callable[[], Sequence[ReadCertificate]],
        inquiry: Inquiry,
        contracts: Contracts,
        acquaintance: Acquaintance,
        cleansing: timedelta,
    ) -> None:
        """Put the pool into its ecosystem.

        Args:
            setting: What all services share.
            roots: Returns the roots of OEM and V2G that the root certificate pool offers now (ERR-048).
            inquiry: Tells the status of certificates.
            contracts: The contracts that hang on a vehicle's key.
            acquaintance: The ecosystems that this one is onboarded with.
            cleansing: How often the status of each certificate is asked for.
        """
        self._roots = roots
        self._states = States(inquiry, setting.misbehaviour)
        self._contracts = contracts
        self._cleansing_interval = cleansing
        self._vehicles = Vehicles(setting.store)
        self.collaboration = Collaboration(self, acquaintance, checks(roots, setting.clock))
        super().__init__(setting)

    def handlings(self) -> Mapping[str, Handling]:
        """Return what the pool does, by operation id."""
        known: Control = Named("pcp.read.known", self._demand_known)
        owner: Control = Named("pcp.read.owner", _demand_owner)
        return {
            PUT: Handling(
                act=_done,
                controls=(
                    Named("pcp.put.format", _demand_certificates),
                    Named("pcp.put.v2g-roots", lambda call: check_v2g_roots(call.body)),
                    Named("pcp.put.pcid", _demand_pcid),
                    Named("pcp.put.leaf", _demand_leaf),
                    *self._steps,
                ),
                effects=(Named("pcp.put.store", self._store),),
                patient=True,
            ),
            DELETE: Handling(
                act=_done,
                controls=(
                    Named("pcp.delete.owner", _demand_owner),
                    Named("pcp.delete.known", self._demand_known),
                ),
                effects=(
                    Named("pcp.delete.announce", self._announce_withdrawn),
                    Named("pcp.delete.contracts", self._drop_all_contracts),
                    Named("pcp.delete.remove", self._remove),
                ),
            ),
            READ: Handling(
                act=self._read,
                controls=(owner, known),
                elsewhere=(Named("pcp.read.peers", self.collaboration.pass_on),),
            ),
            LOOKUP: Handling(act=_done, controls=(owner, known)),
        }

    def tick(self) -> None:
        """Cleanse the pool: what has expired or was revoked leaves it, with all that hangs on it."""
        for find in self.enabled(self._finds):
            for row in find():
                for do in self.enabled(self._cleansing):
                    do(row)

    # Publishing

    @property
    def _steps(self) -> tuple[Control, ...]:
        """The control steps, in the order that is prescribed."""
        return (
            Named("pcp.put.wmi", _demand_wmi),
            Named("pcp.put.validity", self._demand_dates),
            Named("pcp.put.status", self._demand_states),
            Named("pcp.put.chain", self._demand_links),
        )

    def _demand_dates(self, call: Call) -> None:
        check_dates(delivered(call.body), self.setting.clock.now())

    def _demand_states(self, call: Call) -> None:
        self._states.demand_good(delivered(call.body), self._roots())

    def _demand_links(self, call: Call) -> None:
        check_links(delivered(call.body), self._roots())

    def _store(self, call: Call) -> None:
        leaf = delivered(call.body).leaf
        rows = self._vehicles.of(_sent_pcid(call))
        kept = next((row for row in rows if row.namespace == vehicles.namespace_of(leaf)), None)
        lost = kept if kept and self.doing(Named("pcp.put.lost", _has_lost_key))(kept, leaf) else None
        for news in self.enabled((Named("pcp.put.news", self._news),)):
            for event in news(call, lost):
                self.setting.bus.publish(event)
        if lost:
            for drop in self.enabled((Named("pcp.put.contracts", self._drop_contracts),)):
                drop(lost)
        store = Named("pcp.put.replace", self._replace) if kept else Named("pcp.put.add", self._add)
        for keep in self.enabled((store,)):
            keep(call)

    def _news(self, _call: Call, lost: Row[Any] | None) -> list[Event]:
        """Return what eMSPs are told: that a vehicle no longer has the key its contracts are encrypted to."""
        return self._events(PROVISIONING_UPDATED, lost) if lost else []

    def _replace(self, call: Call) -> None:
        namespace = vehicles.namespace_of(delivered(call.body).leaf)
        self._vehicles.remove_kind(_sent_pcid(call), namespace)
        self._add(call)

    def _add(self, call: Call) -> None:
        chain = delivered(call.body)
        entry = {
            vehicles.CHAIN: vehicles.chain_object([each.der for each in chain.certificates]),
            **{name: call.body[name] for name in _KEPT if name in call.body},
            **vehicles.informative_members(chain.leaf, top_of(chain, self._roots())),
        }
        self._vehicles.add(_sent_pcid(call), chain.leaf, entry, self.setting.clock.now())

    # Reading

    def _read(self, call: Call) -> Answer:
        row = self._row(call)
        return Answer(200, f'{{"{vehicles.WRAPPER}":{row.body}}}'.encode() if row else b"{}")

    def _row(self, call: Call) -> Row[Any] | None:
        rows = self._vehicles.of(_pcid(call))
        conditions = list(self.enabled((Named("pcp.read.valid", self._is_valid),)))
        return next((row for row in rows if all(holds(row) for holds in conditions)), None)

    def _is_valid(self, row: Row[Any]) -> bool:
        return not Validity(row.valid_from, row.valid_to).ended(self.setting.clock.now())

    def _demand_known(self, call: Call) -> None:
        if self._row(call) is None:
            raise NotHere(404, "pcid: the pool holds no provisioning certificate for it")

    # Withdrawing

    def _announce_withdrawn(self, call: Call) -> None:
        for row in self._vehicles.of(_pcid(call)):
            self._announce(PROVISIONING_DELETED, row)

    def _drop_all_contracts(self, call: Call) -> None:
        for row in self._vehicles.of(_pcid(call)):
            self._drop_contracts(row)

    def _drop_contracts(self, row: Row[Any]) -> None:
        self._contracts.delete_of(row.pcid, row.namespace)

    def _remove(self, call: Call) -> None:
        self._vehicles.remove(_pcid(call))

    def factory_reset(self, pcid: str) -> None:
        """Take all contracts from a vehicle; its certificate stays (ERR-122).

        Raises:
            Problem: If the vehicle is not known.
        """
        rows = self._vehicles.of(Pcid.parse(pcid).normalised)
        if not rows:
            raise Problem(f"the pool holds no provisioning certificate for {pcid}")
        for row in rows:
            for do in self.enabled(self._resetting):
                do(row)

    @property
    def _resetting(self) -> tuple[Named[Callable[[Row[Any]], None]], ...]:
        return (
            Named("pcp.reset.announce", lambda row: self._announce(FACTORY_RESET, row)),
            Named("pcp.reset.contracts", self._drop_contracts),
        )

    @property
    def _finds(self) -> tuple[Named[Callable[[], list[Row[Any]]]], ...]:
        return (Named("pcp.cleansing.expired", self._expired), Named("pcp.cleansing.revoked", self._revoked))

    @property
    def _cleansing(self) -> tuple[Named[Callable[[Row[Any]], None]], ...]:
        return (
            Named("pcp.cleansing.announce", lambda row: self._announce(PROVISIONING_DELETED, row)),
            Named("pcp.cleansing.contracts", self._drop_contracts),
            Named("pcp.cleansing.remove", lambda row: self._vehicles.remove_kind(row.pcid, row.namespace)),
        )

    def _expired(self) -> list[Row[Any]]:
        second = whole_second(self.setting.clock.now())
        return self._vehicles.some(ended_before(VEHICLES.c.valid_to, second), CLEANSED_AT_ONCE)

    def _revoked(self) -> list[Row[Any]]:
        now = self.setting.clock.now()
        due = VEHICLES.c.checked <= (now - self._cleansing_interval).timestamp()
        rows = self._vehicles.some(due, CLEANSED_AT_ONCE)
        for row in rows:
            self._vehicles.mark_checked(row, now)
        roots = self._roots() if rows else ()
        return [row for row in rows if self._is_revoked(row, roots)]

    def _is_revoked(self, row: Row[Any], roots: Sequence[ReadCertificate]) -> bool:
        states = self._states.of(delivered(json.loads(row.body)), roots)
        return any(status is not None and status.state == "revoked" for _, status in states)

    def _announce(self, event: str, row: Row[Any]) -> None:
        for each in self._events(event, row):
            self.setting.bus.publish(each)

    def _events(self, event: str, row: Row[Any]) -> list[Event]:
        """Return an event for each contract of a vehicle: for its eMSP, and nobody else (ERR-049)."""
        namespace = EVENT_NAMESPACES[version_of(row.namespace)]
        vehicle = {"wmi": Pcid.parse(row.pcid).owner, "namespace": namespace}
        emaids = self._contracts.emaids(row.pcid, row.namespace)
        return [
            Event(event, {"pcid": row.pcid, "emaid": emaid}, provider_id=Emaid.parse(emaid).owner, **vehicle)
            for emaid in emaids
        ]


def _done(_call: Call) -> Answer:
    return Answer(200, media_type="")


def _pcid(call: Call) -> str:
    return Pcid.parse(call.path["pcid"]).normalised


def _sent_pcid(call: Call) -> str:
    return delivered(call.body).pcid.normalised


def _has_lost_key(kept: Row[Any], leaf: ReadCertificate) -> bool:
    """Tell whether a vehicle no longer has the key its contracts are encrypted to."""
    return bool(kept.key != leaf.spki.hex())


def _demand_certificates(call: Call) -> None:
    delivered(call.body)


def _demand_pcid(call: Call) -> None:
    check_pcid(delivered(call.body))


def _demand_leaf(call: Call) -> None:
    check_leaf(delivered(call.body))


def _demand_wmi(call: Call) -> None:
    wmi = delivered(call.body).pcid.owner
    if not may_act_for(call.principal, wmi):
        raise Refusal(403, f"pcid: this account does not act for the WMI {wmi}")


def _demand_owner(call: Call) -> None:
    """Keep OEMs apart, and what one of them has published unknown to the others (ERR-053)."""
    owner = Pcid.parse(call.path["pcid"]).owner
    if call.principal and call.principal.party == "oem" and owner not in call.principal.wmis:
        raise Refusal(403, f"pcid: this account does not act for the WMI {owner}")
