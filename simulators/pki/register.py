"""The register of an ecosystem's own PKI: what it has issued, to whom, and what it has revoked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from opnc.pki.revocation import GOOD, UNKNOWN, Revocation, Status
from simulators.kernel import Failpoint
from simulators.kernel.store import METADATA
from simulators.pki.ocsp_crl import IssuedCertificates, identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Row

    from opnc.pki.credentials import Credential
    from opnc.pki.reading import ReadCertificate
    from simulators.kernel.authorities import Authorities
    from simulators.kernel.fault_injection import FaultInjector
    from simulators.kernel.store import Store

_Place = tuple[str, str]

ISSUED = sql.Table(
    "issued_certificates",
    METADATA,
    sql.Column("authority", sql.String, primary_key=True),  # key identifier of the CA in hex
    sql.Column("serial", sql.String, primary_key=True),  # in hex: SQL knows no integers of 160 bits
    sql.Column("owner", sql.String, nullable=False),
    sql.Column("revoked", sql.BigInteger),  # seconds since 1970; null while it is good
    sql.Column("reason", sql.String),
)
_ONE = sql.and_(ISSUED.c.authority == sql.bindparam("ca"), ISSUED.c.serial == sql.bindparam("number"))
_ADD, _READ_ONE, _REVOKE_ONE = ISSUED.insert(), sql.select(ISSUED).where(_ONE), ISSUED.update().where(_ONE)


class CertificateRegister(IssuedCertificates):
    """Kept in the ecosystem's store."""

    def __init__(self, trust: Authorities, store: Store, injector: FaultInjector) -> None:
        super().__init__()
        self._trust = trust
        self._store = store
        self._injector = injector
        self._keys: dict[str, Credential] = {}
        self._authorities: set[_Place] = set()
        self._responders: dict[bytes, Credential] = {}
        for authority in trust.authorities:
            self.add(authority)

    def add(self, authority: Credential) -> None:
        """Speak for a CA of the ecosystem, and know its own certificate as issued."""
        super().add(authority)
        self._keys[identifier(authority).hex()] = authority
        self._authorities.add(_place(authority.certificate))

    def responder(self, authority: Credential) -> Credential:
        """Return the responder to which a CA has delegated."""
        place = identifier(authority)
        if place not in self._responders:
            self._responders[place] = self._trust.pki.ocsp_responder(authority)
        return self._responders[place]

    def status(self, authority: Credential, serial: int) -> Status:
        """Return what is known of a serial number."""
        place = identifier(authority).hex(), f"{serial:x}"
        found = (look(place) for look in self._injector.enabled(self._lookups))
        return next((status for status in found if status), GOOD)

    def revoked(self, authority: Credential) -> Mapping[int, Revocation]:
        """Return what a CA has revoked, by serial number."""
        entries = self._injector.enabled((Failpoint("pki.crl.entries", self._entries),))
        return {serial: entry for read in entries for serial, entry in read(authority)}

    def issue(self, certificate: ReadCertificate, owner: str) -> None:
        """Note that a certificate was issued."""
        authority, serial = _place(certificate)
        with self._store.begin() as connection:
            connection.execute(_ADD, {"authority": authority, "serial": serial, "owner": owner})

    def owner(self, certificate: ReadCertificate) -> str | None:
        """Return to whom a certificate was issued; None where no CA of this register has issued it."""
        authority, row = self._keys.get(_place(certificate)[0]), self._row(_place(certificate))
        genuine = authority is not None and certificate.signed_by(authority.certificate)
        return row.owner if row and genuine else None

    def is_revoked(self, certificate: ReadCertificate) -> bool:
        """Return whether a certificate was revoked."""
        row = self._row(_place(certificate))
        return row is not None and row.revoked is not None

    def revoke(self, certificate: ReadCertificate, revocation: Revocation) -> None:
        """Revoke a certificate, for good."""
        authority, serial = _place(certificate)
        values = {"revoked": int(revocation.at.timestamp()), "reason": revocation.reason}
        with self._store.begin() as connection:
            connection.execute(_REVOKE_ONE.values(values), {"ca": authority, "number": serial})

    @property
    def _lookups(self) -> tuple[Failpoint[Callable[[_Place], Status | None]], ...]:
        return (
            Failpoint("pki.status.authorities", self._if_authority),
            Failpoint("pki.status.issued", self._if_issued),
            Failpoint("pki.status.unknown", lambda _place: UNKNOWN),
        )

    def _if_authority(self, place: _Place) -> Status | None:
        return GOOD if place in self._authorities else None

    def _if_issued(self, place: _Place) -> Status | None:
        row = self._row(place)
        if row is None:
            return None
        return GOOD if row.revoked is None else Status("revoked", _revocation(row))

    def _entries(self, authority: Credential) -> list[tuple[int, Revocation]]:
        of_authority = ISSUED.c.authority == identifier(authority).hex()
        with self._store.begin() as connection:
            rows = connection.execute(sql.select(ISSUED).where(of_authority, ISSUED.c.revoked.is_not(None)))
            return [(int(row.serial, 16), _revocation(row)) for row in rows]

    def _row(self, place: _Place) -> Row[Any] | None:
        authority, serial = place
        with self._store.begin() as connection:
            return connection.execute(_READ_ONE, {"ca": authority, "number": serial}).one_or_none()


def _place(certificate: ReadCertificate) -> _Place:
    """Return the key identifier of the issuer and the serial number, both in hex."""
    return (certificate.extensions.authority_key_identifier or b"").hex(), f"{certificate.serial:x}"


def _revocation(row: Row[Any]) -> Revocation:
    return Revocation(datetime.fromtimestamp(row.revoked, UTC), row.reason)
