"""Variants of the CPS: the statuses it answers with, what it takes, and what it signs."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from opnc.severity import Severity
from simulators.cps.service import CERTIFICATES, GENERATE, SIGN
from simulators.faults.tampering import answered, each
from simulators.kernel.messages import NotFoundLocally, Refusal
from simulators.variants.making import Variant
from simulators.variants.meeting import refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from opnc.pki.credentials import Credential
    from simulators.cps.orders import ContractOrder
    from simulators.kernel.messages import Call

Control: TypeAlias = "Callable[[Call], None]"
Period: TypeAlias = "tuple[datetime, datetime]"


def _json_alone(control: Control, call: Call) -> None:
    if "xml" in call.headers.get("content-type", ""):
        raise Refusal(415, "orders are JSON")
    control(call)


def _beyond_contract(
    period: Callable[[ContractOrder, Credential], Period], order: ContractOrder, authority: Credential
) -> Period:
    begins, ends = period(order, authority)
    return begins, min(ends + timedelta(days=1), authority.certificate.not_after)


def _unknown_vehicle(status: int) -> Callable[[Control, Call], None]:
    def control_vehicle(control: Control, call: Call) -> None:
        try:
            control(call)
        except NotFoundLocally as refusal:
            raise NotFoundLocally(status, refusal.message) from refusal

    return control_vehicle


def _below_v2g(
    choose: Callable[..., list[Credential]], found: list[Credential], order: ContractOrder, *more: Any
) -> list[Credential]:
    """Issue below a V2G root where no root is asked for."""
    chosen = choose(found, order, *more)
    of_v2g = [ca for ca in chosen if "V2G" in str(ca.certificates[-1].subject)]
    return of_v2g or chosen


def _found_or_404(choose: Callable[..., list[Any]], *arguments: Any) -> list[Any]:
    found = choose(*arguments)
    if not found:
        raise Refusal(404, "there is no such root")
    return found


def _lax(text: str) -> str:
    """Write the length of a certificate in one octet more than DER allows; what is signed stays as it is."""
    der = b64decode(text)
    if der[:2] != b"\x30\x82":
        return text
    return b64encode(b"\x30\x83\x00" + der[2:]).decode()


def _lax_chain(entry: dict[str, Any]) -> dict[str, Any]:
    chain = {name: _lax(text) for name, text in entry["cpsCertificateChain"].items()}
    return {**entry, "cpsCertificateChain": chain}


VARIANTS = (
    Variant(
        id="cps.lax-encoding",
        service="cps",
        summary="The certificates of the CPS are BER that is not quite DER, as those of the examples.",
        sources=("ERR-034",),
        tamper=each(CERTIFICATES, "cpsCertificateDataCollection", _lax_chain),
    ),
    Variant(
        id="cps.200-for-201",
        service="cps",
        summary="What was signed or generated is answered 200.",
        sources=("ERR-064",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=dict.fromkeys((SIGN, GENERATE), answered(200, 201)),
    ),
    Variant(
        id="cps.204-for-201",
        service="cps",
        summary="An order that was carried out is answered 204, for there is no body.",
        sources=("ERR-064", "RFC 9110 15.3.5"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper={GENERATE: answered(204, 201)},
    ),
    Variant(
        id="cps.orders-in-json-alone",
        service="cps",
        summary="An order in XML, which has no names there, is refused by its media type.",
        sources=("ERR-065",),
        matters=lambda call, _answer: "xml" in call.headers.get("content-type", ""),
        around={"cps.body": _json_alone},
    ),
    Variant(
        id="cps.certificate-outlives-contract",
        service="cps",
        summary="The contract certificate ends a day after the contract.",
        sources=("ERR-066",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        around={"cps.issue.period": _beyond_contract},
    ),
    Variant(
        id="cps.unknown-vehicle-by-other-status",
        service="cps",
        summary="An unknown vehicle is answered 404 where one orders, and 400 where one has data signed.",
        sources=("ERR-067",),
        lenient=None,
        strict=None,
        matters=refused(SIGN, GENERATE, by=(400, 404)),
        around={"cps.generate.vehicle": _unknown_vehicle(404), "cps.sign.vehicle": _unknown_vehicle(400)},
    ),
    Variant(
        id="cps.contracts-below-v2g-roots",
        service="cps",
        summary="Contract certificates are issued below a V2G root where the eMSP asks for none.",
        sources=("ERR-068",),
        lenient=None,
        strict=None,
        around={"cps.issue.root": _below_v2g},
    ),
    Variant(
        id="cps.unknown-root-not-found",
        service="cps",
        summary="A root below which nothing can be signed or issued is answered 404.",
        sources=("ERR-072",),
        lenient=None,
        strict=None,
        matters=refused(SIGN, GENERATE),
        around=dict.fromkeys(("cps.signer.root", "cps.issue.root"), _found_or_404),
    ),
)
