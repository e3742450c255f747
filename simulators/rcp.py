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
from opnc.pki.reading import ReadCertificate, read_certificate_text
from opnc.pki.validity import Validity, ended_before, whole_second
from simulators.kernel import Answer, Call, Handling, Named, Refusal, Service, random_uuid
from simulators.kernel.authorities import Root
from simulators.kernel.events import Event
from simulators.kernel.store import METADATA

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import Row, Select

    from simulators.kernel import Setting
    from simulators.pki.status_client import Inquiry

    Rows = Sequence[Row[Any]]

ROOTS = sql.Table(
    "roots",
    METADATA,
    sql.Column("id", sql.String, primary_key=True),
    sql.Column("position", sql.Integer, nullable=False),
    sql.Column("fingerprint", sql.String, index=True, nullable=False),
    sql.Column("types", sql.String, nullable=False),  # lower case, a blank before and behind each
    sql.Column("valid_from", sql.Float, nullable=False),  # seconds since 1970
    sql.Column("valid_to", sql.Float, nullable=False),
    sql.Column("body", sql.Text, nullable=False),  # the JSON object as it is handed on
)

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

    def __init__(self, setting: Setting, inquiry: Inquiry, cleansing: timedelta) -> None:
        """Make the pool.

        Args:
            setting: What the ecosystem's services share.
            inquiry: Reads the revocation lists that roots name.
            cleansing: How often the revocation lists are looked at.
        """
        super().__init__(setting)
        self._pool: Sequence[Row[Any]] | None = None
        self._inquiry = inquiry
        self._interval = cleansing
        self._cleansing_due: datetime | None = None

    def reset(self) -> None:
        """Forget what was read of the tables; the next cleansing is an interval away."""
        self._pool = None
        self._cleansing_due = self.setting.clock.now() + self._interval

    def handlings(self) -> Mapping[str, Handling]:
        """Return what the pool does, by operation id."""
        return {
            "getRootCertificateV1": Handling(
                act=self._read,
                controls=(Named("rcp.read.id", _is_uuid), Named("rcp.read.known", self._known)),
            ),
            "getRootCertificatesV1": Handling(act=self._list),
            "putRootCertificateV1": Handling(
                act=_done,
                controls=(
                    Named("rcp.put.types", _has_types),
                    Named("rcp.put.certificate", _is_certificate),
                    Named("rcp.put.root", _is_root),
                    Named("rcp.put.validity", self._is_valid),
                ),
                effects=(
                    Named("rcp.put.store", self._store),
                    Named("rcp.put.announce", self._announce_added),
                ),
            ),
            "deleteRootCertificateV1": Handling(
                act=_done,
                controls=(Named("rcp.delete.id", _is_uuid), Named("rcp.delete.known", self._known)),
                effects=(
                    Named("rcp.delete.announce", self._announce_deleted),
                    Named("rcp.delete.remove", self._remove),
                ),
            ),
        }

    def trusted(self, *types: str) -> tuple[ReadCertificate, ...]:
        """Return the roots of some types that are valid now, for the other services of the ecosystem."""
        now = self.setting.clock.now().timestamp()
        rows = _valid(self._whole(), now)
        chosen = (row for row in rows if any(f" {name} " in row.types for name in types))
        return tuple(_kept_certificate(row.body) for row in chosen)

    def held(self) -> tuple[Root, ...]:
        """Return the roots that are valid now, with their types."""
        now = self.setting.clock.now().timestamp()
        bodies = [json.loads(row.body) for row in _valid(self._whole(), now)]
        return tuple(Root(_certificate(body).der, roots.stated_types(body)) for body in bodies)

    def tick(self) -> None:
        """Cleanse the pool: roots that have expired or are revoked leave it, and everybody is told."""
        now = self.setting.clock.now()
        # A clock that was put back has left a moment behind that is too far away.
        if self._cleansing_due is None or not now < self._cleansing_due <= now + self._interval:
            self._cleansing_due = now + self._interval
            self._cleanse(self._rows(_ENDED, second=whole_second(now)), ROOT_EXPIRED)
            for look in self.enabled((Named("rcp.cleansing.lists", self._revoked),)):
                self._cleanse(look(), ROOT_REVOKED)

    def _revoked(self) -> list[Row[Any]]:
        """Return the roots that are on a revocation list they name: one that they have signed themselves."""
        return [row for row in self._rows() if self._is_revoked(_kept_certificate(row.body))]

    def _is_revoked(self, root: ReadCertificate) -> bool:
        status = self._inquiry.by_crl(root, root)
        return status is not None and status.state == "revoked"

    def _cleanse(self, rows: list[Row[Any]], event: str) -> None:
        steps: tuple[Named[Callable[[Row[Any]], None]], ...] = (
            Named("rcp.cleansing.remove", lambda row: self._delete(row.id)),
            Named("rcp.cleansing.announce", lambda row: self._announce(event, row)),
        )
        for row in rows:
            with self.setting.store.unit():
                for do in self.enabled(steps):
                    do(row)

    @property
    def _derivations(self) -> tuple[Named[Any], ...]:
        return (
            Named("rcp.put.own-id", self._own_id),
            Named("rcp.put.recognise", self._recognised),
            Named("rcp.put.type", _first_type),
            Named("rcp.put.further-types", _types),
            Named("rcp.put.members", _members),
        )

    # Reading

    def _read(self, call: Call) -> Answer:
        row = self._row(call)
        wrapped = f'{{"{roots.WRAPPERS[0]}":{row.body}}}' if row else "{}"
        return Answer(200, wrapped.encode())

    def _list(self, call: Call) -> Answer:
        rows = self._offered(call.query.get("pkiType"))
        if not rows:
            raise Refusal(404, "pkiType: the pool holds no root of this type")
        return Answer(200, f'{{"rootCertificateCollection":[{",".join(row.body for row in rows)}]}}'.encode())

    def _offered(self, asked: str | None) -> Rows:
        now = self.setting.clock.now().timestamp()
        filters: tuple[Named[Callable[[Rows], Rows]], ...] = (
            Named("rcp.list.type", lambda rows: _of_type(rows, asked)),
            Named("rcp.list.valid", lambda rows: _valid(rows, now)),
        )
        rows = self._whole()
        for narrow in self.enabled(filters):
            rows = narrow(rows)
        return rows

    def _whole(self) -> Rows:
        """Return all roots; they are polled far more often than written, so what was read is kept."""
        if self._pool is None:
            self._pool = self._rows()
        return self._pool

    def _known(self, call: Call) -> None:
        if self._row(call) is None:
            raise Refusal(404, "rootCertificateId: the pool holds no root with this id")

    def _row(self, call: Call) -> Row[Any] | None:
        rows = self._rows(_WITH_ID, root=call.path["rootCertificateId"].lower())
        return rows[0] if rows else None

    def _rows(self, chosen: Select[Any] = _ALL, **values: Any) -> list[Row[Any]]:
        with self.setting.store.begin() as connection:
            return list(connection.execute(chosen, values))

    # Storing

    def _is_valid(self, call: Call) -> None:
        if _certificate(call.body).validity.ended(self.setting.clock.now()):
            raise Refusal(400, "caCertificate: the certificate has expired")

    def _store(self, call: Call) -> None:
        self.put(call.body)

    def put(self, sent: Mapping[str, Any]) -> str:
        """Store a root object, or bring the entry of the same certificate up to date; return its id."""
        certificate = _certificate(sent)
        believed = {name: value for name, value in sent.items() if name not in INFORMATIVE}
        entry = {**self._own_id(certificate, sent), **believed}
        for derive in self.enabled(self._derivations):
            entry |= derive(certificate, sent)
        self._delete(entry["rootCertificateId"])
        with self.setting.store.begin() as connection:
            position = connection.execute(_LAST).scalar_one() + 1
            connection.execute(_ADD, {"position": position, **_columns(certificate, entry)})
        return str(entry["rootCertificateId"])

    def _own_id(self, _certificate: ReadCertificate, _sent: Mapping[str, Any]) -> dict[str, Any]:
        return {"rootCertificateId": str(random_uuid(self.setting.random))}

    def _recognised(self, certificate: ReadCertificate, _sent: Mapping[str, Any]) -> dict[str, Any]:
        rows = self._rows(_WITH_FINGERPRINT, certificate=certificate.fingerprint)
        return {"rootCertificateId": rows[0].id} if rows else {}

    def _remove(self, call: Call) -> None:
        self._delete(call.path["rootCertificateId"].lower())

    def _delete(self, root_id: str) -> None:
        self._pool = None
        with self.setting.store.begin() as connection:
            connection.execute(_REMOVE, {"root": root_id})

    # Telling

    def _announce_added(self, call: Call) -> None:
        fingerprint = _certificate(call.body).fingerprint
        for row in self._rows(_WITH_FINGERPRINT, certificate=fingerprint):
            self._announce(ROOT_ADDED, row)

    def _announce_deleted(self, call: Call) -> None:
        if row := self._row(call):
            self._announce(ROOT_REVOKED, row)

    def _announce(self, event: str, row: Row[Any]) -> None:
        self.setting.bus.publish(Event(event, roots.event_payload(json.loads(row.body))))


