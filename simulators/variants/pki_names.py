"""Variants of enrolment: by which name a charging point gets its certificate, how a request is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.identifiers import EvseId, SeccId
from opnc.pki import est
from opnc.severity import Severity
from simulators.kernel.messages import Refusal
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.messages import Call


def _never(known: Callable[[str], bool]) -> Callable[[Callable[[Call], None], Call], None]:
    """Return a control that refuses names of one kind in ISO 15118-20."""

    def control(check: Callable[[Call], None], call: Call) -> None:
        check(call)
        name = est.read_enrolment(call.content).request.subject.get("CN") or ""
        asked = (call.query["caDomain"], call.query.get("iso15118Version"))
        if asked == ("cpo", "ISO15118-20") and known(name):
            raise Refusal(400, "request, subject.CN: expected the other name of a SECC")

    return control


def _or_armoured(check: Callable[[Call], None], call: Call) -> None:
    # What is read of it afterwards is read without its armour.
    if not call.content.startswith(b"-----BEGIN"):
        check(call)


VARIANTS = (
    Variant(
        id="pki.evse-ids-alone",
        service="pki",
        summary="SECC certificates of ISO 15118-20 are issued to EVSE ids alone, by the pattern of the API.",
        sources=("ERR-181",),
        around={"pki.enroll.common-name": _never(SeccId.valid)},
    ),
    Variant(
        id="pki.secc-ids-alone",
        service="pki",
        summary="SECC certificates of ISO 15118-20 are issued to SECC ids alone, as ISO 15118-20 has it.",
        sources=("ERR-181",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        around={"pki.enroll.common-name": _never(EvseId.valid_in_api)},
    ),
    Variant(
        id="pki.armoured-requests",
        service="pki",
        summary="Certification requests may be in PEM armour.",
        sources=("ERR-182",),
        around={"pki.enroll.request": _or_armoured},
    ),
)
