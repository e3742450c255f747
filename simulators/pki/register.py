"""The register of an ecosystem's own PKI: what it has issued, to whom, and what it has revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sql

from opnc.pki.revocation import GOOD, UNKNOWN, Revocation, Status
from simulators.kernel import failpoint, failpoint_function
from simulators.kernel.store import METADATA
from simulators.pki.ocsp_crl import IssuedCertificates, identifier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opnc.pki.credentials import Credential
    from opnc.pki.reading import ReadCertificate
    from simulators.kernel.authorities import Authorities
    from simulators.kernel.fault_injection import FaultInjector
    from simulators.kernel.store import Store

SerialNumber = tuple[str, str]
"""Names a certificate: the key identifier of its issuer and the serial number, both in hex."""

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


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate as the register keeps it: a row of its table, columns in their order.

    Attributes:
        authority: Key identifier of the CA, hex.
        serial: Hex.
        owner: See `simulators.pki.subjects`.
        revoked: Seconds since 1970; None while it is good.
        reason: The `revocationReason`; None while it is good.
    """

    authority: str
    serial: str
    owner: str
    revoked: int | None
    reason: str | None

    @property
    def revocation(self) -> Revocation | None:
        """When and why it was revoked; None while it is good."""
        if self.revoked is None or self.reason is None:
            return None
        return Revocation(datetime.fromtimestamp(self.revoked, UTC), self.reason)


class CertificateRegister(IssuedCertificates):
    """Kept in the ecosystem's store."""

    def __init__(self, trust: Authorities, store: Store, injector: FaultInjector) -> None:
        super().__init__()
        self._trust = trust
        self._store = store
        self.injector = injector
        self._keys: dict[str, Credential] = {}
        self._authorities: set[SerialNumber] = set()
        self._responders: dict[bytes, Credential] = {}
        for authority in trust.authorities:
            self.add(authority)

    def add(self, authority: Credential) -> None:
        """Speak for a CA of the ecosystem, and know its own certificate as issued."""
        super().add(authority)
        self._keys[identifier(authority).hex()] = authority
        self._authorities.add(_serial_number(authority.certificate))

    def responder(self, authority: Credential) -> Credential:
        """Return the responder to which a CA has delegated; made when it is first needed, then kept."""
        key_identifier = identifier(authority)
        if key_identifier not in self._responders:
            self._responders[key_identifier] = self._trust.pki.ocsp_responder(authority)
        return self._responders[key_identifier]

    def status(self, authority: Credential, serial: int) -> Status:
        """Return what is known of a serial number."""
        number = identifier(authority).hex(), f"{serial:x}"
        # The first that knows the number tells; where a fault leaves one out, the next is asked.
        found = (
            look(number) for look in self.injector.enabled((self._if_authority, self._if_issued, _unknown))
        )
        return next((status for status in found if status), GOOD)

    def revoked(self, authority: Credential) -> Mapping[int, Revocation]:
        """Return what a CA has revoked, by serial number."""
        return dict(self._entries(authority))

    def issue(self, certificate: ReadCertificate, owner: str) -> None:
        """Note that a certificate was issued."""
        authority, serial = _serial_number(certificate)
        with self._store.begin() as connection:
            connection.execute(_ADD, {"authority": authority, "serial": serial, "owner": owner})

    def owner(self, certificate: ReadCertificate) -> str | None:
        """Return to whom a certificate was issued; None where no CA of this register has issued it."""
        number = _serial_number(certificate)
        authority, row = self._keys.get(number[0]), self._row(number)
        # Anybody can write a serial number and a key identifier into a certificate of their own.
        genuine = authority is not None and certificate.signed_by(authority.certificate)
        return row.owner if row and genuine else None

    def is_revoked(self, certificate: ReadCertificate) -> bool:
        """Return whether a certificate was revoked."""
        row = self._row(_serial_number(certificate))
        return row is not None and row.revoked is not None

    def revoke(self, certificate: ReadCertificate, revocation: Revocation) -> None:
        """Revoke a certificate, for good."""
        authority, serial = _serial_number(certificate)
        values = {"revoked": int(revocation.at.timestamp()), "reason": revocation.reason}
        with self._store.begin() as connection:
            connection.execute(_REVOKE_ONE.values(values), {"ca": authority, "number": serial})

    @failpoint("pki.status.authorities")
    def _if_authority(self, number: SerialNumber) -> Status | None:
        return GOOD if number in self._authorities else None

    @failpoint("pki.status.issued")
    def _if_issued(self, number: SerialNumber) -> Status | None:
        row = self._row(number)
        if row is None:
            return None
        return GOOD if row.revocation is None else Status("revoked", row.revocation)

    @failpoint("pki.crl.entries", without=())
    def _entries(self, authority: Credential) -> Sequence[tuple[int, Revocation]]:
        of_authority = ISSUED.c.authority == identifier(authority).hex()
        with self._store.begin() as connection:
            rows = connection.execute(sql.select(ISSUED).where(of_authority, ISSUED.c.revoked.is_not(None)))
            revoked = [IssuedCertificate(*row) for row in rows]
        return [(int(row.serial, 16), row.revocation) for row in revoked if row.revocation]

    def _row(self, number: SerialNumber) -> IssuedCertificate | None:
        authority, serial = number
        with self._store.begin() as connection:
            row = connection.execute(_READ_ONE, {"ca": authority, "number": serial}).one_or_none()
        return None if row is None else IssuedCertificate(*row)


@failpoint_function("pki.status.unknown")
def _unknown(_number: SerialNumber) -> Status | None:
    return UNKNOWN


def _serial_number(certificate: ReadCertificate) -> SerialNumber:
    return (certificate.extensions.authority_key_identifier or b"").hex(), f"{certificate.serial:x}"
