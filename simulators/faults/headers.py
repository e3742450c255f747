"""What a service may do wrong with the headers that name the parties of a request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opnc import catalogue
from opnc.identifiers import fits_party_type
from simulators.faults.rights import SERVICES
from simulators.faults.tampering import everywhere, when
from simulators.kernel import Answer
from simulators.kernel.fault_injection import Fault
from simulators.kernel.service import HEADER_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import falcon

    from opnc.rights import Party
    from simulators.kernel import Call, Principal
    from simulators.kernel.fault_injection import Tamper

FROM_TYPE, FROM_ID = "opnc-from-party-type", "opnc-from-party-id"
TO_TYPE, TO_ID = "opnc-to-party-type", "opnc-to-party-id"
TYPES, PAIRS = (FROM_TYPE, TO_TYPE), ((FROM_TYPE, FROM_ID), (TO_TYPE, TO_ID))
KNOWN = frozenset({"emsp", "cpo", "oem", "pki", "cps", "pcp", "ccp"})

NAMED: Mapping[str, str] = {
    "HDR-ID-01": "oem",
    "HDR-ID-02": "emsp",
    "HDR-ID-03": "cpo",
    "HDR-ID-04": "pki",
    "HDR-ID-05": "cps",
}
"""Requirement to the type of party whose ids it is about."""

CLAIMS: Mapping[str, Party] = {
    "pki": "administrator",
    "oem": "oem",
    "emsp": "emsp",
    "cpo": "cpo",
    "cps": "cps",
}


def _refused(call: Call, answer: Answer) -> Answer:
    # Well-formed headers must be let pass, whatever they mean (ERR-154).
    return Answer(400, b"", media_type="") if FROM_TYPE in call.headers else answer


def _unknown_crashes(call: Call, answer: Answer) -> Answer:
    known = all(call.headers[name] in KNOWN for name in TYPES if name in call.headers)
    return answer if known else Answer(500, b"", media_type="")


def _as_spelled(request: falcon.Request) -> dict[str, str]:
    """Read only the headers that are spelled as published or in lower case."""
    # Names of fields have no letter case (RFC 9110 section 5.1).
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


def _named(call: Call) -> Iterator[tuple[str, str]]:
    """Yield the types and ids of the parties that a call names."""
    for kind, name in PAIRS:
        if kind in call.headers and name in call.headers:
            yield call.headers[kind], call.headers[name]


def _on_name(kind: str, status: int, *, fitting: bool) -> Tamper:
    """Answer calls that name a party of a type by an id that fits the type, or does not."""

    def tamper(call: Call, answer: Answer) -> Answer:
        named = any(each == kind and fits_party_type(name, kind) == fitting for each, name in _named(call))
        return Answer(status, b"", media_type="") if named else answer

    return tamper


def _of_names() -> Iterator[Fault]:
    """Yield what may be wrong with the ids of each type of party."""
    for requirement, kind in NAMED.items():
        yield Fault(
            id=f"headers.{kind}-refused",
            service="common",
            requirements=(requirement,),
            summary=f"Requests that name a party of type {kind} by its id are refused.",
            tamper=everywhere(_on_name(kind, 400, fitting=True)),
        )
        yield Fault(
            id=f"headers.{kind}-of-another-kind-crashes",
            service="common",
            requirements=(requirement,),
            summary=f"A party of type {kind} with an id of another kind brings the service down.",
            tamper=everywhere(_on_name(kind, 500, fitting=False)),
        )


FAULTS: tuple[Fault, ...] = (
    *_refusals(),
    *_of_names(),
    Fault(
        "headers.addressed-to-another-crashes",
        "common",
        ("HDR-TO-01",),
        "A request that is addressed to a service nobody knows brings the service down.",
        tamper=everywhere(when(lambda call: TO_ID in call.headers, 500)),
    ),
    Fault(
        "headers.unknown-type-crashes",
        "common",
        ("HDR-TYPE-01",),
        "A party type that does not exist is answered 500.",
        tamper=everywhere(_unknown_crashes),
    ),
    Fault(
        "headers.case-sensitive",
        "common",
        ("HDR-TYPE-02",),
        "Headers whose names are written in another letter case are not seen.",
        replaced={f"{service}.headers": _as_spelled for service in SERVICES},
        in_process_only="what speaks HTTP on sockets hands names on in lower case",
    ),
    Fault(
        "headers.believed",
        "common",
        ("HDR-FROM-02",),
        "A caller is whoever the headers say it is.",
        # They are never a source of rights (ERR-154).
        replaced={f"{service}.caller": _believed for service in SERVICES},
    ),
)
