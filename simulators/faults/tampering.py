"""Ways to spoil an answer, shared by the faults of all services."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc import contract
from simulators.faults.rights import SERVICES
from simulators.kernel.messages import Answer, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from simulators.kernel.fault_injection import Tamper
    from simulators.kernel.messages import Call


def edited(edit: Callable[[Any], Any], *, status: int = 200) -> Tamper:
    """Change the JSON of answers with a status; what `edit` returns is sent."""

    def tamper(_call: Call, answer: Answer) -> Answer:
        if answer.status != status or not answer.content:
            return answer
        return replace(answer, content=json.dumps(edit(answer.value())).encode())

    return tamper


def answered(
    status: int, instead_of: int, content: bytes | None = None, media_type: str | None = None
) -> Tamper:
    """Answer with another status, and another body or media type where given."""

    def tamper(_call: Call, answer: Answer) -> Answer:
        if answer.status != instead_of:
            return answer
        return Answer(
            status,
            answer.content if content is None else content,
            answer.media_type if media_type is None else media_type,
            answer.headers,
        )

    return tamper


def each(
    operation: str, collection: str, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Tamper]:
    """Change every object of a collection that an operation answers with."""
    return {operation: edited(lambda body: {collection: [change(item) for item in body[collection]]})}


def set_member(operation: str, collection: str, name: str, value: Any) -> dict[str, Tamper]:
    """Set a member of every object of a collection that an operation answers with."""
    return each(operation, collection, lambda item: {**item, name: value})


def flip_bit(member: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return what changes a bit in the middle of a member that is base64; of a message, in a certificate."""

    def change(item: dict[str, Any]) -> dict[str, Any]:
        octets = bytearray(b64decode(item[member]))
        octets[len(octets) // 2] ^= 1
        return {**item, member: b64encode(octets).decode()}

    return change


def first(operation: str, collection: str) -> dict[str, Tamper]:
    """Send the first object of a collection only."""
    return {operation: edited(lambda body: {collection: body[collection][:1]})}


def when(condition: Callable[[Call], object], status: int) -> Tamper:
    """Answer the calls that meet a condition with a status."""

    def tamper(call: Call, answer: Answer) -> Answer:
        return Answer(status, media_type="") if condition(call) else answer

    return tamper


def everywhere(tamper: Tamper, services: Collection[str] = SERVICES) -> dict[str, Tamper]:
    """Do the same to the answers of all operations of some services; of all simulated ones by default."""
    return {operation.id: tamper for operation in contract.load() if operation.service in services}


def only_own(_rows: object) -> None:
    """Refuse to revoke a contract certificate, as a pool does that knows those of its own CA only.

    Raises:
        Refusal: 400, always.
    """
    raise Refusal(400, "the certificate was not issued here")


def let_pass(*statuses: int) -> Tamper:
    """Answer with success where one of the statuses is right."""

    def tamper(call: Call, answer: Answer) -> Answer:
        success = min(status for status in call.operation.responses if isinstance(status, int))
        return Answer(success, media_type="") if answer.status in statuses else answer

    return tamper


def once(operation: str, collection: str) -> dict[str, Tamper]:
    """Carry out the same call once, and refuse it from then on.

    Calls are the same that agree in path and, where contracts are delivered, in their EMAIDs.
    """
    seen: set[tuple[str, ...]] = set()

    def tamper(call: Call, answer: Answer) -> Answer:
        items = answer.value().get(collection, []) if answer.content else []
        key = (*call.path.values(), *(str(item.get("emaid")) for item in items))
        if key in seen:
            return Answer.json(404, {"errorMessages": ["done already"]})
        seen.add(key)
        return answer

    return {operation: tamper}
