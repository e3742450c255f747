"""Variants of the PCP: which publications are stored, how they are described, who finds them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from opnc import contract
from opnc.events import PROVISIONING_UPDATED
from opnc.severity import Severity
from opnc.vehicles import CHAIN, V2G_ROOTS, WRAPPER
from simulators.faults.tampering import answered, edited
from simulators.kernel.events import Event
from simulators.kernel.messages import Answer, NotFoundLocally, Refusal
from simulators.pcp.publication import read_publication
from simulators.pcp.service import LOOKUP, PUT, READ, ProvisioningCertificatePool
from simulators.variants.making import Variant
from simulators.variants.meeting import refused, subscribing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import MethodType

    from simulators.event.endpoints import Endpoint
    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Call
    from simulators.pcp.store import StoredVehicle

Entry = dict[str, Any]
Control: TypeAlias = "Callable[[Call], None]"

_OF_BOTH_EDITIONS = (
    *("CCP-CIR-26", "CCP-DEL-01", "CCP-EMAID-02", "CCP-PCID-03", "CCP-SCD-08", "PCP-DEL-04"),
)
"""Requirements some scenario of which is about a vehicle that has contracts of both editions."""


def _entry(change: Callable[[Entry], Entry]) -> dict[str, Tamper]:
    """Change the object in the answer to a read."""
    return {READ: edited(lambda body: {WRAPPER: change(body[WRAPPER])})}


def _pool_of(method: object) -> ProvisioningCertificatePool:
    """Return the pool that a method at a failpoint is of."""
    return cast("ProvisioningCertificatePool", cast("MethodType", method).__self__)


def _with_root(is_offered: Callable[[StoredVehicle], bool], vehicle: StoredVehicle) -> bool:
    return is_offered(vehicle) and _pool_of(is_offered).leads_to_root(vehicle)


def _two_sub_cas(control: Control, call: Call) -> None:
    control(call)
    if "subCa2Certificate" not in call.body[CHAIN]:
        raise Refusal(400, "subCa2Certificate: not there")


def _single_sub_ca_above_leaf(chain: dict[str, str]) -> dict[str, str]:
    if "subCa2Certificate" in chain:
        return chain
    return {"certificate": chain["certificate"], "subCa2Certificate": chain["subCa1Certificate"]}


def _three_members(control: Control, call: Call) -> None:
    control(call)
    if call.operation.id == PUT and len(call.body) < 3:
        raise Refusal(400, "body: three members are the least")


def _refused_with(status: int, control: Control, call: Call) -> None:
    try:
        control(call)
    except Refusal as refusal:
        if refusal.status != 400:
            raise
        raise Refusal(status, refusal.message) from refusal


def _no_v2g_roots(control: Control, call: Call) -> None:
    control(call)
    # By their names: those of roots hold their type.
    if "V2G" in str(read_publication(call.body).certificates[-1].issuer):
        raise Refusal(400, f"{CHAIN}: does not end in the root of an OEM")


def _news_for_others(
    news: Callable[[Call, StoredVehicle | None], Sequence[Event]], call: Call, lost: StoredVehicle | None
) -> Sequence[Event]:
    """Tell those as well who have subscribed to the WMI; of no contract, for they may have none."""
    told = news(call, lost)
    if lost is None:
        return told
    pcid = lost.pcid
    return (*told, Event(PROVISIONING_UPDATED, {"pcid": pcid.normalised}, wmi=pcid.owner))


def _own_or_chosen(holds: Callable[[Endpoint, Event], bool], endpoint: Endpoint, event: Event) -> bool:
    if event.type == PROVISIONING_UPDATED and event.provider_id is None:
        return event.wmi in endpoint.chosen_wmis
    return holds(endpoint, event)


def _known_anywhere(control: Control, call: Call) -> None:
    try:
        control(call)
    except NotFoundLocally:
        _pool_of(control).collaboration.broadcast(replace(call, operation=contract.load().operation(READ)))


def _with_body(_call: Call, answer: Answer) -> Answer:
    return Answer.json(200, {"known": True}) if answer.status == 200 else answer


def _as_base64(text: str) -> str:
    return b64encode(bytes.fromhex(text.replace(":", ""))).decode()


def _identifiers_as_base64(entry: Entry) -> Entry:
    name = "rootAuthorityKeyIdentifier"
    changed: Entry = {name: _as_base64(entry[name])} if name in entry else {}
    if V2G_ROOTS in entry:
        changed[V2G_ROOTS] = [_as_base64(text) for text in entry[V2G_ROOTS]]
    return {**entry, **changed}


def _published(call: Call) -> Entry:
    return call.body if call.operation.id == PUT and isinstance(call.body, dict) else {}


def _lacks_sub_ca(call: Call, _answer: Answer) -> bool:
    chain = _published(call).get(CHAIN)
    return isinstance(chain, dict) and "subCa2Certificate" not in chain


def _has_few_members(call: Call, _answer: Answer) -> bool:
    return 0 < len(_published(call)) < 3


def _leads_to_v2g(call: Call, answer: Answer) -> bool:
    if call.operation.id != PUT or answer.status != 200:
        return False
    return "V2G" in str(read_publication(call.body).certificates[-1].issuer)


VARIANTS = (
    Variant(
        id="pcp.nothing-below-removed-roots",
        service="pcp",
        summary="What hangs on a root that has left is no longer handed out.",
        sources=("ERR-019",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        around={"pcp.read.root": _with_root},
    ),
    Variant(
        id="pcp.key-identifiers-in-base64",
        service="pcp",
        summary="Key identifiers are in base64, as in the RCP.",
        sources=("ERR-021",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=_entry(_identifiers_as_base64),
    ),
    Variant(
        id="pcp.padded-serial-number",
        service="pcp",
        summary="The serial number of the root is in upper case, with a zero before.",
        sources=("ERR-022",),
        lenient=None,
        strict=None,
        tamper=_entry(
            lambda entry: {
                **entry,
                "rootIssuerSerialNumber": f"00{entry['rootIssuerSerialNumber'].upper()}",
            }
        ),
    ),
    Variant(
        id="pcp.two-sub-cas-demanded",
        service="pcp",
        summary="A chain without Sub-CA 2 is refused.",
        sources=("ERR-031",),
        matters=_lacks_sub_ca,
        around={"pcp.put.format": _two_sub_cas},
    ),
    Variant(
        id="pcp.single-sub-ca-above-leaf",
        service="pcp",
        summary="A single Sub-CA is handed out as Sub-CA 2, which issues leaves.",
        sources=("ERR-031",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=_entry(lambda entry: {**entry, CHAIN: _single_sub_ca_above_leaf(entry[CHAIN])}),
    ),
    Variant(
        id="pcp.three-members-demanded",
        service="pcp",
        summary="A publication of fewer than three members is refused, as the schema says.",
        sources=("ERR-040",),
        matters=_has_few_members,
        around={"pcp.body": _three_members},
    ),
    Variant(
        id="pcp.chain-alone",
        service="pcp",
        summary="Nothing but the chain is handed out.",
        sources=("ERR-040",),
        tamper=_entry(lambda entry: {CHAIN: entry[CHAIN]}),
    ),
    Variant(
        id="pcp.other-error-texts",
        service="pcp",
        summary="Errors do not name the member that is wrong.",
        sources=("ERR-042",),
        tamper={PUT: edited(lambda body: {**body, "errorMessages": ["bad request"]}, status=400)},
    ),
    Variant(
        id="pcp.foreign-wmi-is-bad-content",
        service="pcp",
        summary="The WMI of another OEM is refused as bad content is.",
        sources=("ERR-044",),
        tamper={PUT: answered(400, 403)},
    ),
    *(
        Variant(
            id=f"pcp.control-steps-by-{status}",
            service="pcp",
            summary=f"What fails the second, third or fourth control step is answered {status}.",
            sources=("ERR-044",),
            lenient=Severity.WARN,
            strict=Severity.WARN,
            matters=refused(PUT),
            around={
                f"pcp.put.{step}": partial(_refused_with, status) for step in ("validity", "status", "chain")
            },
        )
        for status in (404, 409, 422)
    ),
    Variant(
        id="pcp.one-certificate-per-vehicle",
        service="pcp",
        summary="A vehicle has one certificate, of whichever edition was published last.",
        sources=("ERR-045",),
        unjudged=_OF_BOTH_EDITIONS,
        leaves_out="A vehicle with one certificate has contracts of one edition.",
        declares={"declared": {"both_editions": False}},
        replaced={"pcp.put.kind": lambda _kept, _leaf: True},
    ),
    Variant(
        id="pcp.previous-pcid-ignored",
        service="pcp",
        summary="The previous PCID is not kept.",
        sources=("ERR-046", "ERR-052"),
        tamper=_entry(lambda entry: {name: value for name, value in entry.items() if name != "previousPcid"}),
    ),
    Variant(
        id="pcp.soft-fail",
        service="pcp",
        summary="A certificate whose status cannot be had is taken for good.",
        sources=("ERR-047",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=refused(PUT),
        disabled=frozenset({"pcp.status.told"}),
    ),
    Variant(
        id="pcp.roots-of-oems-alone",
        service="pcp",
        summary="A chain that ends in a V2G root is refused.",
        sources=("ERR-048",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=_leads_to_v2g,
        around={"pcp.put.chain": _no_v2g_roots},
    ),
    Variant(
        id="pcp.news-for-subscribers-of-the-wmi",
        service="pcp",
        summary="Who has subscribed to a WMI learns of its vehicles that get a new key, and of no contract.",
        sources=("ERR-049", "ERR-131"),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        matters=subscribing(lambda body: "wmi" in body),
        around={"pcp.put.news": _news_for_others, "event.entitled.provider": _own_or_chosen},
    ),
    Variant(
        id="pcp.look-up-with-body",
        service="pcp",
        summary="A look-up is answered with a body that holds no certificate.",
        sources=("ERR-050",),
        tamper={LOOKUP: _with_body},
    ),
    Variant(
        id="pcp.look-up-at-peers",
        service="pcp",
        summary="A look-up is passed on to other pools.",
        sources=("ERR-050",),
        around={"pcp.lookup.known": _known_anywhere},
    ),
    Variant(
        id="pcp.wrong-serial-number",
        service="pcp",
        summary="The serial number of the root is that of another, which nobody may rely on.",
        sources=("ERR-052",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        tamper=_entry(lambda entry: {**entry, "rootIssuerSerialNumber": "01"}),
    ),
)
