"""Variants of the PKI in EST: what is asked for, and how it is answered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc.identifiers import EvseId
from opnc.pki import est
from opnc.pki.deviations import Unreadable
from opnc.severity import Severity
from simulators.faults.tampering import answered, when
from simulators.kernel.messages import Refusal
from simulators.pki.service import CA_CERTIFICATES, ENROLL
from simulators.variants.making import Variant
from simulators.variants.meeting import refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.pki.issue import Issuer
    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Answer, Call

    Source = Callable[[object], Issuer | None]
    """Returns the issuer that writes into certificates where their status is told."""


def _of_both(tamper: Tamper) -> dict[str, Tamper]:
    return dict.fromkeys((CA_CERTIFICATES, ENROLL), tamper)


def _in_one_line(_call: Call, answer: Answer) -> Answer:
    return replace(answer, content=answer.content.replace(b"\n", b"")) if answer.status == 200 else answer


def _without_transfer_encoding(_call: Call, answer: Answer) -> Answer:
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Transfer-Encoding"}
    return replace(answer, headers=headers)


def _without_challenge(_call: Call, answer: Answer) -> Answer:
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "www-authenticate"}
    return replace(answer, headers=headers)


def _not_found(_call: Call, answer: Answer) -> Answer:
    return replace(answer, status=404) if answer.status == 400 else answer


def _without(address: str) -> Callable[[Source, object], Issuer | None]:
    """Leave one of the addresses of their status out of certificates."""

    def leave_out(addressed: Source, authority: object) -> Issuer | None:
        issuer = addressed(authority)
        nothing: dict[str, Any] = {address: ""}
        return replace(issuer, **nothing) if issuer else None

    return leave_out


def _evse_id(allowed: Callable[[str], bool]) -> Callable[[Callable[[Call], None], Call], None]:
    """Take only one of two readings of what an EVSE id may look like."""

    def control_name(control: Callable[[Call], None], call: Call) -> None:
        name = est.read_enrolment(call.content).request.subject.get("CN") or ""
        if call.query.get("caDomain") == "cpo" and not allowed(name):
            raise Refusal(400, "request, CN: expected an EVSE id")
        control(call)

    return control_name


def _is_doubtful(call: Call, _answer: Answer) -> bool:
    """Tell whether a call asks for a certificate for what is an EVSE id in one reading at most."""
    if call.operation.id != ENROLL or call.query.get("caDomain") != "cpo":
        return False
    try:
        name = est.read_enrolment(call.content).request.subject.get("CN") or ""
    except Unreadable:
        return False
    return not (EvseId.valid_in_api(name) and EvseId.valid_in_docs(name))


VARIANTS = (
    Variant(
        id="pki.edition-required",
        service="pki",
        summary="A call that does not say of which edition is refused, for the parameter is required.",
        sources=("ERR-101",),
        tamper=_of_both(when(lambda call: "iso15118Version" not in call.query, 400)),
    ),
    Variant(
        id="pki.base64-in-one-line",
        service="pki",
        summary="Answers of EST are base64 without line breaks.",
        sources=("RFC 8951 3.1",),
        tamper=_of_both(_in_one_line),
    ),
    Variant(
        id="pki.no-challenge",
        service="pki",
        summary="Whoever has no token is not told how to authenticate, which stock EST clients wait for.",
        sources=("ERR-102",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=_of_both(_without_challenge),
    ),
    Variant(
        id="pki.media-type-pkcs7",
        service="pki",
        summary="Answers of EST have the media type that is printed, application/pkcs7.",
        sources=("ERR-104",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=_of_both(answered(200, 200, None, "application/pkcs7")),
    ),
    Variant(
        id="pki.no-transfer-encoding",
        service="pki",
        summary="Answers of EST lack Content-Transfer-Encoding, which means nothing in HTTP.",
        sources=("ERR-102", "ERR-104", "RFC 8951 3.1"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=_of_both(_without_transfer_encoding),
    ),
    Variant(
        id="pki.404-for-400",
        service="pki",
        summary="A domain, an edition or a request that is none is not found.",
        sources=("ERR-110",),
        tamper=_of_both(_not_found),
    ),
    Variant(
        id="pki.evse-ids-of-the-pattern",
        service="pki",
        summary="An EVSE id has the form of the pattern: 30 characters behind an upper-case E.",
        sources=("ERR-111",),
        matters=_is_doubtful,
        around={"pki.enroll.common-name": _evse_id(EvseId.valid_in_api)},
    ),
    Variant(
        id="pki.evse-ids-of-the-abnf",
        service="pki",
        summary="An EVSE id has the form of the ABNF: 31 characters, the first of them a letter or digit.",
        sources=("ERR-111", "ISO 15118-2 H.2"),
        matters=_is_doubtful,
        around={"pki.enroll.common-name": _evse_id(EvseId.valid_in_docs)},
    ),
    Variant(
        id="pki.organization-optional",
        service="pki",
        summary="A request without organization is served.",
        sources=("ERR-112",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=refused(ENROLL),
        disabled=frozenset({"pki.enroll.organization"}),
    ),
    Variant(
        id="pki.ocsp-alone",
        service="pki",
        summary="Certificates name an OCSP responder and no CRL.",
        sources=("ERR-114",),
        unjudged=("PKI-CRL-*",),
        leaves_out="There is no CRL.",
        around={"pki.enroll.addresses": _without("crl_url")},
    ),
    Variant(
        id="pki.crl-alone",
        service="pki",
        summary="Certificates name a CRL and no OCSP responder.",
        sources=("ERR-114",),
        unjudged=("PKI-OCSP-*",),
        leaves_out="There is no OCSP responder.",
        around={"pki.enroll.addresses": _without("ocsp_url")},
    ),
)
