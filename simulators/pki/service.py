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
from simulators.kernel import (
    Answer,
    Call,
    OperationHandler,
    Refusal,
    Service,
    failpoint,
    failpoint_function,
)
from simulators.kernel.authorities import ALGORITHMS, DOMAINS
from simulators.kernel.refusals import certificate, refusal
from simulators.pki.subjects import may_act_for, owner_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opnc.pki.credentials import Credential
    from opnc.pki.profiles import Profile
    from opnc.pki.requests import ReadRequest
    from simulators.kernel import EcosystemContext
    from simulators.kernel.authorities import Authorities
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
                act=self._ca_certificates, controls=(self._has_authority_to_tell,)
            ),
            ENROLL: OperationHandler(
                act=self._enroll,
                controls=(
                    _is_request,
                    self._has_authority_to_issue,
                    _is_proven,
                    self._key_fits,
                    self._has_attribute_form,
                    self._has_organization,
                    self._has_common_name,
                    _owns_name,
                ),
            ),
            REVOKE: OperationHandler(
                act=lambda _call: Answer(200, media_type=""),
                controls=(
                    _is_certificate,
                    _is_leaf,
                    self._is_known,
                    self._is_owner,
                    self._is_fresh,
                ),
                effects=(self._record,),
            ),
        }

    def _demand_right(self, call: Call) -> None:
        """Leave a domain that does not exist to the check of the parameters: nobody has a right on it."""
        if call.operation.id == REVOKE or call.query.get("caDomain") in DOMAINS:
            super()._demand_right(call)

    # Which CA

    def _selected(self, call: Call) -> dict[str, Any]:
        """Return what CA is asked for: `domain`, `version` and, where it is stated, `algorithm`."""
        # What counts where a fault leaves a selector out.
        selected: dict[str, Any] = {"domain": "emsp", "version": "ISO15118-2"}
        for select in self.enabled(_SELECTORS):
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

    _has_authority_to_tell = failpoint("pki.cacerts.authority")(_has_authority)
    _has_authority_to_issue = failpoint("pki.enroll.authority")(_has_authority)

    # EST

    def _ca_certificates(self, call: Call) -> Answer:
        return _certs_only(self._authority(call).chain)

    @failpoint("pki.enroll.key")
    def _key_fits(self, call: Call) -> None:
        expected, seen = self._authority(call).certificate.key_algorithm, _request(call).key_algorithm
        if seen != expected:
            raise Refusal(400, f"request, subjectPublicKeyInfo: expected {expected}, seen {seen}")

    @failpoint("pki.enroll.attribute-form")
    def _has_attribute_form(self, call: Call) -> None:
        self._demand_no("attribute-form", call)

    @failpoint("pki.enroll.organization")
    def _has_organization(self, call: Call) -> None:
        self._demand_no("organization", call)

    @failpoint("pki.enroll.common-name")
    def _has_common_name(self, call: Call) -> None:
        self._demand_no("common-name", call)

    def _demand_no(self, defect: str, call: Call) -> None:
        """Refuse a request whose subject has a defect, by the name that `check_request` gives it."""
        request = _request(call)
        for found in check_request(request.subject, request.key_algorithm, self._profile(call)):
            if found.name == defect:
                raise Refusal(400, f"request, {found.field}: expected {found.expected}, seen {found.seen}")

    def _enroll(self, call: Call) -> Answer:
        authority = self._authority(call)
        # What a fault leaves out of the request stays as it is here: a name and a key of nobody.
        order = Order(
            subject=Subject("Somebody"),
            public_key=authority.key.public_key(),
            serial=_FIRST_SERIAL,
            # Certificates know whole seconds.
            not_before=self.context.clock.now().replace(microsecond=0),
        )
        for take in self.enabled((_subject_of, _public_key_of, self._serial_for)):
            order = replace(order, **take(_request(call)))
        issued = read_certificate(self._issue(call, self._profile(call), order, self._issuer(authority)))
        owner = owner_of(call.query["caDomain"], order.subject.common_name, call.principal)
        self._register.issue(issued, owner)
        return _certs_only((issued.der,))

    @failpoint("pki.enroll.issue")
    def _issue(self, _call: Call, profile: Profile, order: Order, issuer: Issuer) -> bytes:
        return issue(profile, order, issuer)

    def _issuer(self, authority: Credential) -> Issuer:
        return self._with_addresses(authority) or Issuer.of(authority.der, authority.key)

    @failpoint("pki.enroll.addresses")
    def _with_addresses(self, authority: Credential) -> Issuer | None:
        """Return the issuer that writes into certificates where their status is told."""
        return self._trust.pki.issuer(authority)

    @failpoint("pki.enroll.serial")
    def _serial_for(self, _request: ReadRequest) -> dict[str, Any]:
        return {"serial": _FIRST_SERIAL | self.context.random.getrandbits(62)}

    # Revocation

    @failpoint("pki.revoke.known")
    def _is_known(self, call: Call) -> None:
        if self._register.owner(_certificate(call)) is None:
            raise Refusal(400, "certificate: was not issued here")

    @failpoint("pki.revoke.owner")
    def _is_owner(self, call: Call) -> None:
        owner = self._register.owner(_certificate(call))
        if owner is not None and not may_act_for(call.principal, owner):
            raise Refusal(403, "certificate: belongs to somebody else")

    @failpoint("pki.revoke.fresh")
    def _is_fresh(self, call: Call) -> None:
        if self._register.is_revoked(_certificate(call)):
            raise Refusal(400, "certificate: has been revoked already")

    @failpoint("pki.revoke.record")
    def _record(self, call: Call) -> None:
        now = self.context.clock.now().replace(microsecond=0)
        self._register.revoke(_certificate(call), Revocation(now, self._reason(call)))

    @failpoint("pki.revoke.reason", without="unspecified")
    def _reason(self, call: Call) -> str:
        return str(call.body["revocationReason"])


