"""OCSP responder and CRL distribution point: what certificates name as the source of their status.

Neither asks for a token; both are fed by one register. RFC 6960, RFC 5280 section 5; ERR-114.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

import falcon

from opnc.contract.beside import CRL, OCSP
from opnc.pki import crl, ocsp
from opnc.pki.deviations import Unreadable
from opnc.pki.issue import Issuer
from opnc.pki.testbed import crl_name
from simulators.kernel import Answer, Call, failpoint
from simulators.kernel.service import send

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from opnc.clock import Clock
    from opnc.contract import Operation
    from opnc.pki.credentials import Credential
    from opnc.pki.ocsp import CertId
    from opnc.pki.reading import ReadCertificate
    from opnc.pki.revocation import Revocation, Status
    from opnc.pki.testbed import Addresses
    from simulators.kernel.fault_injection import FaultInjector
    from simulators.kernel.log import Log
    from simulators.kernel.wsgi import App

Act = Callable[[falcon.Request, str], Answer]
"""Answers a request; the text is what stands behind the address in the path."""

OCSP_PATH, CRL_PATH = "/ocsp", "/crl"
"""Where the two are where one host serves a whole ecosystem."""

OCSP_LIFETIME = timedelta(minutes=5)
"""How long an OCSP response may be relied on; short, so that no cache hides a revocation for long."""

CRL_PERIOD = timedelta(hours=1)
CRL_LIFETIME = timedelta(days=1)
"""A CRL is renewed every hour and with every revocation; it may be relied on for a day."""

_HASHES: tuple[ocsp.HashName, ...] = ("sha1", "sha256")


class StatusContext(Protocol):
    """What the service needs around it; the `EcosystemContext` of an ecosystem is one."""

    @property
    def clock(self) -> Clock:
        """What tells the time."""
        ...

    @property
    def injector(self) -> FaultInjector:
        """The faults that are switched on."""
        ...

    @property
    def log(self) -> Log:
        """The record of calls."""
        ...


class IssuedCertificates(ABC):
    """Knows the CAs it speaks for, and what became of the certificates they have issued."""

    def __init__(self) -> None:
        self._by_hash: dict[CertId, Credential] = {}
        self._by_name: dict[str, Credential] = {}

    def add(self, authority: Credential) -> None:
        """Speak for a CA from now on."""
        # Without a serial number, which says nothing about the CA, and by each hash that a request may choose
        # (RFC 6960 section 4.1.1).
        for name in _HASHES:
            self._by_hash[ocsp.cert_id(0, authority.certificate, name)] = authority
        self._by_name[crl_name(identifier(authority))] = authority

    def issuer(self, asked: CertId) -> Credential | None:
        """Return the CA an OCSP request is about."""
        return self._by_hash.get(replace(asked, serial=0))

    def named(self, name: str) -> Credential | None:
        """Return the CA a CRL is asked of."""
        return self._by_name.get(name)

    def responder(self, authority: Credential) -> Credential:
        """Return who signs OCSP responses for a CA: the CA itself unless it delegates."""
        return authority

    @abstractmethod
    def status(self, authority: Credential, serial: int) -> Status:
        """Return the status of a certificate."""

    @abstractmethod
    def revoked(self, authority: Credential) -> Mapping[int, Revocation]:
        """Return the serial numbers a CA has revoked."""


def identifier(authority: Credential) -> bytes:
    """Return the key identifier of a CA; every CA made here has one."""
    return authority.certificate.extensions.subject_key_identifier or b""


class StatusService:
    """The two addresses in front of a register.

    Attributes:
        addresses: The URLs under which certificates name them.
        ocsp: WSGI application that answers OCSP requests, POST and GET.
        crl: WSGI application that serves the CRL of each CA as `{name}.crl`.
        injector: The faults that are on.
        lifetime: For how long an OCSP response may be relied on; None: newer is to be had at any time
            (RFC 6960 section 4.2.2.1).
    """

    def __init__(self, register: IssuedCertificates, addresses: Addresses, context: StatusContext) -> None:
        self.addresses = addresses
        self.lifetime: timedelta | None = OCSP_LIFETIME
        self._register = register
        self._context = context
        self.injector = context.injector
        self.ocsp = self._app(OCSP, OCSP_PATH, self._answer_ocsp)
        self.crl = self._app(CRL, CRL_PATH, self._answer_crl)

    def _app(self, operation: Operation, prefix: str, act: Act) -> App:
        # Falcon passes `req` and `resp` by these names, and what the pattern of the path catches as `rest`.
        def respond(req: falcon.Request, resp: falcon.Response, **path: str) -> None:
            call = _call(operation, req)
            answer = self._context.injector.apply_tampering(call, act(req, path["rest"]))
            self._context.log.add(operation.service, call, answer)
            send(answer, resp)

        app = falcon.App()
        app.add_sink(respond, rf"(?:{prefix})?/?(?P<rest>.*)")
        return app

    @property
    def paths(self) -> Mapping[str, App]:
        """Beginning of the path -> application, for one host that serves both."""
        return {OCSP_PATH: self.ocsp, CRL_PATH: self.crl}

    def status(self, certificate: ReadCertificate, issuer: ReadCertificate) -> Status | None:
        """Return the status of a certificate; None where the register does not speak for its issuer."""
        asked = ocsp.cert_id(certificate.serial, issuer)
        authority = self._register.issuer(asked)
        return None if authority is None else self._register.status(authority, asked.serial)

    def respond(self, request: bytes) -> bytes:
        """Answer an OCSP request, DER to DER."""
        try:
            asked = ocsp.read_request(request)
        except Unreadable:
            return ocsp.build_refusal("malformedRequest")
        if asked.nonce is not None and len(asked.nonce) not in ocsp.NONCE_LENGTHS:
            return ocsp.build_refusal("malformedRequest")
        authority = self._register.issuer(asked.cert_id)
        if authority is None:
            # A responder says so of CAs that it does not speak for (RFC 6960 section 2.3).
            return ocsp.build_refusal("unauthorized")
        # Times in OCSP have no fractions of a second (RFC 5280 section 4.1.2.5.2).
        now = self._context.clock.now().replace(microsecond=0)
        status = self._register.status(authority, asked.cert_id.serial)
        responder = self._register.responder(authority)
        return ocsp.build_response(asked, status, responder, *self._period_of_response(now))

    @failpoint("pki.ocsp.period")
    def _period_of_response(self, now: datetime) -> tuple[datetime, datetime | None]:
        """Return from when on and until when a response may be relied on."""
        return now, None if self.lifetime is None else now + self.lifetime

    @failpoint("pki.crl.period")
    def _period_of_list(self, issued: datetime, start: datetime) -> tuple[datetime, datetime]:
        """Return when a list was issued, and when the next one is due."""
        return issued, start + CRL_LIFETIME

    def revocation_list(self, name: str) -> bytes | None:
        """Return the CRL of a CA, DER; None where there is no such CA.

        Its number rises with each period and with each revocation.
        """
        authority = self._register.named(name)
        if authority is None:
            return None
        revoked = self._register.revoked(authority)
        now = self._context.clock.now()
        period = int(now.timestamp() // CRL_PERIOD.total_seconds())
        start = _start_of(period, now)
        # A clock that was put back may have left revocations behind that are still to come.
        issued = max((start, *(entry.at for entry in revoked.values() if entry.at <= now)))
        issuer = Issuer.of(authority.der, authority.key)
        # Both only grow, so the number does too, and a list can be told from an older one (RFC 5280 section
        # 5.2.3).
        return crl.build_crl(issuer, revoked, period + len(revoked), *self._period_of_list(issued, start))

    def _answer_ocsp(self, request: falcon.Request, rest: str) -> Answer:
        if request.method not in {"GET", "POST"}:
            return Answer(405, media_type="", headers={"Allow": "GET, POST"})
        asked = _posted(request) if request.method == "POST" else _in_path(rest)
        # What is no request is answered by the protocol itself, with 200 (RFC 6960 section 2.3).
        return Answer(200, self.respond(asked), ocsp.RESPONSE_TYPE)

    def _answer_crl(self, request: falcon.Request, rest: str) -> Answer:
        if request.method not in {"GET", "HEAD"}:
            return Answer(405, media_type="", headers={"Allow": "GET, HEAD"})
        found = self.revocation_list(rest.removesuffix(".crl"))
        return Answer(404, media_type="") if found is None else Answer(200, found, crl.MEDIA_TYPE)


def _start_of(period: int, now: datetime) -> datetime:
    return now.fromtimestamp(period * CRL_PERIOD.total_seconds(), now.tzinfo)


def _posted(request: falcon.Request) -> bytes:
    # One byte more than is allowed, so that reading it tells that it is too long.
    return request.bounded_stream.read(ocsp.MAX_REQUEST_BYTES + 1)


def _in_path(segment: str) -> bytes:
    try:
        return ocsp.from_path(segment)
    except Unreadable:
        return b""


def _call(operation: Operation, request: falcon.Request) -> Call:
    return Call(
        operation=operation,
        principal=None,
        path={},
        query={},
        headers={name.lower(): value for name, value in request.headers.items()},
        content=b"",
        body=None,
        trace_id="",
    )
