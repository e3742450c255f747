"""What a service may do wrong with the headers that name the parties of a request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opnc import catalogue, contract
from simulators.faults.rights import SERVICES
from simulators.kernel import Answer
from simulators.kernel.misbehaviour import Fault
from simulators.kernel.service import HEADER_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import falcon

    from opnc.rights import Party
    from simulators.kernel import Call, Principal
    from simulators.kernel.misbehaviour import Tamper

FROM_TYPE, FROM_ID = "opnc-from-party-type", "opnc-from-party-id"
TYPES = ("opnc-from-party-type", "opnc-to-party-type")
KNOWN = frozenset({"emsp", "cpo", "oem", "pki", "cps", "pcp", "ccp"})

CLAIMS: Mapping[str, Party] = {
    "pki": "administrator",
    "oem": "oem",
    "emsp": "emsp",
    "cpo": "cpo",
    "cps": "cps",
}


def _refused(call: Call, answer: Answer) -> Answer:
    return Answer(400, b"", media_type="") if FROM_TYPE in call.headers else answer


def _unknown_crashes(call: Call, answer: Answer) -> Answer:
    known = all(call.headers[name] in KNOWN for name in TYPES if name in call.headers)
    return answer if known else Answer(500, b"", media_type="")


def _as_spelled(request: falcon.Request) -> dict[str, str]:
    """Read only the headers that are spelled as published or in lower case."""
    spelled = set(request.env[HEADER_NAMES])
    fields = {name.lower(): value for name, value in request.headers.items()}
    return {
        name: value
        for name, value in fields.items()
        if not name.startswith("opnc-") or spelled & {name, name.replace("opnc", "OPNC", 1)}
    }


def _believed(principal: Principal | None, headers: Mapping[str, str]) -> Principal | None:
    """Take the caller for whom the headers name, and for the first account of that party."""
    party = CLAIMS.get(headers.get(FROM_TYPE, ""))
    if principal is None or party is None:
        return principal
    claimed = frozenset({headers.get(FROM_ID, "")})
    return replace(
        principal,
        subject=party,
        party=party,
        wmis=claimed,
        provider_ids=claimed,
        operator_ids=claimed,
    )


def _everywhere(tamper: Tamper) -> dict[str, Tamper]:
    return {operation.id: tamper for operation in contract.load() if operation.service in SERVICES}


def _refusals() -> Iterator[Fault]:
    """Yield a fault for each operation whose headers the catalogue speaks of."""
    for requirement in catalogue.load().requirements.values():
        if requirement.group == "hdr" and requirement.operation and requirement.iut[0] in SERVICES:
            yield Fault(
                id=f"headers.refused.{requirement.operation}",
                service=requirement.iut[0],
                requirements=(requirement.id,),
                summary=f"{requirement.operation} is refused when it names its parties.",
                tamper={requirement.operation: _refused},
                only={"requirement": requirement.id},
            )


FAULTS: tuple[Fault, ...] = (
    *_refusals(),
    Fault(
        "headers.unknown-type-crashes",
        "common",
        ("HDR-TYPE-01",),
        "A party type that does not exist is answered 500.",
        tamper=_everywhere(_unknown_crashes),
    ),
    Fault(
        "headers.case-sensitive",
        "common",
        ("HDR-TYPE-02",),
        "Headers whose names are written in another letter case are not seen.",
        instead={f"{service}.headers": _as_spelled for service in SERVICES},
    ),
    Fault(
        "headers.believed",
        "common",
        ("HDR-FROM-02",),
        "A caller is whoever the headers say it is.",
        instead={f"{service}.caller": _believed for service in SERVICES},
    ),
)
