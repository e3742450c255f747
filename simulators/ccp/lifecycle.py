"""What enters and leaves a CCP, and which contract of a vehicle is its default.

The default is a contract, in all its copies under several roots: the first one stored for a vehicle and
generation, then the one its OEM sets; if it goes, the oldest of the others (ERR-082).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from opnc import events
from opnc.identifiers import Emaid, Pcid
from opnc.pki.revocation import Revocation
from opnc.pki.validity import ended_before, whole_second
from opnc.provisioning.namespaces import EVENT_NAMESPACES, version_of
from simulators.ccp.store import CONTRACTS, KEY, same, values_of
from simulators.ccp.submission import chains_of, columns, sent
from simulators.kernel import Named, Refusal
from simulators.kernel.events import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import timedelta

    from sqlalchemy import ColumnElement, Row

    from opnc.pki.reading import ReadCertificate
    from simulators.ccp.delivery import Delivery
    from simulators.ccp.store import Contracts
    from simulators.ccp.submission import Sent
    from simulators.kernel import Service
    from simulators.pki.register import CertificateRegister
    from simulators.pki.relying_party import RelyingParty

CLEANSED_AT_ONCE = 1000
"""Contracts that are looked at in one go of cleansing; the others follow in the next."""

_OF_VEHICLE = ("pcid", "version")


class Keeping:
    """Stores, replaces and removes contracts."""

    def __init__(
        self, service: Service, contracts: Contracts, register: CertificateRegister, relying: RelyingParty
    ) -> None:
        self._service = service
        self._contracts = contracts
        self._register = register
        self._relying = relying

    # In

    def root_of(self, data: Sent) -> ReadCertificate:
        """Return the V2G root above the CPS that has signed contract data.

        Raises:
            Refusal: 400, where there is none that the root certificate pool knows.
        """
        checked = self._relying.chain(data.chains.cps, "v2g")
        if checked.anchor is None:
            raise Refusal(400, "the certificate of the CPS leads to no V2G root of the root certificate pool")
        return checked.anchor

    def store(self, members: Mapping[str, Any]) -> None:
        """Store what the CPS of the same ecosystem has signed."""
        self.keep(sent(members))

    def keep(self, data: Sent) -> None:
        """Store contract data, in place of what is stored under the same key; tell the OEM."""
        values = columns(data, self.root_of(data), self._service.setting.clock.now())
        key = self._service.doing(Named("ccp.store.key", _key))()
        known = self._contracts.find(same(values, *key), at_most=1)
        for tell in self._service.enabled((Named("ccp.store.announce", self._announce_stored),)):
            tell(values)
        store = ("ccp.store.replace", self._replace) if known else ("ccp.store.add", self._add)
        for do in self._service.enabled((Named(*store),)):
            do(values, key)

    def _replace(self, values: dict[str, Any], key: Sequence[str]) -> None:
        self._contracts.change(same(values, *key), **values)

    def _add(self, values: dict[str, Any], _key: Sequence[str]) -> None:
        is_default = self._service.doing(Named("ccp.default.first", self._becomes_default))(values)
        self._contracts.add({**values, "is_default": is_default})

    def _becomes_default(self, values: dict[str, Any]) -> bool:
        """Tell whether a new contract, or another copy of a known one, is the default."""
        default = self._contracts.find(same(values, *_OF_VEHICLE), CONTRACTS.c.is_default, at_most=1)
        return not default or default[0].emaid == values["emaid"]

    def is_used_by_other(self, emaid: str, pcid: str) -> bool:
        """Tell whether a contract is stored for another vehicle than this."""
        return bool(self._contracts.find(CONTRACTS.c.emaid == emaid, CONTRACTS.c.pcid != pcid, at_most=1))

    # The default

    def set_default(self, emaid: str, pcid: str) -> None:
        """Make a contract the default of a vehicle, in every generation it is stored for."""
        of_vehicle, of_contract = CONTRACTS.c.pcid == pcid, CONTRACTS.c.emaid == emaid
        for version in {row.version for row in self._contracts.find(of_vehicle, of_contract)}:
            of_version = sql.and_(of_vehicle, CONTRACTS.c.version == version)
            for clear in self._service.enabled((Named("ccp.default.clear", self._clear),)):
                clear(sql.and_(of_version, sql.not_(of_contract)))
            for mark in self._service.enabled((Named("ccp.default.mark", self._mark),)):
                mark(sql.and_(of_version, of_contract))

    def _clear(self, condition: ColumnElement[bool]) -> None:
        self._contracts.change(condition, is_default=False)

    def _mark(self, condition: ColumnElement[bool]) -> None:
        self._contracts.change(condition, is_default=True)

    # Out

    def withdraw(self, rows: Sequence[Row[Any]], without: Iterable[str] = ()) -> None:
        """Remove contracts, with all that follows from it.

        Args:
            rows: What goes.
            without: Names of what shall not follow.
        """
        kept = [piece for piece in self._consequences if piece.name not in set(without)]
        for do in self._service.enabled(kept):
            do(rows)

    @property
    def _consequences(self) -> tuple[Named[Callable[[Sequence[Row[Any]]], None]], ...]:
        return (
            Named(REVOKE, self._revoke),
            Named(TELL, self._announce_deleted),
            Named("ccp.withdraw.remove", self._remove),
            Named("ccp.withdraw.successor", self._let_follow),
        )

    def _revoke(self, rows: Sequence[Row[Any]]) -> None:
        """Revoke the contract certificates that a CA of this ecosystem has issued (ERR-090)."""
        revocation = Revocation(
            self._service.setting.clock.now().replace(microsecond=0), "cessationOfOperation"
        )
        for leaf in dict.fromkeys(chains_of(row).contract[0] for row in rows):
            if self._register.owner(leaf) is not None and not self._register.is_revoked(leaf):
                self._register.revoke(leaf, revocation)

    def _remove(self, rows: Sequence[Row[Any]]) -> None:
        self._contracts.remove(CONTRACTS.c.id.in_([row.id for row in rows]))

    def _let_follow(self, rows: Sequence[Row[Any]]) -> None:
        """Make the oldest contract of a vehicle the default where the default has gone."""
        for row in rows:
            left = self._contracts.find(same(values_of(row), *_OF_VEHICLE))
            if left and not any(other.is_default for other in left):
                self._mark(same(values_of(left[0]), *_OF_VEHICLE, "emaid"))

    # What the PCP asks for

    def emaids(self, pcid: str, namespace: str) -> Sequence[str]:
        """Return the EMAIDs of the contracts that are kept for a vehicle in one generation."""
        return list(dict.fromkeys(row.emaid for row in self._of(pcid, namespace)))

    def delete_of(self, pcid: str, namespace: str) -> None:
        """Delete contracts whose key cannot be had any more; the OEM, who did it, is not told (ERR-145)."""
        self.withdraw(self._of(pcid, namespace), without=(TELL,))

    def _of(self, pcid: str, namespace: str) -> Sequence[Row[Any]]:
        return self._contracts.find(CONTRACTS.c.pcid == pcid, CONTRACTS.c.version == version_of(namespace))

    # Cleansing

    def cleanse(self, delivery: Delivery, interval: timedelta) -> None:
        """Remove what has expired, and what was revoked since it was looked at last."""
        now = self._service.setting.clock.now()
        finds: tuple[Named[Callable[[], Sequence[Row[Any]]]], ...] = (
            Named("ccp.cleansing.expired", lambda: self._expired(now.timestamp())),
            Named("ccp.cleansing.revoked", lambda: self._revoked(delivery, now.timestamp(), interval)),
        )
        for find in self._service.enabled(finds):
            self.withdraw(find(), without=(REVOKE, TELL))

    def _expired(self, now: float) -> Sequence[Row[Any]]:
        return self._contracts.find(
            ended_before(CONTRACTS.c.valid_to, whole_second(now)), at_most=CLEANSED_AT_ONCE
        )

    def _revoked(self, delivery: Delivery, now: float, interval: timedelta) -> Sequence[Row[Any]]:
        due = CONTRACTS.c.checked <= now - interval.total_seconds()
        rows = self._contracts.checked_longest_ago(due, CLEANSED_AT_ONCE)
        if rows:
            self._contracts.change(CONTRACTS.c.id.in_([row.id for row in rows]), checked=now)
        return [row for row in rows if any(status and status.revocation for status in delivery.states(row))]

    # Telling

    def _announce_stored(self, values: dict[str, Any]) -> None:
        known = self._contracts.find(same(values, "emaid", "pcid", "version"), at_most=1)
        self.tell(events.CONTRACT_UPDATED if known else events.CONTRACT_CREATED, values)

    def _announce_deleted(self, rows: Sequence[Row[Any]]) -> None:
        # One event for all copies of a contract.
        for row in {(row.emaid, row.pcid): row for row in rows}.values():
            self.tell(events.CONTRACT_DELETED, values_of(row))

    def tell(self, event: str, contract: Mapping[str, Any]) -> None:
        """Announce what became of stored contract data."""
        emaid, pcid = contract["emaid"], contract["pcid"]
        payload = {"emaid": emaid, "pcid": pcid, "cpsSignerRootFingerprint": contract["root"]}
        self._service.setting.bus.publish(
            Event(
                event,
                payload,
                wmi=Pcid.parse(pcid).owner,
                provider_id=Emaid.parse(emaid).owner,
                namespace=EVENT_NAMESPACES[contract["version"]],
            )
        )


def _key() -> Sequence[str]:
    """Return the columns by which contract data are one and the same (ERR-097)."""
    return KEY


REVOKE, TELL = "ccp.withdraw.revoke", "ccp.withdraw.announce"
