"""The Root Certificate Pool: the roots every party of the ecosystem relies on.

OPNC: specification/apis/rcp, processes/docs/components/01_root-certificate-pool.md.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sql

from opnc import roots
from opnc.events import ROOT_ADDED, ROOT_EXPIRED, ROOT_REVOKED
from opnc.pki.deviations import Unreadable
from opnc.pki.profiles import profiles
from opnc.pki.reading import ReadCertificate, read_certificate_text
from opnc.pki.validity import Validity, ended_before, whole_second
from simulators.kernel import (
    Answer,
    Call,
    Failpoint,
    OperationHandler,
    Refusal,
    Service,
    failpoint,
    failpoint_function,
    random_uuid,
)
from simulators.kernel.authorities import Root
from simulators.kernel.events import Event
from simulators.rcp.store import ROOTS, StoredRoot

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import Select

    from simulators.kernel import EcosystemContext
    from simulators.pki.status_client import StatusClient

    Roots = Sequence["StoredRoot"]

# Put together once: building a statement costs more than running it.
_ALL = sql.select(ROOTS).order_by(ROOTS.c.position)
_WITH_ID = _ALL.where(ROOTS.c.id == sql.bindparam("root"))
_WITH_FINGERPRINT = _ALL.where(ROOTS.c.fingerprint == sql.bindparam("certificate"))
_ENDED = _ALL.where(ended_before(ROOTS.c.valid_to, sql.bindparam("second")))
_LAST = sql.select(sql.func.coalesce(sql.func.max(ROOTS.c.position), 0))
_ADD, _REMOVE = ROOTS.insert(), ROOTS.delete().where(ROOTS.c.id == sql.bindparam("root"))

INFORMATIVE = frozenset(
    {"distinguishedName", "commonName", "organizationName", "validFrom", "validTo", "fingerprint"}
    | {"rootAuthorityKeyIdentifier", "rootIssuerSerialNumber"}
)
"""Members that follow from the certificate, so that nobody needs to be believed about them (ERR-020)."""


class RootCertificatePool(Service):
    """Stores roots for the administrator, offers the valid ones to everybody, removes what has expired."""

    name = "rcp"

    def __init__(self, context: EcosystemContext, status_client: StatusClient, cleansing: timedelta) -> None:
        """Make the pool.

        Args:
            context: What the ecosystem's services share.
            status_client: Reads the revocation lists that roots name.
            cleansing: How often the revocation lists are looked at.
        """
        super().__init__(context)
        self._pool: Roots | None = None
        self._status_client = status_client
        self._interval = cleansing
        self._cleansing_due: datetime | None = None

    def reset(self) -> None:
        """Forget what was read of the tables; the next cleansing is an interval away."""
        self._pool = None
        self._cleansing_due = self.context.clock.now() + self._interval

    def handlers(self) -> Mapping[str, OperationHandler]:
        """Return what the pool does, by operation id."""
        return {
            "getRootCertificateV1": OperationHandler(act=self._read, controls=(_READ_ID, self._read_known)),
            "getRootCertificatesV1": OperationHandler(act=self._list),
            "putRootCertificateV1": OperationHandler(
                act=_done,
                controls=(
                    *(_has_types, _is_certificate, _is_root, _has_key_of_iso15118),
                    *(self._is_valid, self._is_not_revoked),
                ),
                effects=(self._store,),
                # The revocation list that the root names is had from its CA.
                blocks_on_network=True,
            ),
            "deleteRootCertificateV1": OperationHandler(
                act=_done,
                controls=(_DELETE_ID, self._delete_known),
                # Announced first: the event says what is no longer there afterwards.
                effects=(self._announce_deleted, self._remove),
            ),
        }

    def trusted(self, *types: str) -> tuple[ReadCertificate, ...]:
        """Return the roots of some types, lower case, that are valid now, for the other services."""
        now = self.context.clock.now().timestamp()
        rows = _valid(self._whole(), now)
        chosen = (row for row in rows if any(row.has_type(name) for name in types))
        return tuple(_kept_certificate(row.body) for row in chosen)

    def held(self) -> tuple[Root, ...]:
        """Return the roots that are valid now, with their types."""
        now = self.context.clock.now().timestamp()
        bodies = [json.loads(row.body) for row in _valid(self._whole(), now)]
        return tuple(Root(_certificate(body).der, roots.stated_types(body)) for body in bodies)

    def bodies(self) -> list[dict[str, Any]]:
        """Return the objects of all roots that are stored, valid or not."""
        return [json.loads(row.body) for row in self._whole()]

    def tick(self) -> None:
        """Cleanse the pool: roots that have expired or are revoked leave it, and everybody is told."""
        now = self.context.clock.now()
        # A clock that was put back has left a moment behind that is too far away.
        if self._cleansing_due is None or not now < self._cleansing_due <= now + self._interval:
            self._cleansing_due = now + self._interval
            self._cleanse(self._rows(_ENDED, second=whole_second(now)), ROOT_EXPIRED)
            self._cleanse(self._revoked(), ROOT_REVOKED)

    @failpoint("rcp.cleansing.lists", without=())
    def _revoked(self) -> Roots:
        """Return the roots that are on a revocation list they name: one that they have signed themselves."""
        return [row for row in self._rows() if self._is_revoked(_kept_certificate(row.body))]

    def _is_revoked(self, root: ReadCertificate) -> bool:
        status = self._status_client.by_crl(root, root)
        return status is not None and status.state == "revoked"

    def _cleanse(self, rows: Roots, event: str) -> None:
        for row in rows:
            # One transaction each: what has left the pool stays out of it if the next one fails.
            with self.context.store.transaction():
                self._remove_cleansed(row)
                self._announce_cleansed(event, row)

    @failpoint("rcp.cleansing.remove")
    def _remove_cleansed(self, row: StoredRoot) -> None:
        self._delete(row.id)

    @failpoint("rcp.cleansing.announce")
    def _announce_cleansed(self, event: str, row: StoredRoot) -> None:
        self._announce(event, row)

    # Reading

    def _read(self, call: Call) -> Answer:
        row = self._row(call)
        # Bodies are handed on as the text they are kept as: nothing is decoded to be encoded again.
        wrapped = f'{{"{roots.WRAPPERS[0]}":{row.body}}}' if row else "{}"
        return Answer(200, wrapped.encode())

    def _list(self, call: Call) -> Answer:
        rows = self._offered(call.query.get("pkiType"))
        if not rows:
            raise Refusal(404, "pkiType: the pool holds no root of this type")
        return Answer(200, f'{{"rootCertificateCollection":[{",".join(row.body for row in rows)}]}}'.encode())

    def _offered(self, asked: str | None) -> Roots:
        now = self.context.clock.now().timestamp()
        rows = self._whole()
        for narrow in self.enabled((_of_type, _valid_now)):
            rows = narrow(rows, asked, now)
        return rows

    def _whole(self) -> Roots:
        """Return all roots; they are polled far more often than written, so what was read is kept."""
        if self._pool is None:
            self._pool = self._rows()
        return self._pool

    def _known(self, call: Call) -> None:
        if self._row(call) is None:
            raise Refusal(404, "rootCertificateId: the pool holds no root with this id")

    _read_known = failpoint("rcp.read.known")(_known)
    _delete_known = failpoint("rcp.delete.known")(_known)

    def _row(self, call: Call) -> StoredRoot | None:
        rows = self._rows(_WITH_ID, root=call.path["rootCertificateId"].lower())
        return rows[0] if rows else None

    def _rows(self, chosen: Select[Any] = _ALL, **values: Any) -> list[StoredRoot]:
        with self.context.store.begin() as connection:
            return [StoredRoot(*row) for row in connection.execute(chosen, values)]

    def last_position(self) -> int:
        """Return the position of the root that was stored last; 0 where there is none."""
        with self.context.store.begin() as connection:
            return int(connection.execute(_LAST).scalar_one())

    # Storing

    @failpoint("rcp.put.validity")
    def _is_valid(self, call: Call) -> None:
        # What is not valid yet may come in advance: it is offered from then on.
        if _certificate(call.body).validity.ended(self.context.clock.now()):
            raise Refusal(400, "caCertificate: the certificate has expired")

    @failpoint("rcp.put.revocation")
    def _is_not_revoked(self, call: Call) -> None:
        if self._is_revoked(_certificate(call.body)):
            raise Refusal(400, "caCertificate: the certificate is revoked")

    @failpoint("rcp.put.store")
    def _store(self, call: Call) -> None:
        fingerprint = _certificate(call.body).fingerprint
        known = {row.id for row in self._rows(_WITH_FINGERPRINT, certificate=fingerprint)}
        self.put(call.body)
        # Read back: the id is the pool's own, and stands in no request.
        for row in self._rows(_WITH_FINGERPRINT, certificate=fingerprint):
            if self._is_new(row, known):
                self._announce_added(row)

    def put(self, sent: Mapping[str, Any]) -> str:
        """Store a root object, or bring the entry of the same certificate up to date.

        Args:
            sent: The members of the request's body: `caCertificate`, `rootTypeList` and what else is stated.

        Returns:
            Its `rootCertificateId`.
        """
        certificate = _certificate(sent)
        believed = {name: value for name, value in sent.items() if name not in INFORMATIVE}
        # An id of ours lies below what was sent: a fault may believe the client's, who may have sent none.
        entry = {**self._drawn_id(), **believed}
        derivations = (self._own_id, self._recognised, _first_type, _types, _members)
        for derive in self.enabled(derivations):
            entry |= derive(certificate, sent)
        # Who is put again keeps the id, and comes last.
        self._delete(entry["rootCertificateId"])
        with self.context.store.begin() as connection:
            position = connection.execute(_LAST).scalar_one() + 1
            connection.execute(_ADD, {"position": position, **_columns(certificate, entry)})
        return str(entry["rootCertificateId"])

    @failpoint("rcp.put.own-id")
    def _own_id(self, _certificate: ReadCertificate, _sent: Mapping[str, Any]) -> dict[str, Any]:
        return self._drawn_id()

    def _drawn_id(self) -> dict[str, Any]:
        return {"rootCertificateId": str(random_uuid(self.context.random))}

    @failpoint("rcp.put.recognise")
    def _recognised(self, certificate: ReadCertificate, _sent: Mapping[str, Any]) -> dict[str, Any]:
        rows = self._rows(_WITH_FINGERPRINT, certificate=certificate.fingerprint)
        return {"rootCertificateId": rows[0].id} if rows else {}

    @failpoint("rcp.delete.remove")
    def _remove(self, call: Call) -> None:
        self._delete(call.path["rootCertificateId"].lower())

    def _delete(self, root_id: str) -> None:
        # Read anew when it is needed; what is added goes through here as well.
        self._pool = None
        with self.context.store.begin() as connection:
            connection.execute(_REMOVE, {"root": root_id})

    # Telling

    @failpoint("rcp.put.new", without=True)
    def _is_new(self, row: StoredRoot, known: Collection[str]) -> bool:
        """Tell whether an entry was made, and not only brought up to date."""
        return row.id not in known

    @failpoint("rcp.put.announce")
    def _announce_added(self, row: StoredRoot) -> None:
        self._announce(ROOT_ADDED, row)

    @failpoint("rcp.delete.announce")
    def _announce_deleted(self, call: Call) -> None:
        if row := self._row(call):
            self._announce(self._deletion_event(), row)

    @failpoint("rcp.delete.event", without=ROOT_REVOKED)
    def _deletion_event(self) -> str:
        """Return by which event others learn of a deletion, for which none is published (ERR-017)."""
        return ROOT_REVOKED

    def _announce(self, event: str, row: StoredRoot) -> None:
        for payload in self._event_payloads(json.loads(row.body)):
            self.context.bus.publish(Event(event, payload))

    @failpoint("rcp.announce.payloads", without=())
    def _event_payloads(self, root: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
        """Return what is told of a root: once, with one of its types (ERR-013)."""
        return [roots.event_payload(root)]


@failpoint_function("rcp.list.type")
def _of_type(rows: Roots, asked: str | None, _now: float) -> Roots:
    return [row for row in rows if row.has_type(asked)] if asked else rows


@failpoint_function("rcp.list.valid")
def _valid_now(rows: Roots, _asked: str | None, now: float) -> Roots:
    return _valid(rows, now)


def _valid(rows: Roots, now: float) -> Roots:
    return [row for row in rows if Validity(row.valid_from, row.valid_to).contains(now)]


def _done(_call: Call) -> Answer:
    return Answer(200, media_type="")


def _is_uuid(call: Call) -> None:
    try:
        UUID(call.path["rootCertificateId"])
    except ValueError as error:
        raise Refusal(400, "rootCertificateId: not a UUID") from error


_READ_ID = Failpoint("rcp.read.id", _is_uuid)
_DELETE_ID = Failpoint("rcp.delete.id", _is_uuid)


@failpoint_function("rcp.put.types")
def _has_types(call: Call) -> None:
    if not roots.stated_types(call.body):
        raise Refusal(400, "rootTypeList: names no type")


@failpoint_function("rcp.put.certificate")
def _is_certificate(call: Call) -> None:
    try:
        certificate = _certificate(call.body)
    except Unreadable as problem:
        raise Refusal(400, str(problem)) from problem
    for finding in certificate.findings:
        if finding.field == "base64":
            raise Refusal(400, f"caCertificate: {finding.name}, expected {finding.expected}")


@failpoint_function("rcp.put.root")
def _is_root(call: Call) -> None:
    certificate = _certificate(call.body)
    usage = certificate.extensions.key_usage or frozenset()
    if not (certificate.self_signed and certificate.is_ca and "keyCertSign" in usage):
        raise Refusal(400, "caCertificate: not a root: self-signed, a CA, with key usage keyCertSign")


def _certificate(entry: Mapping[str, Any]) -> ReadCertificate:
    return read_certificate_text(entry["caCertificate"], where="caCertificate")


# By the text, for the certificate is all that matters here and roots are looked at far more often than put.
@lru_cache(maxsize=256)
def _kept_certificate(body: str) -> ReadCertificate:
    return _certificate(json.loads(body))


@failpoint_function("rcp.put.key")
def _has_key_of_iso15118(call: Call) -> None:
    algorithm = _certificate(call.body).key_algorithm
    if not any(algorithm in each.algorithms for each in profiles().values() if each.kind == "root"):
        raise Refusal(400, f"caCertificate: no root of ISO 15118: a key of {algorithm}")


@failpoint_function("rcp.put.type")
def _first_type(_certificate: ReadCertificate, sent: Mapping[str, Any]) -> dict[str, Any]:
    return {"rootTypeList": [roots.TYPES[roots.stated_types(sent)[0]]]}


@failpoint_function("rcp.put.further-types")
def _types(_certificate: ReadCertificate, sent: Mapping[str, Any]) -> dict[str, Any]:
    return {"rootTypeList": [roots.TYPES[name] for name in dict.fromkeys(roots.stated_types(sent))]}


@failpoint_function("rcp.put.members")
def _members(certificate: ReadCertificate, _sent: Mapping[str, Any]) -> dict[str, Any]:
    return dict(roots.members(certificate))


def _columns(certificate: ReadCertificate, entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": entry["rootCertificateId"],
        "fingerprint": certificate.fingerprint,
        "types": f" {' '.join(roots.stated_types(entry))} ",
        "valid_from": certificate.not_before.timestamp(),
        "valid_to": certificate.not_after.timestamp(),
        "body": json.dumps(entry, separators=(",", ":")),
    }
