"""The PKI services: EST for the leaves of the ecosystem, and their revocation.

OPNC: specification/apis/pki, processes/docs/components/05_v2g-pki-services.md; RFC 7030, RFC 8951.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc.pki import est
from opnc.pki.conformance import check_request
from opnc.pki.deviations import Unreadable
from opnc.pki.issue import Issuer, Order, Subject, issue
from opnc.pki.profiles import find
from opnc.pki.reading import ReadCertificate, read_certificate, read_certificate_text
from opnc.pki.revocation import Revocation
from opnc.problem import Problem
from simulators.kernel import Answer, Call, Failpoint, OperationHandler, Refusal, Service
from simulators.kernel.authorities import ALGORITHMS, DOMAINS
from simulators.kernel.refusals import certificate, refusal
from simulators.pki.subjects import may_act_for, owner_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opnc.pki.credentials import Credential
    from opnc.pki.profiles import Profile
    from opnc.pki.requests import ReadRequest
    from simulators.kernel import EcosystemContext
    from simulators.kernel.authorities import Authorities
    from simulators.kernel.handling import Control
    from simulators.pki.register import CertificateRegister

CA_CERTIFICATES, ENROLL, REVOKE = "getCaCertsV1", "simpleEnrollCertV1", "revokeCertV1"

_FIRST_SERIAL = 1 << 62
"""Serial numbers have eight bytes, of which the first two bits are 01: positive, never shorter."""


class PkiServices(Service):
    """Issues leaf certificates for certification requests, and revokes them."""

    name = "pki"

    def __init__(self, context: EcosystemContext, trust: Authorities, register: CertificateRegister) -> None:
        self._trust = trust
        self._register = register
        super().__init__(context)

    def handlers(self) -> Mapping[str, OperationHandler]:
        """Return what the PKI does, by operation id."""
        return {
            CA_CERTIFICATES: OperationHandler(
                act=self._ca_certificates, controls=(Failpoint("pki.cacerts.authority", self._has_authority),)
            ),
            ENROLL: OperationHandler(
                act=self._enroll,
                controls=(
                    Failpoint("pki.enroll.request", _is_request),
                    Failpoint("pki.enroll.authority", self._has_authority),
                    Failpoint("pki.enroll.proof", _is_proven),
                    Failpoint("pki.enroll.key", self._key_fits),
                    self._name_control("attribute-form"),
                    self._name_control("organization"),
                    self._name_control("common-name"),
                    Failpoint("pki.enroll.owner", _owns_name),
                ),
            ),
            REVOKE: OperationHandler(
                act=lambda _call: Answer(200, media_type=""),
                controls=(
                    Failpoint("pki.revoke.certificate", _is_certificate),
                    Failpoint("pki.revoke.leaf", _is_leaf),
                    Failpoint("pki.revoke.known", self._is_known),
                    Failpoint("pki.revoke.owner", self._is_owner),
                    Failpoint("pki.revoke.fresh", self._is_fresh),
                ),
                effects=(Failpoint("pki.revoke.record", self._record),),
            ),
        }

    def _demand_right(self, call: Call) -> None:
        """Leave a domain that does not exist to the check of the parameters: nobody has a right on it."""
        if call.operation.id == REVOKE or call.query.get("caDomain") in DOMAINS:
            super()._demand_right(call)

    # Which CA

    @property
    def _selectors(self) -> tuple[Failpoint[Any], ...]:
        return (
            Failpoint("pki.select.domain", lambda call: {"domain": call.query["caDomain"]}),
            Failpoint("pki.select.version", _stated("iso15118Version", "version")),
            Failpoint("pki.select.key", _key_of_request),
            Failpoint("pki.select.algorithm", _stated("algorithm", "algorithm")),
        )

    def _selected(self, call: Call) -> dict[str, Any]:
        """Return domain, version and algorithm of the CA that is asked for."""
        selected: dict[str, Any] = {"domain": "emsp", "version": "ISO15118-2"}
        for select in self.enabled(self._selectors):
            selected |= select(call)
        return selected

    def _authority(self, call: Call) -> Credential:
        return self._trust.issuing(**self._selected(call))

    def _profile(self, call: Call) -> Profile:
        selected = self._selected(call)
        return find(selected["domain"], "leaf", selected["version"])

    def _has_authority(self, call: Call) -> None:
        try:
            self._authority(call)
        except Problem as problem:
            raise Refusal(400, f"caDomain, iso15118Version, algorithm: {problem.what}") from problem

    # EST

    def _ca_certificates(self, call: Call) -> Answer:
        return _certs_only(self._authority(call).chain)

    def _key_fits(self, call: Call) -> None:
        expected, seen = self._authority(call).certificate.key_algorithm, _request(call).key_algorithm
        if seen != expected:
            raise Refusal(400, f"request, subjectPublicKeyInfo: expected {expected}, seen {seen}")

    def _name_control(self, defect: str) -> Control:
        def control(call: Call) -> None:
            request = _request(call)
            for found in check_request(request.subject, request.key_algorithm, self._profile(call)):
                if found.name == defect:
                    raise Refusal(
                        400, f"request, {found.field}: expected {found.expected}, seen {found.seen}"
                    )

        return Failpoint(f"pki.enroll.{defect}", control)

    @property
    def _wishes(self) -> tuple[Failpoint[Any], ...]:
        return (
            Failpoint("pki.enroll.subject", lambda request: {"subject": _subject(request)}),
            Failpoint("pki.enroll.public-key", lambda request: {"public_key": request.public_key}),
            Failpoint("pki.enroll.serial", lambda _request: {"serial": self._serial()}),
        )

    def _enroll(self, call: Call) -> Answer:
        authority = self._authority(call)
        order = Order(
            subject=Subject("Somebody"),
            public_key=authority.key.public_key(),
            serial=_FIRST_SERIAL,
            not_before=self.context.clock.now().replace(microsecond=0),
        )
        for wish in self.enabled(self._wishes):
            order = replace(order, **wish(_request(call)))
        issued = read_certificate(issue(self._profile(call), order, self._issuer(authority)))
        owner = owner_of(call.query["caDomain"], order.subject.common_name, call.principal)
        self._register.issue(issued, owner)
        return _certs_only((issued.der,))

    def _issuer(self, authority: Credential) -> Issuer:
        issuer = Issuer.of(authority.der, authority.key)
        for with_addresses in self.enabled((Failpoint("pki.enroll.addresses", self._trust.pki.issuer),)):
            issuer = with_addresses(authority)
        return issuer

    def _serial(self) -> int:
        return _FIRST_SERIAL | self.context.random.getrandbits(62)

    # Revocation

    def _is_known(self, call: Call) -> None:
        if self._register.owner(_certificate(call)) is None:
            raise Refusal(400, "certificate: was not issued here")

    def _is_owner(self, call: Call) -> None:
        owner = self._register.owner(_certificate(call))
        if owner is not None and not may_act_for(call.principal, owner):
            raise Refusal(403, "certificate: belongs to somebody else")

    def _is_fresh(self, call: Call) -> None:
        if self._register.is_revoked(_certificate(call)):
            raise Refusal(400, "certificate: has been revoked already")

    def _record(self, call: Call) -> None:
        now = self.context.clock.now().replace(microsecond=0)
        self._register.revoke(_certificate(call), Revocation(now, call.body["revocationReason"]))


def _certs_only(certificates: tuple[bytes, ...]) -> Answer:
    content = est.encode_body(est.build_certs_only(certificates))
    headers = {"Content-Transfer-Encoding": est.TRANSFER_ENCODING}
    return Answer(200, content, est.RESPONSE_TYPE, headers)


def _stated(parameter: str, name: str) -> Callable[[Call], dict[str, str]]:
    def select(call: Call) -> dict[str, str]:
        return {name: call.query[parameter]} if parameter in call.query else {}

    return select


def _key_of_request(call: Call) -> dict[str, str]:
    """Let the key of the request decide where the generation leaves a choice."""
    version: Any = call.query.get("iso15118Version", "ISO15118-2")
    algorithm = _request(call).key_algorithm if call.operation.id == ENROLL else ""
    return {"algorithm": algorithm} if algorithm in ALGORITHMS[version] else {}


def _request(call: Call) -> ReadRequest:
    return est.read_enrolment(call.content).request


def _is_request(call: Call) -> None:
    try:
        found = est.read_enrolment(call.content).findings
    except Unreadable as problem:
        raise Refusal(400, f"request: {problem.what}") from problem
    for deviation in found:
        raise refusal("request", deviation)


def _is_proven(call: Call) -> None:
    for found in _request(call).proof():
        raise refusal("request", found)


def _owns_name(call: Call) -> None:
    common_name = _request(call).subject.get("CN") or ""
    owner = owner_of(call.query["caDomain"], common_name, call.principal)
    if not may_act_for(call.principal, owner):
        raise Refusal(403, f"request, subject.CN: this account does not act for {owner}")


def _subject(request: ReadRequest) -> Subject:
    name = request.subject
    return Subject(name.get("CN") or "", name.get("O") or "", name.get("C") or "")


def _certificate(call: Call) -> ReadCertificate:
    return read_certificate_text(call.body["certificate"], where="certificate")


def _is_certificate(call: Call) -> None:
    certificate(call.body["certificate"], "certificate")


def _is_leaf(call: Call) -> None:
    if _certificate(call).is_ca:
        raise Refusal(400, "certificate: expected a leaf, seen a CA, which is not revoked here")