def _certs_only(certificates: tuple[bytes, ...]) -> Answer:
    content = est.encode_body(est.build_certs_only(certificates))
    headers = {"Content-Transfer-Encoding": est.TRANSFER_ENCODING}
    return Answer(200, content, est.RESPONSE_TYPE, headers)


@failpoint_function("pki.select.domain")
def _stated_domain(call: Call) -> dict[str, str]:
    return {"domain": call.query["caDomain"]}


@failpoint_function("pki.select.version")
def _stated_version(call: Call) -> dict[str, str]:
    return {"version": call.query["iso15118Version"]} if "iso15118Version" in call.query else {}


@failpoint_function("pki.select.key")
def _key_of_request(call: Call) -> dict[str, str]:
    """Let the key of the request decide where the edition leaves a choice."""
    version: Any = call.query.get("iso15118Version", "ISO15118-2")
    algorithm = _request(call).key_algorithm if call.operation.id == ENROLL else ""
    return {"algorithm": algorithm} if algorithm in ALGORITHMS[version] else {}


@failpoint_function("pki.select.algorithm")
def _stated_algorithm(call: Call) -> dict[str, str]:
    return {"algorithm": call.query["algorithm"]} if "algorithm" in call.query else {}


_SELECTORS = (_stated_domain, _stated_version, _key_of_request, _stated_algorithm)
"""What a call says about the CA that is asked for; later ones count more."""


def _request(call: Call) -> ReadRequest:
    return est.read_enrolment(call.content).request


@failpoint_function("pki.enroll.request")
def _is_request(call: Call) -> None:
    try:
        found = est.read_enrolment(call.content).findings
    except Unreadable as problem:
        raise Refusal(400, f"request: {problem.what}") from problem
    for deviation in found:
        raise refusal("request", deviation)


@failpoint_function("pki.enroll.proof")
def _is_proven(call: Call) -> None:
    for found in _request(call).proof():
        raise refusal("request", found)


@failpoint_function("pki.enroll.owner")
def _owns_name(call: Call) -> None:
    common_name = _request(call).subject.get("CN") or ""
    owner = owner_of(call.query["caDomain"], common_name, call.principal)
    if not may_act_for(call.principal, owner):
        raise Refusal(403, f"request, subject.CN: this account does not act for {owner}")


@failpoint_function("pki.enroll.subject")
def _subject_of(request: ReadRequest) -> dict[str, Any]:
    name = request.subject
    return {"subject": Subject(name.get("CN") or "", name.get("O") or "", name.get("C") or "")}


@failpoint_function("pki.enroll.public-key")
def _public_key_of(request: ReadRequest) -> dict[str, Any]:
    return {"public_key": request.public_key}


def _certificate(call: Call) -> ReadCertificate:
    return read_certificate_text(call.body["certificate"], where="certificate")


@failpoint_function("pki.revoke.certificate")
def _is_certificate(call: Call) -> None:
    certificate(call.body["certificate"], "certificate")


@failpoint_function("pki.revoke.leaf")
def _is_leaf(call: Call) -> None:
    if _certificate(call).is_ca:
        raise Refusal(400, "certificate: expected a leaf, seen a CA, which is not revoked here")
