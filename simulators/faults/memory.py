"""What pools may remember too long: answers that were right once, ids, statuses, earlier publications."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc.vehicles import CHAIN, WRAPPER
from simulators.faults import making
from simulators.faults.tampering import edited
from simulators.kernel.messages import Answer, Refusal
from simulators.pcp.publication import read_publication
from simulators.pcp.service import DELETE as WITHDRAW
from simulators.pcp.service import LOOKUP
from simulators.pcp.service import PUT as PUBLISH
from simulators.pcp.service import READ as READ_VEHICLE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from opnc.pki.reading import ReadCertificate
    from opnc.pki.revocation import Status
    from simulators.kernel.fault_injection import Fault, Tamper
    from simulators.kernel.messages import Call

LIST, READ = "getRootCertificatesV1", "getRootCertificateV1"
PUT, DELETE = "putRootCertificateV1", "deleteRootCertificateV1"

_rcp, _pcp = making.faults_of("rcp"), making.faults_of("pcp")


def _remembered(
    reading: str,
    *,
    until: Collection[str] = (),
    status: int = 200,
    where: Callable[[Call], object] = lambda _call: True,
) -> dict[str, Tamper]:
    """Answer an operation from memory, by path and query.

    Args:
        reading: The operation.
        until: Operations whose success empties the memory.
        status: Which answers are remembered.
        where: Which calls are answered so.
    """
    kept: dict[Any, Answer] = {}

    def recall(call: Call, answer: Answer) -> Answer:
        if not where(call):
            return answer
        key = (*call.path.values(), *call.query.values())
        if answer.status == status:
            kept.setdefault(key, answer)
        return kept.get(key, answer)

    def forget(_call: Call, answer: Answer) -> Answer:
        if answer.status < 300:
            kept.clear()
        return answer

    return {reading: recall, **dict.fromkeys(until, forget)}


def _whole(call: Call) -> bool:
    return not call.query


def _filtered(call: Call) -> bool:
    return bool(call.query)


def _ids_given_again() -> dict[str, Callable[..., Any]]:
    """Give the id of the root that was deleted last to the one that is registered next."""
    free: list[str] = []

    def remove(do: Callable[[Call], None], call: Call) -> None:
        do(call)
        free.append(call.path["rootCertificateId"].lower())

    def own_id(do: Callable[..., dict[str, Any]], certificate: ReadCertificate, sent: Any) -> dict[str, Any]:
        return {"rootCertificateId": free.pop()} if free else do(certificate, sent)

    return {"rcp.delete.remove": remove, "rcp.put.own-id": own_id}


def _second_unnoticed() -> dict[str, Callable[..., Any]]:
    """Overlook that a root is there already, once, as who looks before the first request has written."""
    seen: dict[str, int] = {}

    def recognise(
        do: Callable[..., dict[str, Any]], certificate: ReadCertificate, sent: Any
    ) -> dict[str, Any]:
        seen[certificate.fingerprint] = seen.get(certificate.fingerprint, 0) + 1
        return {} if seen[certificate.fingerprint] == 2 else do(certificate, sent)

    return {"rcp.put.recognise": recognise}


def _second_crashes() -> dict[str, Tamper]:
    seen: set[bytes] = set()

    def tamper(call: Call, answer: Answer) -> Answer:
        known = call.content in seen
        seen.add(call.content)
        return Answer(500, media_type="") if known else answer

    return {PUT: tamper}


def _known_kept(*members: str) -> dict[str, Callable[..., Any]]:
    """Keep members of a root as they were registered first; without any, ignore that it is put again."""
    first: dict[str, dict[str, Any]] = {}

    def store(do: Callable[[Call], None], call: Call) -> None:
        before = first.setdefault(call.body["caCertificate"], dict(call.body))
        if before == call.body or members:
            kept = {name: before[name] for name in members if name in before}
            do(replace(call, body={**call.body, **kept}))

    return {"rcp.put.store": store}


ROOTS = (
    _rcp(
        "read-cached",
        ("RCP-DEL-01", "RCP-PUT-09"),
        "What was read by its id once is read so for ever.",
        tamper=_remembered(READ),
    ),
    _rcp(
        "list-outlives-deletions",
        "RCP-DEL-01",
        "The list is read anew after additions alone.",
        tamper=_remembered(LIST, until=(PUT,), where=_whole),
    ),
    _rcp(
        "filtered-list-outlives-deletions",
        "RCP-DEL-01",
        "The list of one type is read anew after additions alone.",
        tamper=_remembered(LIST, until=(PUT,), where=_filtered),
    ),
    _rcp(
        "list-lacks-additions",
        "RCP-PUT-01",
        "The list is read anew after deletions alone.",
        tamper=_remembered(LIST, until=(DELETE,), where=_whole),
    ),
    _rcp(
        "filtered-list-lacks-additions",
        "RCP-PUT-01",
        "The list of one type is read anew after deletions alone.",
        tamper=_remembered(LIST, until=(DELETE,), where=_filtered),
    ),
    replace(
        _rcp("id-given-again", "RCP-GET-05", "The id of a deleted root is given to the next one."),
        around=_ids_given_again(),
    ),
    replace(
        _rcp("second-put-ignored", "RCP-PUT-09", "A root that is known is not changed by another PUT."),
        around=_known_kept(),
    ),
    *(
        replace(
            _rcp(f"first-{member}-kept", "RCP-PUT-09", f"The member {member} of a root never changes."),
            around=_known_kept(member),
        )
        for member in ("rootTypeList", "rootCtlList")
    ),
    replace(
        _rcp("race-makes-two", "RCP-PUT-10", "Two requests at once make two entries of one root."),
        around=_second_unnoticed(),
    ),
    _rcp(
        "race-crashes",
        "RCP-PUT-10",
        "Of two equal requests at once one is answered 500.",
        tamper=_second_crashes(),
    ),
)


def _sub_cas_kept(do: Callable[..., None], call: Call, kept: Any) -> None:
    old = read_publication(_object(kept)).members
    chain = {name: b64encode(read.der).decode() for name, read in old.items()}
    chain["certificate"] = call.body[CHAIN]["certificate"]
    do(replace(call, body={**call.body, CHAIN: chain}), kept)


def _members_kept(do: Callable[..., None], call: Call, kept: Any) -> None:
    do(replace(call, body={**_object(kept), **call.body}), kept)


def _object(kept: Any) -> dict[str, Any]:
    return Answer(200, kept.body.encode()).value()  # type: ignore[no-any-return]  # what the pool has stored


def _good_for_ever() -> dict[str, Callable[..., Any]]:
    good: dict[int, Status] = {}

    def ask(do: Callable[..., Status | None], certificate: ReadCertificate, issuer: Any) -> Status | None:
        if certificate.serial in good:
            return good[certificate.serial]
        status = do(certificate, issuer)
        if status is not None and status.state == "good":
            good[certificate.serial] = status
        return status

    return {"pcp.status.ocsp": ask, "pcp.status.crl": ask}


def _gap() -> dict[str, Tamper]:
    """Answer the first reading after a second publication as if nothing were there."""
    published: set[str] = set()
    gaps: set[str] = set()

    def publish(call: Call, answer: Answer) -> Answer:
        if answer.status == 200:
            pcid = str(read_publication(call.body).leaf.common_name)
            (gaps if pcid in published else published).add(pcid)
        return answer

    def read(call: Call, answer: Answer) -> Answer:
        if call.path["pcid"] not in gaps:
            return answer
        gaps.discard(call.path["pcid"])
        return Answer.json(404, {"errorMessages": ["not now"], "traceId": call.trace_id})

    return {PUBLISH: publish, READ_VEHICLE: read}


def _siblings(shared: int) -> dict[str, Any]:
    """Find vehicles by the first characters of their PCIDs."""
    known: set[str] = set()

    def publish(call: Call, answer: Answer) -> Answer:
        if answer.status == 200:
            known.add(str(read_publication(call.body).leaf.common_name)[:shared])
        return answer

    def control(do: Callable[[Call], None], call: Call) -> None:
        try:
            do(call)
        except Refusal:
            if call.path["pcid"][:shared] not in known:
                raise

    names = ("pcp.read.known", "pcp.lookup.known", "pcp.delete.known")
    return {"tamper": {PUBLISH: publish}, "around": dict.fromkeys(names, control)}


def _siblings_deleted(shared: int) -> dict[str, Any]:
    """Delete all vehicles whose PCIDs begin with the same characters."""
    known: set[str] = set()

    def publish(call: Call, answer: Answer) -> Answer:
        if answer.status == 200:
            known.add(str(read_publication(call.body).leaf.common_name))
        return answer

    def remove(do: Callable[[Call], None], call: Call) -> None:
        for pcid in known:
            if pcid[:shared] == call.path["pcid"][:shared]:
                do(replace(call, path={"pcid": pcid}))

    return {"tamper": {PUBLISH: publish}, "around": {"pcp.delete.remove": remove}}


VEHICLES = (
    _pcp(
        "read-cached",
        ("PCP-GET-07", "PCP-UPD-01"),
        "What was read once is read so for ever.",
        tamper=_remembered(READ_VEHICLE),
    ),
    _pcp(
        "read-cached-until-update",
        "PCP-GET-07",
        "What was read once is read so until it is published anew.",
        tamper=_remembered(READ_VEHICLE, until=(PUBLISH,)),
    ),
    _pcp(
        "read-cached-until-deletion",
        "PCP-UPD-01",
        "What was read once is read so until it is deleted.",
        tamper=_remembered(READ_VEHICLE, until=(WITHDRAW,)),
    ),
    *(
        _pcp(
            f"absence-remembered-by-{name}",
            "PCP-PUT-01",
            f"What {operation} has not found once it never finds.",
            tamper=_remembered(operation, status=404),
        )
        for name, operation in (("reading", READ_VEHICLE), ("lookup", LOOKUP))
    ),
    replace(
        _pcp(
            "siblings-found",
            ("PCP-GET-05", "PCP-LOOKUP-02", "PCP-DEL-02"),
            "Of a PCID the first 16 characters count.",
        ),
        **_siblings(16),
    ),
    replace(
        _pcp("siblings-deleted", "PCP-DEL-01", "Of a PCID to be deleted the first 16 characters count."),
        **_siblings_deleted(16),
    ),
    replace(
        _pcp("sub-cas-kept", "PCP-UPD-01", "A new certificate comes with the old Sub-CAs."),
        around={"pcp.put.replace": _sub_cas_kept},
    ),
    replace(
        _pcp(
            "old-members-kept", "PCP-UPD-01", "What a new publication does not say is taken from the old one."
        ),
        around={"pcp.put.replace": _members_kept},
    ),
    _pcp(
        "gone-while-replaced",
        "PCP-UPD-08",
        "A vehicle is not there while it is published again.",
        tamper=_gap(),
    ),
    replace(
        _pcp("good-for-ever", "PCP-CTRL-12", "A certificate that was good once is good for ever."),
        around=_good_for_ever(),
    ),
    _pcp(
        "edition-2-always",
        ("PCP-PUT-14", "PCP-GET-09"),
        "Every certificate is said to be of ISO 15118-2.",
        tamper={
            READ_VEHICLE: edited(
                lambda body: {WRAPPER: {**body[WRAPPER], "xsdMsgDefNamespace": "urn:iso:15118:2:2013:MsgDef"}}
            )
        },
    ),
)

FAULTS: tuple[Fault, ...] = (*ROOTS, *VEHICLES)
