"""Variants of the PKI services: domains and algorithms that nobody need have, freedoms of OCSP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.contract.beside import OCSP
from opnc.severity import Severity
from simulators.faults.pki import SHA256_OID
from simulators.faults.tampering import when
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


def _refusing(*algorithms: str) -> dict[str, Tamper]:
    refuse = when(lambda call: call.query.get("algorithm") in algorithms, 400)
    return {"getCaCertsV1": refuse, "simpleEnrollCertV1": refuse}


WITHOUT_VEHICLES = ("PKI-CACERTS-07", "PKI-ENROLL-06", "PKI-REVOKE-16", "HDR-PKI-*")

VARIANTS = (
    *(
        Variant(
            id=f"pki.no-vehicle-certificates-{status}",
            service="pki",
            summary=f"The domain of vehicle certificates, to which nobody has a right, is {what}.",
            # That the name of another is refused with 400 as well is no news of the domain (ERR-156).
            sources=("ERR-149", "ERR-106", *(["ERR-156"] if status == 400 else [])),
            lenient=Severity.WARN if status == 400 else None,
            strict=Severity.WARN if status == 400 else None,
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
    Variant(
        id="pki.without-ed448",
        service="pki",
        summary="The optional parameter algorithm takes secp256r1 and secp521r1, and refuses ed448.",
        sources=("OPNC docs/components/05",),
        unjudged=("PKI-CACERTS-13", "PKI-ENROLL-17"),
        leaves_out="An algorithm that is not offered cannot be judged.",
        tamper=_refusing("ed448"),
    ),
    Variant(
        id="pki.without-algorithms",
        service="pki",
        summary="The optional parameter algorithm is refused whatever it says.",
        sources=("OPNC docs/components/05",),
        unjudged=("PKI-CACERTS-13", "PKI-ENROLL-17"),
        leaves_out="Algorithms that are not offered cannot be judged.",
        tamper=_refusing("secp256r1", "secp521r1", "ed448"),
    ),
)
