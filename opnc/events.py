"""The events of OPNC: their names, whom they are for, how they are signed and when they are sent again.

OPNC: processes/docs/components/06_webhook-service.md, specification/components/schemas/eventEnum.v1.json,
specification/apis/event/webhook.payload.v1.json; ERR-121 to ERR-140.
"""

from __future__ import annotations

import hmac
import re
from datetime import timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from opnc.rights import PARTIES, Party

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT_ADDED = "root.cert.added"
ROOT_EXPIRED = "root.cert.expired"
ROOT_REVOKED = "root.cert.revoked"

PROVISIONING_UPDATED = "mo.prov.cert.updated"
PROVISIONING_DELETED = "mo.prov.cert.deleted"
FACTORY_RESET = "mo.prov.cert.updated.factory.reset"

CONTRACT_CREATED = "oem.contract.created"
CONTRACT_UPDATED = "oem.contract.updated"
CONTRACT_DELETED = "oem.contract.deleted"

CONTRACT_DELIVERED = "mo.contract.delivered.to.oem"
CONTRACT_REJECTED = "mo.contract.rejected.by.oem"
CONTRACT_QUEUED = "mo.contract.queued.to.oem"
CONTRACT_SENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        CONTRACT_CREATED: "mo.contract.created.sent.to.oem",
        CONTRACT_UPDATED: "mo.contract.updated.sent.to.oem",
        CONTRACT_DELETED: "mo.contract.deleted.sent.to.oem",
    }
)
"""What is told the OEM -> what the eMSP is told once the OEM has taken it."""

ROOT_EVENTS = (ROOT_ADDED, ROOT_EXPIRED, ROOT_REVOKED)
OEM_EVENTS = (CONTRACT_CREATED, CONTRACT_UPDATED, CONTRACT_DELETED)
EMSP_EVENTS = (
    PROVISIONING_UPDATED,
    PROVISIONING_DELETED,
    FACTORY_RESET,
    CONTRACT_DELIVERED,
    *CONTRACT_SENT.values(),
    CONTRACT_REJECTED,
    CONTRACT_QUEUED,
)
EVENTS = (*ROOT_EVENTS, *OEM_EVENTS, *EMSP_EVENTS)
"""All events in the spelling of the payload file."""

EMSPS: frozenset[Party] = frozenset({"emsp", "emsp_own_pki"})

_FACTORY_RESETS = (FACTORY_RESET, "mo.prov.cert.factory.reset", "emsp.prov.cert.updated.factory.reset")

SIGNATURE_HEADER = "X-Operator-Signature"
SIGNATURE_HEADERS = (SIGNATURE_HEADER, "payload-signature")
"""The header's name, and the other one that the payload file has for contract events (ERR-126)."""

RETRIES = 3
RETRY_INTERVAL = timedelta(hours=1)
"""How often and how far apart an event is sent again that the receiver could not take (ERR-134)."""

PREFIX = "sha256="
"""What stands before the digits of a signature in its reference form (ERR-126)."""

_HEX = re.compile(r"[0-9a-fA-F]{64}")


def canonical(name: str) -> str:
    """Return the spelling of the payload file for any spelling of an event (ERR-121, ERR-122).

    A name that is no event at all is returned as it is.
    """
    if name in _FACTORY_RESETS:
        return FACTORY_RESET
    spelled = f"mo.{name.removeprefix('emsp.')}" if name.startswith("emsp.") else name
    return spelled if spelled in EVENTS else name


def spellings(name: str) -> tuple[str, ...]:
    """Return every spelling of an event, its canonical name first."""
    if name in _FACTORY_RESETS:
        return _FACTORY_RESETS
    return (name, f"emsp.{name.removeprefix('mo.')}") if name.startswith("mo.") else (name,)


def subscribable(names: Iterable[str]) -> list[str]:
    """Return the names that the published list for subscriptions has for events (ERR-121, ERR-123)."""
    # The last spelling is that of the list: it says `emsp.` where the payload file says `mo.`.
    return [spellings(name)[-1] for name in map(canonical, names) if name != ROOT_REVOKED]


def subscriptions(names: Iterable[str]) -> list[list[str]]:
    """Return what to subscribe events with, one attempt after the other until one is not refused.

    First every spelling of every event, then the names of the published list, then those of the payload,
    for nobody has to know both (ERR-121); last those of the payload without what the list lacks (ERR-123).
    """
    wanted = list(names)
    payload = list(dict.fromkeys(map(canonical, wanted)))
    attempts = (
        [spelling for name in wanted for spelling in spellings(name)],
        subscribable(wanted),
        payload,
        [name for name in payload if name != ROOT_REVOKED],
    )
    # As tuples, which can be keys: what was refused once need not be sent again.
    return [list(attempt) for attempt in dict.fromkeys(map(tuple, attempts)) if attempt]


def parties_for(name: str) -> frozenset[Party]:
    """Return whom an event is for: roots concern everybody, contracts the OEM or the eMSP (ERR-140)."""
    kind = canonical(name).partition(".")[0]
    return {"oem": frozenset[Party]({"oem"}), "mo": EMSPS}.get(kind, frozenset(PARTIES))


def signature(secret: str, body: bytes) -> str:
    """Sign the bytes of a body with the secret of an endpoint, in the reference form (ERR-126)."""
    return PREFIX + hmac.digest(secret.encode(), body, sha256).hex()


def verifies(value: str, secret: str, body: bytes) -> bool:
    """Tell in constant time whether a body has a signature; with prefix or without, in any letter case."""
    digits = value.removeprefix(PREFIX)
    # Also keeps characters out on which `compare_digest` would raise: it takes ASCII only.
    if not _HEX.fullmatch(digits):
        return False
    return hmac.compare_digest(signature(secret, body), PREFIX + digits.lower())
