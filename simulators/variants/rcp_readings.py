"""Variants of the RCP: how a root is described, what becomes of one that left, who answers what."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any

from opnc import events
from opnc.roots import WRAPPERS, event_payload, stated_types
from opnc.severity import Severity
from simulators.faults.tampering import answered, edited
from simulators.kernel.messages import Refusal
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.event.endpoints import Endpoint
    from simulators.kernel.events import Event
    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Call

LIST, READ = "getRootCertificatesV1", "getRootCertificateV1"
COLLECTION = "rootCertificateCollection"
DELETED = "root.cert.deleted"

Root = dict[str, Any]


def _each_root(change: Callable[[Root], Root]) -> dict[str, Tamper]:
    """Change every root object the pool sends."""
    return {
        LIST: edited(lambda body: {COLLECTION: [change(root) for root in body[COLLECTION]]}),
        READ: edited(lambda body: {name: change(root) for name, root in body.items()}),
    }


def _changed(name: str, change: Callable[[Any], Any]) -> dict[str, Tamper]:
    """Change one member of every root object the pool sends that has it."""
    return _each_root(lambda root: {**root, name: change(root[name])} if name in root else root)


def _older_name(root: Root) -> Root:
    return {("rootType" if name == "rootTypeList" else name): value for name, value in root.items()}


def _for_each_type(root: Root) -> list[dict[str, str]]:
    return [event_payload({**root, "rootTypeList": [name]}) for name in stated_types(root)]


def _single(values: list[str]) -> list[str] | str:
    return values[0] if len(values) == 1 else values


def _one_trust_list(root: Root) -> Root:
    stated = root.get("rootCtlList", ["No CTL"])
    return {**root, "rootCtlList": _single(stated)}


def _other_form(name: str) -> str:
    # RFC 4514 section 2.3: what an attribute is called may be written in either case.
    parts = (part.partition("=") for part in reversed(name.split(",")))
    return ", ".join(f"{attribute.lower()}={value}" for attribute, _, value in parts)


def _hexadecimal(identifier: str) -> str:
    return b64decode(identifier).hex(":")


def _unknown_id(control: Callable[[Call], None], call: Call) -> None:
    try:
        control(call)
    except Refusal as refusal:
        raise Refusal(404, refusal.message) from refusal


def _for_everybody(holds: Callable[[Endpoint, Event], bool], endpoint: Endpoint, event: Event) -> bool:
    """Let an event that the published lists do not know go to all."""
    return event.type == DELETED or holds(endpoint, event)


VARIANTS = (
    Variant(
        id="rcp.older-name-of-types",
        service="rcp",
        summary="The types of a root stand in rootType, the name that the schema requires.",
        sources=("ERR-010",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=_each_root(_older_name),
    ),
    Variant(
        id="rcp.single-type-as-text",
        service="rcp",
        summary="The type of a root that has but one is a text and no list.",
        sources=("ERR-011",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=_changed("rootTypeList", _single),
    ),
    Variant(
        id="rcp.single-trust-list-as-text",
        service="rcp",
        summary="The trust list of a root is a text and no list.",
        sources=("ERR-011",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=_each_root(_one_trust_list),
    ),
    Variant(
        id="rcp.intended-wrapper",
        service="rcp",
        summary="A single root comes as rootCertificate, as was meant.",
        sources=("ERR-012",),
        tamper={READ: edited(lambda body: {WRAPPERS[1]: body[WRAPPERS[0]]})},
    ),
    Variant(
        id="rcp.both-wrappers",
        service="rcp",
        summary="A single root comes under the published name and the one that was meant.",
        sources=("ERR-012",),
        lenient=None,
        strict=None,
        tamper={READ: edited(lambda body: dict.fromkeys(WRAPPERS, body[WRAPPERS[0]]))},
    ),
    Variant(
        id="rcp.types-in-lower-case",
        service="rcp",
        summary="Types are spelled as the filter spells them.",
        sources=("ERR-013",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=_changed("rootTypeList", lambda values: [value.lower() for value in values]),
    ),
    Variant(
        id="rcp.types-of-events",
        service="rcp",
        summary="The type eMSP is called MO, as in events.",
        sources=("ERR-013",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=_changed("rootTypeList", lambda values: [value.replace("eMSP", "MO") for value in values]),
    ),
    Variant(
        id="rcp.event-per-type",
        service="rcp",
        summary="Of a root of several types an event tells for each of them.",
        sources=("ERR-013",),
        lenient=None,
        strict=None,
        replaced={"rcp.announce.payloads": _for_each_type},
    ),
    Variant(
        id="rcp.entry-per-put",
        service="rcp",
        summary="A root that is registered twice is listed twice.",
        sources=("ERR-015",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        disabled=frozenset({"rcp.put.recognise"}),
    ),
    Variant(
        id="rcp.empty-list",
        service="rcp",
        summary="Where no root is of a type the list is empty.",
        sources=("ERR-016",),
        lenient=None,
        strict=None,
        tamper={LIST: answered(200, 404, b'{"rootCertificateCollection":[]}')},
    ),
    Variant(
        id="rcp.expired-for-deleted",
        service="rcp",
        summary="A root that was deleted is announced as expired.",
        sources=("ERR-017",),
        lenient=None,
        strict=None,
        replaced={"rcp.delete.event": lambda: events.ROOT_EXPIRED},
    ),
    Variant(
        id="rcp.event-of-deletion",
        service="rcp",
        summary="A root that was deleted is announced by an event of its own, without subscription.",
        sources=("ERR-017",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        replaced={"rcp.delete.event": lambda: DELETED},
        around={"event.entitled.subscribed": _for_everybody},
    ),
    Variant(
        id="rcp.listed-until-cleansing",
        service="rcp",
        summary="An expired root is offered until the next cleansing.",
        sources=("ERR-018",),
        lenient=None,
        strict=None,
        replaced={"rcp.list.valid": lambda rows, _asked, now: [row for row in rows if row.valid_from <= now]},
    ),
    Variant(
        id="rcp.other-form-of-names",
        service="rcp",
        summary="Distinguished names begin with the country, with blanks between and types in lower case.",
        sources=("ERR-020", "RFC 4514 2.3"),
        tamper=_changed("distinguishedName", _other_form),
    ),
    Variant(
        id="rcp.key-identifier-in-hexadecimal",
        service="rcp",
        summary="Key identifiers are hexadecimal with colons, as in the PCP.",
        sources=("ERR-021",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=_changed("rootAuthorityKeyIdentifier", _hexadecimal),
    ),
    Variant(
        id="rcp.padded-serial-number",
        service="rcp",
        summary="Serial numbers are in upper case, with a zero before.",
        sources=("ERR-022",),
        lenient=None,
        strict=None,
        tamper=_changed("rootIssuerSerialNumber", lambda text: f"00{text.upper()}"),
    ),
    Variant(
        id="rcp.malformed-id-unknown",
        service="rcp",
        summary="An id that is no UUID is the id of no root.",
        sources=("ERR-023",),
        lenient=None,
        strict=None,
        around={"rcp.read.id": _unknown_id, "rcp.delete.id": _unknown_id},
    ),
)
