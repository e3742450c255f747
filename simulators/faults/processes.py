"""What may go wrong between the services, so that a business process does not come to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.events import PROVISIONING_UPDATED
from simulators.ecosystem import principals
from simulators.faults import making
from simulators.kernel import Refusal
from simulators.kernel.events import Event
from simulators.pcp_chain import delivered

if TYPE_CHECKING:
    from simulators.kernel import Call
    from simulators.kernel.misbehaviour import Fault

_ccp, _pcp = making.of("ccp"), making.of("pcp")


def _own_only(_rows: object) -> None:
    raise Refusal(400, "the certificate was not issued here")


def _told_everybody(call: Call, _lost: object) -> list[Event]:
    """Tell every eMSP that a vehicle has a new key, whoever has contracts for it."""
    chain = delivered(call.body)
    pcid = chain.pcid.normalised
    return [
        Event(PROVISIONING_UPDATED, {"pcid": pcid, "emaid": f"{provider}C00000001"}, provider_id=provider)
        for principal in principals().values()
        for provider in principal.provider_ids
    ]


FAULTS: tuple[Fault, ...] = (
    _ccp(
        "contracts-untold",
        ("SYS-FLOW-01", "SYS-FLOW-02", "SYS-FLOW-03", "SYS-FLOW-04"),
        "The OEM is not told of contracts for its vehicles.",
        "ccp.store.announce",
    ),
    _ccp(
        "deliveries-untold",
        ("SYS-FLOW-01", "SYS-FLOW-02", "SYS-FLOW-03"),
        "The eMSP is not told that its contract has reached the vehicle.",
        "ccp.request.announce",
        "ccp.fetch.announce",
    ),
    _ccp(
        "renewal-ignored",
        "SYS-FLOW-04",
        "New data of a known contract are taken but not stored.",
        "ccp.store.replace",
    ),
    _pcp(
        "contracts-outlive-vehicle",
        ("SYS-FLOW-05", "PCP-DEL-04", "PCP-DEL-05", "PCP-DEL-06"),
        "The contracts of a vehicle that was deleted stay in the pool.",
        "pcp.delete.contracts",
    ),
    _pcp(
        "deletion-untold",
        ("SYS-FLOW-05", "PCP-DEL-07"),
        "The eMSP is not told that a vehicle was deleted.",
        "pcp.delete.announce",
    ),
    _ccp(
        "certificates-outlive-vehicle",
        "PCP-DEL-05",
        "The contract certificates of a vehicle that was deleted stay valid.",
        "ccp.withdraw.revoke",
    ),
    _ccp(
        "foreign-contracts-outlive-vehicle",
        "PCP-DEL-06",
        "A vehicle cannot be deleted that has a contract which was not issued here.",
        instead={"ccp.withdraw.revoke": _own_only},
    ),
    _pcp(
        "contracts-outlive-key",
        ("SYS-FLOW-06", "PCP-UPD-04"),
        "The contracts of a vehicle whose key has changed stay in the pool.",
        "pcp.put.contracts",
    ),
    _pcp(
        "new-key-untold",
        ("SYS-FLOW-06", "PCP-UPD-02"),
        "The eMSP is not told that the key of a vehicle has changed.",
        "pcp.put.news",
    ),
    _pcp(
        "every-publication-told",
        ("PCP-UPD-03", "PCP-ACC-03"),
        "Every eMSP is told of every publication of a certificate.",
        instead={"pcp.put.news": _told_everybody},
    ),
    _pcp(
        "renewal-drops-contracts",
        "PCP-UPD-05",
        "With each new certificate of a vehicle its contracts go, even if the key is the same.",
        instead={"pcp.put.lost": lambda _kept, _leaf: True},
    ),
    _pcp(
        "contracts-outlive-cleansing",
        "PCP-CLN-03",
        "The contracts of a vehicle that is no longer valid stay in the pool.",
        "pcp.cleansing.contracts",
    ),
    _pcp(
        "cleansing-untold",
        "PCP-CLN-04",
        "The eMSP is not told that the certificate of a vehicle was revoked.",
        "pcp.cleansing.announce",
    ),
)
