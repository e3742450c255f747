"""What an Event Service may do wrong with events about contracts and vehicles."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from opnc.events import (
    CONTRACT_SENT,
    PROVISIONING_DELETED,
    PROVISIONING_UPDATED,
    SIGNATURE_HEADER,
    signature,
)
from opnc.identifiers import Emaid
from opnc.vehicles import namespace_of
from simulators.ecosystem import PARTIES
from simulators.faults import making
from simulators.kernel.events import Event
from simulators.pcp.publication import read_publication

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.event.endpoints import Endpoint
    from simulators.event.queue import Delivery
    from simulators.kernel.fault_injection import Fault
    from simulators.kernel.messages import Call

_fault = making.faults_of("event")
_pool_fault = making.faults_of("pcp")

Part = dict[str, "Callable[[Event], dict[str, Any]]"]


def _saying(**members: str) -> Part:
    """Send a payload with other members."""
    return {"event.body.payload": lambda event: {"payload": {**event.payload, **members}}}


def _in_lower_case(event: Event) -> dict[str, Any]:
    return {"payload": {name: str(value).lower() for name, value in event.payload.items()}}


def _older_edition(_event: Event) -> dict[str, Any]:
    return {"xsdMsgDefNamespace": "urn:iso:15118:2:2013:MsgDef"}


def _signed_by_zeros(endpoint: Endpoint, content: bytes) -> dict[str, str]:
    about_root = json.loads(content)["eventType"].startswith("root.")
    return {SIGNATURE_HEADER: signature(endpoint.secret, content) if about_root else f"sha256={'0' * 64}"}


def _as_sent(delivery: Delivery) -> str:
    return CONTRACT_SENT[delivery.type]


def _told_everybody(call: Call, _kept: object) -> list[Event]:
    """Tell every eMSP that a vehicle has a new key, whoever has contracts for it."""
    chain = read_publication(call.body)
    return [
        Event(
            PROVISIONING_UPDATED,
            {"pcid": chain.pcid.normalised, "emaid": Emaid.parse(f"{provider}C00000001").normalised},
            wmi=chain.pcid.owner,
            provider_id=provider,
            namespace=namespace_of(chain.leaf),
        )
        for principal in PARTIES.values()
        for provider in principal.provider_ids
    ]


def _named_as(told: str, due: str) -> Part:
    """Call one event by the name of another; who is entitled to it stays the same."""
    return {"event.body.type": lambda event: {"eventType": told if event.type == due else event.type}}


def _of_first_wmi(endpoint: Endpoint, event: Event) -> bool:
    return event.wmi is None or not endpoint.chosen_wmis or event.wmi == endpoint.chosen_wmis[0]


WITHHOLDING = (
    _fault(
        "foreign-vehicles",
        "EVT-HOOK-13",
        "An OEM is told about the vehicles of others.",
        "event.entitled.wmi",
    ),
    _fault(
        "foreign-subscription",
        "EVT-POST-10",
        "An OEM can subscribe for the WMI of another and is told about its vehicles.",
        # Both look at the WMI: whoever subscribes to a foreign one without right is told nothing either.
        "event.sent.wmi",
        "event.entitled.wmi",
    ),
    _fault(
        "limit-ignored",
        "EVT-POST-04",
        "An endpoint limited to some WMIs is told about all of its owner's.",
        "event.entitled.chosen",
    ),
    _fault(
        "first-wmi-alone",
        "EVT-POST-04",
        "An endpoint limited to several WMIs is told about the first of them.",
        replaced={"event.entitled.chosen": _of_first_wmi},
    ),
    _fault(
        "foreign-contracts",
        "EVT-HOOK-14",
        "An eMSP is told about the contracts of others.",
        "event.entitled.provider",
    ),
    _fault(
        "every-role-told",
        "EVT-HOOK-15",
        "Whoever asks is told about contracts, whatever its role.",
        "event.entitled.party",
        "event.entitled.wmi",
        "event.entitled.provider",
    ),
)

SAYING = (
    _fault(
        "contract-events-unsigned",
        "EVT-SIG-01",
        "The signature of events about contracts is made of zeros.",
        replaced={"event.send.signature": _signed_by_zeros},
    ),
    _fault(
        "one-edition",
        ("EVT-HOOK-04", "SYS-NS-03"),
        "Every event names ISO 15118-2.",
        replaced={"event.body.namespace": _older_edition},
    ),
    _fault(
        "lower-case-ids",
        "EVT-HOOK-05",
        "EMAID and PCID come in lower case.",
        # Ids in events have their normal form (ERR-160).
        replaced={"event.body.payload": _in_lower_case},
    ),
    _fault(
        "broken-contract-certificate",
        "EVT-HOOK-06",
        "The contract certificate is none.",
        # Base64 it is, but no certificate (ERR-128).
        replaced=_saying(contractCert="AAAA"),
    ),
    _fault(
        "unknown-root-fingerprint",
        "EVT-HOOK-07",
        "The V2G root named is in no pool.",
        # In the form that is wanted, but of no root (ERR-129).
        replaced=_saying(cpsSignerRootFingerprint="0" * 64),
    ),
    _fault(
        "unknown-root-id",
        "EVT-HOOK-07",
        "The V2G root is named by a UUID that no root has.",
        # In the form of the pattern, which is a warning, were it the id of a root (ERR-129).
        replaced=_saying(cpsSignerRootFingerprint="00000000-0000-4000-8000-000000000000"),
    ),
    _fault(
        "unknown-root-name",
        "EVT-HOOK-08",
        "The V2G root has another name.",
        replaced=_saying(cpsSignerRootCommonName="Somebody Else"),
    ),
)

TELLING = (
    _fault(
        "sent-untold",
        ("EVT-TYPE-06", "EVT-TYPE-07", "EVT-TYPE-08"),
        "The eMSP is not told that the OEM has taken an event.",
        "event.tell.sent",
    ),
    _fault(
        "refusal-untold",
        ("EVT-TYPE-10", "EVT-TYPE-17"),
        "The eMSP is not told that the OEM has refused an event.",
        "event.tell.rejected",
    ),
    _fault(
        "new-key-told-as-withdrawal",
        ("EVT-TYPE-05", "PCP-UPD-02"),
        "A new key is told by the event of a withdrawn vehicle.",
        replaced=_named_as(PROVISIONING_DELETED, PROVISIONING_UPDATED),
    ),
    _fault(
        "withdrawal-told-as-new-key",
        ("EVT-TYPE-04", "PCP-DEL-07"),
        "A withdrawn vehicle is told by the event of a new key.",
        replaced=_named_as(PROVISIONING_UPDATED, PROVISIONING_DELETED),
    ),
    _fault(
        "queue-untold",
        "EVT-TYPE-11",
        "The eMSP is not told that the OEM has to be tried again.",
        "event.tell.queued",
    ),
    _fault(
        "sent-too-early",
        "EVT-TYPE-16",
        "The eMSP is told that an event was sent before the OEM has taken it.",
        replaced={"event.tell.queued-as": _as_sent},
    ),
)

OF_THE_POOL = (
    _pool_fault(
        "new-key-untold",
        ("EVT-TYPE-05", "PCP-UPD-02", "SYS-FLOW-06"),
        "Nobody is told of a new key.",
        "pcp.put.news",
    ),
    _pool_fault(
        "every-publication-told",
        ("PCP-UPD-03", "PCP-ACC-03"),
        "Every eMSP is told of every publication, be the key new or not.",
        replaced={"pcp.put.news": _told_everybody},
    ),
    _pool_fault(
        "withdrawal-untold",
        ("EVT-TYPE-04", "EVT-TYPE-18", "PCP-DEL-07", "SYS-FLOW-05"),
        "Nobody is told that a vehicle was withdrawn.",
        "pcp.delete.announce",
    ),
    _pool_fault(
        "reset-untold",
        "EVT-TYPE-12",
        "Nobody is told that the contracts of a vehicle were deleted by a factory reset.",
        "pcp.reset.announce",
    ),
    _pool_fault(
        "reset-without-effect",
        "EVT-TYPE-12",
        "The contracts of a vehicle stay when it is reset to its factory state.",
        "pcp.reset.contracts",
    ),
    _pool_fault(
        "cleansing-untold",
        "PCP-CLN-04",
        "Nobody is told of a vehicle whose certificate was revoked.",
        "pcp.cleansing.announce",
    ),
    _pool_fault(
        "contracts-outlive-vehicles",
        "PCP-CLN-03",
        "The contracts of a vehicle stay when its certificate has expired.",
        "pcp.cleansing.contracts",
    ),
)

FAULTS: tuple[Fault, ...] = (*WITHHOLDING, *SAYING, *TELLING, *OF_THE_POOL)
