"""What enters and leaves a CCP, and which contract of a vehicle is its default.

The default is a contract, in all its copies under several roots: the first one stored for a vehicle and
edition, then the one its OEM sets; if it goes, the oldest of the others (ERR-082).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from opnc import events
from opnc.identifiers import Pcid
from opnc.pki.revocation import Revocation
from opnc.pki.validity import ended_before, whole_second
from opnc.provisioning.namespaces import EVENT_NAMESPACES, NAMESPACES, version_of
from simulators.ccp.store import CONTRACTS, KEY, is_contract, is_for, same_values
from simulators.ccp.submission import chains_of, parse_submission, record_of
from simulators.kernel import Refusal, failpoint
from simulators.kernel.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import timedelta
    from typing import Protocol

    from sqlalchemy import ColumnElement

    from opnc.identifiers import Emaid
    from opnc.pki.reading import ReadCertificate
    from simulators.ccp.delivery import ContractDelivery
    from simulators.ccp.store import ContractRecord, ContractStore, StoredContract
    from simulators.ccp.submission import SubmittedContract
    from simulators.kernel import EcosystemContext
    from simulators.pki.relying_party import RelyingParty

    Contracts = Sequence[StoredContract]

    class ContractRegister(Protocol):
        """The side of a PKI that a CCP sees: what it has issued, to revoke it."""

        def owner(self, certificate: ReadCertificate, /) -> str | None:
            """Return to whom a certificate was issued; None where the PKI has not issued it."""

        def is_revoked(self, certificate: ReadCertificate, /) -> bool:
            """Tell whether a certificate is revoked."""

        def revoke(self, certificate: ReadCertificate, revocation: Revocation, /) -> None:
            """Revoke a certificate."""


CLEANSING_BATCH_SIZE = 1000
"""Contracts that are looked at in one go of cleansing; the others follow in the next."""

REVOKE, ANNOUNCE = "ccp.withdraw.revoke", "ccp.withdraw.announce"
"""What does not follow from every withdrawal."""

_OF_VEHICLE = ("pcid", "version")


class ContractLifecycle:
    """Stores, replaces and removes contracts.

    Attributes:
        context: What the services of the ecosystem have in common.
        injector: The faults that are on.
    """

    def __init__(
        self,
        context: EcosystemContext,
        contracts: ContractStore,
        register: ContractRegister,
        relying: RelyingParty,
    ) -> None:
        self.injector = context.injector
        self.context = context
        self._contracts = contracts
        self._register = register
        self._relying = relying

    # In

    def root_of(self, data: SubmittedContract) -> ReadCertificate:
        """Return the V2G root above the CPS that has signed contract data.

        Raises:
            Refusal: 400, where there is none that the root certificate pool knows.
        """
        checked = self._relying.chain(data.chains.cps, "v2g")
        if checked.anchor is None:
            raise Refusal(400, "the certificate of the CPS leads to no V2G root of the root certificate pool")
        return checked.anchor

    def store_signed(self, members: Mapping[str, Any]) -> None:
        """Store what the CPS of the same ecosystem has signed.

        Args:
            members: A signedContractData object, decoded.

        Raises:
            Refusal: 400, as `parse_submission` and `root_of` say.
        """
        self.store(parse_submission(members))

    def store(self, data: SubmittedContract) -> None:
        """Store contract data, in place of what is stored under the same key; tell the OEM.

        Raises:
            Refusal: 400, as `root_of` says.
        """
        record = record_of(data, self.root_of(data), self.context.clock.now())
        key = self._identity_columns()
        known = self._contracts.find(same_values(record, *key), at_most=1)
        # Announced before it is stored: created or updated is told by whether a copy is there already.
        self._announce_stored(record)
        if known:
            self._replace(record, key)
        else:
            self._add(record, key)

    @failpoint("ccp.store.key")
    def _identity_columns(self) -> Sequence[str]:
        """Return the columns by which contract data are one and the same (ERR-097)."""
        return KEY

    @failpoint("ccp.store.announce")
    def _announce_stored(self, record: ContractRecord) -> None:
        # Whatever its root: for the OEM all copies are one contract.
        known = self._contracts.find(same_values(record, "emaid", "pcid", "version"), at_most=1)
        self.publish_event(events.CONTRACT_UPDATED if known else events.CONTRACT_CREATED, record)

    @failpoint("ccp.store.replace")
    def _replace(self, record: ContractRecord, key: Sequence[str]) -> None:
        self._contracts.replace(same_values(record, *key), record)

    @failpoint("ccp.store.add")
    def _add(self, record: ContractRecord, _key: Sequence[str]) -> None:
        self._contracts.add(record, is_default=self._becomes_default(record))

    def is_used_by_other(self, emaid: Emaid, pcid: Pcid) -> bool:
        """Tell whether a contract is stored for another vehicle than this."""
        return bool(self._contracts.find(is_contract(emaid), sql.not_(is_for(pcid)), at_most=1))

    # The default

    @failpoint("ccp.default.first")
    def _becomes_default(self, record: ContractRecord) -> bool:
        """Tell whether a new contract, or another copy of a known one, is the default."""
        default = self._contracts.find(same_values(record, *_OF_VEHICLE), CONTRACTS.c.is_default, at_most=1)
        return not default or default[0].emaid == record.emaid

    def is_default(self, emaid: Emaid, pcid: Pcid) -> bool:
        """Tell whether a contract is the default of a vehicle in any edition."""
        return bool(self._contracts.find(is_contract(emaid), is_for(pcid), CONTRACTS.c.is_default, at_most=1))

    def set_default(self, emaid: Emaid, pcid: Pcid) -> None:
        """Make a contract the default of a vehicle, in every edition it is stored for."""
        stored = self._contracts.find(is_for(pcid), is_contract(emaid))
        for version in {contract.version for contract in stored}:
            of_version = sql.and_(is_for(pcid), CONTRACTS.c.version == version)
            self._unset_default(sql.and_(of_version, sql.not_(is_contract(emaid))))
            self._set_default(sql.and_(of_version, is_contract(emaid)))

    @failpoint("ccp.default.clear")
    def _unset_default(self, condition: ColumnElement[bool]) -> None:
        self._contracts.set_default(condition, is_default=False)

    @failpoint("ccp.default.mark")
    def _set_default(self, condition: ColumnElement[bool]) -> None:
        self._contracts.set_default(condition, is_default=True)

    @failpoint("ccp.withdraw.successor")
    def _choose_new_default(self, gone: Contracts) -> None:
        """Make the oldest contract of a vehicle the default where the default has gone."""
        for contract in gone:
            left = self._contracts.find(same_values(contract, *_OF_VEHICLE))
            if left and not any(other.is_default for other in left):
                # `find` orders by id, so the first is the oldest; all its copies become the default with it.
                oldest = same_values(left[0], *_OF_VEHICLE, "emaid")
                self._contracts.set_default(oldest, is_default=True)

    # Out

    def withdraw(self, contracts: Contracts, without: Iterable[str] = ()) -> None:
        """Remove contracts, with all that follows from it.

        Args:
            contracts: What goes.
            without: Names of what shall not follow, of `REVOKE` and `ANNOUNCE`.
        """
        # Revoked and announced while they are there; who follows is decided among those that are left.
        steps = (self._revoke, self._announce_deleted, self._remove, self._choose_new_default)
        for do in self.injector.enabled([step for step in steps if step.name not in set(without)]):
            do(contracts)

    @failpoint(REVOKE)
    def _revoke(self, contracts: Contracts) -> None:
        """Revoke the contract certificates that a CA of this ecosystem has issued (ERR-090)."""
        # Whole seconds: CRLs and OCSP responses know no smaller ones.
        moment = self.context.clock.now().replace(microsecond=0)
        # `dict.fromkeys` and no set: the same seed revokes in the same order.
        for leaf in dict.fromkeys(chains_of(contract).contract[0] for contract in contracts):
            if self._register.owner(leaf) is not None and not self._register.is_revoked(leaf):
                self._register.revoke(leaf, Revocation(moment, "cessationOfOperation"))

    @failpoint(ANNOUNCE)
    def _announce_deleted(self, contracts: Contracts) -> None:
        # One event for all copies of a contract.
        for contract in {(each.emaid, each.pcid): each for each in contracts}.values():
            self.publish_event(events.CONTRACT_DELETED, contract)

    @failpoint("ccp.withdraw.remove")
    def _remove(self, contracts: Contracts) -> None:
        self._contracts.remove(contracts)

    # What the PCP asks for

    def emaids(self, pcid: Pcid, namespace: str) -> Sequence[Emaid]:
        """Return the EMAIDs of the contracts that are kept for a vehicle in one edition, each once."""
        return list(dict.fromkeys(contract.emaid for contract in self._contracts_of(pcid, namespace)))

    def delete_of(self, pcid: Pcid, namespace: str) -> None:
        """Delete contracts whose key cannot be had any more."""
        self.withdraw(self._contracts_of(pcid, namespace), without=self._not_done_for_vehicle())

    def lose_vehicle(self, event: Event) -> None:
        """Delete all contracts of a vehicle, as a PCP that somebody else runs has told; tell their eMSPs.

        Args:
            event: What has happened to the vehicle, in `pcid` of its payload; of both editions where it names
                none.
        """
        pcid = Pcid.parse(event.payload["pcid"])
        for version in [version_of(event.namespace)] if event.namespace else NAMESPACES:
            # Whom to tell is read from the contracts, so they go after the announcement.
            for emaid in self.emaids(pcid, NAMESPACES[version]):
                payload = {**event.payload, "emaid": emaid.normalised}
                namespace = EVENT_NAMESPACES[version]
                self.context.bus.publish(
                    replace(event, payload=payload, provider_id=emaid.owner, namespace=namespace)
                )
            self.delete_of(pcid, NAMESPACES[version])

    @failpoint("ccp.withdraw.with-vehicle")
    def _not_done_for_vehicle(self) -> Sequence[str]:
        """Return what does not follow where a vehicle goes: the OEM, who did it, is not told (ERR-145)."""
        return (ANNOUNCE,)

    def _contracts_of(self, pcid: Pcid, namespace: str) -> Contracts:
        return self._contracts.find(is_for(pcid), CONTRACTS.c.version == version_of(namespace))

    # Cleansing

    def cleanse(self, delivery: ContractDelivery, interval: timedelta) -> None:
        """Remove what has expired, and what was revoked since it was looked at last.

        Args:
            delivery: Asks for the status of certificates.
            interval: How often the status of each contract is asked for.
        """
        now = self.context.clock.now().timestamp()
        due = now - interval.total_seconds()
        # Neither is revoked again: what has expired or was revoked is of no use to anybody.
        for do in self.injector.enabled((self._withdraw_expired, self._withdraw_revoked)):
            do(delivery, now, due)

    @failpoint("ccp.cleansing.expired")
    def _withdraw_expired(self, _delivery: ContractDelivery, now: float, _due: float) -> None:
        expired = self._contracts.find(
            ended_before(CONTRACTS.c.valid_to, whole_second(now)), at_most=CLEANSING_BATCH_SIZE
        )
        self.withdraw(expired, without=(REVOKE, ANNOUNCE))

    @failpoint("ccp.cleansing.revoked")
    def _withdraw_revoked(self, delivery: ContractDelivery, now: float, due: float) -> None:
        contracts = self._contracts.checked_longest_ago(CONTRACTS.c.checked <= due, CLEANSING_BATCH_SIZE)
        if contracts:
            # Before the status is asked for: a source that is silent is not asked again before its interval.
            self._contracts.mark_checked(contracts, now)
        revoked = [each for each in contracts if any(s and s.revocation for s in delivery.statuses(each))]
        self.withdraw(revoked, without=(REVOKE, ANNOUNCE))

    # Telling

    def publish_event(self, event: str, contract: ContractRecord) -> None:
        """Announce what became of stored contract data.

        Args:
            event: Name of the event, as in `opnc.events`.
            contract: What it is about; its OEM and its eMSP are told.
        """
        self.context.bus.publish(
            Event(
                event,
                self._payload(contract),
                wmi=contract.pcid.owner,
                provider_id=contract.emaid.owner,
                namespace=EVENT_NAMESPACES[contract.version],
            )
        )

    @failpoint("ccp.event.payload")
    def _payload(self, contract: ContractRecord) -> Mapping[str, str]:
        return {
            "emaid": contract.emaid.normalised,
            "pcid": contract.pcid.normalised,
            "cpsSignerRootFingerprint": contract.root,
        }