def _of_type(rows: Rows, asked: str | None) -> Rows:
    return [row for row in rows if f" {asked} " in row.types] if asked else rows


def _valid(rows: Rows, now: float) -> Rows:
    return [row for row in rows if Validity(row.valid_from, row.valid_to).contains(now)]


def _done(_call: Call) -> Answer:
    return Answer(200, media_type="")


def _is_uuid(call: Call) -> None:
    try:
        UUID(call.path["rootCertificateId"])
    except ValueError as error:
        raise Refusal(400, "rootCertificateId: not a UUID") from error


def _has_types(call: Call) -> None:
    if not roots.stated_types(call.body):
        raise Refusal(400, "rootTypeList: names no type")


def _is_certificate(call: Call) -> None:
    try:
        certificate = _certificate(call.body)
    except Unreadable as problem:
        raise Refusal(400, str(problem)) from problem
    for finding in certificate.findings:
        if finding.field == "base64":
            raise Refusal(400, f"caCertificate: {finding.name}, expected {finding.expected}")


def _is_root(call: Call) -> None:
    certificate = _certificate(call.body)
    usage = certificate.extensions.key_usage or frozenset()
    if not (certificate.self_signed and certificate.is_ca and "keyCertSign" in usage):
        raise Refusal(400, "caCertificate: not a root: self-signed, a CA, with key usage keyCertSign")


def _certificate(entry: Mapping[str, Any]) -> ReadCertificate:
    return read_certificate_text(entry["caCertificate"], where="caCertificate")


@lru_cache(maxsize=256)
def _kept_certificate(body: str) -> ReadCertificate:
    return _certificate(json.loads(body))


def _first_type(_certificate: ReadCertificate, sent: Mapping[str, Any]) -> dict[str, Any]:
    return {"rootTypeList": [roots.TYPES[roots.stated_types(sent)[0]]]}


def _types(_certificate: ReadCertificate, sent: Mapping[str, Any]) -> dict[str, Any]:
    return {"rootTypeList": [roots.TYPES[name] for name in dict.fromkeys(roots.stated_types(sent))]}


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
