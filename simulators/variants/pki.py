"""What the PKI services may do otherwise than ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.faults.tampering import when
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from simulators.kernel.fault_injection import Tamper


def _refusing(*algorithms: str) -> dict[str, Tamper]:
    refuse = when(lambda call: call.query.get("algorithm") in algorithms, 400)
    return {"getCaCertsV1": refuse, "simpleEnrollCertV1": refuse}


VARIANTS: tuple[Variant, ...] = (
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
