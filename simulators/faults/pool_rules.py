"""What pools may judge wrongly: times and zones, signatures, whose a vehicle is, how much a list holds."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from opnc.pki.reading import read_certificate_text
from opnc.vehicles import V2G_ROOTS, WRAPPER
from simulators.faults import making
from simulators.faults.tampering import answered, edited, when
from simulators.kernel.messages import Refusal
from simulators.pcp.publication import read_publication
from simulators.pcp.service import PUT as PUBLISH
from simulators.pcp.service import READ as READ_VEHICLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.fault_injection import Fault, Tamper
    from simulators.kernel.messages import Answer, Call

LIST, READ = "getRootCertificatesV1", "getRootCertificateV1"
COLLECTION = "rootCertificateCollection"
ZONE = timedelta(hours=2)
"""How far a clock is off that takes local time for UTC."""

_rcp, _pcp = making.faults_of("rcp"), making.faults_of("pcp")


def _names_itself(call: Call) -> None:
    """Take for a root what names itself as its issuer, whoever has signed it."""
    read = read_certificate_text(call.body["caCertificate"])
    usage = read.extensions.key_usage or frozenset()
    if not (read.self_issued and read.is_ca and "keyCertSign" in usage):
        raise Refusal(400, "caCertificate: not a root")


def _by_another_clock(shift: timedelta) -> dict[str, Callable[..., Any]]:
    """Judge roots by a clock that is ahead, or behind where negative."""

    def control(do: Callable[[Call], None], call: Call) -> None:
        now = do.__self__.context.clock.now() + shift  # type: ignore[attr-defined]  # a bound method
        if not read_certificate_text(call.body["caCertificate"]).valid_at(now):
            raise Refusal(400, "caCertificate: not valid now")

    return {
        "rcp.put.validity": control,
        "rcp.list.valid": lambda narrow, rows, asked, now: narrow(rows, asked, now + shift.total_seconds()),
    }


def _published_by_another_clock(shift: timedelta) -> dict[str, Callable[..., Any]]:
    def control(do: Callable[[Call], None], call: Call) -> None:
        now = do.__self__.context.clock.now() + shift  # type: ignore[attr-defined]  # a bound method
        if not all(each.valid_at(now) for each in read_publication(call.body).certificates):
            raise Refusal(400, "provisioningCertificateChain: not valid now")

    def is_valid(do: Callable[[Any], bool], vehicle: Any) -> bool:
        now = do.__self__.context.clock.now() + shift  # type: ignore[attr-defined]  # a bound method
        return bool(vehicle.valid_to >= now.timestamp())

    return {"pcp.put.validity": control, "pcp.read.valid": is_valid}


def _not_ended(do: Callable[[Call], None], call: Call) -> None:
    """Look at the end of validity alone, as the documentation has it."""
    now = do.__self__.context.clock.now()  # type: ignore[attr-defined]  # a bound method
    if any(each.validity.ended(now) for each in read_publication(call.body).certificates):
        raise Refusal(400, "provisioningCertificateChain: has expired")


def _leaf_not_ended(do: Callable[[Call], None], call: Call) -> None:
    """Look at the dates of the leaf alone."""
    now = do.__self__.context.clock.now()  # type: ignore[attr-defined]  # a bound method
    if not read_publication(call.body).leaf.valid_at(now):
        raise Refusal(400, "certificate: has expired")


def _named_in_order(call: Call) -> None:
    """Follow the names up to the highest Sub-CA, and look at no signature."""
    chain = read_publication(call.body).certificates
    if any(below.issuer != above.subject for below, above in itertools.pairwise(chain)):
        raise Refusal(400, "provisioningCertificateChain: not in order")


def _let_pass(do: Callable[[Call], None], call: Call) -> None:
    """Ask, and heed no answer."""
    try:
        do(call)
    except Refusal:
        return


def _wmi_anywhere(call: Call) -> None:
    pcid = str(read_publication(call.body).leaf.common_name)
    if not any(wmi in pcid for wmi in (call.principal.wmis if call.principal else ())):
        raise Refusal(403, "pcid: this account does not act for its WMI")


def _updates_by_anybody() -> dict[str, Any]:
    """Ask whose a vehicle is when it is published first, and never again."""
    known: set[str] = set()

    def publish(call: Call, answer: Answer) -> Answer:
        if answer.status == 200:
            known.add(str(read_publication(call.body).leaf.common_name))
        return answer

    def control(do: Callable[[Call], None], call: Call) -> None:
        if read_publication(call.body).leaf.common_name not in known:
            do(call)

    return {"tamper": {PUBLISH: publish}, "around": {"pcp.put.wmi": control}}


def _nothing_of(root_type: str) -> Tamper:
    return when(lambda call: call.query.get("pkiType") == root_type, 404)


def _page(size: int) -> Tamper:
    return edited(lambda body: {COLLECTION: body[COLLECTION][:size]})


def _page_of_filtered(call: Call, answer: Answer) -> Answer:
    return _page(100)(call, answer) if "pkiType" in call.query else answer


def _changed(member: str) -> dict[str, Tamper]:
    """Change the end of a member of each root that has it."""

    def change(root: dict[str, Any]) -> dict[str, Any]:
        value = root.get(member)
        if not value:
            return root
        return {**root, member: value[:-1] if isinstance(value, str) else ["No CTL"]}

    return {LIST: edited(lambda body: {COLLECTION: [change(root) for root in body[COLLECTION]]})}


def _entry(change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Tamper]:
    return {READ_VEHICLE: edited(lambda body: {WRAPPER: change(body[WRAPPER])})}


ROOTS = (
    _rcp("first-hundred", "RCP-LIST-01", "A list ends after a hundred roots.", tamper={LIST: _page(100)}),
    _rcp(
        "first-hundred-of-a-type",
        "RCP-LIST-01",
        "A list of one type ends after a hundred roots.",
        tamper={LIST: _page_of_filtered},
    ),
    *(
        _rcp(
            f"no-root-of-type-{name}",
            requirement,
            f"The filter {name} finds nothing, for objects spell the type otherwise.",
            tamper={LIST: _nothing_of(name)},
        )
        for name, requirement in {
            "emsp": "RCP-LIST-02",
            "v2g": "RCP-LIST-03",
            "oem": "RCP-LIST-04",
            "pe": "RCP-LIST-05",
        }.items()
    ),
    _rcp(
        "self-signature-unchecked",
        "RCP-PUT-05",
        "What names itself as its issuer is taken for a root.",
        replaced={"rcp.put.root": _names_itself},
    ),
    replace(
        _rcp("hours-behind", "RCP-PUT-06", "Roots are judged by a clock that is two hours behind."),
        around=_by_another_clock(-ZONE),
    ),
    replace(
        _rcp("hours-ahead", "RCP-PUT-01", "Roots leave the list two hours before they expire."),
        around={"rcp.list.valid": _by_another_clock(ZONE)["rcp.list.valid"]},
    ),
    _rcp(
        "offered-too-early",
        "RCP-LIST-11",
        "Roots that are not valid yet are offered.",
        "rcp.list.valid",
    ),
    replace(
        _rcp("revoked-accepted", "RCP-PUT-11", "The revocation list of a new root is read and not heeded."),
        around={"rcp.put.revocation": _let_pass},
    ),
    _rcp(
        "added-again", ("RCP-PUT-12",), "A known root that is put again is announced as added.", "rcp.put.new"
    ),
    *(
        _rcp(
            f"other-{member}",
            "RCP-OBJ-07",
            f"The member {member} is not what was sent.",
            tamper=_changed(member),
        )
        for member in ("rootCtlList", "certificateRevocationList", "crossCertificatePair", "labeledUri")
    ),
)

VEHICLES = (
    replace(
        _pcp("validity-of-leaf-alone", "PCP-CTRL-02", "Of a chain only the leaf must not have expired."),
        around={"pcp.put.validity": _leaf_not_ended},
    ),
    _pcp(
        "names-alone",
        ("PCP-CTRL-07", "PCP-CTRL-08"),
        "A chain is followed by its names, whoever has signed it.",
        replaced={"pcp.put.chain": _named_in_order},
    ),
    replace(
        _pcp("hours-behind", "PCP-CTRL-02", "Certificates are judged by a clock that is two hours behind."),
        around=_published_by_another_clock(-ZONE),
    ),
    replace(
        _pcp("hours-ahead", "PCP-PUT-01", "Certificates are judged by a clock that is two hours ahead."),
        around=_published_by_another_clock(ZONE),
    ),
    replace(
        _pcp("begin-unchecked", "PCP-CTRL-11", "Certificates that are not valid yet are handed out."),
        around={"pcp.put.validity": _not_ended},
    ),
    _pcp(
        "wmi-anywhere",
        "PCP-CTRL-01",
        "A WMI may stand anywhere in a PCID.",
        replaced={"pcp.put.wmi": _wmi_anywhere},
    ),
    replace(
        _pcp("updated-by-anybody", "PCP-ACC-01", "An OEM may publish the vehicles of others anew."),
        **_updates_by_anybody(),
    ),
    *(
        _pcp(
            f"silent-responder-is-{status}",
            "SYS-ERR-06",
            f"Where a responder is silent the answer is {status}.",
            tamper={PUBLISH: answered(status, 502, b"")},
        )
        for status in (404, 500)
    ),
    _pcp(
        "one-v2g-root",
        "PCP-GET-09",
        "Of the V2G roots in a vehicle only the first is handed out.",
        tamper=_entry(lambda entry: {**entry, V2G_ROOTS: entry.get(V2G_ROOTS, ["00"])[:1]}),
    ),
    _pcp(
        "other-previous-pcid",
        "PCP-GET-09",
        "As previous PCID a vehicle has the present one.",
        tamper={
            READ_VEHICLE: lambda call, answer: edited(
                lambda body: {WRAPPER: {**body[WRAPPER], "previousPcid": call.path["pcid"]}}
            )(call, answer)
        },
    ),
)

CONTRACTS = (
    making.faults_of("cps")(
        "root-gone-unnoticed",
        "RCP-DEL-06",
        "Contracts below roots that have left are signed.",
        "cps.sign.chain",
    ),
)

FAULTS: tuple[Fault, ...] = (*ROOTS, *VEHICLES, *CONTRACTS)
