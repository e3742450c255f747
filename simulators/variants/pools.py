"""Variants of both pools: what is taken though it is not offered, what a second registration does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc.pki.reading import read_certificate_text
from opnc.pki.validity import Validity
from opnc.roots import stated_types
from opnc.severity import Severity
from simulators.faults.tampering import edited
from simulators.kernel.messages import Refusal
from simulators.pcp.publication import read_publication
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.messages import Call
    from simulators.pcp.store import StoredVehicle

LIST, READ = "getRootCertificatesV1", "getRootCertificateV1"
COLLECTION = "rootCertificateCollection"
OF_ADMINISTRATOR = ("rootCtlList", "certificateRevocationList", "crossCertificatePair", "labeledUri")

Root = dict[str, Any]


def _without_members(root: Root) -> Root:
    return {name: value for name, value in root.items() if name not in OF_ADMINISTRATOR}


def _known_refused() -> Callable[[Callable[[Call], None], Call], None]:
    """Refuse what is in the pool already, whatever the request says of it."""

    def control(do: Callable[[Call], None], call: Call) -> None:
        do(call)
        pool = do.__self__  # type: ignore[attr-defined]  # a bound method
        if any(root["caCertificate"] == call.body["caCertificate"] for root in pool.bodies()):
            raise Refusal(409, "caCertificate: registered already")

    return control


def _valid_alone(control: Callable[[Call], None], call: Call) -> None:
    control(call)
    now = control.__self__.context.clock.now()  # type: ignore[attr-defined]  # a bound method
    if not read_certificate_text(call.body["caCertificate"]).valid_at(now):
        raise Refusal(400, "caCertificate: the certificate is not valid yet")


def _types_united(store: Callable[[Call], None], call: Call) -> None:
    pool = store.__self__  # type: ignore[attr-defined]  # a bound method
    own = call.body["caCertificate"]
    known = [name for root in pool.bodies() if root["caCertificate"] == own for name in stated_types(root)]
    types = list(dict.fromkeys((*known, *stated_types(call.body))))
    store(replace(call, body={**call.body, "rootTypeList": types}))


def _not_ended(control: Callable[[Call], None], call: Call) -> None:
    """Take what is not valid yet; what has expired is refused as ever."""
    now = control.__self__.context.clock.now()  # type: ignore[attr-defined]  # a bound method
    if any(each.validity.ended(now) for each in read_publication(call.body).certificates):
        control(call)


def _valid_now(is_valid: Callable[[StoredVehicle], bool], vehicle: StoredVehicle) -> bool:
    now = is_valid.__self__.context.clock.now()  # type: ignore[attr-defined]  # a bound method
    return Validity(vehicle.valid_from, vehicle.valid_to).contains(now)


VARIANTS = (
    Variant(
        id="rcp.known-root-refused",
        service="rcp",
        summary="A root that is known is not registered again: 409.",
        sources=("ERR-015",),
        around={"rcp.put.revocation": _known_refused()},
    ),
    Variant(
        id="rcp.types-united",
        service="rcp",
        summary="A root that is registered again has the types of both registrations.",
        sources=("ERR-015",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        around={"rcp.put.store": _types_united},
    ),
    Variant(
        id="rcp.certificate-and-types-alone",
        service="rcp",
        summary="Of what is registered only the certificate and the types are kept.",
        sources=("ERR-015",),
        tamper={
            LIST: edited(lambda body: {COLLECTION: [_without_members(root) for root in body[COLLECTION]]}),
            READ: edited(lambda body: {name: _without_members(root) for name, root in body.items()}),
        },
    ),
    Variant(
        id="rcp.early-roots-refused",
        service="rcp",
        summary="A root is registered when it is valid, and no earlier.",
        sources=("OPNC docs/components/01",),
        lenient=None,
        strict=None,
        around={"rcp.put.validity": _valid_alone},
    ),
    Variant(
        id="pcp.early-certificates-kept",
        service="pcp",
        summary="A certificate is taken before it is valid, and handed out while it is.",
        sources=("OPNC docs/components/02",),
        lenient=None,
        strict=None,
        around={"pcp.put.validity": _not_ended, "pcp.read.valid": _valid_now},
    ),
)
