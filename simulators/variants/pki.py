"""Variants of the PKI services: domains that nobody need have, and what OCSP leaves to a responder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.contract.beside import OCSP
from opnc.severity import Severity
from simulators.faults.pki import SHA256_OID
from simulators.kernel.messages import Answer
from simulators.pki.service import CA_CERTIFICATES, ENROLL
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Call

MALFORMED_REQUEST = bytes.fromhex("30030a0101")
"""The OCSP response of a responder that does not understand a request (RFC 6960 section 4.2.1)."""


def _no_vehicles(status: int) -> Tamper:
    def refuse(call: Call, answer: Answer) -> Answer:
        return Answer(status, media_type="") if call.query.get("caDomain") == "veh" else answer

    return refuse


def _sha1_alone(_call: Call, answer: Answer) -> Answer:
    if SHA256_OID not in answer.content:
        return answer
    return Answer(200, MALFORMED_REQUEST, media_type="application/ocsp-response")


WITHOUT_VEHICLES = ("PKI-CACERTS-07", "PKI-ENROLL-06", "PKI-REVOKE-16", "HDR-PKI-*")

VARIANTS = (
    *(
        Variant(
            id=f"pki.no-vehicle-certificates-{status}",
            service="pki",
            summary=f"The domain of vehicle certificates, to which nobody has a right, is {what}.",
            sources=("ERR-149", "ERR-106"),
            unjudged=WITHOUT_VEHICLES,
            leaves_out="what is not issued cannot be judged",
            tamper=dict.fromkeys((CA_CERTIFICATES, ENROLL), _no_vehicles(status)),
        )
        for status, what in ((403, "refused"), (400, "unknown"))
    ),
    Variant(
        id="pki.ocsp-by-sha1-alone",
        service="pki",
        summary="The OCSP responder knows certificates by SHA-1 alone.",
        sources=("RFC 6960 4.3", "RFC 5019 2.1.1"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper={OCSP.id: _sha1_alone},
    ),
)
